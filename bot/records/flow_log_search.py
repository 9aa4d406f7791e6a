"""Finds lines in the archive of the flow log: the newest first, a page at a time.

A search needs something to hold on to, so that it is quick at any size: what names few lines (a
case, a number, a conversation ...), or a time that begins and ends. Every question of a page reads
one index in its own order, and goes on where the page before ended, not by counting.
"""

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Engine,
    Select,
    and_,
    exists,
    func,
    or_,
    select,
    tuple_,
)

from bot.errors import SearchRefused
from bot.flow_log import FlowLogLine, LineKind
from bot.records.database import asking
from bot.records.flow_log_rows import line_of
from bot.records.flow_log_tables import flow_log_lines, flow_log_said

DAY = 86400.0
LONGEST_PAGE = 500
_LARGEST = 2**63 - 1  # that a column of numbers holds
_LAST = "\U0010ffff"  # sorts behind whatever an id may hold
_LINES, _SAID = flow_log_lines, flow_log_said
_COMMON = (LineKind.STEP.value, LineKind.NOTE.value, LineKind.CALLBACK.value)
_Test = Callable[[ColumnElement[Any]], ColumnElement[bool]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which lines; what is None asks for nothing. Times are seconds since 1970, `until` excluded.

    `numbers` are the keyed hashes of one number, under each live key; `state` is one that a step
    came to; `attempt` the beginning of the conversations of a callback, `wording` a prompt's id,
    or `id@hash` as a line says it.
    """

    since: float | None = None
    until: float | None = None
    desk: str | None = None
    flow: str | None = None
    state: str | None = None
    kind: str | None = None
    disposition: str | None = None
    case: str | None = None
    numbers: tuple[str, ...] | None = None
    staff: str | None = None
    conversation: str | None = None
    attempt: str | None = None
    wording: str | None = None

    @property
    def names_few(self) -> bool:
        """Whether something is given that few lines are about, however many there are."""
        return any((self.case, self.numbers, self.conversation, self.attempt))

    def refuse_unbounded(self, longest_days: int) -> None:
        """Raise `SearchRefused` for a search that would look through all there is."""
        if all(getattr(self, each.name) in (None, "", ()) for each in fields(self)):
            raise SearchRefused("this matches every line: give a time, or what the lines are about")
        if self.since is not None and self.until is not None and self.until <= self.since:
            raise SearchRefused("the time ends before it begins")
        if self.names_few:
            return
        if self.since is None or self.until is None:
            raise SearchRefused(
                "give the time from when and until when, or a case, a number or a conversation"
            )
        if self.until - self.since > longest_days * DAY:
            raise SearchRefused(
                f"the time is longer than {longest_days} days, which is the most without a case, "
                "a number or a conversation"
            )


@dataclass(frozen=True, slots=True)
class Found:
    """An archived line with its number at its desk, and its id in Redis."""

    number: int
    id: str
    line: FlowLogLine


@dataclass(frozen=True, slots=True)
class Page:
    """Some of what was found, the newest first; `cursor` asks for those after it, None: no more."""

    found: tuple[Found, ...]
    cursor: str | None


class SqlFlowLogSearch:
    """Searches the archive. Every method raises `StoreDown` when the records do not answer."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def search(
        self, wanted: Wanted, *, longest_days: int, limit: int = 50, cursor: str | None = None
    ) -> Page:
        """A page of what is wanted. Raises `SearchRefused`, which says what to give."""
        wanted.refuse_unbounded(longest_days)
        limit = max(1, min(limit, LONGEST_PAGE))
        query = question(wanted, cursor).limit(limit + 1)
        with asking(self._engine) as connection:
            rows = connection.execute(query).all()
        more = len(rows) > limit
        return Page(tuple(map(_found, rows[:limit])), _cursor(rows[limit - 1]) if more else None)

    def how_many(self, wanted: Wanted, *, longest_days: int, most: int) -> int:
        """How many lines are wanted; `most` and one stand for more. Raises `SearchRefused`."""
        wanted.refuse_unbounded(longest_days)
        counted = question(wanted).limit(most + 1).subquery()
        with asking(self._engine) as connection:
            return int(connection.execute(select(func.count()).select_from(counted)).scalar_one())

    def conversation(self, desk: str, conversation: str, limit: int = LONGEST_PAGE) -> list[Found]:
        """The lines of one conversation in order; of a longer one, the first so many."""
        query = in_order(desk, conversation).limit(limit)
        with asking(self._engine) as connection:
            return [_found(row) for row in connection.execute(query)]

    def after(self, desk: str, id: str, limit: int) -> list[Found] | None:
        """The lines of a desk that follow the one with this id in Redis, so many at most, in order.

        `0` is before the first. None: no such line is archived.
        """
        last = select(_LINES.c.number).where(_LINES.c.desk == desk, _LINES.c.id == id)
        with asking(self._engine) as connection:
            number = 0 if id == "0" else connection.execute(last).scalar()
            if number is None:
                return None
            later = select(_LINES).where(_LINES.c.desk == desk, _LINES.c.number > number)
            rows = connection.execute(later.order_by(_LINES.c.number).limit(limit))
            return [_found(row) for row in rows]

    def numbered_after(self, desk: str, number: int, limit: int = LONGEST_PAGE) -> list[Found]:
        """The lines of a desk after this one, in order: to read through all there is."""
        lines = select(_LINES).where(_LINES.c.desk == desk, _LINES.c.number > number)
        with asking(self._engine) as connection:
            found = connection.execute(lines.order_by(_LINES.c.number).limit(limit))
            return [_found(row) for row in found]

    def conversations_of(
        self, case: str, *, before: float, limit: int = 20
    ) -> list[tuple[str, str, float]]:
        """Earlier conversations about a case: (desk, conversation, its last line's time).

        The newest first. `before` is where the one that is looked at begins.
        """
        query = earlier(case, before)
        found: dict[tuple[str, str], float] = {}
        with asking(self._engine) as connection:
            streamed = connection.execution_options(yield_per=100)
            with streamed.execute(query) as rows:
                for row in rows:
                    found.setdefault((row.desk, row.conversation), row.at)
                    if len(found) == limit:
                        break
        return [(desk, conversation, at) for (desk, conversation), at in found.items()]

    def count(self) -> dict[str, int]:
        """How many lines were ever archived, by desk."""
        query = select(_LINES.c.desk, func.max(_LINES.c.number)).group_by(_LINES.c.desk)
        with asking(self._engine) as connection:
            return {desk: number for desk, number in connection.execute(query)}


