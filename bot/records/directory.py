"""Cases, looked up: one query a method, whether or not there is anything to find.

What a caller's call looks up reads as many rows, too: where there are none, decoys of the same
shape, which are nobody's and are put aside here. Else it would take longer to find somebody.
"""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Engine, Executable, bindparam, func, select

from bot.answers import version_of
from bot.cases import Case, CaseDetails, ExpectedAnswer, MissedCall
from bot.keys import Keyring
from bot.proof import Fact
from bot.records.database import asking
from bot.records.decoys import or_decoys
from bot.records.tables import answers, case_numbers, cases, missed_calls, sealed_in

_CASE = (
    cases.c.handle,
    cases.c.customer,
    cases.c.desk,
    cases.c.officer,
    cases.c.nation,
    cases.c.language,
    cases.c.held,
    cases.c.settled_on,
    cases.c.correspondence_at,
    cases.c.ring_hours,
    cases.c.unit,
)

ANSWERS = 9  # decoys in the place of a case's answers: as many as the shipped set has questions

_NOBODY: Mapping[str, str | int] = {
    "customer": "",
    "desk": "",
    "officer": "",
    "nation": "",
    "language": "",
    "held": "",
    "imported_at": 0,
}
_BY_HANDLE = or_decoys(select(*_CASE).where(cases.c.handle == bindparam("handle")), _NOBODY)
_BY_NUMBER = or_decoys(
    select(*_CASE, cases.c.imported_at)
    .join(case_numbers, case_numbers.c.handle == cases.c.handle)
    .where(case_numbers.c.number_hash == bindparam("number_hash")),
    _NOBODY,
)
_RESTRICTIONS = or_decoys(
    select(cases.c.handle, cases.c.held, cases.c.correspondence_at).where(
        cases.c.customer == bindparam("customer")
    ),
    {"held": ""},
)
_ANSWERS = or_decoys(
    select(answers).where(answers.c.handle == bindparam("handle")),
    {
        "question": "",
        "kind": "date",
        "normaliser_version": version_of("date"),
        "key_id": "",
        "mac": "",
    },
    ANSWERS,
)


class SqlCaseDirectory:
    """`bot.cases.CaseDirectory` on the records. Raises `StoreDown` when they do not answer."""

    def __init__(self, engine: Engine, keyring: Keyring) -> None:
        self._engine = engine
        self._keyring = keyring

    def by_handle(self, handle: str) -> Case | None:
        """The case with this handle."""
        return next(iter(_cases(self._rows(_BY_HANDLE, handle=handle))), None)

    def by_number(self, number_hash: str) -> list[Case]:
        """The cases on which this number stands, the newest first."""
        rows = self._rows(_BY_NUMBER, number_hash=number_hash)
        return _cases(sorted(rows, key=lambda row: (row.imported_at, row.handle), reverse=True))

    def restrictions(self, customer: str) -> frozenset[str]:
        """What is held against ringing this person, over all of their cases."""
        held: set[str] = set()
        for _, words, correspondence_at in self._rows(_RESTRICTIONS, customer=customer):
            held.update(filter(None, words.split(",")))
            if correspondence_at is not None:
                held.add("correspondence")
        return frozenset(held)

    def missed_call(self, number_hash: str) -> MissedCall | None:
        """The newest missed call to this number."""
        query = (
            select(missed_calls.c.case, missed_calls.c.officer, missed_calls.c.at)
            .where(missed_calls.c.number_hash == number_hash)
            .order_by(missed_calls.c.at.desc(), missed_calls.c.id)
            .limit(1)
        )
        found = self._rows(query)
        return MissedCall(*found[0]) if found else None

    def answers(self, handle: str) -> list[ExpectedAnswer]:
        """The hashes of the right answers that are held for this case.

        One that was hashed by an older normaliser can never match, so it counts as not held: the
        case is then not verifiable by phone, instead of failing an honest customer.
        """
        held = [
            (row.handle, ExpectedAnswer(row.question, row.kind, row.key_id, row.mac))
            for row in self._rows(_ANSWERS, handle=handle)
            if row.normaliser_version == version_of(row.kind)
        ]
        return [answer for owner, answer in held if owner is not None]

    def full_name(self, handle: str) -> str | None:
        """Whom to ask for: the name as held, middle names included (DMBM512930)."""
        return self._opened(handle, "full_name")

    def number_of(self, handle: str) -> str | None:
        """The number (E.164) to ring for this case: the best one held."""
        query = (
            select(case_numbers.c.number_sealed)
            .where(case_numbers.c.handle == handle)
            .where(case_numbers.c.place == 0)
        )
        found = self._rows(query)
        bound_to = sealed_in("case", handle, "number")
        return self._keyring.open(found[0][0], bound_to=bound_to) if found else None

    def number_hashes(self, handle: str) -> list[str]:
        """The keyed hashes of all numbers on this case, the best one first."""
        query = (
            select(case_numbers.c.number_hash)
            .where(case_numbers.c.handle == handle)
            .order_by(case_numbers.c.place)
        )
        return [number_hash for (number_hash,) in self._rows(query)]

    def visits(self, officer: str, since: float, until: float) -> list[tuple[float, str]]:
        """This officer's planned visits in a span: when, and to which case; the first one first."""
        query = (
            select(cases.c.visit_at, cases.c.handle)
            .where(cases.c.officer == officer, cases.c.visit_at >= since, cases.c.visit_at < until)
            .order_by(cases.c.visit_at, cases.c.handle)
        )
        return [(at, handle) for at, handle in self._rows(query)]

    def cases_of(self, officer: str, most: int) -> list[str]:
        """The handles of this officer's cases, at most so many, the newest first."""
        query = (
            select(cases.c.handle)
            .where(cases.c.officer == officer)
            .order_by(cases.c.imported_at.desc(), cases.c.handle)
            .limit(most)
        )
        return [handle for (handle,) in self._rows(query)]

    def missed_by(self, officer: str, since: float) -> int:
        """How many customers this officer has rung since then, and missed."""
        query = (
            select(func.count(missed_calls.c.number_hash.distinct()))
            .where(missed_calls.c.officer == officer)
            .where(missed_calls.c.at >= since)
        )
        return int(self._rows(query)[0][0])

    def details(self, handle: str) -> CaseDetails | None:
        """The sealed details, opened into a value that only `bot.disclosure` can read."""
        opened = self._opened(handle, "details")
        if opened is None:
            return None
        held = {Fact(name): text for name, text in json.loads(opened).items()}
        # A case that was imported before there was such a column has none.
        return CaseDetails(handle, {Fact.LAST_CONTACT: "none recorded"} | held)

    def _opened(self, handle: str, column: str) -> str | None:
        found = self._rows(select(cases.c[column]).where(cases.c.handle == handle))
        bound_to = sealed_in("case", handle, column)
        return self._keyring.open(found[0][0], bound_to=bound_to) if found else None

    def _rows(self, query: Executable, **asked: str) -> list[Any]:
        with asking(self._engine) as connection:
            return list(connection.execute(query, asked))


def _cases(rows: list[Any]) -> list[Case]:
    """The cases in these rows. The work that they make is done for a decoy, too."""
    made = [(row.handle, _case(row)) for row in rows]
    return [case for handle, case in made if handle is not None]


def _case(row: Any) -> Case:
    fields = dict(row._mapping)
    fields.pop("imported_at", None)
    held = frozenset(filter(None, fields.pop("held").split(",")))
    settled = fields.pop("settled_on") is not None
    blank = {name: fields[name] or "" for name in ("ring_hours", "unit")}
    return Case(**fields | blank | {"held": held, "settled": settled})
