"""The figures as they are shown: each with its table, its picture and what exactly was counted."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot.actions import Disposition
from bot.console.charts import Value, bars, columns
from bot.proof import Listener
from bot.records.flow_log_figures import WITHIN, Ended, Period, Refused, SqlFigures, Tried, Waited

NOT_ANSWERED = frozenset(
    each.value
    for each in (
        Disposition.NO_ANSWER,
        Disposition.BUSY,
        Disposition.FAILED,
        Disposition.CANCELLED,
    )
)
WAITS = ("1 minute", "5 minutes", "15 minutes", "1 hour", "4 hours", "1 day")
NOBODYS = "no case known"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: the first column of its table names the row; the picture may be empty."""

    name: str
    title: str
    counted: str
    headings: tuple[str, ...]
    rows: Sequence[tuple[str | int, ...]]
    picture: Markup


def figures_of(figures: SqlFigures, period: Period, zone: ZoneInfo) -> list[Figure]:
    """All of them, for this period. Raises `StoreDown`."""
    ended = figures.ended(period)
    return [
        outcomes(ended),
        endings(ended),
        wait(figures.waited(period)),
        tries(figures.tried(period)),
        refusals(figures.refused(period)),
        by_hour(ended, zone),
        by_day(ended, period, zone),
        by("desk", "By desk", "The desk that the call belonged to.", ended, lambda one: one.desk),
        by(
            "officer",
            "By officer",
            "The officer of the case now, whoever it was then. Calls about no known case are told "
            "apart.",
            ended,
            lambda one: one.officer or NOBODYS,
        ),
    ]


def answered(one: Ended) -> bool:
    """Whether somebody or something picked up; what comes in is picked up by us."""
    return not one.placed or one.disposition not in NOT_ANSWERED


MEASURES: tuple[tuple[str, Callable[[Ended], bool]], ...] = (
    ("Ended", lambda one: True),
    ("Answered", answered),
    ("Machine", lambda one: one.listener == Listener.MACHINE.value),
    ("Left message", lambda one: one.disposition == Disposition.LEFT_MESSAGE.value),
    ("Verified", lambda one: one.listener == Listener.VERIFIED.value),
    ("Handed over", lambda one: one.handed_over),
)


def outcomes(ended: Sequence[Ended]) -> Figure:
    """What became of the calls."""
    rows = [
        (
            name,
            _calls(one for one in ended if one.placed and counts(one)),
            _calls(one for one in ended if not one.placed and counts(one)),
        )
        for name, counts in MEASURES
    ]
    total = rows[0][1]
    return Figure(
        "outcomes",
        "What became of the calls",
        "Calls that ended in this period, and of those: answered, by somebody or something "
        "(all but no answer, busy, failed and cancelled); a machine or fax that was recognised; "
        "the approved message was left; the checks were passed; put through to a person, and "
        "they spoke. One call may be several of these. The picture shows calls that we placed.",
        ("Calls", "We placed", "Came in"),
        rows,
        bars("Calls that we placed", [Value(name, total, placed) for name, placed, _ in rows[1:]]),
    )


def endings(ended: Sequence[Ended]) -> Figure:
    """How they ended, one by one."""
    found = Counter[str]()
    for one in ended:
        found[one.disposition.replace("_", " ")] += one.calls
    return Figure(
        "endings",
        "How calls ended",
        "Every call that ended has one ending; calls that we placed and calls that came in.",
        ("Ending", "Calls"),
        found.most_common(),
        bars("Calls by ending", [Value(*each) for each in found.most_common()]),
    )


def wait(waited: Iterable[Waited]) -> Figure:
    """From the text to the first ring."""
    found = {each.within: each.callbacks for each in waited}
    names = [f"within {name}" for name in WAITS] + ["longer"]
    rows = [(name, found.get(limit, 0)) for name, limit in zip(names, (*WITHIN, None), strict=True)]
    return Figure(
        "wait",
        "Wait from text to ring",
        "Callbacks that a customer’s text began and whose first try began in this period: from "
        "the text to that try. Nights and bank holidays count; so does the time that a customer "
        "asked us to wait.",
        ("First rung", "Callbacks"),
        rows,
        bars("Callbacks by wait", [Value(*row) for row in rows]),
    )


