"""Flows that are broken on purpose, each in one way, for `tests/test_explore.py`."""

from dataclasses import dataclass

from bot.actions import (
    Disposition,
    DrawQuestions,
    FindSender,
    HangUp,
    QueueCallback,
    ReadCase,
    RecordDisposition,
    Say,
)
from bot.events import Event
from bot.flow import Flow, Upto, move
from bot.proof import ContactType, Fact
from flows.inbound_call import InboundCall
from flows.inbound_text import InboundText
from flows.outbound_call import OutboundCall
from tests.broken_dialogue import (
    AsksNoDesk,
    ForgetsThemAtNight,
    GreetsAnybody,
    HangsUpOnThem,
    HasARoomWithoutADoor,
    LeavesNoRecord,
    MissesThemTwice,
    NeverTiresOfThem,
    ReadsInTheStreet,
    RestsNowhere,
    RingsBack,
    RingsBlindly,
    WaitsForWhatNeverComes,
)


@dataclass(frozen=True)
class Break:
    """A broken flow: the invariant (0: a rule of the walk alone), what refuses it, what is played.

    `replays` is a piece of what comes of its path when it is played again; empty if there is no
    path, or if the phone network of the tests cannot be that late.
    """

    flow: type[Flow]
    number: int
    rule: str
    replays: str = ""


def without(flow: type[Flow], *triggers: str, states: tuple[str, ...] = ()) -> list[dict]:
    """Its rows, without those of these triggers (in these states)."""
    return [
        row
        for row in flow.moves
        if row["trigger"] not in triggers or (states and row["source"] not in states)
    ]


class AnswersTexts(InboundText):
    """Would like to answer a text."""

    prompts = frozenset({"common.goodbye"})

    def on_enter_callback_owed(self, event: Event) -> None:
        self.ask(QueueCallback(), Say("common.goodbye"))


class TalksToMachines(OutboundCall):
    """Says to a machine what is for a person's ears."""

    def on_enter_leaving_message(self, event: Event) -> None:
        self.ask(Say("outbound_call.who_is_there"), HangUp())


class LeavesTheLineAlone(OutboundCall):
    """Changes its words for a machine, and never has the call fetch them."""

    def on_enter_leaving_message(self, event: Event) -> None:
        self.ask(Say("outbound_call.voicemail"), HangUp())


class ReadsToAnybody(InboundCall):
    """Reads the case out before the checks are over."""

    moves = [
        *without(InboundCall, "answer_taken"),
        move("answer_taken", "checking", "heard_case", then="read_it"),
    ]

    def read_it(self, event: Event) -> None:
        self.ask(ReadCase("case.details", (Fact.BALANCE,)))


class ReadsOnWithoutAProof(InboundCall):
    """Draws new questions for somebody who has passed, and reads before these are answered."""

    states = [*InboundCall.states, "drawing_anew"]
    moves = [
        *without(InboundCall, "wants_case", states=("menu",)),
        move("wants_case", "menu", "drawing_anew"),
        move("questions_drawn", "drawing_anew", "heard_case"),
    ]

    def on_enter_drawing_anew(self, event: Event) -> None:
        self.ask(DrawQuestions(ContactType.INBOUND))


class ReadsToWhoeverFailed(InboundCall):
    """Takes failed checks for passed ones."""

    moves = [*without(InboundCall, "checks_failed"), move("checks_failed", "checking", "menu")]


class GreetsWhomItKnows(InboundCall):
    """Asks somebody whose number is known for less: a stranger learns that it is."""

    states = ["received", "greeting", *InboundCall.states[1:]]
    moves = [
        *without(InboundCall, "call_received"),
        move("call_received", "received", "greeting"),
        move("case_found", "greeting", "asking_reference"),
        move("several_found", "greeting", "asking_reference", then="sorry"),
        move("nothing_found", "greeting", "asking_reference", then="sorry"),
    ]

    def on_enter_greeting(self, event: Event) -> None:
        self.ask(FindSender())

    def sorry(self, event: Event) -> None:
        self.ask(Say("common.not_understood"))


class LosesItsAttempt(OutboundCall):
    """Ends without saying how the attempt ended: nobody is rung again, ever."""

    def on_enter_ended(self, event: Event) -> None:
        self.ask(RecordDisposition(Disposition.CONNECTED))


class SaysWhatIsNotThere(InboundCall):
    """Says a prompt that nobody has written."""

    def on_enter_connecting(self, event: Event) -> None:
        self.ask(Say("desk.sing"), HangUp())


class SaysNothing(InboundCall):
    """Meets silence with silence."""

    def on_enter_asking_reference(self, event: Event) -> None:
        if event.trigger != "silence":
            super().on_enter_asking_reference(event)


class BeginsWithAnEnd(InboundCall):
    """Takes the call and hangs up without a word."""

    def on_enter_asking_reference(self, event: Event) -> None:
        self.ask(HangUp())


class LeavesThemHanging(InboundCall):
    """Says goodbye, and waits for nothing."""

    def on_enter_closing(self, event: Event) -> None:
        if event.trigger != "wants_end":
            super().on_enter_closing(event)


class HasNoPerson(InboundCall):
    """Goes on as if nobody had pressed 0."""

    moves = [
        *without(InboundCall, "wants_person", states=("menu",)),
        move("wants_person", "menu", "menu"),
    ]


