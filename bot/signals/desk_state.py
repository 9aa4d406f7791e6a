"""What stands in Redis of one desk: its queues, callbacks, calls, gate, watermark and wordings."""

from collections.abc import Callable

from bot import alert_health, archivist
from bot.alerts import Channel
from bot.callback_book import as_callback, held_back_by, reason_in_words
from bot.callbacks import Callback, CallbackState
from bot.dialling_breaker import State, by_this_clock, counted, held_until
from bot.dialling_gate import calls_of, gate_of
from bot.dialling_pace import DiallingPace
from bot.runtime import Runtime
from bot.signals import series
from bot.signals.readings import Readings
from bot.store import ALERTS, DUE, OUTBOX
from bot.unit_of_work import UnitOfWork
from bot.watermark import RECORD, Watermark

MOST_CALLBACKS = 1000  # that are looked at in one scrape

Reader = Callable[[Runtime, str, float, Readings], None]


def queues(runtime: Runtime, desk: str, now: float, into: Readings) -> None:
    """How much is owed, and how much of it now."""
    for queue in (DUE, OUTBOX, ALERTS):
        into.set(series.QUEUE_LINES, runtime.store.count(desk, queue), desk, queue)
        into.set(series.QUEUE_LINES_DUE, runtime.store.count(desk, queue, now), desk, queue)


def callbacks(runtime: Runtime, desk: str, now: float, into: Readings) -> None:
    """How the calls stand that are owed; a queue's scores do not tell: they move with leases."""
    ids = [id for id, _ in runtime.store.members(desk, "callbacks", MOST_CALLBACKS)]
    records = runtime.store.read(desk, [f"callback:{id}" for id in ids])
    found = [c for record in records.values() if (c := as_callback(record.data))]
    for state in ("due", "later", "under_way"):
        into.set(series.CALLBACKS, 0, desk, state)
    oldest = now
    for callback in found:
        into.add(series.CALLBACKS, 1, desk, _state(callback, now))
        if callback.state is CallbackState.DUE:
            oldest = min(oldest, callback.due_at)
            if rule := held_back_by(callback, now):
                into.add(series.CALLBACKS_HELD, 1, desk, reason_in_words(rule))
    into.set(series.CALLBACKS_OLDEST_DUE, now - oldest, desk)


def _state(callback: Callback, now: float) -> str:
    if callback.under_way:
        return "under_way"
    return "due" if callback.due_at <= now else "later"


def calls_at_once(runtime: Runtime, desk: str, now: float, into: Readings) -> None:
    """How many calls are under way, of how many."""
    pace = DiallingPace(runtime.store, runtime.house.policy)
    into.set(series.CALLS_AT_ONCE, pace.at_once(desk, now), desk)
    into.set(series.CALLS_AT_ONCE_LIMIT, runtime.house.policy.desk[desk].calls_at_once, desk)


def gate(runtime: Runtime, desk: str, now: float, into: Readings) -> None:
    """Whether anybody is rung, and what the latest calls showed."""
    unit = UnitOfWork(runtime.store, desk)
    stands = by_this_clock(gate_of(unit), now)
    by_breaker = stands.state is State.STOPPED and held_until(stands, now) is not None
    into.set(series.DIALLING_STOPPED, by_breaker, desk, "breaker")
    into.set(series.DIALLING_STOPPED, stands.pause is not None, desk, "person")
    silent, failing, of = counted(calls_of(unit))
    for showed, calls in (
        ("silent", silent),
        ("failing", failing),
        ("good", of - silent - failing),
    ):
        into.set(series.DIALLING_LATEST, calls, desk, showed)


def reconciling(runtime: Runtime, desk: str, now: float, into: Readings) -> None:
    """How far behind the carrier's lists we are."""
    mark = Watermark.from_json(runtime.store.read(desk, (RECORD,))[RECORD].data)
    if mark.through is not None:
        into.set(series.RECONCILING_AGE, max(now - mark.through, 0.0), desk)


def archive(runtime: Runtime, desk: str, now: float, into: Readings) -> None:
    """How far the archive is behind."""
    behind = archivist.lag(runtime.store, desk, now)
    into.set(series.ARCHIVE_LAG_LINES, behind.lines, desk)
    into.set(series.ARCHIVE_LAG_SECONDS, behind.seconds, desk)


def alerts(runtime: Runtime, desk: str, now: float, into: Readings) -> None:
    """Whether people are told of tasks."""
    known = alert_health.known_of(runtime.store, desk)
    for channel in Channel:
        told = known.get(channel.value, {})
        given_up = now - told.get("given_up_at", 0.0) < alert_health.REMEMBERED_SECONDS
        into.set(series.ALERTS_FAILING, "failing_since" in told, desk, channel.value)
        into.set(series.ALERTS_GIVEN_UP, given_up, desk, channel.value)


def wording(runtime: Runtime, desk: str, now: float, into: Readings) -> None:
    """Whether the desk speaks, or only receives."""
    into.set(series.WORDING_APPROVED, runtime.may_speak(desk), desk)


READERS: tuple[Reader, ...] = (
    queues,
    callbacks,
    calls_at_once,
    gate,
    reconciling,
    archive,
    alerts,
    wording,
)
