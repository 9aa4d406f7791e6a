"""What every call with a customer shares: the checks, the case, a person, the end.

`inbound_call` and `outbound_call` begin differently and meet here. Every state in which a customer
can press a key has the rows of `customer_rows`: a person is one key away, always.
"""

from collections.abc import Iterable

from bot.actions import (
    Ask,
    AskQuestion,
    CheckDesk,
    Connect,
    Disposition,
    EndAttempt,
    HangUp,
    KeepNumber,
    MarkAnswer,
    NoteBestNumber,
    RaiseTask,
    ReadCase,
    RecordDisposition,
    Say,
    SeeNumber,
    SettleCallback,
    TaskReason,
)
from bot.events import AnswerGiven, Event
from bot.flow import STAY, FactKind, Flow, Move, OneOf, Upto, move, moves_from
from bot.proof import Fact

PATIENCE = 3  # times in a row that silence, or keys that mean nothing, are met by asking again
NUMBER_LENGTH = (10, 16)  # 0 and nine digits, or ten with the prefix of Relay UK (18001)

ABOUT_NUMBER = ["asking_best_number", "keying_best_number", "confirming_best_number"]

STATES = [
    "drawing",
    "checking",
    "seeing_number",
    *ABOUT_NUMBER,
    "menu",
    "heard_case",
    "finding_desk",
    "connecting",
    "closing",
    "ended",
]

PROMPTS = frozenset(
    {
        "checks.begin",
        "checks.not_verified",
        "best_number.in_use",
        "best_number.key_it",
        "best_number.read_back",
        "case.menu",
        "case.menu_again",
        "case.details",
        "desk.connecting",
        "desk.officer_will_ring",
        "desk.person_will_ring",
        "common.not_understood",
        "common.silent_goodbye",
        "common.goodbye",
    }
)

FACTS_KEPT: dict[str, FactKind] = {
    "silences": Upto(PATIENCE),
    "misunderstood": Upto(PATIENCE),
    "disposition": OneOf(Disposition, Disposition.NO_RESPONSE),
}


def customer_rows(own_states: Iterable[str]) -> list[Move]:
    """The rows of the shared states; `own_states` are the flow's own in which keys are awaited."""
    patient = [*own_states, "menu", "heard_case"]
    listening = [*patient, "checking", *ABOUT_NUMBER]
    busy = ["seeing_number", "finding_desk", "connecting", "closing"]
    return [
        #    what happened         we were in    we go to      provided that, then
        move("questions_drawn", "drawing", "checking"),
        move("answer_given", "checking", STAY, then="mark_answer"),
        move("answer_taken", "checking", "checking"),
        move("checks_passed", "checking", "seeing_number", then="passed"),
        move("checks_failed", "checking", "closing", then="not_verified"),
        move("not_understood", "checking", STAY, when="out_of_patience", then="give_answer_up"),
        move("not_understood", "checking", "checking", then="say_not_understood"),
        *best_number_rows(),
        *moves_from(["menu", "heard_case"], "wants_case", "heard_case"),
        *moves_from(["menu", "heard_case"], "wants_officer", "finding_desk", then="owe_person"),
        *moves_from(["menu", "heard_case"], "wants_end", "closing", then="say_goodbye"),
        *moves_from(listening, "wants_person", "finding_desk", then="owe_person"),
        move("desk_open", "finding_desk", "connecting"),
        move("desk_closed", "finding_desk", "closing", then="say_person_will_ring"),
        move("leg_ended", "connecting", "closing", when="was_connected", then="say_connected"),
        move("leg_ended", "connecting", "closing", then="say_officer_will_ring"),
        *not_understood_rows(patient),
        *silence_rows([*patient, "checking"]),
        *moves_from([*listening, "drawing", *busy], "call_ended", "ended"),
        *moves_from([*listening, "drawing", *busy, "ended"], "call_ringing", STAY),
        move("call_ended", "ended", STAY),
    ]