def tries(tried: Sequence[Tried]) -> Figure:
    """How many tries a callback took."""
    rows = [(_tries(each.tries), each.callbacks, each.reached) for each in tried]
    return Figure(
        "tries",
        "Tries per contact",
        "Callbacks that were done with in this period, by how often they had been rung; reached: "
        "the last try ended as connected or details read.",
        ("Tries", "Callbacks", "Reached"),
        rows,
        bars("Callbacks by tries, and those reached", [Value(*row) for row in rows]),
    )


def refusals(refused: Sequence[Refused]) -> Figure:
    """Which rules put calls off."""
    rows = [(each.rule.replace("_", " "), each.times, each.callbacks) for each in refused]
    return Figure(
        "refusals",
        "Refusals by rule",
        "How often a call that was due could not be placed, by the rule that put it off, and how "
        "many callbacks that were. What a customer’s case is held for is told as “held”.",
        ("Rule", "Times", "Callbacks"),
        rows,
        bars("Refusals by rule", [Value(rule, times) for rule, times, _ in rows]),
    )


def by_hour(ended: Sequence[Ended], zone: ZoneInfo) -> Figure:
    """The hours of the day, all days together."""
    found = _placed_by(ended, lambda one: f"{_local(one, zone):%H}")
    rows = [(f"{hour:02}", *found.get(f"{hour:02}", (0, 0))) for hour in range(24)]
    return Figure(
        "hours",
        "By hour",
        "Calls that we placed, by the hour in which they ended, all days together; and those that "
        "were answered.",
        ("Hour", "Placed", "Answered"),
        rows,
        columns("Calls placed by hour, and those answered", [Value(*row) for row in rows]),
    )


def by_day(ended: Sequence[Ended], period: Period, zone: ZoneInfo) -> Figure:
    """Day by day."""
    found = _placed_by(ended, lambda one: _local(one, zone).date().isoformat())
    days = list(_days(period, zone))
    counts = [found.get(day.isoformat(), (0, 0)) for day in days]
    rows = [(f"{day:%a %-d %b}", *count) for day, count in zip(days, counts, strict=True)]
    drawn = [Value(f"{day:%-d/%-m}", *count) for day, count in zip(days, counts, strict=True)]
    return Figure(
        "days",
        "By day",
        "Calls that we placed, by the day on which they ended; and those that were answered.",
        ("Day", "Placed", "Answered"),
        rows,
        columns("Calls placed by day, and those answered", drawn),
    )


def by(
    name: str, title: str, counted: str, ended: Sequence[Ended], whose: Callable[[Ended], str]
) -> Figure:
    """Everything about the calls that we placed, for each desk or officer."""
    placed = [one for one in ended if one.placed]
    rows: list[tuple[str | int, ...]] = []
    drawn = []
    for key in sorted({whose(one) for one in placed}):
        theirs = [one for one in placed if whose(one) == key]
        counts = [_calls(one for one in theirs if of(one)) for _, of in MEASURES]
        rows.append((key, *counts))
        drawn.append(Value(key, counts[0], counts[1]))
    return Figure(
        name,
        title,
        f"Calls that we placed, counted as above. {counted}",
        (title.removeprefix("By ").capitalize(), *(heading for heading, _ in MEASURES)),
        rows,
        bars(f"Calls placed {title.lower()}, and those answered", drawn),
    )


def _placed_by(ended: Iterable[Ended], key: Callable[[Ended], str]) -> dict[str, tuple[int, int]]:
    """Placed and answered, by a key."""
    found: dict[str, tuple[int, int]] = {}
    for one in ended:
        if one.placed:
            placed, picked_up = found.get(key(one), (0, 0))
            found[key(one)] = placed + one.calls, picked_up + one.calls * answered(one)
    return found


def _calls(ended: Iterable[Ended]) -> int:
    return sum(one.calls for one in ended)


def _tries(number: int) -> str:
    return {0: "never rung", 1: "1 try"}.get(number, f"{number} tries")


def _local(one: Ended, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(one.hour, zone)


def _days(period: Period, zone: ZoneInfo) -> Iterator[date]:
    day = datetime.fromtimestamp(period.since, zone).date()
    while day <= datetime.fromtimestamp(period.until - 1, zone).date():
        yield day
        day += timedelta(days=1)
