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
    MarkAnswer,
    RaiseTask,
    ReadCase,
    RecordDisposition,
    Say,
    SettleCallback,
    TaskReason,
)
from bot.events import AnswerGiven, Event, LegEnded, LegOutcome
from bot.flow import STAY, FactKind, Move, OneOf, move, moves_from
from bot.proof import Fact
from flows import best_number
from flows.best_number import ABOUT_NUMBER, AsksForBestNumber, best_number_rows
from flows.patience import COUNTS, PATIENCE

STATES = [
    "drawing",
    "checking",
    *best_number.STATES,
    "menu",
    "heard_case",
    "finding_desk",
    "connecting",
    "closing",
    "ended",
]

PROMPTS = best_number.PROMPTS | frozenset(
    {
        "checks.begin",
        "checks.not_verified",
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
    **COUNTS,
    "disposition": OneOf(Disposition, Disposition.NO_RESPONSE),
}


def customer_rows(own_states: Iterable[str]) -> list[Move]:  # pragma: no mutate block
    """The rows of the shared states; `own_states` are the flow's own in which keys are awaited."""
    patient = [*own_states, "menu", "heard_case"]
    listening = [*patient, "checking", *ABOUT_NUMBER]
    busy = [best_number.SEEING, "finding_desk", "connecting", "closing"]
    return [
        #    what happened         we were in    we go to      provided that, then
        move("questions_drawn", "drawing", "checking"),
        move("answer_given", "checking", STAY, then="mark_answer"),
        move("answer_taken", "checking", "checking"),
        move("checks_passed", "checking", best_number.SEEING, then="passed"),
        move("checks_failed", "checking", "closing", then="not_verified"),
        move(
            "not_understood",
            "checking",
            "finding_desk",
            when="cannot_answer",
            then="could_not_help",
        ),
        move("not_understood", "checking", STAY, when="out_of_patience", then="give_answer_up"),
        move("not_understood", "checking", "checking", then="say_not_understood"),
        *best_number_rows("menu"),
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


def silence_rows(states: Iterable[str]) -> list[Move]:  # pragma: no mutate block
    """Silence is met by the same words again, a few times, then by a goodbye."""
    return [
        row
        for state in states
        for row in (
            move("silence", state, "closing", when="silent_too_long", then="say_silent_goodbye"),
            move("silence", state, state, then="count_silence"),
        )
    ]


def not_understood_rows(states: Iterable[str]) -> list[Move]:  # pragma: no mutate block
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


class CustomerDialogue(AsksForBestNumber):
    """What the shared rows ask for. A call that we placed ends as an attempt (`attempt`)."""

    version = 3
    attempt = False

    # provided that

    def was_connected(self, event: LegEnded) -> bool:
        """Whether somebody at the desk answered."""
        return event.outcome is LegOutcome.ANSWERED

    # on the way

    def mark_answer(self, event: AnswerGiven) -> None:
        """Have the answer marked; the next event tells only whether there are more questions."""
        self.ask(MarkAnswer(event.answer, said=event.said))

    def give_answer_up(self, event: Event) -> None:
        """Go on without an answer that could be understood; twice in a row we do not."""
        self.count("given_up")
        self.count("misunderstood")  # as many as patience: so it is known for given up
        self.ask(MarkAnswer(None))

    def passed(self, event: Event) -> None:
        """The checks are done, and passed: a task for a person is no longer the only way."""
        self.count_no_more()
        self.note("disposition", Disposition.CONNECTED)

    def not_verified(self, event: Event) -> None:
        """The one neutral ending, whatever was right or wrong, known or unknown."""
        self.note("disposition", Disposition.NOT_VERIFIED)
        self.ask(RaiseTask(TaskReason.NOT_VERIFIED), Say("checks.not_verified"))

    def owe_person(self, event: Event) -> None:
        """Owe them a person, before it is known whether one is free."""
        self.heard_something()
        self.note("disposition", Disposition.NEEDS_PERSON)
        self.ask(RaiseTask(TaskReason.WANTS_PERSON), SettleCallback(to_person=True))

    def could_not_help(self, event: Event) -> None:
        """Whoever cannot be helped by the bot reaches a person."""
        self.heard_something()
        self.ask(RaiseTask(TaskReason.COULD_NOT_BE_HELPED), SettleCallback(to_person=True))

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

    # on arrival

    def on_enter_checking(self, event: Event) -> None:
        """The first question, or the next, or the same one again."""
        if event.trigger == "questions_drawn":
            self.ask(Say("checks.begin"))
        if event.trigger == "answer_taken" and int(self.facts["misunderstood"]) < PATIENCE:
            self.note("given_up", 0)
        if event.trigger in ("questions_drawn", "answer_taken"):
            self.heard_something()
        self.ask(AskQuestion())

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
        self.count_no_more()
        self.ask(CheckDesk())

    def on_enter_connecting(self, event: Event) -> None:
        """Hold, while the desk rings."""
        self.ask(Say("desk.connecting"), Connect())

    def on_enter_closing(self, event: Event) -> None:
        """Whatever was said last, then the end."""
        self.count_no_more()
        self.ask(HangUp())

    def on_enter_ended(self, event: Event) -> None:
        """The call is over: say how it ended."""
        disposition = Disposition(str(self.facts["disposition"]))
        self.ask(EndAttempt(disposition) if self.attempt else RecordDisposition(disposition))
