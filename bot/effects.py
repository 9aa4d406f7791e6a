"""Effects: what a flow asked to be done, written into the commit of the step that asked.

Nothing is done here. A callback becomes a record and a line in the queue of calls to place; all
else becomes a line of the outbox, which only workers carry out.
"""

from collections.abc import Callable
from dataclasses import asdict
from functools import singledispatchmethod

from bot.actions import (
    Disposition,
    Effect,
    EndAttempt,
    EndCall,
    QueueCallback,
    RaiseTask,
    RecordDisposition,
    RedirectCall,
    SettleCallback,
    TaskReason,
)
from bot.callbacks import Callback, CallbackState
from bot.conversation import Conversation
from bot.flow_log import FlowLogLine, LineKind
from bot.store import DUE, OUTBOX, Line
from bot.tasks import Task, priority_of
from bot.unit_of_work import UnitOfWork

KEEP_CALLBACK = 90 * 86400.0

# How an attempt's ending decides what is next: seconds until it is due again; None for done with;
# a reason for a task.
RetryRule = Callable[[Disposition, int], "float | TaskReason | None"]


class Effects:
    """Turns effects into records and queue lines. `retry_rule` reads the rules of `config/`."""

    def __init__(self, retry_rule: RetryRule) -> None:
        self._retry_rule = retry_rule

    @singledispatchmethod
    def carry(self, effect: Effect, talk: Conversation, unit: UnitOfWork, now: float) -> None:
        """Write this effect into the unit of work."""
        raise TypeError(f"nobody carries out {type(effect).__name__}")

    @carry.register
    def _(self, effect: QueueCallback, talk: Conversation, unit: UnitOfWork, now: float) -> None:
        number_hash = talk.tokens["number_hash"]
        callback = open_callback(unit, number_hash)
        if callback is not None:
            save(unit, callback.asked_again(), "asked again", now)
            return
        queue_callback(
            unit,
            Callback(
                id=talk.id,
                desk=talk.desk,
                number_sealed=talk.tokens["number_sealed"],
                number_hash=number_hash,
                number_mask=talk.tokens["number"],
                case=talk.tokens.get("case"),
                asked_by="customer",
                opened_at=now,
                due_at=now,
            ),
            now,
        )

    @carry.register
    def _(self, effect: SettleCallback, talk: Conversation, unit: UnitOfWork, now: float) -> None:
        if "callback" in talk.tokens:
            return  # the call that reads the case is itself the callback: it ends as an attempt
        for key in (talk.tokens.get("number_hash", ""), f"case:{talk.tokens.get('case', '')}"):
            callback = open_callback(unit, key)
            if callback is not None and callback.state is CallbackState.DUE:
                settle(unit, callback, Disposition.SETTLED_BY_CUSTOMER, now)

    @carry.register
    def _(self, effect: EndAttempt, talk: Conversation, unit: UnitOfWork, now: float) -> None:
        data = unit.get(f"callback:{talk.tokens['callback']}")
        callback = Callback.from_json(data) if data else None
        attempt = callback.find(talk.id) if callback else None
        if callback is None or attempt is None or attempt.disposition is not None:
            return
        note_on_number(unit, callback, talk.id, effect.disposition, now)
        self._what_next(unit, talk, callback, effect.disposition, now)

    @carry.register
    def _(self, effect: RaiseTask, talk: Conversation, unit: UnitOfWork, now: float) -> None:
        raise_task(unit, talk, effect.reason, now, wish=effect.wish)

    @carry.register
    def _(self, effect: RedirectCall, talk: Conversation, unit: UnitOfWork, now: float) -> None:
        talk.awaits_redirect = True
        owe_about_call(unit, talk, "redirect", now)

    @carry.register
    def _(self, effect: EndCall, talk: Conversation, unit: UnitOfWork, now: float) -> None:
        owe_about_call(unit, talk, "end_call", now)

    @carry.register
    def _(
        self, effect: RecordDisposition, talk: Conversation, unit: UnitOfWork, now: float
    ) -> None:
        return None  # the line of this very step names it: see `Engine`

    def _what_next(
        self,
        unit: UnitOfWork,
        talk: Conversation,
        callback: Callback,
        disposition: Disposition,
        now: float,
    ) -> None:
        rule = self._retry_rule(disposition, callback.tries)
        if callback.again:
            rule = 0.0  # they texted while we rang: that is owed its own attempt
        due_again = rule if isinstance(rule, float) else None
        ended = callback.attempt_ended(
            disposition, now + due_again if due_again is not None else None
        )
        if due_again is not None:
            queue_callback(unit, ended, now)
            return
        close(unit, ended, now)
        if isinstance(rule, TaskReason) and "tasked" not in talk.tokens:
            raise_task(unit, talk, rule, now)


