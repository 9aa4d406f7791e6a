"""What every call with a customer shares: the checks, the case, a person, the end.

`inbound_call` and `outbound_call` begin differently and meet here. Every state in which a customer
can press a key has the rows of `customer_rows`: a person is one key away, always.
"""

from collections.abc import Iterable

from bot.actions import (
    Ask,
    AskQuestion,
    Disposition,
    MarkAnswer,
    RaiseTask,
    ReadCase,
    Say,
    SettleCallback,
    TaskReason,
)
from bot.events import AnswerGiven, Event
from bot.flow import STAY, FactKind, Move, move, moves_from
from bot.proof import Fact
from flows import best_number, putting_through
from flows.best_number import ABOUT_NUMBER, AsksForBestNumber, best_number_rows
from flows.patience import COUNTS, PATIENCE, not_understood_rows, silence_rows
from flows.putting_through import PutsThrough, disposition, person_rows

STATES = [
    "drawing",
    "checking",
    *best_number.STATES,
    "menu",
    "heard_case",
    *putting_through.STATES,
]

PROMPTS = (
    best_number.PROMPTS
    | putting_through.PROMPTS
    | {"checks.begin", "checks.not_verified", "case.menu", "case.menu_again", "case.details"}
)

FACTS_KEPT: dict[str, FactKind] = {**COUNTS, **disposition(Disposition.NO_RESPONSE)}


def customer_rows(own: Iterable[str], known: str = "menu") -> list[Move]:  # pragma: no mutate block
    """The rows of the shared states; `own` are the flow's own in which keys are awaited.

    `known` is where whoever has passed goes on.
    """
    patient = [*own, "menu", "heard_case"]
    listening = [*patient, "checking", *ABOUT_NUMBER]
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
        *best_number_rows(known),
        *moves_from(["menu", "heard_case"], "wants_case", "heard_case"),
        *moves_from(["menu", "heard_case"], "wants_officer", "finding_desk", then="owe_person"),
        *moves_from(["menu", "heard_case"], "wants_end", "closing", then="say_goodbye"),
        *person_rows(listening, passing=["drawing", best_number.SEEING]),
        *not_understood_rows(patient),
        *silence_rows([*patient, "checking"]),
    ]


class CustomerDialogue(AsksForBestNumber, PutsThrough):
    """What the shared rows ask for."""

    version = 3

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