def best_number_rows() -> list[Move]:
    """Is the number in use the best one? If not, a better one is taken (DMBM512810).

    It must not stand in the way of what they rang for: whoever leaves it unanswered goes on.
    """
    asking, keying, confirming = ABOUT_NUMBER
    return [
        move("number_shown", "seeing_number", asking),
        move("number_not_shown", "seeing_number", keying),
        move("is_best_number", asking, "menu", then="note_number_in_use"),
        move("has_better_number", asking, keying),
        move("answer_given", keying, STAY, then="keep_number"),
        move("number_kept", keying, confirming),
        move("leaves_number", keying, "menu", then="go_on"),
        move("is_right_number", confirming, "menu", then="note_keyed_number"),
        move("is_wrong_number", confirming, keying),
        *moves_from(ABOUT_NUMBER, "silence", "menu", when="silent_too_long", then="go_on"),
        *[move("silence", state, state, then="count_silence") for state in ABOUT_NUMBER],
        *moves_from(ABOUT_NUMBER, "not_understood", "menu", when="out_of_patience", then="go_on"),
        *[
            move("not_understood", state, state, then="say_not_understood")
            for state in ABOUT_NUMBER
        ],
    ]


def silence_rows(states: Iterable[str]) -> list[Move]:
    """Silence is met by the same words again, a few times, then by a goodbye."""
    return [
        row
        for state in states
        for row in (
            move("silence", state, "closing", when="silent_too_long", then="say_silent_goodbye"),
            move("silence", state, state, then="count_silence"),
        )
    ]


def not_understood_rows(states: Iterable[str]) -> list[Move]:
    """Keys that mean nothing are met by asking again, a few times, then by a person."""
    return [
        row
        for state in states
        for row in (
            move(
                "not_understood",
                state,
                "finding_desk",
                when="out_of_patience",
                then="could_not_help",
            ),
            move("not_understood", state, state, then="say_not_understood"),
        )
    ]


