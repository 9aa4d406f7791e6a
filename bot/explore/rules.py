"""What is asked after every step: the invariants tagged `flow`, and what makes a walk complete."""

from collections.abc import Iterator
from enum import StrEnum
from functools import cache

from bot.actions import Connect
from bot.errors import ConfigError, NoSuchMove, NotDisclosable, RingbackError
from bot.events import (
    CallEnded,
    CallMissed,
    CallRinging,
    DigitsPressed,
    LegEnded,
    Notice,
    Silence,
    SpeechHeard,
    TextReceived,
)
from bot.explore.any_officer import KEYED
from bot.explore.happenings import MEANINGLESS
from bot.explore.house import (
    HANDSET,
    KEYED_NUMBER,
    NUMBER,
    OPEN,
    PLANTED,
    RIGHT_DATE,
    THE_DESK,
    WalkedHouse,
)
from bot.explore.node import Step, callback_record, ledger_of
from bot.flow import FactKind, OneOf, Upto
from bot.flow_log import LineKind
from bot.invariants import (
    INVARIANTS,
    a_call_begins_with_words,
    a_text_is_met_by_no_words,
    every_prompt_fits_its_listener,
    no_detail_without_a_proof,
    nobody_is_left_hanging,
    nobody_is_met_by_silence,
    prompts_of,
)
from bot.proof import AnyProof, may_hear
from bot.store import OUTBOX

NO_MOVE = "every event has a move"
NO_WORDS = "every prompt exists, in every language and for the same ears"
NO_FAULT = "no step meets a fault"
FINITE = "facts are finite"
SILENCE_ENDS = "silence ends every call"
PERSON_COMES = "whoever is never understood reaches a person"
ENDING = "of every call it is known how it ended"
NO_CYCLE = "no call goes on by itself"
OVER = "what is over stays where it is, and rests there"
BLIND = "nobody is rung blindly"
DESK_OPEN = "nobody is put through unless the desk was asked and is open"
ALL_REACHED = "every state is reached"
ALL_COME = "every row is for something that can happen"


class Broken(Exception):
    """A rule that does not hold, and where it was seen."""

    def __init__(self, rule: str, reason: str) -> None:
        super().__init__(f"{rule}: {reason}")
        self.rule, self.reason = rule, reason


def named(number: int) -> str:
    """An invariant of the design, as a breach names it."""
    return f"invariant {number}: {INVARIANTS[number].says}"


def of_fault(fault: Exception) -> Broken:
    """The rule whose breach this fault of the engine is."""
    reason = str(fault) or type(fault).__name__
    number = getattr(fault, "invariant", None)
    if isinstance(fault, Broken):
        return fault
    if number is None and isinstance(fault, NotDisclosable):
        number = 3
    if number is not None:
        return Broken(named(number), reason)
    if isinstance(fault, NoSuchMove):
        return Broken(NO_MOVE, reason)
    if isinstance(fault, ConfigError):
        return Broken(NO_WORDS, reason)
    return Broken(NO_FAULT, f"{type(fault).__name__}: {reason}")


