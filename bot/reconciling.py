"""Reconciling: the carrier's own lists say what came in, and what no webhook told of is handed on.

Each desk has a watermark: whatever came in before it was handed over, or was known. It moves only
when all of a window was, so that a worker that dies leaves the same window to the next one. Giving
the engine the same text twice is the same as once; so a late webhook, or two workers, do no harm.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace

import structlog

from bot.actions import TaskReason
from bot.carrier import Carrier, ListedText, ReceivedCall
from bot.desk import CallerLine
from bot.errors import CarrierError, Conflict, StorageRefused, StoreDown
from bot.events import (
    OTHER_CHANNEL,
    CallEnded,
    CallMissed,
    CallOutcome,
    CarrierEvent,
    TextReceived,
)
from bot.owing import owe_task
from bot.phone import PhoneNumber
from bot.runtime import Runtime
from bot.tasks import Task, priority_of
from bot.unit_of_work import UnitOfWork
from bot.watermark import AGAIN_SECONDS, LEASE_SECONDS, RECORD, Watermark, Window, window_of

log = structlog.get_logger()

LONGEST_CALL = 4 * 3600.0  # seconds; the carrier ends a call that goes on for longer
ENDED = frozenset(outcome.value for outcome in CallOutcome)
READ_AT_ONCE = 100  # records
NOT_STORED = (StoreDown, StorageRefused, Conflict)


def got_through_later(call: ReceivedCall, calls: Iterable[ReceivedCall], known: set[str]) -> bool:
    """Whether the caller rang once more and reached us: then nothing is owed for this call."""
    return call.caller is not None and any(
        other.caller == call.caller and other.at >= call.at and other.call in known
        for other in calls
    )


class Reconciling:
    """Looks through what the carrier lists, desk by desk. Any number of copies may run."""

    def __init__(self, runtime: Runtime, carrier: Carrier) -> None:
        self._runtime = runtime
        self._store = runtime.store
        self._carrier = carrier
        self._policy = runtime.house.policy
        self._rule = runtime.house.policy.reconciling

    def take_one(self, desk: str) -> int | None:
        """Look through a desk's next window, if it is due; how much nobody had told us of.

        Raises `StoreDown`, or `Conflict` if another worker was first.
        """
        now = self._runtime.clock.now()
        unit = UnitOfWork(self._store, desk, (RECORD,))
        mark = Watermark.from_json(unit.get(RECORD))
        if not mark.is_due(now, self._rule):
            return None
        lag = self._policy.dialling.list_lag_seconds
        window = window_of(mark.through, now, self._rule, lag)
        mark = replace(mark, due=now + LEASE_SECONDS, token=mark.token + 1)
        _put(unit, mark)
        try:
            return self._look_through(desk, window, mark)
        except CarrierError as error:
            log.warning("not_reconciled", desk=desk, reason=str(error))
            self._put_off(desk, mark, now)
            return 0

    def _look_through(self, desk: str, window: Window, mark: Watermark) -> int:
        """Hand over what is unknown, the oldest first, and only then move the watermark."""
        missing, held = self._missing(desk, window)
        for event, at in missing:
            try:
                mark = self._keep_lease(desk, mark)
                self._runtime.engine.receive(event)
            except NOT_STORED:
                raise
            except Exception:
                log.exception("not_handed_over", desk=desk, conversation=event.conversation)
                held = min(held, at)
        self._passed(desk, window, mark, min(window.until, held))
        return len(missing)

    # what is missing

    def _missing(self, desk: str, window: Window) -> tuple[list[tuple[CarrierEvent, float]], float]:
        """What we do not know of, by its time; and when the oldest of it began that is not over."""
        missing: list[tuple[CarrierEvent, float]] = []
        held, now = window.until, self._runtime.clock.now()
        for line, number in self._numbers(desk):
            texts = self._carrier.texts_received(number, window.since)
            known = self._known(desk, [text.text for text in texts])
            missing += [
                (_as_text(text, desk, line), text.at) for text in texts if text.text not in known
            ]
            calls = self._carrier.calls_received(number, window.since)
            known = self._known(desk, [call.call for call in calls])
            for call in calls:
                if call.call in known:
                    if call.status in ENDED and not known[call.call]:
                        missing.append((_as_ended(call, desk), call.at))
                elif call.status not in ENDED and call.at > now - LONGEST_CALL:
                    held = min(held, call.at)
                elif not got_through_later(call, calls, set(known)):
                    missing.append((_as_missed(call, desk, line), call.at))
        found = [(event, at) for event, at in missing if at < window.until]
        return sorted(found, key=lambda each: each[1]), held

    def _numbers(self, desk: str) -> Iterator[tuple[str, PhoneNumber]]:
        """The service numbers of a desk, with the line that each is."""
        for line in CallerLine:
            for number in getattr(self._policy.desk[desk].lines, line):
                yield line.value, PhoneNumber(number)

    def _known(self, desk: str, ids: Sequence[str]) -> dict[str, bool]:
        """Those calls or texts of which we have a conversation; and whether it has ended."""
        known: dict[str, bool] = {}
        for start in range(0, len(ids), READ_AT_ONCE):
            keys = {f"call:{id}": id for id in ids[start : start + READ_AT_ONCE]}
            for key, record in self._store.read(desk, list(keys)).items():
                if record.data is not None:
                    known[keys[key]] = record.data["ended"]
        return known

    # the record

    def _keep_lease(self, desk: str, mark: Watermark) -> Watermark:
        """The watermark with a lease that holds for a while. Raises `Conflict` if it was lost."""
        now = self._runtime.clock.now()
        if now < mark.due - LEASE_SECONDS / 2:
            return mark
        longer = replace(mark, due=now + LEASE_SECONDS)
        self._write(desk, mark, longer)
        return longer

    def _put_off(self, desk: str, mark: Watermark, now: float) -> None:
        self._write(desk, mark, replace(mark, due=now + AGAIN_SECONDS))

    def _passed(self, desk: str, window: Window, mark: Watermark, through: float) -> None:
        """The watermark moves; a gap that nobody can look into any more is a person's business."""
        now = self._runtime.clock.now()
        more = through == window.until < now - self._policy.dialling.list_lag_seconds - 1.0
        due = now if more else now + self._rule.minutes * 60.0

        gap = _gap(desk, window.lost_from, now) if window.lost_from is not None else None
        self._write(desk, mark, replace(mark, through=through, due=due, seen_at=now), gap)

    def _write(self, desk: str, ours: Watermark, new: Watermark, gap: Task | None = None) -> None:
        """Write, only while this pass is ours. Raises `Conflict`."""
        unit = UnitOfWork(self._store, desk, (RECORD,))
        if Watermark.from_json(unit.get(RECORD)).token != ours.token:
            raise Conflict(f"{RECORD}: another worker has taken this pass over")
        if gap:
            owe_task(unit, gap)
        _put(unit, new)


