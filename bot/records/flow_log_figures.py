"""Counts what the archived flow log tells of a period: how calls ended, waits, tries, refusals.

Every question reads one index over the period, and is answered by a few hundred rows: what is
counted is counted by the database. Numbers of lines, never a line.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Engine,
    Select,
    and_,
    case,
    cast,
    distinct,
    exists,
    func,
    literal_column,
    select,
)

from bot.actions import Disposition
from bot.callbacks import HELD_BACK
from bot.flow_log import LineKind
from bot.records.database import asking
from bot.records.flow_log_tables import flow_log_lines
from bot.records.tables import cases

HOUR = 3600
# Seconds within which we rang; what took longer than the last stands under None.
WITHIN = (60, 300, 900, HOUR, 4 * HOUR, 24 * HOUR)
_LINES = flow_log_lines


@dataclass(frozen=True, slots=True)
class Period:
    """From when until when, in seconds since 1970, `until` excluded; of one desk, or ("") all."""

    since: float
    until: float
    desk: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    """So many calls ended so in that hour (seconds since 1970 at which it begins).

    `placed` if we rang them; `listener` is who was on it at the end; `handed_over` if they spoke to
    a person; `officer` is whose case it is now, "" where no case is known.
    """

    desk: str
    officer: str
    placed: bool
    listener: str
    disposition: str
    handed_over: bool
    hour: int
    calls: int


@dataclass(frozen=True, slots=True)
class Waited:
    """So many were first rung within so many seconds of their text; None: it took longer."""

    within: int | None
    callbacks: int


@dataclass(frozen=True, slots=True)
class Tried:
    """So many callbacks were done with after so many tries; `reached` of them spoke with us."""

    tries: int
    callbacks: int
    reached: int


@dataclass(frozen=True, slots=True)
class Refused:
    """How often a rule put a call off, and how many callbacks that were."""

    rule: str
    times: int
    callbacks: int


class SqlFigures:
    """Counts over the archive. Every method raises `StoreDown` when the records do not answer."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def ended(self, period: Period) -> list[Ended]:
        """How the calls of this period ended."""
        return [Ended(*row) for row in self._rows(ended_calls, period)]

    def waited(self, period: Period) -> list[Waited]:
        """How long those who were first rung in this period had waited since their text."""
        return [Waited(*row) for row in self._rows(waits, period)]

    def tried(self, period: Period) -> list[Tried]:
        """How many tries the callbacks took that were done with in this period."""
        found = [Tried(int(row[0] or 0), *row[1:]) for row in self._rows(tries, period)]
        return sorted(found, key=lambda each: each.tries)

    def refused(self, period: Period) -> list[Refused]:
        """By which rules calls were put off, the most frequent first."""
        return [Refused(*row) for row in self._rows(refusals, period)]

    def newest(self, desk: str) -> float | None:
        """When the newest archived line of a desk was written; None where there is none."""
        query = select(func.max(_LINES.c.at)).where(_LINES.c.desk == desk)
        with asking(self._engine) as connection:
            found: float | None = connection.execute(query).scalar()
            return found

    def _rows(self, question: Any, period: Period) -> list[Any]:
        with asking(self._engine) as connection:
            return list(connection.execute(question(connection, period)))


def ended_calls(connection: Connection, period: Period) -> Select[Any]:
    """Steps with a disposition: each call has one, in the step that ended it."""
    hour = _whole(connection, _LINES.c.at / float(HOUR)) * HOUR
    placed = case((_LINES.c.callback.is_not(None), 1), else_=0)
    officer = func.coalesce(cases.c.officer, "")
    listener = func.coalesce(_LINES.c.listener, "")
    by = (_LINES.c.desk, officer, placed, listener, _LINES.c.disposition, _handed_over(), hour)
    query = select(*(column.label(f"by{n}") for n, column in enumerate(by)), func.count())
    query = query.select_from(_LINES.outerjoin(cases, cases.c.handle == _LINES.c.case))
    ended = (
        # By name, not `is_not(None)`: so that the index of dispositions is read.
        _LINES.c.disposition.in_([each.value for each in Disposition]),
        _LINES.c.kind == LineKind.STEP.value,
        *_within(period, _LINES),
    )
    return query.where(*ended).group_by(*(literal_column(f"by{n}") for n in range(len(by))))


def waits(connection: Connection, period: Period) -> Select[Any]:
    """The first try of each callback that a text began, and that text."""
    text, ring = _LINES.alias("text"), _LINES.alias("ring")
    waited = ring.c.at - text.c.at
    within = case(*((waited <= seconds, seconds) for seconds in WITHIN), else_=None)
    its_text = and_(
        text.c.conversation == ring.c.callback,
        text.c.desk == ring.c.desk,
        text.c.event == "text_received",
        text.c.kind == LineKind.STEP.value,
    )
    query = select(within.label("within"), func.count()).select_from(ring.join(text, its_text))
    first = ring.c.conversation == ring.c.callback + "-1"
    return query.where(*_steps(ring, period, "placing"), first).group_by(literal_column("within"))


def tries(connection: Connection, period: Period) -> Select[Any]:
    """The number of the last attempt, which is the end of its id, of each that is done with."""
    number = func.substr(_LINES.c.conversation, func.length(_LINES.c.callback) + 2)
    spoke = (Disposition.CONNECTED.value, Disposition.DETAILS_READ.value)
    reached = func.sum(case((_LINES.c.disposition.in_(spoke), 1), else_=0))
    query: Select[Any] = select(number.label("tries"), func.count(), reached)
    ended = _steps(_LINES, period, "ended")
    return query.where(*ended).group_by(literal_column("tries"))


def refusals(connection: Connection, period: Period) -> Select[Any]:
    """The steps in which a rule held a callback back, by rule."""
    rule, times = func.coalesce(_LINES.c.reason, ""), func.count()
    callbacks = func.count(distinct(_LINES.c.callback))
    counted: tuple[ColumnElement[Any], ...] = (rule.label("rule"), times, callbacks)
    query = select(*counted)
    held = query.where(*_steps(_LINES, period, *HELD_BACK)).group_by(literal_column("rule"))
    return held.order_by(times.desc(), literal_column("rule"))


def _handed_over() -> ColumnElement[int]:
    """Whether the call was put through, and ended as one in which they spoke to somebody."""
    leg = _LINES.alias("leg")
    put_through = exists().where(
        leg.c.conversation == _LINES.c.conversation,
        leg.c.desk == _LINES.c.desk,
        leg.c.event == "leg_ended",
    )
    spoke = _LINES.c.disposition == Disposition.CONNECTED.value
    return case((and_(spoke, put_through), 1), else_=0)


def _steps(lines: Any, period: Period, *events: str) -> list[ColumnElement[bool]]:
    """These steps in the lives of callbacks, within the period."""
    kind = lines.c.kind == LineKind.CALLBACK.value
    return [kind, lines.c.event.in_(events), *_within(period, lines)]


def _within(period: Period, lines: Any) -> list[ColumnElement[bool]]:
    found = [lines.c.at >= period.since, lines.c.at < period.until]
    return [*found, lines.c.desk == period.desk] if period.desk else found


def _whole(connection: Connection, number: ColumnElement[Any]) -> ColumnElement[int]:
    """The number rounded down: a cast does so on SQLite, and rounds to the nearest elsewhere."""
    if connection.dialect.name == "sqlite":
        return cast(number, BigInteger)
    return cast(func.floor(number), BigInteger)