class CustomerDialogue(Flow):
    """What the shared rows ask for. A call that we placed ends as an attempt (`attempt`)."""

    version = 2
    attempt = False

    # provided that

    def silent_too_long(self, event: Event) -> bool:
        """Whether this silence is one too many in a row."""
        return int(self.facts["silences"]) + 1 >= PATIENCE

    def out_of_patience(self, event: Event) -> bool:
        """Whether these keys are one misunderstanding too many in a row."""
        return int(self.facts["misunderstood"]) + 1 >= PATIENCE

    def was_connected(self, event: Event) -> bool:
        """Whether somebody at the desk answered."""
        return getattr(event, "outcome", None) == "answered"

    # on the way

    def mark_answer(self, event: AnswerGiven) -> None:
        """Have the answer marked; the next event tells only whether there are more questions."""
        self.ask(MarkAnswer(event.answer, said=event.said))

    def give_answer_up(self, event: Event) -> None:
        """Go on without an answer that could be understood."""
        self.ask(MarkAnswer(None))

    def passed(self, event: Event) -> None:
        """The checks are done, and passed: a task for a person is no longer the only way."""
        self.heard_something()
        self.note("disposition", Disposition.CONNECTED)

    def keep_number(self, event: AnswerGiven) -> None:
        """Have the number judged; whether it may be rung is told by the next event."""
        self.ask(KeepNumber(event.answer, said=event.said))

    def note_number_in_use(self, event: Event) -> None:
        """They are best reached where we reach them now."""
        self.heard_something()
        self.ask(NoteBestNumber(in_use=True))

    def note_keyed_number(self, event: Event) -> None:
        """They have heard the number they keyed, and it is right."""
        self.heard_something()
        self.ask(NoteBestNumber(in_use=False))

    def go_on(self, event: Event) -> None:
        """The number stays as it is: on to what they rang for."""
        self.heard_something()

    def not_verified(self, event: Event) -> None:
        """The one neutral ending, whatever was right or wrong, known or unknown."""
        self.note("disposition", Disposition.NOT_VERIFIED)
        self.ask(RaiseTask(TaskReason.NOT_VERIFIED), Say("checks.not_verified"))

    def owe_person(self, event: Event) -> None:
        """Owe them a person, before it is known whether one is free."""
        self.heard_something()
        self.note("disposition", Disposition.NEEDS_PERSON)
        self.ask(RaiseTask(TaskReason.WANTS_PERSON))

    def could_not_help(self, event: Event) -> None:
        """Whoever cannot be helped by the bot reaches a person."""
        self.heard_something()
        self.ask(RaiseTask(TaskReason.COULD_NOT_BE_HELPED))

    def say_not_understood(self, event: Event) -> None:
        """Never pretend to have understood (DMBM510460)."""
        self.count("misunderstood")
        self.ask(Say("common.not_understood"))

    def count_silence(self, event: Event) -> None:
        """Be patient, but not for ever."""
        self.count("silences")

    def say_silent_goodbye(self, event: Event) -> None:
        """End kindly; nothing is lost by it."""
        self.ask(Say("common.silent_goodbye"))

    def say_goodbye(self, event: Event) -> None:
        """End because they asked us to."""
        self.ask(Say("common.goodbye"))

    def say_person_will_ring(self, event: Event) -> None:
        """The desk is closed: a person rings back."""
        self.note("disposition", Disposition.NEEDS_PERSON)
        self.ask(Say("desk.person_will_ring"))

    def say_officer_will_ring(self, event: Event) -> None:
        """Nobody at the desk answered: an officer rings back."""
        self.note("disposition", Disposition.NEEDS_PERSON)
        self.ask(Say("desk.officer_will_ring"))

    def say_connected(self, event: Event) -> None:
        """They have spoken to somebody."""
        self.note("disposition", Disposition.CONNECTED)
        self.ask(Say("common.goodbye"))

    def heard_something(self) -> None:
        """They answered: patience begins anew."""
        self.note("silences", 0)
        self.note("misunderstood", 0)

    # on arrival

    def on_enter_checking(self, event: Event) -> None:
        """The first question, or the next, or the same one again."""
        if event.trigger == "questions_drawn":
            self.ask(Say("checks.begin"))
        if event.trigger in ("questions_drawn", "answer_taken"):
            self.heard_something()
        self.ask(AskQuestion())

    def on_enter_seeing_number(self, event: Event) -> None:
        """Is there a number in use of which to ask?"""
        self.ask(SeeNumber())

    def on_enter_asking_best_number(self, event: Event) -> None:
        """Is the number that we are speaking on the best one?"""
        keys = {"1": "is_best_number", "2": "has_better_number"}
        self.ask(Ask("best_number.in_use", keys))

    def on_enter_keying_best_number(self, event: Event) -> None:
        """Which number is the best one? They may leave it at what we have."""
        if event.trigger in ("has_better_number", "is_wrong_number"):
            self.heard_something()
        keys = {"9": "leaves_number"}
        ask = Ask("best_number.key_it", keys, digits=NUMBER_LENGTH, number=True, seconds=15)
        self.ask(ask)

    def on_enter_confirming_best_number(self, event: Event) -> None:
        """Say the number back, digit by digit, to whoever keyed it."""
        if event.trigger == "number_kept":
            self.heard_something()
        keys = {"1": "is_right_number", "2": "is_wrong_number"}
        self.ask(Ask("best_number.read_back", keys))

    def on_enter_menu(self, event: Event) -> None:
        """Verified: what would they like?"""
        self.ask(
            Ask("case.menu", {"1": "wants_case", "2": "wants_officer", "9": "wants_end"}),
        )

    def on_enter_heard_case(self, event: Event) -> None:
        """Read the case out, and ask what else."""
        if event.trigger == "wants_case":
            self.heard_something()
            self.note("disposition", Disposition.DETAILS_READ)
            facts = (Fact.BALANCE, Fact.LAST_PAYMENT, Fact.NEXT_ACTION)
            self.ask(SettleCallback(), ReadCase("case.details", facts))
        self.ask(
            Ask("case.menu_again", {"1": "wants_case", "2": "wants_officer", "9": "wants_end"}),
        )

    def on_enter_finding_desk(self, event: Event) -> None:
        """Is there anybody to transfer to?"""
        self.ask(CheckDesk())

    def on_enter_connecting(self, event: Event) -> None:
        """Hold, while the desk rings."""
        self.ask(Say("desk.connecting"), Connect())

    def on_enter_closing(self, event: Event) -> None:
        """Whatever was said last, then the end."""
        self.ask(HangUp())

    def on_enter_ended(self, event: Event) -> None:
        """The call is over: say how it ended."""
        disposition = Disposition(str(self.facts["disposition"]))
        self.ask(EndAttempt(disposition) if self.attempt else RecordDisposition(disposition))
