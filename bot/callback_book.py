"""How callbacks are kept: the record, its queue line, the pointers that find it, its log lines.

`bot.callbacks` says what a step makes of a callback; here it is written down, in the unit of work
of whatever decided it.
"""

from bot.actions import Disposition
from bot.callbacks import Callback
from bot.dial_rules import RESTRICTIONS
from bot.flow_log import FlowLogLine, LineKind
from bot.store import DUE, OUTBOX, Line
from bot.unit_of_work import UnitOfWork

KEEP_CALLBACK = 90 * 86400.0


def open_callback(unit: UnitOfWork, key: str) -> Callback | None:
    """The callback that is open for this number (its hash) or case (`case:` and its handle)."""
    pointer = unit.get(f"open:{key}")
    data = unit.get(f"callback:{pointer['callback']}") if pointer else None
    return Callback.from_json(data) if data else None


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
) -> Callback:
    """A call that is owed already is owed still, and once; the callback as it stands then."""
    updated = callback.asked_again(now, by_customer=by_customer, window=window)
    if updated.due_at != callback.due_at:
        unit.drop(DUE, callback.next_attempt)  # added again, at its time, in the same commit
        queue_callback(unit, updated, now)
    else:
        save(unit, updated, "asked again", now)
    return updated


def queue_callback(unit: UnitOfWork, callback: Callback, now: float) -> None:
    """Owe this callback's next attempt, when it is due."""
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
    save(unit, callback, "due", now)


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
            },
        )
    )


def reason_in_words(rule: str | None) -> str:
    """A refusing rule as the log may name it: what a case is held for is the customer's affair."""
    return "held" if rule in RESTRICTIONS else rule or ""


def _pointers(callback: Callback) -> list[str]:
    keys = [f"open:{callback.number_hash}"]
    return [*keys, f"open:case:{callback.case}"] if callback.case else keys
