"""One step of a conversation: what the keys mean, who is listening, the flow's move, its words.

Everything is decided here and written into the unit of work; nothing is done.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from bot import keypad
from bot.actions import (
    Action,
    Ask,
    AskQuestion,
    Disposition,
    Effect,
    EndAttempt,
    LookUp,
    Reply,
    SayPowers,
)
from bot.conversation import Conversation
from bot.disclosing import Disclosing
from bot.effects import Effects
from bot.errors import NoSuchMove, NotDisclosable
from bot.events import (
    AnsweredBy,
    CallEnded,
    CarrierEvent,
    Chosen,
    DigitsPressed,
    Event,
    MachineHeard,
    Notice,
    Silence,
    SpeechHeard,
    TextReceived,
)
from bot.flow import Flow
from bot.flow_log import FlowLogLine, LineKind
from bot.invariants import (
    a_text_is_met_by_no_words,
    every_prompt_fits_its_listener,
    every_word_is_approved,
    no_detail_without_a_proof,
    nobody_is_met_by_silence,
    nobody_joins_unknown,
    prompts_of,
)
from bot.lookups import LookUps
from bot.officer_lookups import powers_said
from bot.officers import TOKEN as OFFICER_LEDGER
from bot.officers import Officers
from bot.proof import AnyProof, Listener, OfficerProof
from bot.speech_reading import SpeechReader
from bot.unit_of_work import UnitOfWork
from bot.verification import Verification
from bot.wording import Wording

WORDINGS = "wordings"  # the record that projects the approved set of wordings
MAX_LOOKUPS = 6  # answered in one step
_KNOWN = frozenset({Listener.VERIFIED, Listener.OFFICER})  # their case stands in the log
ANSWER_LENGTH = (1, 20)  # digits of an answer to a question; its own kind judges further


class Stepper:
    """Takes one event into a conversation."""

    def __init__(
        self,
        *,
        flows: Mapping[str, type[Flow]],
        lookups: LookUps,
        effects: Effects,
        verification: Verification,
        wording: Wording,
        release: str | None,
        texts: frozenset[str],
        disclosing: Disclosing,
        officers: Officers,
        speech: SpeechReader,
    ) -> None:
        self._speech = speech
        self._flows = flows
        self._lookups = lookups
        self._answered, self._carry = lookups.answer, effects.carry  # bound once: it is slow
        self._verification = verification
        self._wording = wording
        self._release = release
        self._texts = texts
        self._disclosing = disclosing
        self._officers = officers

    def begin(self) -> None:
        """Every decision opens its ledger itself: its cost tells nothing of those before it."""
        self._verification.forget()

    def take(self, unit: UnitOfWork, talk: Conversation, event: CarrierEvent, now: float) -> None:
        """Move the conversation by this event. Raises a `RingbackError` for what may not be."""
        if isinstance(event, Notice):
            talk.notices.append(event.notice)
        if isinstance(event, MachineHeard) and talk.listener is not Listener.UNKNOWN:
            self.note(unit, talk, event, now, reason="verdict_after_a_key")
            return
        before = talk.state
        meant = self._meaning(talk, event)
        talk.listener = listener_after(talk.listener, event)
        actions = self._move(unit, talk, meant, now)
        replies = [action for action in actions if isinstance(action, Reply)]
        self._change_words(unit, talk, event, replies, now)
        effects = [action for action in actions if isinstance(action, Effect)]
        unit.log(self._line(talk, event, meant, before, replies, effects, now))
        if isinstance(event, CallEnded):
            self._end(unit, talk, now)
        for effect in effects:
            self._carry(effect, talk, unit, now)

    def note(
        self,
        unit: UnitOfWork,
        talk: Conversation,
        event: CarrierEvent,
        now: float,
        *,
        reason: str,
        fault: bool = False,
    ) -> None:
        """A line for an event that moves nothing."""
        kind = LineKind.FAULT if fault else LineKind.NOTE
        line = self._line(talk, event, event, talk.state, [], [], now)
        unit.log(replace(line, kind=kind, reason=reason))

    def approve(self, unit: UnitOfWork, replies: Iterable[Reply]) -> None:
        """Raise `UnapprovedWording` unless these words may be said now (invariant 9)."""
        approved = unit.get(WORDINGS)
        every_word_is_approved(replies, self._wording, approved, self._release, self._texts)

    def proof(self, talk: Conversation) -> AnyProof | None:
        """The proof that this call's ledger gives now; none once the call is over."""
        if talk.ended:
            return None
        if OFFICER_LEDGER in talk.tokens:
            return self._officers.proof(talk.tokens[OFFICER_LEDGER], talk.id)
        return self._verification.proof(talk.tokens.get("ledger"), talk.id)

    def end(self, unit: UnitOfWork, talk: Conversation, now: float) -> None:
        """End a call whose flow could not: an attempt nobody ends is never rung again."""
        self._end(unit, talk, now)
        if "callback" in talk.tokens:
            self._carry(EndAttempt(Disposition.NEEDS_PERSON), talk, unit, now)

    def _move(self, unit: UnitOfWork, talk: Conversation, meant: Event, now: float) -> list[Action]:
        """The actions of the flow's move, its look-ups answered."""
        if isinstance(meant, Chosen) and meant.choice == keypad.REPEAT:
            return list(talk.replies)
        flow = self._flow(talk, meant)
        actions: list[Action] = []
        event: Event | None = meant
        for _ in range(MAX_LOOKUPS):
            if event is None:
                break
            asked = flow.handle(event)
            lookup = next((action for action in asked if isinstance(action, LookUp)), None)
            actions += [action for action in asked if action is not lookup]
            event = self._answered(lookup, talk, unit, now) if lookup else None
        else:
            raise NoSuchMove(flow.name, flow.state, "too many look-ups")
        talk.state, talk.facts = flow.state, flow.facts
        return actions

    def _flow(self, talk: Conversation, event: Event) -> Flow:
        flow = self._flows.get(talk.flow)
        if flow is None or flow.version != talk.flow_version or talk.state not in flow.states:
            raise NoSuchMove(talk.flow, talk.state, event.trigger)
        return flow(talk.state, talk.facts)

    def _meaning(self, talk: Conversation, event: CarrierEvent) -> Event:
        """The event as the flow's table knows it."""
        if isinstance(event, DigitsPressed) and talk.asked is not None:
            return keypad.read_keys(talk.asked, event.digits)
        if isinstance(event, SpeechHeard):
            if talk.asked is not None and talk.asked.speech:
                return self._speech.read(talk.asked, event.words, event.confidence)
            return Silence(desk=event.desk, conversation=event.conversation, turn=event.turn)
        if isinstance(event, CallEnded):
            return replace(event, words_fetched=not talk.awaits_redirect)
        return event

    def _change_words(
        self,
        unit: UnitOfWork,
        talk: Conversation,
        event: CarrierEvent,
        replies: list[Reply],
        now: float,
    ) -> None:
        """Make these the current words, once every rule about them has been checked."""
        if isinstance(event, TextReceived):
            a_text_is_met_by_no_words(replies)
            return
        if not isinstance(event, Notice):
            nobody_is_met_by_silence(replies)
        if not replies:
            return
        proof = self.proof(talk)
        if proof is not None:
            to_officer = isinstance(proof, OfficerProof)
            talk.listener = Listener.OFFICER if to_officer else Listener.VERIFIED
        resolved = [one for reply in replies for one in self._resolved(reply, talk)]
        case = talk.tokens.get("case")
        every_prompt_fits_its_listener(talk.listener, resolved, self._wording)
        no_detail_without_a_proof(resolved, self._wording, proof, call=talk.id, case=case)
        nobody_joins_unknown(resolved, proof, call=talk.id)
        self.approve(unit, resolved)
        talk.replies = resolved
        talk.turn += 1
        talk.awaits_redirect = False
        self._disclosing.write_down(unit, talk, proof, resolved, now)

    def _resolved(self, reply: Reply, talk: Conversation) -> list[Reply]:
        """What stands for this reply: for most themselves."""
        if isinstance(reply, SayPowers):
            return list(powers_said(talk))
        return [self._resolve(reply, talk)]

    def _resolve(self, reply: Reply, talk: Conversation) -> Reply:
        """The question that is open, in the place of `AskQuestion`; speech where it may be."""
        if isinstance(reply, AskQuestion):
            reply = self._question(reply, talk)
        by_voice = self._flows[talk.flow].by_voice
        if isinstance(reply, Ask) and by_voice and self._speech.listens(reply, talk.listener):
            return replace(reply, speech=True)
        return reply

    def _question(self, reply: AskQuestion, talk: Conversation) -> Ask:
        ledger = self._lookups.ledger_of(talk)
        if ledger is None or ledger.open_question is None:
            raise NotDisclosable("no question is open")
        prompt = f"question.{ledger.open_question}"
        return Ask(prompt, digits=ANSWER_LENGTH, seconds=reply.seconds)

    def _end(self, unit: UnitOfWork, talk: Conversation, now: float) -> None:
        """The call is over: its ledger dies with it."""
        self._lookups.call_over(talk, unit, now)
        talk.tokens.pop("ledger", None)
        talk.tokens.pop(OFFICER_LEDGER, None)
        talk.ended = True

    def _line(
        self,
        talk: Conversation,
        event: CarrierEvent,
        meant: Event,
        before: str,
        replies: list[Reply],
        effects: list[Effect],
        now: float,
    ) -> FlowLogLine:
        said = prompts_of(talk.replies, self._wording) if replies else []
        known = talk.listener in _KNOWN or "callback" in talk.tokens
        return FlowLogLine(
            at=now,
            kind=LineKind.STEP,
            desk=talk.desk,
            conversation=talk.id,
            flow=talk.flow,
            event=meant.trigger,
            before=before,
            after=talk.state,
            turn=str(talk.turn),
            listener=talk.listener.value,
            said=" ".join(f"{prompt.id}@{prompt.hash[:12]}" for prompt in said),
            disposition=next((e.disposition for e in effects if hasattr(e, "disposition")), ""),
            case=talk.tokens.get("case", "") if known else "",
            number=talk.tokens.get("number", ""),
            number_hash=talk.tokens.get("number_hash", ""),
            callback=talk.tokens.get("callback", ""),
            staff=talk.tokens.get("officer", ""),
            detail=talk.tokens.get("reads", ""),  # of a text, and kinds only
        )


def listener_after(listener: Listener, event: CarrierEvent) -> Listener:
    """Who is on the leg now (design section 1, invariant 2)."""
    if listener is not Listener.UNKNOWN:
        return listener
    if isinstance(event, DigitsPressed):
        return Listener.PERSON
    if isinstance(event, MachineHeard) and event.by in (AnsweredBy.MACHINE, AnsweredBy.FAX):
        return Listener.MACHINE
    return listener
