"""Effects: what a flow asked to be done, written into the commit of the step that asked.

Nothing is done here. A callback becomes a record and a line in the queue of calls to place; all
else becomes a line of the outbox, which only workers carry out.
"""

from collections.abc import Callable
from functools import singledispatchmethod

from bot import best_number
from bot.actions import (
    CancelCallback,
    Disposition,
    Effect,
    EndAttempt,
    EndCall,
    HoldCallback,
    KeepLineFree,
    NoteBestNumber,
    QueueCallback,
    RaiseTask,
    RecordDisposition,
    RedirectCall,
    SettleCallback,
    TaskReason,
)
from bot.callback_book import (
    close,
    hand_over,
    note_on_number,
    open_callback,
    queue_callback,
    read_callback,
    save,
    settle,
)
from bot.callbacks import Callback, CallbackState
from bot.calling_back import owe_call_back
from bot.conversation import Conversation
from bot.dialling_breaker import sign_of
from bot.dialling_gate import DiallingGate
from bot.dialling_pace import call_is_over
from bot.halts import hold, leave_alone, left_alone_for, off_the_line, on_the_line
from bot.officer_effects import OfficerEffects
from bot.owing import owe_about_call, owe_best_number, raise_task
from bot.proof import Listener
from bot.unit_of_work import UnitOfWork

# How an attempt's ending decides what is next: seconds from its beginning until it is due again;
# None for done with; a reason for a task.
RetryRule = Callable[[Disposition, int], "float | TaskReason | None"]


class Effects:
    """Turns effects into records and queue lines. `retry_rule` reads the rules of `config/`."""

    def __init__(self, retry_rule: RetryRule, gate: DiallingGate, officers: OfficerEffects) -> None:
        self._retry_rule = retry_rule
        self._officers = officers
        self._gate = gate

    @singledispatchmethod
    def carry(self, effect: Effect, talk: Conversation, unit: UnitOfWork, now: float) -> None:
        """Write this effect into the unit of work."""
        self._officers.carry(effect, talk, unit, now)

    @carry.register
    def _(self, effect: QueueCallback, talk: Conversation, unit: UnitOfWork, now: float) -> None:
        owe_call_back(unit, talk, now)

    @carry.register
    def _(self, effect: SettleCallback, talk: Conversation, unit: UnitOfWork, now: float) -> None:
        if "callback" not in talk.tokens:
            by_whom = (
                Disposition.NEEDS_PERSON if effect.to_person else Disposition.SETTLED_BY_CUSTOMER
            )
            _owe_no_more(unit, talk, by_whom, now, about_case=True)
            return
        callback = read_callback(unit, talk.tokens["callback"])
        if callback and callback.again:  # they texted while it rang: this very call is the answer
            save(unit, callback.helped(), "answered meanwhile", now)

    @carry.register
    def _(self, effect: CancelCallback, talk: Conversation, unit: UnitOfWork, now: float) -> None:
        leave_alone(unit, talk.tokens, now)
        _owe_no_more(unit, talk, Disposition.CANCELLED, now)

    @carry.register
    def _(self, effect: HoldCallback, talk: Conversation, unit: UnitOfWork, now: float) -> None:
        hold(unit, talk.tokens, now)
        _owe_no_more(unit, talk, Disposition.NEEDS_PERSON, now)

    @carry.register
    def _(self, effect: EndAttempt, talk: Conversation, unit: UnitOfWork, now: float) -> None:
        callback = read_callback(unit, talk.tokens["callback"])
        if callback is None:
            hand_over(unit, talk.tokens["callback"], now)
            return
        attempt = callback.find(talk.id)
        if attempt is None or attempt.disposition is not None:
            return
        note_on_number(unit, callback, talk.id, effect.disposition, now)
        self._gate.note(unit, talk.id, sign_of(effect.disposition), now)
        call_is_over(unit, talk.id)
        self._what_next(unit, talk, callback, effect.disposition, now)

    @carry.register
    def _(self, effect: RaiseTask, talk: Conversation, unit: UnitOfWork, now: float) -> None:
        reason = _reason(effect, talk)
        if "reads" in talk.tokens and _is_held(unit, talk):  # a text, from where a sign came
            reason = TaskReason.TEXT_NEEDS_PERSON
        raise_task(unit, talk, reason, now, wish=effect.wish)

    @carry.register
    def _(self, effect: NoteBestNumber, talk: Conversation, unit: UnitOfWork, now: float) -> None:
        name = "number_sealed" if effect.in_use else best_number.TOKEN
        owe_best_number(unit, talk, {name: talk.tokens[name]}, now)

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
        off_the_line(unit, talk.tokens.get("number_hash", ""), talk.id)

    @carry.register
    def _(self, effect: KeepLineFree, talk: Conversation, unit: UnitOfWork, now: float) -> None:
        on_the_line(unit, talk.tokens.get("number_hash", ""), talk.id, now)

    def _what_next(
        self,
        unit: UnitOfWork,
        talk: Conversation,
        callback: Callback,
        disposition: Disposition,
        now: float,
    ) -> None:
        rule = self._retry_rule(disposition, callback.tries_since_asked)
        due_again = callback.due_after(rule, now) if isinstance(rule, float) else None
        if callback.again:
            # They texted while we rang: that is owed its own attempt, at the time it asked for.
            due_again = max(callback.ring_from or now, now)
        elif callback.last:
            rule = due_again = None  # they were helped meanwhile, or want to be left alone
        ended = callback.attempt_ended(disposition, due_again)
        if due_again is not None:
            queue_callback(unit, ended, now)
            return
        close(unit, ended, now)
        if isinstance(rule, TaskReason) and "tasked" not in talk.tokens:
            raise_task(unit, talk, rule, now)


def _reason(effect: RaiseTask, talk: Conversation) -> TaskReason:
    """Why checks that were not passed are a person's business: the flow cannot know."""
    if effect.reason is TaskReason.NOT_VERIFIED and "used_up" in talk.tokens:
        return TaskReason.CHECKS_USED_UP
    if effect.reason is TaskReason.NOT_VERIFIED and "unverifiable" in talk.tokens:
        return TaskReason.NOT_VERIFIABLE
    return effect.reason


def _is_held(unit: UnitOfWork, talk: Conversation) -> bool:
    return left_alone_for(unit, talk.tokens) is TaskReason.TEXT_NEEDS_PERSON


def _owe_no_more(
    unit: UnitOfWork,
    talk: Conversation,
    disposition: Disposition,
    now: float,
    *,
    about_case: bool = False,
) -> None:
    """Close what is open for this number and for this case; an attempt under way is the last.

    `about_case` leaves alone what is owed to this number about somebody else's case; and what is
    owed about this case elsewhere, unless they have shown who they are.
    """
    keys = [talk.tokens.get("number_hash", "")]
    if not about_case or talk.listener is Listener.VERIFIED:
        keys.append(f"case:{talk.tokens.get('case', '')}")
    for key in keys:
        callback = open_callback(unit, key)
        if callback is None or callback.last:
            continue
        theirs = talk.tokens.get("case", callback.case)  # who named no case means their number's
        if about_case and callback.case not in (None, theirs):
            continue
        if callback.state is CallbackState.DUE:
            settle(unit, callback, disposition, now)
        else:
            save(unit, callback.not_owed_any_more(), disposition.value, now)
