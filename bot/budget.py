"""The budget of failed verifications, per case and per number, across calls.

A try is reserved in the commit that draws the questions, and given back on a pass or a hang-up
before the last answer (design section 5). One that hangs open is taken off after a while, so that
calls which are merely held lock nobody out; it is reserved again with the last answer, or that
call does not pass. Pure: a record in, a record out.
"""

from collections.abc import Sequence
from typing import Any, Protocol

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


class Rule(Protocol):
    """How many tries there are, and for how long each counts."""

    @property
    def failed(self) -> int:
        """Tries in the window."""

    @property
    def seconds(self) -> float:
        """The window."""

    @property
    def open_seconds(self) -> float:
        """For how long a try counts whose last answer was never given."""


def reserve(
    records: Sequence[Json | None], call: str, now: float, rule: Rule
) -> tuple[list[Json], bool]:
    """The records with this call's try in each of them, and whether one of them was spent.

    If one was, all stay as they were: a try that cannot pass takes none from anybody else. What
    is reserved already is not reserved twice, unless it has hung open for too long.
    """
    live = [_live(record, now, rule) for record in records]
    mine = [any(entry["call"] == call for entry in tries) for tries in live]
    spent = any(
        not own and len(tries) >= rule.failed for own, tries in zip(mine, live, strict=True)
    )
    if spent:
        return [record or {"tries": []} for record in records], True
    entry = {"call": call, "at": now, "open": True}
    kept = zip(mine, live, strict=True)
    return [{"tries": tries if own else [*tries, entry]} for own, tries in kept], False


def used_up(record: Json, now: float, rule: Rule) -> bool:
    """Whether no try is left."""
    return len(_live(record, now, rule)) >= rule.failed


def failed(record: Json, call: str) -> Json:
    """The record with this call's try for good: its last answer was given."""
    tries = [
        {"call": call, "at": entry["at"]} if entry["call"] == call else entry
        for entry in record.get("tries", [])
    ]
    return record | {"tries": tries}


def merged(record: Json | None, other: Json | None) -> Json:
    """The tries of both records, each once: a budget that was spent stays so."""
    tries: dict[str, Json] = {}
    for entry in [*(record or {}).get("tries", []), *(other or {}).get("tries", [])]:
        known = tries.get(entry["call"])
        if known is None or known.get("open"):
            tries[entry["call"]] = entry
    return {"tries": sorted(tries.values(), key=lambda entry: entry["at"])}


def give_back(record: Json | None, call: str) -> Json:
    """The record without this call's try."""
    return {"tries": [entry for entry in (record or {}).get("tries", []) if entry["call"] != call]}


def _live(record: Json | None, now: float, rule: Rule) -> list[Json]:
    """The tries that count: not those from before the window, nor those left hanging open."""
    return [
        entry
        for entry in (record or {}).get("tries", [])
        if now - entry["at"] < (rule.open_seconds if entry.get("open") else rule.seconds)
    ]
