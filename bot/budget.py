"""The budget of failed verifications, per case and per number, across calls.

A try is reserved in the commit that draws the questions, and given back on a pass or a hang-up
before the last answer (design section 5). Pure: a record in, a record out.
"""

from typing import Any

from bot.keys import Keyring

Json = dict[str, Any]


def key_of_case(keyring: Keyring, claimed: str) -> str:
    """The record of tries at what was claimed: a case, or a reference that is nobody's."""
    return f"budget:case:{name_of_claim(keyring, claimed)}"


def name_of_claim(keyring: Keyring, claimed: str) -> str:
    """What was claimed, as it stands in the names of records."""
    return keyring.name_of("budget", claimed)


def key_of_number(number_hash: str) -> str:
    """The record of tries from a number."""
    return f"budget:number:{number_hash}"


def reserve(record: Json | None, call: str, now: float, *, most: int, seconds: float) -> Json:
    """The record with this call's try in it; `spent` tells whether it was one too many."""
    tries = [entry for entry in (record or {}).get("tries", []) if now - entry["at"] < seconds]
    mine = any(entry["call"] == call for entry in tries)
    spent = not mine and len(tries) >= most
    if not mine and not spent:
        tries.append({"call": call, "at": now})
    return {"tries": tries, "spent": spent}


def used_up(record: Json, now: float, *, most: int, seconds: float) -> bool:
    """Whether no try is left."""
    tries: int = sum(now - entry["at"] < seconds for entry in record.get("tries", []))
    return tries >= most


def merged(record: Json | None, other: Json | None) -> Json:
    """The tries of both records, each once: a budget that was spent stays so."""
    tries = {
        entry["call"]: entry
        for entry in [*(record or {}).get("tries", []), *(other or {}).get("tries", [])]
    }
    spent = any((each or {}).get("spent", False) for each in (record, other))
    return {"tries": sorted(tries.values(), key=lambda entry: entry["at"]), "spent": spent}


def give_back(record: Json | None, call: str) -> Json:
    """The record without this call's try."""
    tries = [entry for entry in (record or {}).get("tries", []) if entry["call"] != call]
    return {"tries": tries, "spent": False}
