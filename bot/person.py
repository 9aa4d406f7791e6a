"""All that is held on one person, over both stores, for the person to have (UK GDPR article 15).

Known by a case or by a number, and from there by all numbers and cases that belong together.
Officers stand in it by their staff numbers. What is withheld is named, with the reason.
"""

from collections.abc import Iterator
from typing import Any

from bot.errors import BadSeal, RingbackError
from bot.flow_log import FlowLogLine, LineKind
from bot.number_history import RECORD, partition
from bot.opening import NUMBER, TEXT
from bot.records.person import Whose
from bot.records.tables import sealed_in
from bot.rekeyed import with_texts
from bot.runtime import Runtime
from bot.store import Store
from bot.unit_of_work import UnitOfWork

Json = dict[str, Any]


class NotOnePerson(RingbackError):
    """Nobody, or several people: whose records they are cannot be told."""


WITHHELD = {
    "full_name, details": "the department's own: ask it, for it answers for the case itself",
    "answers to checks": "kept as keyed hashes only, which nobody can read",
    "held": "why somebody is not to be rung may put another person at risk: an officer decides",
    "checks": "which questions were asked: it would help whoever pretends to be them",
    "salts, erased, hashes, sealed ledgers": "nothing about a person: they keep the records whole",
}
_NOT_GIVEN = frozenset(
    ("customer", "customer_sealed", "full_name", "details", "held", "checks", "salts", "erased")
)
_PAGE = 200


def held_on(runtime: Runtime, *, case: str | None, number: str | None) -> Json:
    """What is held: `records` by table, `redis` by key, `withheld`. A line in the log tells of it.

    `number` is E.164. Raises `StoreDown`.
    """
    whose = known_by(runtime, case=case, number=number)
    rows = runtime.records.person.rows(whose)
    given = {table: [_given(runtime, row, table) for row in found] for table, found in rows.items()}
    live = {
        f"{desk} {key}": _given(runtime, data, key)
        for desk in runtime.desks
        for key, data in documents(runtime.store, desk)
        if is_about(key, data, whose)
    }
    histories = {
        f"number {place}": runtime.store.read(partition(hashed), (RECORD,))[RECORD].data
        for place, hashed in enumerate(sorted(whose.hashes), 1)
    }
    _tell(runtime, case)
    kept = {name: data for name, data in histories.items() if data is not None}
    return {"records": given, "redis": {**live, **kept}, "withheld": WITHHELD}


def as_text(held: Json) -> Iterator[str]:
    """The same, to be read."""
    for store in ("records", "redis"):
        for name, found in held[store].items():
            for row in found if isinstance(found, list) else [found]:
                yield f"{name}:"
                yield from (f"    {key}: {value}" for key, value in row.items() if value)
    yield "Withheld:"
    yield from (f"    {what}: {why}" for what, why in held["withheld"].items())


def known_by(runtime: Runtime, *, case: str | None, number: str | None) -> Whose:
    """The cases and numbers of this one person; a number that others share leads nowhere.

    A case that its department took away is known as long as records bear it.
    """
    if case is not None:
        left = Whose({case}, ())
        if runtime.directory.by_handle(case) is None and not any(
            runtime.records.person.rows(left).values()
        ):
            raise NotOnePerson("there is no such case")
        hashes = runtime.directory.number_hashes(case)
        return Whose({case}, {one for one in hashes if len(_customers(runtime, one)) == 1})
    hashed = runtime.keyring.number_hash(number or "")
    if len(_customers(runtime, hashed)) > 1:
        raise NotOnePerson("several people share this number: say --case, once for each")
    return Whose({each.handle for each in runtime.directory.by_number(hashed)}, {hashed})


def numbers_of(runtime: Runtime, whose: Whose) -> set[str]:
    """Their numbers, as they stand on their cases: E.164."""
    rows = runtime.records.person.rows(whose)["case_numbers"]
    theirs = [row for row in rows if row["number_hash"] in whose.hashes]
    return {
        runtime.keyring.open(row["number_sealed"], bound_to=_bound("", row, "case_numbers"))
        for row in theirs
    }


def _customers(runtime: Runtime, hashed: str) -> set[str]:
    return {each.customer for each in runtime.directory.by_number(hashed)}


def documents(store: Store, desk: str) -> Iterator[tuple[str, Json]]:
    """Every record of a desk in Redis."""
    keys = store.records(desk)
    for start in range(0, len(keys), _PAGE):
        for key, record in store.read(desk, keys[start : start + _PAGE]).items():
            if record.data is not None:
                yield key, record.data


def is_about(key: str, data: Json, whose: Whose) -> bool:
    """Whether a record of Redis is about this person."""
    handles, hashes = set(whose.handles), set(whose.hashes)
    if key.rpartition(":")[2] in handles | hashes:
        return True
    known = {**data.get("tokens", {}), **data}
    case = known.get("case")
    return case in handles if case else known.get("number_hash") in hashes


def _given(runtime: Runtime, data: Json, where: str) -> Json:
    """A row or record with what was sealed opened, and without what is withheld."""

    def put(name: str, text: str) -> str:
        if name in ("number_hash", "ledger"):
            return ""
        if name in ("number_sealed", "text_sealed"):
            try:
                return runtime.keyring.open(text, bound_to=_bound(name, data, where))
            except BadSeal:
                return "(sealed with a key that is not held)"
        return text

    opened: Json = with_texts({k: v for k, v in data.items() if k not in _NOT_GIVEN}, put)
    return opened


def _bound(name: str, data: Json, where: str) -> str:
    if name == "text_sealed":
        return TEXT
    if where == "case_numbers":
        return sealed_in("case", data["handle"], "number")
    return sealed_in("missed_call", data["id"], "number") if where == "missed_calls" else NUMBER


def _tell(runtime: Runtime, case: str | None) -> None:
    unit = UnitOfWork(runtime.store, runtime.house.policy.default_desk)
    unit.log(
        FlowLogLine(
            at=runtime.clock.now(),
            kind=LineKind.NOTE,
            desk=unit.partition,
            event="person_exported",
            case=case or "",
        )
    )
    unit.commit()