class TellsNobody(InboundCall):
    """Whoever does not pass is nobody's business."""

    def not_verified(self, event: Event) -> None:
        self.note("disposition", Disposition.NOT_VERIFIED)
        self.ask(Say("checks.not_verified"))


class CountsForEver(InboundCall):
    """Keeps a number without a maximum."""

    def heard_something(self) -> None:
        super().heard_something()
        self.facts["heard"] = int(self.facts.get("heard", 0)) + 1


class RemembersAnything(InboundCall):
    """Declares a fact of which nobody knows how many values it has."""

    facts_kept = InboundCall.facts_kept | {"name": str}

    @classmethod
    def new_facts(cls) -> dict:
        return InboundCall.new_facts() | {"name": ""}


class WaitsForEver(InboundCall):
    """Is patient without an end."""

    def silent_too_long(self, event: Event) -> bool:
        return False


class WaitsTooLong(InboundCall):
    """Asks a silent caller for the reference thirteen times."""

    facts_kept = InboundCall.facts_kept | {"waits": Upto(13)}

    def silent_too_long(self, event: Event) -> bool:
        if self.state == "asking_reference":
            return int(self.facts["waits"]) >= 13
        return super().silent_too_long(event)

    def count_silence(self, event: Event) -> None:
        if self.state == "asking_reference":
            self.count("waits")
        else:
            super().count_silence(event)

    def heard_something(self) -> None:
        super().heard_something()
        self.note("waits", 0)


class RingsTheDeskForEver(InboundCall):
    """Rings the desk again whenever nobody answered there."""

    moves = [
        *without(InboundCall, "leg_ended"),
        move("leg_ended", "connecting", "finding_desk"),
    ]


class KnowsNoLateVerdict(OutboundCall):
    """Did not think of a verdict that comes when the words are over."""

    moves = without(OutboundCall, "machine_heard", states=("closing",))


class TellsNobodyOfADeath(InboundText):
    """Reads of a death from a number of several people, and tells nobody."""

    moves = [
        *without(InboundText, "several_found", states=("holding",)),
        move("several_found", "holding", "task_raised"),
    ]


BROKEN: dict[str, Break] = {
    "answers texts": Break(AnswersTexts, 1, "invariant 1", "fault     text_received WrongEars"),
    "talks to machines": Break(TalksToMachines, 2, "invariant 2", "machine_heard WrongEars"),
    "leaves the line alone": Break(LeavesTheLineAlone, 2, "invariant 2", "leaving_message"),
    "reads to anybody": Break(ReadsToAnybody, 2, "invariant 2", "digits_pressed WrongEars"),
    "reads without a proof": Break(
        ReadsOnWithoutAProof, 3, "invariant 3", "digits_pressed NotDisclosable"
    ),
    "reads to whoever failed": Break(ReadsToWhoeverFailed, 2, "invariant 2"),
    "greets whom it knows": Break(GreetsWhomItKnows, 4, "invariant 4", "common.not_understood"),
    "loses its attempt": Break(LosesItsAttempt, 6, "invariant 6", "-> ended (call_ended)"),
    "says what is not there": Break(SaysWhatIsNotThere, 9, "every prompt exists", "ConfigError"),
    "says nothing": Break(SaysNothing, 10, "invariant 10", "silence WrongEars"),
    "begins with an end": Break(BeginsWithAnEnd, 10, "invariant 10", "reply     hangs up"),
    "leaves them hanging": Break(LeavesThemHanging, 10, "invariant 10", "common.goodbye"),
    "has no person": Break(HasNoPerson, 11, "invariant 11", "menu -> menu (wants_person)"),
    "tells nobody": Break(TellsNobody, 11, "invariant 11", "checks.not_verified"),
    "counts for ever": Break(CountsForEver, 0, "facts are finite"),
    "remembers anything": Break(RemembersAnything, 0, "facts are finite"),
    "waits for ever": Break(WaitsForEver, 0, "no call goes on by itself", "asking_reference"),
    "waits too long": Break(WaitsTooLong, 0, "silence ends every call"),
    "rings the desk for ever": Break(RingsTheDeskForEver, 0, "no call goes on by itself"),
    "knows no late verdict": Break(KnowsNoLateVerdict, 0, "every event has a move"),
    "has a room without a door": Break(HasARoomWithoutADoor, 0, "every state is reached"),
    "tells nobody of a death": Break(TellsNobodyOfADeath, 11, "invariant 11", "-> task_raised"),
    "never tires of them": Break(NeverTiresOfThem, 0, "whoever is never understood"),
    "hangs up on them": Break(HangsUpOnThem, 10, "invariant 10"),
    "forgets them at night": Break(ForgetsThemAtNight, 11, "invariant 11"),
    "leaves no record": Break(LeavesNoRecord, 0, "of every call it is known"),
    "asks no desk": Break(AsksNoDesk, 0, "nobody is put through", "connecting"),
    "rings back": Break(RingsBack, 0, "what is over stays"),
    "rests nowhere": Break(RestsNowhere, 0, "what is over stays"),
    "rings blindly": Break(RingsBlindly, 0, "nobody is rung blindly"),
    "misses them twice": Break(MissesThemTwice, 11, "invariant 11"),
    "reads in the street": Break(ReadsInTheStreet, 3, "invariant 3"),
    "greets anybody": Break(GreetsAnybody, 2, "invariant 2"),
    "waits for what never comes": Break(WaitsForWhatNeverComes, 0, "every row is for something"),
}
