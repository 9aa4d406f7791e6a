"""What an officer does once they are known: asks about their cases, or reports something.

`officer_line` and `officer_leg` begin differently and meet here.
"""

from bot.actions import (
    Ask,
    CloseCase,
    FindTexter,
    NoteOutcome,
    NotePersonalCall,
    OpenCase,
    Outcome,
    RaiseTexterTask,
    ReadCase,
    ReportLostPhone,
    RingTexter,
    Say,
    SayPowers,
    SeeCaseload,
    SeePowers,
)
from bot.events import AnswerGiven, Event
from bot.flow import STAY, Move, move, moves_from
from bot.proof import Fact
from flows import officer_dialogue, officer_meeting
from flows.officer_dialogue import LISTENING, check_rows
from flows.officer_meeting import AsksForMeeting, meeting_rows
from flows.patience import not_understood_rows, silence_rows
from flows.putting_through import person_rows

__all__ = ["FACTS_KEPT", "PROMPTS", "STATES", "OfficerMenu", "menu_rows"]

FACTS = (Fact.BALANCE, Fact.LAST_PAYMENT, Fact.LAST_CONTACT, Fact.NEXT_ACTION)
OUTCOMES = {
    "1": ("was_spoken_to", Outcome.SPOKEN_TO),
    "2": ("was_nobody_there", Outcome.NOBODY_THERE),
    "3": ("was_left_letter", Outcome.LEFT_LETTER),
    "4": ("was_promised", Outcome.PROMISED_TO_RING),
}

AT_WORK = [
    "menu",
    "asking_case",
    "heard_case",
    "heard_caseload",
    "asking_texter",
    "asking_case_of_outcome",
    "asking_outcome",
    "asking_whether_lost",
    "asking_customer",
    "waiting",
]
STATES = [*officer_dialogue.STATES, *AT_WORK, "joined"]
FACTS_KEPT = officer_dialogue.FACTS_KEPT | officer_meeting.FACTS


PROMPTS = (
    officer_dialogue.PROMPTS
    | officer_meeting.PROMPTS
    | {
        "officer_line.menu",
        "officer_line.case",
        "officer_line.details",
        "officer_line.after_details",
        "officer_line.not_here",
        "officer_line.no_powers",
        "officer_line.powers",
        "officer_line.not_opened",
        "officer_line.caseload",
        "officer_line.after_caseload",
        "officer_line.texter",
        "officer_line.texter_will_be_rung",
        "officer_line.texter_passed_on",
        "officer_line.outcome",
        "officer_line.noted",
        "officer_line.whether_lost",
        "officer_line.lost",
    }
)


def menu_rows() -> list[Move]:  # pragma: no mutate block
    """The rows from the first number to the end of the call."""
    return [
        #    what happened          we were in                we go to           provided that, then
        *check_rows(known="menu"),
        move("wants_case", "menu", "asking_case", when="may_hear_details"),
        move("wants_case", "menu", "menu", then="say_not_here"),
        move("wants_caseload", "menu", STAY, then="see_caseload"),
        move("caseload_seen", "menu", "heard_caseload"),
        move("was_texted", "menu", "asking_texter"),
        *meeting_rows(),
        move("wants_outcome", "menu", "asking_case_of_outcome"),
        move("was_personal", "menu", "menu", then="note_personal_call"),
        move("lost_phone", "menu", "asking_whether_lost"),
        move("answer_given", "asking_case", STAY, then="open_case"),
        move("case_opened", "asking_case", "heard_case"),
        move("case_not_opened", "asking_case", "menu", then="say_not_opened"),
        move("wants_again", "heard_case", "heard_case"),
        move("wants_slower", "heard_case", "heard_case"),
        move("wants_outcome", "heard_case", "asking_outcome"),
        move("wants_powers", "heard_case", STAY, then="see_powers"),
        move("powers_seen", "heard_case", "heard_case"),
        move("no_powers", "heard_case", "heard_case", then="say_no_powers"),
        move("answer_given", "asking_texter", STAY, then="find_texter"),
        move("case_found", "asking_texter", "menu", then="ring_texter"),
        move("several_found", "asking_texter", "menu", then="pass_texter_on"),
        move("nothing_found", "asking_texter", "menu", then="pass_texter_on"),
        move("answer_given", "asking_case_of_outcome", STAY, then="open_case"),
        move("case_opened", "asking_case_of_outcome", "asking_outcome"),
        move("case_not_opened", "asking_case_of_outcome", "menu", then="say_not_opened"),
        *(
            move(choice, "asking_outcome", "menu", then="note_outcome")
            for choice, _ in OUTCOMES.values()
        ),
        move("is_lost", "asking_whether_lost", "closing", then="report_lost_phone"),
        *moves_from(AT_WORK[1:-1], "wants_menu", "menu"),
        *person_rows([*LISTENING, *AT_WORK]),
        *not_understood_rows([*LISTENING, *AT_WORK]),
        *silence_rows([*LISTENING, *AT_WORK[:-1]]),
    ]