def _put(unit: UnitOfWork, mark: Watermark) -> None:
    unit.put(RECORD, asdict(mark))
    unit.commit()


def _as_text(text: ListedText, desk: str, line: str) -> TextReceived:
    """The event that its webhook would have been; the carrier's own verdict on STOP is missing."""
    return TextReceived(
        desk=desk,
        conversation=text.text,
        line=OTHER_CHANNEL if text.other_channel else line,
        sender=text.sender,
        body=text.body,
        pictures=text.pictures,
        listed_at=text.at,
    )


def _as_missed(call: ReceivedCall, desk: str, line: str) -> CallMissed:
    return CallMissed(
        desk=desk,
        conversation=call.call,
        line=line,
        call=call.call,
        caller=call.caller,
        listed_at=call.at,
    )


def _as_ended(call: ReceivedCall, desk: str) -> CallEnded:
    """The notice that nobody brought."""
    outcome = CallOutcome(call.status)
    return CallEnded(desk=desk, conversation=call.call, call=call.call, outcome=outcome)


def _gap(desk: str, lost_from: float, now: float) -> Task:
    """What came in then, the carrier's own console shows to whoever does this task."""
    return Task(
        id=f"{RECORD}:{int(lost_from)}:{TaskReason.NOT_RECONCILED.value}",
        desk=desk,
        reason=TaskReason.NOT_RECONCILED,
        priority=priority_of(TaskReason.NOT_RECONCILED),
        owner=desk,
        raised_at=now,
        conversation="",
    )
