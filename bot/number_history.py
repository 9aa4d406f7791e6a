"""What is held of a number, across desks: its past attempts, and who has it reserved now.

Lives in the number's own partition, `num:<keyed hash>`, so that two desks never ring one person
against the rules. A reservation carries its attempt's id and an end, so that a leak only delays.
Pure: a record in, a record out.
"""

from collections.abc import Iterable
from typing import Any

from bot.actions import Disposition
from bot.callbacks import Attempt
from bot.dial_rules import Past

Json = dict[str, Any]

RECORD = "history"
KEPT_ATTEMPTS = 20
KEEP_SECONDS = 120 * 86400.0


def partition(number_hash: str) -> str:
    """Where a number's record is kept."""
    return f"num:{number_hash}"


def past(record: Json | None) -> tuple[Past, ...]:
    """The attempts at this number, for the dial rules."""
    return tuple(
        Past(entry["at"], _ending(entry["disposition"])) for entry in (record or {}).get("past", [])
    )


def with_attempts(record: Json | None, attempts: Iterable[Attempt]) -> Json:
    """The record as it will be once these attempts of one callback have been noted in it.

    Their endings are on their way here through the outbox; the rules count them already. One that
    was never placed only gives the number free: as an entry it would push out what did ring.
    """
    known = record or {"past": [], "reserved": None}
    noted = {entry["attempt"] for entry in known["past"]}
    for attempt in attempts:
        if attempt.disposition == Disposition.CANCELLED:
            known = release(known, attempt.id)
        elif attempt.disposition is not None and attempt.id not in noted:
            known = note(known, attempt.id, attempt.at, attempt.disposition)
    return known


def calls(record: Json | None) -> frozenset[str]:
    """The calls to this number that were attempts of ours, by the carrier's ids."""
    entries = (record or {}).get("past", [])
    return frozenset(entry["call"] for entry in entries if entry.get("call"))


def reserved_until(record: Json | None, attempt: str, now: float) -> float | None:
    """When somebody else's reservation ends, or None when the number is free for this attempt."""
    held = (record or {}).get("reserved")
    if not held or held["attempt"] == attempt or held["until"] <= now:
        return None
    return float(held["until"])


def reserve(record: Json | None, attempt: str, until: float) -> Json:
    """The record with the number reserved for this attempt."""
    return {
        "past": (record or {}).get("past", []),
        "reserved": {"attempt": attempt, "until": until},
    }


def is_reserved_for(record: Json | None, attempt: str) -> bool:
    """Whether this attempt has the number reserved."""
    held = (record or {}).get("reserved")
    return held is not None and held["attempt"] == attempt


def release(record: Json | None, attempt: str) -> Json:
    """The record without this attempt's reservation: it was never placed."""
    held = (record or {}).get("reserved")
    kept = None if is_reserved_for(record, attempt) else held
    return {"past": (record or {}).get("past", []), "reserved": kept}


def note(
    record: Json | None, attempt: str, at: float, disposition: str, call: str | None = None
) -> Json:
    """The record with this attempt's ending, once, and its reservation given up."""
    entries = [entry for entry in (record or {}).get("past", []) if entry["attempt"] != attempt]
    entries.append({"attempt": attempt, "at": at, "disposition": disposition, "call": call})
    return {"past": entries[-KEPT_ATTEMPTS:], "reserved": release(record, attempt)["reserved"]}


def merged(record: Json | None, other: Json | None) -> Json:
    """Both records as one, each attempt once; of two reservations the longer one."""
    past = {
        entry["attempt"]: entry
        for entry in [*(record or {}).get("past", []), *(other or {}).get("past", [])]
    }
    held = [one["reserved"] for one in (record, other) if one and one["reserved"]]
    return {
        "past": sorted(past.values(), key=lambda entry: entry["at"])[-KEPT_ATTEMPTS:],
        "reserved": max(held, key=lambda each: each["until"], default=None),
    }


def _ending(word: str) -> Disposition | str:
    """A disposition; another version's word stays as it is, and the dial rules wait for it."""
    try:
        return Disposition(word)
    except ValueError:
        return word
