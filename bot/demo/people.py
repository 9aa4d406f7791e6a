"""The people of the story: invented, with numbers that Ofcom keeps for drama.

Their handsets are plain data, as the simulator's control page takes them.
"""

from typing import Any

Handset = dict[str, Any]

SERVICE = "+443069990100"
DESK = "+443069990300"
ALICE = "+447700900123"
BOB = "+447700900456"
ERIN = "+447700900505"
DAVE = "+447700900888"

ALICE_CASE = "100000017"
BOB_CASE = "100000025"
ERIN_CASE = "100000041"

# The phrase by which somebody knows a question, and what they key.
ALICE_KNOWS = {
    "date of birth": "01021980#",
    "in your postcode": "12#",
    "house or flat": "12#",
    "National Insurance": "123456#",
    "bank account": "4321#",
    "first register": "2004#",
    "code at the foot": "246801#",
    "telephone number that you gave": "0123#",
    "present address": "062011#",
}
BOB_KNOWS = {
    "date of birth": "30111975#",
    "in your postcode": "94#",
    "house or flat": "7#",
    "National Insurance": "654321#",
    "bank account": "8765#",
    "first register": "1999#",
    "code at the foot": "135792#",
    "telephone number that you gave": "0456#",
    "present address": "102003#",
}
ERIN_KNOWS = {
    "date of birth": "09091968#",
    "in your postcode": "23#",
    "house or flat": "221#",
    "National Insurance": "505051#",
    "bank account": "5050#",
    "first register": "1990#",
    "code at the foot": "505152#",
    "telephone number that you gave": "0505#",
    "present address": "081997#",
}
MALLORY_GUESSES = {
    "date of birth": "25121970#",
    "in your postcode": "99#",
    "house or flat": "1#",
    "National Insurance": "111111#",
    "bank account": "1111#",
    "first register": "2001#",
    "code at the foot": "111111#",
    "telephone number that you gave": "1111#",
    "present address": "012001#",
}
QUESTIONS = tuple(ALICE_KNOWS)

# The same questions, as they are put on the phone page.
SHORT = (
    "Date of birth",
    "Digits of the postcode",
    "House or flat",
    "Digits of the National Insurance number",
    "Bank account, last four digits",
    "Year of registration",
    "Code at the foot of the letter",
    "Telephone number given, last four digits",
    "Moved in, month and year",
)

AS_MALLORY = "Whoever has this telephone is Alice only if the answers are right: try others."


def the_service(url: str) -> dict[str, str]:
    """The service's number, and where the carrier announces its calls and texts."""
    return {
        "number": SERVICE,
        "voice_url": f"{url}/call/received",
        "sms_url": f"{url}/text/received",
        "status_callback": f"{url}/call/status",
    }


def alices_voicemail() -> Handset:
    """Alice is out: her voicemail answers."""
    return {
        "kind": "machine",
        "name": "Alice's voicemail",
        "number": ALICE,
        "rings_seconds": 2,
        "greeting_seconds": 3,
    }


def alice() -> Handset:
    """Alice, with her letter before her; her first answer is a slip of the thumb."""
    return {
        "kind": "person",
        "name": "Alice",
        "number": ALICE,
        "script": [
            {"press": f"{ALICE_CASE}#", "when": "nine-digit reference"},
            {"answers": MALLORY_GUESSES, "always": False},
            {"answers": ALICE_KNOWS},
            {"press": "1", "when": "best one to reach you"},
            {"press": "1", "when": "to hear how your case stands"},
            {"press": "2", "when": "to hear that again"},
        ],
    }


def mallory() -> Handset:
    """Mallory, who is not Alice, on Alice's phone, without her letter."""
    return {
        "kind": "person",
        "name": "Mallory",
        "number": ALICE,
        "script": [
            {"press": "9#", "when": "nine-digit reference"},
            {"answers": MALLORY_GUESSES},
        ],
    }


def bob() -> Handset:
    """Bob, at home."""
    return {
        "kind": "person",
        "name": "Bob",
        "number": BOB,
        "rings_seconds": 2,
        "script": [
            {"press": "5", "when": "press any key"},
            {"press": "1", "when": "safe and private"},
            {"answers": BOB_KNOWS},
            {"press": "1", "when": "best one to reach you"},
            {"press": "1", "when": "To hear how your case stands"},
            {"press": "9", "when": "To hear that again"},
        ],
    }


def dave() -> Handset:
    """Dave, of whom we know nothing."""
    return {"kind": "person", "name": "Dave", "number": DAVE}


def the_desk() -> Handset:
    """The desk's telephone: everybody there is on a call."""
    return {"kind": "busy", "name": "The desk", "number": DESK}


def in_hand() -> list[Handset]:
    """Everybody's telephone for whoever sits before the phone page, and what each of them knows."""
    return [
        _held("Alice", ALICE, {**_known(ALICE_CASE, ALICE_KNOWS), "Mallory": AS_MALLORY}),
        _held("Bob", BOB, _known(BOB_CASE, BOB_KNOWS)),
        _held("Erin", ERIN, _known(ERIN_CASE, ERIN_KNOWS)),
        _held("Dave", DAVE, {"Dave": "We know nothing of him, and he of us: he is never rung."}),
        {"kind": "held", "name": "The desk", "number": DESK},
    ]


def _held(name: str, number: str, notes: dict[str, str]) -> Handset:
    voicemail = {"voicemail_after_seconds": 15, "greeting_seconds": 4}
    return {"kind": "held", "name": name, "number": number, "notes": notes, **voicemail}


def _known(case: str, answers: dict[str, str]) -> dict[str, str]:
    return {"Reference": f"{case}#", **dict(zip(SHORT, answers.values(), strict=True))}