class Rules:
    """Asks every rule about one step."""

    def __init__(self, house: WalkedHouse) -> None:
        self._house = house
        self._wording = house.blueprint.wording
        self._flows = {flow.name: flow for flow in house.blueprint.flows}
        drawn = house.blueprint.questions.prompts | house.blueprint.powers.prompts
        self._declared = {name: flow.prompts | drawn for name, flow in self._flows.items()}
        keyed = (KEYED_NUMBER[1:], RIGHT_DATE, KEYED[:6])  # the last is a PIN, and a code
        self._secrets = (NUMBER, HANDSET, *keyed, MEANINGLESS, *PLANTED.values())

    def broken_by(self, step: Step, proof: AnyProof | None) -> Iterator[Broken]:
        """The rules that this step breaks."""
        if step.fault is not None:
            yield of_fault(step.fault)
            return
        if not step.lines and step.after == step.before:
            return  # nothing came of it
        for rule in (
            self._facts_are_finite,
            self._ears,
            self._words,
            self._text,
            self._voice,
            self._another_turn,
            self._words_of_a_notice,
            self._attempt,
            self._over,
            self._blindly,
            self._ending,
            self._failed,
            self._put_through,
            self._kept,
        ):
            try:
                rule(step, proof)
            except Broken as broken:
                yield broken
            except RingbackError as error:
                yield of_fault(error)

    def _facts_are_finite(self, step: Step, _: AnyProof | None) -> None:
        talk = step.after
        flow = self._flows.get(talk.flow) if talk else None
        if talk is None or flow is None:
            return
        for fact in talk.facts.keys() ^ flow.facts_kept.keys():
            raise Broken(FINITE, f"{flow.name}: {fact} is not a fact that the flow declares")
        for fact, value in talk.facts.items():
            if not is_finite(flow.facts_kept[fact], value):
                raise Broken(FINITE, f"{flow.name}: {fact} may not be {type(value).__name__}")

    def _ears(self, step: Step, proof: AnyProof | None) -> None:
        talk = step.after
        if talk is None or talk.ended:
            return
        every_prompt_fits_its_listener(talk.listener, talk.replies, self._wording)
        case = talk.tokens.get("case")
        no_detail_without_a_proof(talk.replies, self._wording, proof, call=talk.id, case=case)

    def _words(self, step: Step, _: AnyProof | None) -> None:
        """Every language has what is said, for the same ears."""
        talk = step.after
        if talk is None or not step.moved:
            return
        for prompt in prompts_of(talk.replies, self._wording):
            if prompt.id not in self._declared[talk.flow]:
                raise Broken(NO_WORDS, f"{talk.flow} says {prompt.id}, and does not declare it")
            for language in self._wording.languages:
                if not may_hear(talk.listener, self._wording.prompt(prompt.id, language).audience):
                    raise Broken(NO_WORDS, f"{prompt.id} is for other ears in {language}")

    def _text(self, step: Step, _: AnyProof | None) -> None:
        """A text, or a call that was missed, is owed a call or a person."""
        event, before = step.happening.event, step.before
        if not isinstance(event, (TextReceived, CallMissed)) or before or step.after is None:
            return
        a_text_is_met_by_no_words(step.after.replies)
        if not any(line.kind in (LineKind.TASK, LineKind.CALLBACK) for line in step.lines):
            raise Broken(named(11), "somebody texted or rang, and nobody is told and nobody rung")

    def _blindly(self, step: Step, _: AnyProof | None) -> None:
        """A call is owed where it is known whom to ask for."""
        talk = step.after
        if not isinstance(step.happening.event, (TextReceived, CallMissed)) or talk is None:
            return
        owed = any(line.kind is LineKind.CALLBACK for line in step.lines)
        if owed and "case" not in talk.tokens:
            raise Broken(BLIND, f"{talk.flow}: a call is owed, and nobody knows to whom")

    def _over(self, step: Step, _: AnyProof | None) -> None:
        """Of a call that is over nothing moves, and news that one rings moves none."""
        talk, before = step.after, step.before
        if talk is None or not any(line.kind is LineKind.STEP for line in step.lines):
            return
        event = step.happening.event
        still = isinstance(event, CallRinging) or (before is not None and before.ended)
        if still and before is not None and talk.state != before.state:
            raise Broken(OVER, f"{talk.flow}: {event.trigger} leads to {talk.state}")
        flow = self._flows.get(talk.flow)
        leaves = flow is not None and any(
            row["source"] == talk.state and row["dest"] not in (None, talk.state)
            for row in flow.moves
        )
        if isinstance(event, CallEnded) and leaves:
            raise Broken(OVER, f"{talk.flow}: it is over, and {talk.state} is not its last state")

    def _voice(self, step: Step, _: AnyProof | None) -> None:
        event, talk = step.happening.event, step.after
        if talk is None or talk.ended or isinstance(event, (Notice, TextReceived)):
            return
        nobody_is_met_by_silence(talk.replies)
        nobody_is_left_hanging(talk.replies)
        asked = any(line.kind is LineKind.STEP for line in step.lines)  # else it was given up
        if step.moved and asked and not prompts_of(talk.replies, self._wording):
            raise Broken(named(10), "a live caller hears not a word of this")
        if step.moved and talk.turn == 1 and talk.listener.value == "unknown":
            a_call_begins_with_words(talk.replies)

    def _another_turn(self, step: Step, _: AnyProof | None) -> None:
        """What comes for another turn is no step."""
        event, before = step.happening.event, step.before
        if not isinstance(event, (DigitsPressed, SpeechHeard, Silence, LegEnded)):
            return
        if before is None:
            return
        if event.turn != before.turn and (step.lines or step.moved):
            raise Broken(named(7), "something that came for another turn was a step")

    def _words_of_a_notice(self, step: Step, _: AnyProof | None) -> None:
        """Words that a notice changed are fetched, or else the line says the former ones on."""
        talk = step.after
        if not isinstance(step.happening.event, Notice) or not step.moved or talk is None:
            return
        waiting = self._house.store.waiting(talk.desk, OUTBOX)
        owed = {line.kind for line in waiting if line.data.get("conversation") == talk.id}
        if not talk.ended and not owed & {"redirect", "end_call"}:
            raise Broken(named(2), "words changed, and the line goes on with the former ones")

    def _attempt(self, step: Step, _: AnyProof | None) -> None:
        """A callback whose call is over is due again, or done with, or a person's."""
        talk = step.after
        if talk is None or not isinstance(step.happening.event, CallEnded):
            return
        if "callback" not in talk.tokens or "refused" in talk.tokens:
            return
        callback = callback_record(self._house, talk)
        attempt = callback.find(talk.id) if callback else None
        if attempt is None or attempt.disposition is None:
            raise Broken(named(6), "the call is over, and its attempt has no ending")

    def _ending(self, step: Step, _: AnyProof | None) -> None:
        """How a call ended is on record, where its flow knows of endings."""
        talk = step.after
        over = talk is not None and talk.ended and not (step.before and step.before.ended)
        if talk is None or not over or "disposition" not in talk.facts:
            return
        steps = [line for line in step.lines if line.kind is LineKind.STEP]
        if steps and not any(line.disposition for line in steps):
            raise Broken(ENDING, f"{talk.flow}: how the call ended is not told")

    def _failed(self, step: Step, proof: AnyProof | None) -> None:
        """Whoever does not pass is a person's business."""
        talk = step.after
        if talk is None or talk.ended or proof is not None:
            return
        ledger = ledger_of(self._house, talk)
        over = ledger is not None and ledger.open_question is None
        if over and "tasked" not in talk.tokens:
            raise Broken(named(11), "the checks were not passed, and nobody is told")

    def _put_through(self, step: Step, _: AnyProof | None) -> None:
        """Through an open desk only; and where it is closed, somebody there is told."""
        talk, desk = step.after, dict(step.choices).get(THE_DESK)
        if talk is None or not step.moved or desk == OPEN:
            return
        if desk is not None and "tasked" not in talk.tokens:
            raise Broken(named(11), "the desk is closed, and nobody there is told")
        if any(isinstance(reply, Connect) for reply in talk.replies):
            raise Broken(DESK_OPEN, f"{talk.flow}: somebody waits for a desk that may be closed")

    def _kept(self, step: Step, _: AnyProof | None) -> None:
        if step.after is None:
            return
        kept = str(step.after.to_json()) + step.logged
        if any(secret in kept for secret in self._secrets):
            raise Broken(
                named(8), "a number, an answer, what was said or a detail is kept in clear"
            )


@cache
def values_of(kind: type[StrEnum]) -> frozenset[str]:
    """The values that a fact of this kind may have."""
    return frozenset(each.value for each in kind)


def is_finite(kind: FactKind, value: object) -> bool:
    """Whether this value is one of those that were declared."""
    if isinstance(kind, OneOf):
        return isinstance(value, str) and value in values_of(kind.values)
    if isinstance(kind, Upto):
        return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= kind.most
    return isinstance(value, bool)
