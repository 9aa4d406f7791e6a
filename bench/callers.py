"""Who rings in the bench: invented cases, and every request of their calls, signed beforehand.

The keys are fixed, so it is known before which questions will be drawn, and on which turn.
"""

import csv
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

from bench.load import Chain, Request
from bench.tutorial import PATH
from bot import answers
from bot.cases import check_digit
from bot.keys import Keyring
from bot.proof import ContactType
from bot.question_set import QuestionSet
from bot.records import SAMPLE_CASES
from bot.verification import Verification

TOKEN = "5" * 32
KEYS = "bench:" + "A" * 43 + "="
SERVICE = "+443069990100"
DESK = "main"

# The measured turns of a call, after the reference and until the checks are passed. Two in three
# are answers, one of each other thing that callers do; `None` is the next right answer.
TURNS = ("*", None, None, "", None, None, "77777777777777777777777", None, None)

# What Twilio posts with every voice webhook, beside what is the request's own.
_ALWAYS = {
    "AccountSid": "AC" + "0" * 32,
    "ApiVersion": "2010-04-01",
    "CallStatus": "in-progress",
    "CalledCity": "",
    "CalledCountry": "GB",
    "CalledState": "",
    "CalledZip": "",
    "CallerCity": "",
    "CallerCountry": "GB",
    "CallerState": "",
    "CallerZip": "",
    "Direction": "inbound",
    "FromCity": "",
    "FromCountry": "GB",
    "FromState": "",
    "FromZip": "",
    "To": SERVICE,
    "Called": SERVICE,
    "ToCity": "",
    "ToCountry": "GB",
    "ToState": "",
    "ToZip": "",
}
_VALIDATOR = RequestValidator(TOKEN)
_QUESTIONS = QuestionSet.load()
_VERIFICATION = Verification(Keyring.parse(KEYS), _QUESTIONS)


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody with a case of their own, a telephone, and the keys of every right answer."""

    reference: str
    phone: str
    right: dict[str, str]

    def answers(self) -> list[str]:
        """The right answers, in the order in which they will be asked for."""
        drawn = _VERIFICATION.draw(
            call="", contact=ContactType.INBOUND, typed=self.reference, case=None, answers=()
        )
        return [self.right[asked.question] for asked in drawn.asked]


def customers(count: int, file: Path) -> list[Customer]:
    """So many customers, written into a file for `import_cases`: copies of the first sample."""
    if count > 1000:
        raise ValueError("Ofcom keeps a thousand mobile numbers for drama")
    with SAMPLE_CASES.open(encoding="utf-8", newline="") as sample:
        row = next(csv.DictReader(sample))
    right = {
        column.removeprefix("answer."): _keyed(column.removeprefix("answer."), text)
        for column, text in row.items()
        if column.startswith("answer.")
    }
    found = [Customer(_handle(n), f"+447700900{n:03d}", right) for n in range(count)]
    with file.open("w", encoding="utf-8", newline="") as target:
        sheet = csv.DictWriter(target, list(row))
        sheet.writeheader()
        for one in found:
            own = {"reference": one.reference, "customer": one.reference, "phone": one.phone}
            sheet.writerow(row | own)
    return found


def opening(base: str, caller: Customer, call: str) -> Chain:
    """The call comes in, and the reference is keyed: not measured as turns."""
    own = {"CallSid": call, "From": caller.phone, "Caller": caller.phone}
    action = f"/call/digits-pressed/{DESK}/{call}/"
    return [
        _request(base, "/call/received", own, f"{action}1#"),
        _request(base, f"{action}1", own | {"Digits": caller.reference}, f"{action}2#"),
    ]


def turns(base: str, caller: Customer, call: str) -> Chain:
    """The measured turns, each current: the answer must lead to the turn after it."""
    own = {"CallSid": call, "From": caller.phone, "Caller": caller.phone}
    action = f"/call/digits-pressed/{DESK}/{call}/"
    answers = iter(caller.answers())
    keyed = [next(answers) if keys is None else keys for keys in TURNS]
    return [
        _request(base, f"{action}{turn}", own | {"Digits": keys}, f"{action}{turn + 1}#")
        for turn, keys in enumerate(keyed, start=2)
    ]


def tutorial(base: str, caller: Customer, call: str) -> Chain:
    """As many requests with the same fields, for the tutorial's handler."""
    own = {"CallSid": call, "From": caller.phone, "Caller": caller.phone}
    keyed = [str(1 + number % 3) for number in range(len(TURNS))]
    return [_request(base, PATH, own | {"Digits": keys}, f'action="{PATH}"') for keys in keyed]


def _request(base: str, path: str, own: dict[str, str], action: str) -> Request:
    """A signed request; its answer has to gather keys, for that action."""
    form = _ALWAYS | own
    body = urlencode(form).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {base.removeprefix('http://')}\r\n"
        "Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\n"
        f"Content-Length: {len(body)}\r\nUser-Agent: TwilioProxy/1.1\r\nAccept: */*\r\n"
        f"X-Twilio-Signature: {_VALIDATOR.compute_signature(base + path, form)}\r\n\r\n"
    )
    return Request(head.encode() + body, (b"<Gather", action.encode()))


def _handle(number: int) -> str:
    digits = f"{20_000_000 + number}"
    return digits + check_digit(digits)


def _keyed(question: str, written: str) -> str:
    """What stands in the import file, as it is keyed on a telephone."""
    rule = _QUESTIONS.questions[question]
    canonical = answers.written(rule, written)
    keys = answers.as_keyed(rule, canonical) if canonical else None
    if keys is None:
        raise ValueError(question)
    return keys