def open_callback(unit: UnitOfWork, key: str) -> Callback | None:
    """The callback that is open for this number (its hash) or case (`case:` and its handle)."""
    pointer = unit.get(f"open:{key}")
    data = unit.get(f"callback:{pointer['callback']}") if pointer else None
    return Callback.from_json(data) if data else None


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
            reason=callback.refused or "",
            case=callback.case or "",
            number=callback.number_mask,
            number_hash=callback.number_hash,
            callback=callback.id,
        )
    )


def raise_task(
    unit: UnitOfWork,
    talk: Conversation,
    reason: TaskReason,
    now: float,
    *,
    wish: str | None = None,
) -> None:
    """Owe a person this task. One conversation raises a reason once, however often it asks."""
    talk.tokens["tasked"] = reason.value  # so that its attempt's ending need not ask for another
    task = Task(
        id=f"{talk.id}:{reason.value}",
        desk=talk.desk,
        reason=reason,
        priority=priority_of(reason),
        owner="",  # the worker that files it looks the case's officer up
        raised_at=now,
        conversation=talk.id,
        case=talk.tokens.get("case"),
        number=talk.tokens.get("number", ""),
        number_sealed=talk.tokens.get("number_sealed"),
        text_sealed=talk.tokens.get("text_sealed"),
        wish=wish,
    )
    owe_task(unit, task)


def owe_task(unit: UnitOfWork, task: Task) -> None:
    """Put a task into the outbox, and into the log."""
    line = Line(
        queue=OUTBOX, id=f"task:{task.id}", kind="task", due=task.raised_at, data=asdict(task)
    )
    unit.owe(line)
    unit.log(
        FlowLogLine(
            at=task.raised_at,
            kind=LineKind.TASK,
            desk=task.desk,
            conversation=task.conversation,
            reason=task.reason.value,
            number=task.number,
            detail=task.wish or "",
        )
    )


def owe_about_call(unit: UnitOfWork, talk: Conversation, kind: str, now: float) -> None:
    """Owe the carrier a word about the live call of this conversation, for this turn."""
    unit.owe(
        Line(
            queue=OUTBOX,
            id=f"{kind}:{talk.id}:{talk.turn}",
            kind=kind,
            due=now,
            data={
                "conversation": talk.id,
                "turn": talk.turn,
                "call": talk.tokens.get("call", ""),
            },
        )
    )


def note_on_number(
    unit: UnitOfWork, callback: Callback, attempt: str, disposition: Disposition, now: float
) -> None:
    """Owe the number's own history a line: it lives in another partition, shared by all desks."""
    unit.owe(
        Line(
            queue=OUTBOX,
            id=f"note:{attempt}",
            kind="note_number",
            due=now,
            data={
                "number_hash": callback.number_hash,
                "attempt": attempt,
                "at": now,
                "disposition": disposition.value,
            },
        )
    )


def _pointers(callback: Callback) -> list[str]:
    keys = [f"open:{callback.number_hash}"]
    return [*keys, f"open:case:{callback.case}"] if callback.case else keys
