"""The engine: one event in, the replies it calls for out. The only loop.

Open, step, commit, and only then speak (design section 2). Giving it the same event twice is the
same as once; an event that cannot be handled ends in the built-in apology and a task.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from bot import disclosure, in_progress
from bot.actions import Apologise, Connect, Disposition, HangUp, JoinMeeting, TaskReason
from bot.clock import Clock
from bot.conversation import Conversation
from bot.dialling_breaker import Sign
from bot.dialling_gate import DiallingGate
from bot.disclosure import Committed
from bot.errors import Conflict, OtherCall, StorageRefused, UnapprovedWording
from bot.events import (
    CallAnswered,
    CallEnded,
    CallMissed,
    CallReceived,
    CarrierEvent,
    DigitsPressed,
    LegEnded,
    MachineHeard,
    Notice,
    OtherLeg,
    Silence,
    SpeechHeard,
    TextReceived,
)
from bot.flow_log import FlowLogLine, LineKind
from bot.opening import MEETING, Opening, its_own_call
from bot.owing import owe_about_call, owe_not_told, owe_redaction, raise_task
from bot.proof import AnyProof, Listener
from bot.step import WORDINGS, Stepper, listener_after
from bot.store import Store
from bot.unit_of_work import UnitOfWork

MAX_DECISIONS = 5  # made anew after a conflict
KEEP_CONVERSATION = 8 * 86400.0
KEEP_UNKNOWN = 86400.0
RECONCILED = "reconciled"  # why there is this line: the carrier's list told us, and no webhook


@dataclass(frozen=True, slots=True)
class Answer:
    """What to speak: the conversation as committed, and the proof that its ledger gives.

    `conversation` is None where the event is about nothing we know. `told` is the record of what
    these words disclose; there is none before the commit. `repeated`: they went out before.
    """

    desk: str
    id: str
    conversation: Conversation | None = None
    proof: AnyProof | None = field(default=None, repr=False)
    told: Committed | None = None
    repeated: bool = False


Decide = Callable[[UnitOfWork], Answer]


class Engine:
    """Hands events to flows and commits what they decide."""

    def __init__(
        self,
        *,
        store: Store,
        opening: Opening,
        stepper: Stepper,
        clock: Clock,
        gate: DiallingGate,
    ) -> None:
        self._store = store
        self._opening = opening
        self._stepper = stepper
        self._clock = clock
        self._gate = gate

    def receive(self, event: CarrierEvent) -> Answer:
        """One event in, what to speak out.

        Whatever goes wrong, a text is kept and a caller becomes a task, as long as Redis answers.
        Raises `StoreDown` (or `Conflict`, `StorageRefused`) if nothing could be written down, and
        `OtherCall` for what another call says in this one's name: it changes nothing.
        """
        try:
            return self._until_committed(event, lambda unit: self._decide(unit, event))
        except (Conflict, StorageRefused, OtherCall):
            raise
        except Exception as error:  # StoreDown too: it may be the records that do not answer
            return self.give_up(event, error)

    def again(self, event: CarrierEvent) -> Answer:
        """The current replies, without a step: what a live redirect fetches."""
        try:
            return self._until_committed(event, lambda unit: self._read_again(unit, event))
        except (Conflict, StorageRefused, OtherCall):
            raise
        except Exception as error:
            return self.give_up(event, error)

    def give_up(
        self, event: CarrierEvent, error: Exception, *, unheard: Committed | None = None
    ) -> Answer:
        """What cannot be handled: the apology in a live call, a task, a line in the log.

        `unheard` is the record of what was about to be told, and is not told now.
        """
        return self._until_committed(event, lambda unit: self._give_up(unit, event, error, unheard))

    def _until_committed(self, event: CarrierEvent, decide: Decide) -> Answer:
        for _ in range(MAX_DECISIONS):
            unit = UnitOfWork(self._store, event.desk, (_key(event.conversation), WORDINGS))
            self._stepper.begin()
            answer = decide(unit)
            try:
                if unit.changed:
                    unit.commit()
            except Conflict:
                continue
            return _as_committed(answer)
        raise Conflict(f"{event.conversation}: changed {MAX_DECISIONS} times while it was decided")

    def _decide(self, unit: UnitOfWork, event: CarrierEvent) -> Answer:
        now = self._clock.now()
        talk = self._stored(unit, event)
        if talk is not None and not _is_news(talk, event):
            return self._read_again(unit, event)
        talk = talk or self._opening.open(unit, event, now)
        if talk is None:
            return self._unknown(unit, event, now)
        self._arrived(unit, talk, event, now)
        if talk.tokens.get("refused"):
            return self._refuse(unit, talk, event, now)
        self._stepper.take(unit, talk, event, now)
        self._save(unit, talk)
        return self._answer(talk)

    def _arrived(
        self, unit: UnitOfWork, talk: Conversation, event: CarrierEvent, now: float
    ) -> None:
        """What a text owes the carrier; and a line for what only the carrier's list told us of."""
        if isinstance(event, TextReceived):
            owe_redaction(unit, talk.id, now)
        if isinstance(event, TextReceived | CallMissed) and event.listed_at is not None:
            self._stepper.note(unit, talk, event, now, reason=RECONCILED)

    def _read_again(self, unit: UnitOfWork, event: CarrierEvent) -> Answer:
        """The current replies, without a step and without a line: a repeat, or another turn."""
        talk = self._stored(unit, event)
        if talk is None:
            return self._unknown(unit, event, self._clock.now())
        if talk.ended:
            return Answer(event.desk, event.conversation, replace(talk, replies=[HangUp()]))
        if not isinstance(event, Notice) and talk.replies != [Apologise()]:
            self._stepper.approve(unit, talk.replies)  # a withdrawal bites in a repeat too
        if talk.awaits_redirect and not isinstance(event, Notice):
            talk.awaits_redirect = False  # these words are on their way: no need to redirect
            self._save(unit, talk)
        return replace(self._answer(talk), repeated=True)

    def _unknown(self, unit: UnitOfWork, event: CarrierEvent, now: float) -> Answer:
        """About nothing that we know: noted, and answered so that it does not come back."""
        name = event.notice if isinstance(event, Notice) else event.trigger
        seen = f"unknown:{event.conversation}:{name}"
        if unit.get(seen) is None:  # a repeat is the same as once: one line
            unit.put(seen, {"at": now}, keep=KEEP_UNKNOWN)
            unit.log(
                FlowLogLine(
                    at=now,
                    kind=LineKind.NOTE,
                    desk=event.desk,
                    conversation=event.conversation,
                    event=event.trigger,
                    reason="unknown_conversation",
                )
            )
        return Answer(event.desk, event.conversation)

    def _refuse(
        self, unit: UnitOfWork, talk: Conversation, event: CarrierEvent, now: float
    ) -> Answer:
        """A call that no flow may take: a line nobody answers, or an attempt that was given up."""
        if isinstance(event, Notice):
            talk.notices.append(event.notice)
        talk.ended = talk.ended or isinstance(event, CallEnded)
        if talk.turn == 0:
            talk.replies, talk.turn = [Apologise()], 1
            if "callback" in talk.tokens:
                owe_about_call(unit, talk, "end_call", now)
            else:
                raise_task(unit, talk, TaskReason.COULD_NOT_BE_HELPED, now)
        self._stepper.note(unit, talk, event, now, reason=talk.tokens["refused"])
        self._save(unit, talk)
        return self._answer(talk)

    def _give_up(
        self,
        unit: UnitOfWork,
        event: CarrierEvent,
        error: Exception,
        unheard: Committed | None,
    ) -> Answer:
        now = self._clock.now()
        talk = self._stored(unit, event) or self._opening.open(unit, event, now)
        if talk is None:
            return self._unknown(unit, event, now)
        self._stepper.note(unit, talk, event, now, reason=type(error).__name__, fault=True)
        if isinstance(event, Notice):
            talk.notices.append(event.notice)
        if isinstance(event, MachineHeard):
            self._leave_machine(unit, talk, event, now)
        elif isinstance(event, TextReceived | CallMissed):
            self._arrived(unit, talk, event, now)
        elif not isinstance(event, Notice):
            self._apologise(unit, talk, unheard, now)
        unapproved = isinstance(error, UnapprovedWording)  # nobody is rung until it is approved
        if "callback" in talk.tokens and not unapproved:
            self._gate.note(unit, talk.id, Sign.OUR_FAULT, now)  # nobody else is rung meanwhile
        reason = TaskReason.NOT_APPROVED if unapproved else TaskReason.OUR_FAULT
        raise_task(unit, talk, reason, now)
        if isinstance(event, CallEnded):
            self._stepper.end(unit, talk, now)
        self._save(unit, talk)
        return self._answer(talk)

    def _apologise(
        self, unit: UnitOfWork, talk: Conversation, unheard: Committed | None, now: float
    ) -> None:
        """Whatever they were to hear, they have not heard it: so it is not how the call ended."""
        talk.replies = [Apologise()]
        talk.turn += 1
        if "disposition" in talk.facts:
            talk.facts["disposition"] = Disposition.NEEDS_PERSON.value
        if unheard is not None:
            owe_not_told(unit, talk, unheard.record, now)

    def _leave_machine(
        self, unit: UnitOfWork, talk: Conversation, event: MachineHeard, now: float
    ) -> None:
        """On a machine's leg a fault of ours only hangs up."""
        talk.listener = listener_after(talk.listener, event)
        if talk.listener is Listener.MACHINE:
            talk.replies = [Apologise()]
            talk.turn += 1
            owe_about_call(unit, talk, "end_call", now)

    def _stored(self, unit: UnitOfWork, event: CarrierEvent) -> Conversation | None:
        data = unit.get(_key(event.conversation))
        talk = Conversation.from_json(data) if data else None
        if talk is not None:
            its_own_call(event, talk.tokens.get("call"))
        return talk

    def _save(self, unit: UnitOfWork, talk: Conversation) -> None:
        in_progress.note(unit, talk, unit.get(_key(talk.id)), self._clock.now())
        unit.put(_key(talk.id), talk.to_json(), keep=KEEP_CONVERSATION)

    def _answer(self, talk: Conversation) -> Answer:
        return Answer(talk.desk, talk.id, talk, self._stepper.proof(talk))


def _as_committed(answer: Answer) -> Answer:
    """With the record of what it tells, which opens the details, and which counts only now."""
    talk = answer.conversation
    if talk is None:
        return answer
    told = disclosure.committed(talk.disclosure, call=talk.id, turn=talk.turn)
    return replace(answer, told=told)


def _key(conversation: str) -> str:
    return f"call:{conversation}"


def _is_news(talk: Conversation, event: CarrierEvent) -> bool:
    """Whether this event moves the conversation, or only reads where it stands."""
    if isinstance(event, (TextReceived, CallReceived, CallMissed)):
        return False
    if isinstance(event, OtherLeg):
        other = None if talk.ended else talk.tokens.get(MEETING)
        return other == event.of and event.notice not in talk.notices
    if isinstance(event, Notice):
        return event.notice not in talk.notices
    if talk.ended:
        return False
    if isinstance(event, CallAnswered):
        return talk.turn == 0
    if isinstance(event, (DigitsPressed, SpeechHeard, Silence)):
        return event.turn == talk.turn and talk.asked is not None
    if isinstance(event, LegEnded):
        waits = any(isinstance(reply, (Connect, JoinMeeting)) for reply in talk.replies)
        return event.turn == talk.turn and waits
    return True