def question(wanted: Wanted, cursor: str | None = None) -> Select[Any]:
    """The query of a page: it begins at the cursor, and has no end of its own.

    Which index is read is chosen here, the one that names the fewest lines: SQLite guesses without
    knowing how many there are of each, and a wrong guess reads millions.
    """
    by_wording = bool(wanted.wording) and not wanted.names_few
    place = _SAID if by_wording else _LINES
    order = (place.c.at, place.c.desk, place.c.number)
    query = select(_LINES).where(*_times(wanted, place), *_narrowed(wanted, by_wording))
    if wanted.wording:
        same = and_(_SAID.c.desk == _LINES.c.desk, _SAID.c.number == _LINES.c.number)
        said = and_(same, *_said(wanted.wording))
        if by_wording:
            query = query.join(_SAID, said)
        else:
            query = query.where(exists().where(said, _SAID.c.at == _LINES.c.at))
    if cursor is not None:
        at, desk, number = _read_cursor(cursor)
        # The time by itself too: SQLite finds the beginning by it, of a row of three it does not.
        query = query.where(place.c.at <= at, tuple_(*order) < tuple_(at, desk, number))
    return query.order_by(*(column.desc() for column in order))


def earlier(case: str, before: float) -> Select[Any]:
    """The lines about a case before an instant, the newest first."""
    about = (_LINES.c.case == case, _LINES.c.at < before, _LINES.c.conversation.is_not(None))
    order = (_LINES.c.at.desc(), _LINES.c.desk.desc(), _LINES.c.number.desc())
    return select(_LINES.c.desk, _LINES.c.conversation, _LINES.c.at).where(*about).order_by(*order)


def in_order(desk: str, conversation: str) -> Select[Any]:
    """The lines of one conversation, as they came."""
    lines = select(_LINES).where(_LINES.c.conversation == conversation, _LINES.c.desk == desk)
    return lines.order_by(_LINES.c.number)


def _times(wanted: Wanted, place: Any) -> list[ColumnElement[bool]]:
    since = [] if wanted.since is None else [place.c.at >= wanted.since]
    return since + ([] if wanted.until is None else [place.c.at < wanted.until])


def _said(wording: str) -> list[ColumnElement[bool]]:
    prompt, _, hash = wording.partition("@")
    return [_SAID.c.prompt == prompt] + ([_SAID.c.hash == hash] if hash else [])


def _narrowed(wanted: Wanted, by_wording: bool) -> list[ColumnElement[bool]]:
    """What else is asked for: the first may use its index, the others are looked at in each line.

    In the order of how few lines each names; most lines tell of a step.
    """
    rare = wanted.kind not in _COMMON
    by_kind = (_LINES.c.kind, _one(wanted.kind))
    asked: list[tuple[Column[Any], _Test | None]] = [
        (_LINES.c.conversation, _one(wanted.conversation)),
        (_LINES.c.conversation, _prefix(wanted.attempt)),
        (_LINES.c.case, _one(wanted.case)),
        (_LINES.c.number_hash, _any(wanted.numbers)),
        (_LINES.c.staff, _one(wanted.staff)),
        *([by_kind] if rare else []),
        (_LINES.c.after, _one(wanted.state)),
        (_LINES.c.disposition, _one(wanted.disposition)),
        (_LINES.c.desk, _one(wanted.desk)),
        (_LINES.c.flow, _one(wanted.flow)),
        *([] if rare else [by_kind]),
    ]
    tests = [(column, test) for column, test in asked if test is not None]
    return [
        test(column if place == 0 and not by_wording else func.coalesce(column, ""))
        for place, (column, test) in enumerate(tests)
    ]


def _one(value: str | None) -> _Test | None:
    return (lambda column: column == value) if value else None


def _any(values: tuple[str, ...] | None) -> _Test | None:
    return (lambda column: or_(*(column == each for each in values))) if values else None


def _prefix(value: str | None) -> _Test | None:
    """A range and no LIKE: nothing in it is a wild character."""
    return (lambda column: and_(column >= value, column < value + _LAST)) if value else None


def _found(row: Any) -> Found:
    line = line_of(row)
    kept = {"kind": "note", **line.fields, "desk": line.desk}
    return Found(line.number, line.id, FlowLogLine.from_fields(kept))


def _cursor(row: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps([row.at, row.desk, row.number]).encode()).decode()


def _read_cursor(text: str) -> tuple[float, str, int]:
    """As `_cursor` wrote it: whatever else a browser sends is no question for a database."""
    try:
        at, desk, number = json.loads(base64.urlsafe_b64decode(text.encode()))
        numbers = type(at) is float and type(number) is int and 0 < number <= _LARGEST
        if numbers and isinstance(desk, str) and desk.isprintable():
            return at, desk, number
    except (ValueError, TypeError, RecursionError, binascii.Error):
        pass
    raise SearchRefused("this page is not known: search again from the first one")
