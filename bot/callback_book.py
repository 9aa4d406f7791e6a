"""How callbacks are kept: the record, its queue line, the pointers that find it, its log lines.

`bot.callbacks` says what a step makes of a callback; here it is written down, in the unit of work
of whatever decided it.
"""

import structlog

from bot.actions import Disposition, TaskReason
from bot.callbacks import Callback, CallbackState, Telephone
from bot.dial_rules import RESTRICTIONS
from bot.errors import UnreadableCallback
from bot.flow_log import FlowLogLine, LineKind
from bot.owing import owe_task
from bot.store import DUE, OUTBOX, Json, Line
from bot.tasks import Task, priority_of
from bot.unit_of_work import UnitOfWork

log = structlog.get_logger()

HELD = "held_by_staff"  # the dial rule that says so
KEEP_CALLBACK = 90 * 86400.0


def read_callback(unit: UnitOfWork, callback_id: str) -> Callback | None:
    """The callback as it stands; None if it is gone, or another version's that we cannot read."""
    return as_callback(unit.get(f"callback:{callback_id}"))


def as_callback(data: Json | None) -> Callback | None:
    """The same of a record that was read."""
    try:
        return Callback.from_json(data) if data else None
    except UnreadableCallback as error:
        log.warning("callback_unreadable", reason=str(error))
        return None


def open_callback(unit: UnitOfWork, key: str) -> Callback | None:
    """The callback that is open for this number (its hash) or case (`case:` and its handle)."""
    pointer = unit.get(f"open:{key}")
    found = read_callback(unit, pointer["callback"]) if pointer else None
    return found if found and found.state is not CallbackState.ENDED else None


def find_open(unit: UnitOfWork, number_hash: str, case: str | None) -> Callback | None:
    """The callback that is open for this number, or for this case under another number."""
    found = open_callback(unit, number_hash)
    return found or (open_callback(unit, f"case:{case}") if case else None)


def ask_again(
    unit: UnitOfWork,
    callback: Callback,
    now: float,
    *,
    by_customer: bool,
    window: tuple[float, float | None] | None = None,
    on: Telephone | None = None,
) -> Callback:
    """A call that is owed already is owed still, and once; the callback as it stands then."""
    updated = callback.asked_again(now, by_customer=by_customer, window=window, on=on)
    moved = updated.number_hash != callback.number_hash
    if moved:
        unit.put(f"open:{updated.number_hash}", {"callback": updated.id}, keep=KEEP_CALLBACK)
    if updated.due_at != callback.due_at:
        unit.drop(DUE, callback.next_attempt)  # added again, at its time, in the same commit
        queue_callback(unit, updated, now)
    else:
        save(unit, updated, "asked again", now)
    return updated


def queue_callback(unit: UnitOfWork, callback: Callback, now: float, *, told: str = "due") -> None:
    """Owe this callback's next attempt, when it is due; the log says that it is `told`."""
    for key in _pointers(callback):
        unit.put(key, {"callback": callback.id}, keep=KEEP_CALLBACK)
    unit.index("callbacks", callback.id, callback.due_at)
    unit.owe(
        Line(
            queue=DUE,
            id=callback.next_attempt,
            kind="place_call",
            due=callback.due_at,
            data={"callback": callback.id},
        )
    )
    save(unit, callback, told, now)


def put_back(unit: UnitOfWork, callback: Callback, now: float) -> None:
    """An attempt rang nobody: owe the next one, unless nothing is owed any more."""
    if callback.last:
        close(unit, callback.settled(Disposition.CANCELLED), now)
    else:
        queue_callback(unit, callback, now)


def hand_over(unit: UnitOfWork, callback_id: str, now: float) -> None:
    """A callback that is gone, or that nobody can read: nobody is rung, and a person is told.

    What its record and the conversation it began with still tell goes with the task.
    """
    data, talk = unit.get_all(f"callback:{callback_id}", f"call:{callback_id}")
    known: Json = {**(talk or {}).get("tokens", {}), **(data or {})}
    reason = TaskReason.OUR_FAULT
    unit.index("callbacks", callback_id, None)
    owe_task(
        unit,
        Task(
            id=f"{callback_id}:{reason.value}:unreadable",
            desk=unit.partition,
            reason=reason,
            priority=priority_of(reason),
            owner="",  # the worker that files it looks the case's officer up
            raised_at=now,
            conversation=callback_id,
            case=known.get("case"),
            number=known.get("number_mask") or known.get("number", ""),
            number_sealed=known.get("number_sealed"),
        ),
    )
    unit.log(
        FlowLogLine(
            at=now,
            kind=LineKind.CALLBACK,
            desk=unit.partition,
            conversation=callback_id,
            event="handed over",
            reason="unreadable" if data else "gone",
            callback=callback_id,
        )
    )


def settle(unit: UnitOfWork, callback: Callback, disposition: Disposition, now: float) -> None:
    """Nothing is owed any more: take it out of the queue and close it."""
    unit.drop(DUE, callback.next_attempt)
    close(unit, callback.settled(disposition), now)


def close(unit: UnitOfWork, callback: Callback, now: float) -> None:
    """Write down that this callback is done with."""
    for key in _pointers(callback):
        pointer = unit.get(key)
        if pointer and pointer["callback"] == callback.id:
            unit.put(key, None)
    unit.index("callbacks", callback.id, None)
    save(unit, callback, "ended", now)


def save(unit: UnitOfWork, callback: Callback, step: str, now: float) -> None:
    """Write a callback, and the line that tells of it."""
    unit.put(f"callback:{callback.id}", callback.to_json(), keep=KEEP_CALLBACK)
    attempt = callback.attempt
    unit.log(
        FlowLogLine(
            at=now,
            kind=LineKind.CALLBACK,
            desk=callback.desk,
            conversation=attempt.id if attempt else callback.id,
            event=step,
            after=callback.state.value,
            disposition=(attempt.disposition or "") if attempt else (callback.disposition or ""),
            reason=reason_in_words(callback.refused),
            case=callback.case or "",
            number=callback.number_mask,
            number_hash=callback.number_hash,
            callback=callback.id,
        )
    )


def note_on_number(
    unit: UnitOfWork, callback: Callback, attempt: str, disposition: Disposition, now: float
) -> None:
    """Owe the number's own history a line: it lives in another partition, shared by all desks."""
    begun = callback.find(attempt)
    unit.owe(
        Line(
            queue=OUTBOX,
            id=f"note:{attempt}",
            kind="note_number",
            due=now,
            data={
                "number_hash": callback.number_hash,
                "attempt": attempt,
                "at": begun.at if begun else now,
                "disposition": disposition.value,
                "call": begun.call if begun else None,
            },
        )
    )


def held_back_by(callback: Callback, now: float) -> str | None:
    """The rule for which it waits, as far as is known: a hold before all others."""
    return HELD if callback.held_until and now < callback.held_until else callback.refused


def reason_in_words(rule: str | None) -> str:
    """A refusing rule as the log may name it: what a case is held for is the customer's affair."""
    return "held" if rule in RESTRICTIONS else rule or ""


def _pointers(callback: Callback) -> list[str]:
    keys = [f"open:{callback.number_hash}"]
    return [*keys, f"open:case:{callback.case}"] if callback.case else keys
