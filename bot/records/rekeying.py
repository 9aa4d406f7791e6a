"""What in SQL hangs on which key, and the putting of it under another, a few rows at a time.

A sealed value is replaced only where it still is what was opened, so that running processes and
imports lose nothing; a value that does not open is told by its row and left as it is. All of it
may be stopped anywhere and run again.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Engine, Table, bindparam, func, select, tuple_, update

from bot.errors import BadSeal
from bot.keys import Keyring, key_of
from bot.records.database import asking
from bot.records.naming import Naming, begin, finish, naming_of
from bot.records.staff_tables import (
    phone_codes,
    printed_codes,
    staff,
    staff_credentials,
    staff_handsets,
    staff_invitations,
)
from bot.records.tables import (
    answers,
    case_numbers,
    cases,
    missed_calls,
    sealed_in,
    tasks,
)

BATCH = 500  # rows of one transaction

Tell = Callable[[int], None]  # so many more rows have been looked at
Unreadable = tuple[str, str]  # table and column, row


@dataclass(frozen=True, slots=True)
class _Sealed:
    """A column of sealed values: what they are bound to, and what is named by a hash of them."""

    column: Column[Any]
    bound_to: Callable[[Any], str]
    named: Column[Any] | None = None

    @property
    def table(self) -> Table:
        return self.column.table

    @property
    def where(self) -> str:
        return f"{self.table.name}.{self.column.name}"


_CUSTOMER = _Sealed(
    cases.c.customer_sealed, lambda row: sealed_in("case", row.handle, "customer"), cases.c.customer
)
_NUMBERS = (
    _Sealed(
        case_numbers.c.number_sealed,
        lambda row: sealed_in("case", row.handle, "number"),
        case_numbers.c.number_hash,
    ),
    _Sealed(
        missed_calls.c.number_sealed,
        lambda row: sealed_in("missed_call", row.id, "number"),
        missed_calls.c.number_hash,
    ),
    _Sealed(
        staff_handsets.c.number_sealed,
        lambda row: sealed_in("staff", row.staff, "handset"),
        staff_handsets.c.number_hash,
    ),
)
# As they came in the outbox: bound to what they are, not to a row (`bot.opening`).
_TASK_NUMBER = _Sealed(tasks.c.number_sealed, lambda row: "number")
_SEALED = (
    _Sealed(cases.c.full_name, lambda row: sealed_in("case", row.handle, "full_name")),
    _Sealed(cases.c.details, lambda row: sealed_in("case", row.handle, "details")),
    _CUSTOMER,
    *_NUMBERS,
    _TASK_NUMBER,
    _Sealed(tasks.c.text_sealed, lambda row: "text"),
    _Sealed(staff.c.name_sealed, lambda row: sealed_in("staff", row.number, "name")),
    _Sealed(
        staff_credentials.c.password_sealed, lambda row: sealed_in("staff", row.staff, "password")
    ),
    _Sealed(staff_credentials.c.secret_sealed, lambda row: sealed_in("staff", row.staff, "secret")),
    _Sealed(
        staff_invitations.c.secret_sealed, lambda row: sealed_in("invitation", row.staff, "secret")
    ),
    _Sealed(phone_codes.c.pin_sealed, lambda row: sealed_in("phone", row.staff, "pin")),
    _Sealed(phone_codes.c.duress_sealed, lambda row: sealed_in("phone", row.staff, "duress")),
    _Sealed(
        printed_codes.c.code_sealed,
        lambda row: sealed_in("phone", row.staff, f"printed {row.place}"),
    ),
)


class SqlRekeying:
    """The records, to whoever rotates keys. Raises `StoreDown` when they do not answer."""

    def __init__(self, engine: Engine, batch: int = BATCH) -> None:
        self._engine = engine
        self._batch = batch

    def naming(self) -> Naming | None:
        """Which key makes the names; None where nothing was ever started."""
        return naming_of(self._engine)

    def begin(self, key_id: str) -> None:
        """From now on no process starts and no import writes, until `finish`."""
        begin(self._engine, key_id)

    def finish(self, key_id: str) -> None:
        """All names are made with this key now."""
        finish(self._engine, key_id)

    def sealed(self, live: Collection[str]) -> Counter[tuple[str, str]]:
        """How many values are sealed, by column and key; under "" what no live key sealed."""
        found: Counter[tuple[str, str]] = Counter()
        for each in _SEALED:
            total = self._count(each.column, _is_there(each.column))
            for key in live:
                found[each.where, key] = self._count(each.column, _is_under(each.column, key))
                total -= found[each.where, key]
            found[each.where, ""] = total
        return +found

    def answers(self) -> dict[str, int]:
        """How many answers are hashed, by key."""
        query = select(answers.c.key_id, func.count()).group_by(answers.c.key_id)
        with asking(self._engine) as connection:
            return {key: count for key, count in connection.execute(query)}

    def reseal(self, keyring: Keyring, tell: Tell) -> list[Unreadable]:
        """Seal everything with the newest key; what could not be opened."""
        bad: list[Unreadable] = []
        for each in _SEALED:
            older = ~_is_under(each.column, keyring.newest)
            for rows in self._pages(each, _is_there(each.column) & older):
                fresh = [(row, _resealed(each, row, keyring)) for row in rows]
                bad += [_row_of(each, row) for row, value in fresh if value is None]
                found = [(row, row.sealed, value) for row, value in fresh if value is not None]
                self._replace(each.column, found)
                tell(len(rows))
        return bad

    def rename(self, old: Keyring, new: Keyring, tell: Tell) -> None:
        """Hash every number and customer anew; rows that do not open stay as they are."""
        for each in (_CUSTOMER, *_NUMBERS):
            name = _customer_name if each is _CUSTOMER else Keyring.number_hash
            assert each.named is not None  # noqa: S101 - as the tuple above has it
            for rows in self._pages(each, _is_there(each.column)):
                opened = [(row, _opened(each, row, old)) for row in rows]
                fresh = [(row, name(new, text)) for row, text in opened if text is not None]
                self._replace(each.named, [(r, r.named, to) for r, to in fresh if r.named != to])
                tell(len(rows))

    def numbers(self, keyring: Keyring, bad: list[Unreadable]) -> Iterator[str]:
        """Every number that is kept here; what does not open is added to `bad`."""
        for each in (*_NUMBERS, _TASK_NUMBER):
            for rows in self._pages(each, _is_there(each.column)):
                for row in rows:
                    if (text := _opened(each, row, keyring)) is not None:
                        yield text
                    elif each.named is not None:
                        bad.append(_row_of(each, row))

    def handles(self) -> Iterator[str]:
        """The handles of all cases."""
        for rows in self._pages(_CUSTOMER):
            yield from (row.handle for row in rows)

    def without_customer(self, keyring: Keyring) -> list[Unreadable]:
        """The cases whose customer cannot be hashed anew; importing them again mends it."""
        pages = self._pages(_CUSTOMER)
        return [
            _row_of(_CUSTOMER, row)
            for rows in pages
            for row in rows
            if row.sealed is None or _opened(_CUSTOMER, row, keyring) is None
        ]

    def size(self) -> int:
        """How many rows `rename` looks at."""
        return sum(self._count(each.column, None) for each in (_CUSTOMER, *_NUMBERS))

    def _pages(
        self, each: _Sealed, where: ColumnElement[bool] | None = None
    ) -> Iterator[list[Any]]:
        """The rows in batches: their key, the value as `sealed` and the name as `named`."""
        keys = list(each.table.primary_key.columns)
        named = [] if each.named is None else [each.named.label("named")]
        query = (
            select(*keys, each.column.label("sealed"), *named).order_by(*keys).limit(self._batch)
        )
        page = query if where is None else query.where(where)
        rows = self._rows(page)
        while rows:
            yield rows
            last = tuple(rows[-1][: len(keys)])
            rows = self._rows(page.where(tuple_(*keys) > last))

    def _rows(self, query: Any) -> list[Any]:
        with asking(self._engine) as connection:
            return list(connection.execute(query))

    def _replace(self, column: Column[Any], fresh: list[tuple[Any, str, str]]) -> None:
        """Write each row's new value where the one that was read still stands."""
        if not fresh:
            return
        table: Any = column.table
        keys = list(table.primary_key.columns)
        change = update(table).where(column == bindparam("read_before"))
        for key in keys:
            change = change.where(key == bindparam(f"key_{key.name}"))
        values = [
            {"read_before": read, "fresh": value}
            | {f"key_{key.name}": getattr(row, key.name) for key in keys}
            for row, read, value in fresh
        ]
        with asking(self._engine.execution_options(sqlite_begin="IMMEDIATE")) as connection:
            connection.execute(change.values({column.name: bindparam("fresh")}), values)

    def _count(self, column: Column[Any], where: ColumnElement[bool] | None) -> int:
        query = select(func.count()).select_from(column.table)
        with asking(self._engine) as connection:
            return connection.execute(query if where is None else query.where(where)).scalar_one()


def _is_there(column: Column[Any]) -> ColumnElement[bool]:
    """Whether a value is sealed in it; where it may not be null, retention leaves a blank."""
    return column.is_not(None) & (column != "")


def _is_under(column: Column[Any], key_id: str) -> ColumnElement[bool]:
    """Not LIKE, which takes capitals for small letters in SQLite."""
    prefix = f"{key_id}:"
    return func.substr(column, 1, len(prefix)) == prefix


def _opened(each: _Sealed, row: Any, keyring: Keyring) -> str | None:
    try:
        return keyring.open(row.sealed, bound_to=each.bound_to(row))
    except BadSeal:
        return None


def _resealed(each: _Sealed, row: Any, keyring: Keyring) -> str | None:
    text = _opened(each, row, keyring)
    return None if text is None else keyring.seal(text, bound_to=each.bound_to(row))


def _customer_name(keyring: Keyring, customer: str) -> str:
    return keyring.name_of("customer", customer)


def _row_of(each: _Sealed, row: Any) -> Unreadable:
    keys = [str(getattr(row, column.name)) for column in each.table.primary_key.columns]
    under = key_of(row.sealed or "")
    return each.where, " ".join(keys) + (f" (key {under})" if under else "")