class OfficerMenu(AsksForMeeting):
    """The menu is one key away from everywhere; a person too."""

    # on the way

    def open_case(self, event: AnswerGiven) -> None:
        """Their own, unless their role may work on those of others."""
        self.ask(OpenCase(event.answer, bool(self.facts["private"])))

    def say_not_here(self, event: Event) -> None:
        """Somebody overhears them, and the customer has not agreed to it (DMBM511130)."""
        self.ask(Say("officer_line.not_here"))

    def say_not_opened(self, event: Event) -> None:
        """There is no such case, or it is not theirs: they are not told which."""
        self.ask(Say("officer_line.not_opened"))

    def see_caseload(self, event: Event) -> None:
        """By handle and time alone."""
        self.ask(SeeCaseload())

    def see_powers(self, event: Event) -> None:
        """By their role, and the nation of the case (DMBM510150)."""
        self.ask(SeePowers())

    def say_no_powers(self, event: Event) -> None:
        """Their role has none of its own."""
        self.heard_something()
        self.ask(Say("officer_line.no_powers"))

    def find_texter(self, event: AnswerGiven) -> None:
        """Whose number is it?"""
        self.ask(FindTexter(event.answer))

    def ring_texter(self, event: Event) -> None:
        """As if the text had come to us (DMBM511130): their own telephone stays silent."""
        self.ask(RingTexter(), Say("officer_line.texter_will_be_rung"))

    def pass_texter_on(self, event: Event) -> None:
        """Nobody is rung blindly."""
        self.ask(RaiseTexterTask(), Say("officer_line.texter_passed_on"))

    def note_outcome(self, event: Event) -> None:
        """A draft for the record."""
        outcome = {choice: outcome for choice, outcome in OUTCOMES.values()}[event.trigger]
        self.ask(NoteOutcome(outcome), Say("officer_line.noted"))

    def note_personal_call(self, event: Event) -> None:
        """Allowed within reason, and noted (DMBM511130)."""
        self.ask(NotePersonalCall(), Say("officer_line.noted"))

    def report_lost_phone(self, event: Event) -> None:
        """All that opens anything for this officer dies; so does this call."""
        self.ask(ReportLostPhone(), Say("officer_line.lost"))

    # on arrival

    def on_enter_menu(self, event: Event) -> None:
        """What would they like?"""
        self._answered(event)
        self.note("waits", 0)
        self.ask(CloseCase())
        keys = {
            "1": "wants_case",
            "2": "wants_caseload",
            "3": "wants_call",
            "4": "was_texted",
            "5": "wants_outcome",
            "6": "was_personal",
            "7": "lost_phone",
        }
        self.ask(Ask("officer_line.menu", keys))

    def on_enter_asking_case(self, event: Event) -> None:
        """By its handle."""
        self._ask_case(event)

    def on_enter_asking_case_of_outcome(self, event: Event) -> None:
        """By its handle: nothing of it is read."""
        self._ask_case(event)

    def on_enter_asking_customer(self, event: Event) -> None:
        """By the handle of their case."""
        self._ask_case(event)

    def _ask_case(self, event: Event) -> None:
        self._answered(event)
        menu = {"9": "wants_menu"}
        self.ask(Ask("officer_line.case", menu, digits=(9, 9), reference=True, seconds=15))

    def on_enter_heard_case(self, event: Event) -> None:
        """Read it, once more, or more slowly."""
        if event.trigger in ("case_opened", "wants_again", "wants_slower"):
            self.heard_something()
            slowly = event.trigger == "wants_slower"
            self.ask(ReadCase("officer_line.details", FACTS, slowly=slowly))
        if event.trigger == "powers_seen":
            self.heard_something()
            self.ask(Say("officer_line.powers"), SayPowers())
        keys = {
            "1": "wants_again",
            "2": "wants_slower",
            "3": "wants_outcome",
            "4": "wants_powers",
            "9": "wants_menu",
        }
        self.ask(Ask("officer_line.after_details", keys))

    def on_enter_heard_caseload(self, event: Event) -> None:
        """Say it, and wait: `*` repeats it."""
        if event.trigger == "caseload_seen":
            self.heard_something()
            self.ask(Say("officer_line.caseload"))
        self.ask(Ask("officer_line.after_caseload", {"9": "wants_menu"}))

    def on_enter_asking_texter(self, event: Event) -> None:
        """The number from which they were texted."""
        self._answered(event)
        menu = {"9": "wants_menu"}
        self.ask(Ask("officer_line.texter", menu, digits=(10, 15), number=True, seconds=15))

    def on_enter_asking_outcome(self, event: Event) -> None:
        """What came of it?"""
        self._answered(event)
        keys = {key: choice for key, (choice, _) in OUTCOMES.items()} | {"9": "wants_menu"}
        self.ask(Ask("officer_line.outcome", keys))

    def on_enter_asking_whether_lost(self, event: Event) -> None:
        """Everything stops by it, so it is asked twice."""
        self._answered(event)
        self.ask(Ask("officer_line.whether_lost", {"1": "is_lost", "9": "wants_menu"}))

    def _answered(self, event: Event) -> None:
        """Patience begins anew, unless this is the same question once more."""
        if event.trigger not in ("not_understood", "silence"):
            self.heard_something()
