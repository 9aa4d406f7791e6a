"""What every call with an officer shares: who they are, and who else could hear them.

Three numbers are keyed, whoever rings, and nothing is said about any of them before the last. Until
then the words are for any ears: a voicemail or a stranger learns that the line is for staff.
"""

from bot.actions import (
    Ask,
    CheckOfficer,
    Connect,
    Disposition,
    RaiseTask,
    RingOfficerBack,
    Say,
    SeeHandset,
    SettleRingBack,
    TakePin,
    TakeStaffNumber,
    TaskReason,
)
from bot.events import AnswerGiven, Event
from bot.flow import STAY, FactKind, Flag, Move, move
from flows import putting_through
from flows.patience import COUNTS
from flows.putting_through import PutsThrough, disposition

CHECKING = ["asking_staff_number", "asking_pin", "asking_code"]
PLACING = ["asking_place", "asking_consent"]
LISTENING = [*CHECKING, *PLACING]

STATES = [*LISTENING, *putting_through.STATES]

PROMPTS = frozenset(
    {
        "officers.staff_number",
        "officers.pin",
        "officers.code",
        "officers.not_passed",
        "officers.unavailable",
        "officers.place",
        "officers.consent",
        "officers.parked_later",
        "officers.ring_back",
        "officers.connecting",
        "officers.will_be_rung",
        "common.not_understood",
        "common.silent_goodbye",
        "common.goodbye",
    }
)

FACTS_KEPT: dict[str, FactKind] = {
    **COUNTS,
    **disposition(Disposition.NO_RESPONSE),
    "private": Flag(),
}


def check_rows(known: str) -> list[Move]:  # pragma: no mutate block
    """The rows from the first number to where an officer is known, and where they are."""
    return [
        #    what happened         we were in              we go to
        move("answer_given", "asking_staff_number", STAY, then="take_staff_number"),
        move("staff_number_taken", "asking_staff_number", "asking_pin"),
        move("answer_given", "asking_pin", STAY, then="take_pin"),
        move("pin_taken", "asking_pin", "asking_code"),
        move("answer_given", "asking_code", STAY, then="check_officer"),
        move("officer_passed", "asking_code", "asking_place"),
        move("officer_failed", "asking_code", "closing", then="say_not_passed"),
        move("records_unavailable", "asking_code", "closing", then="say_unavailable"),
        move("is_private", "asking_place", known, then="note_private"),
        move("is_overheard", "asking_place", "asking_consent"),
        move("is_driving", "asking_place", STAY, then="see_handset"),
        move("handset_theirs", "asking_place", "closing", then="owe_ring_back"),
        move("handset_other", "asking_place", "closing", then="say_parked_later"),
        move("has_agreed", "asking_consent", known, then="note_agreed"),
        move("has_not_agreed", "asking_consent", known),
    ]


class OfficerDialogue(PutsThrough):
    """What these rows ask for. Nothing that is owed to a customer is settled by an officer."""

    by_voice = False  # what an officer says aloud may be overheard

    # on the way

    def take_staff_number(self, event: AnswerGiven) -> None:
        """Whoever's it is, the next number is asked for."""
        self.ask(TakeStaffNumber(event.answer))

    def take_pin(self, event: AnswerGiven) -> None:
        """Right or wrong, the next number is asked for."""
        self.ask(TakePin(event.answer))

    def check_officer(self, event: AnswerGiven) -> None:
        """The last of the three: they are judged together."""
        self.ask(CheckOfficer(event.answer))

    def say_not_passed(self, event: Event) -> None:
        """The one neutral ending, whichever of them was wrong."""
        self.note("disposition", Disposition.NOT_VERIFIED)
        self.ask(Say("officers.not_passed"))

    def say_unavailable(self, event: Event) -> None:
        """Somebody stands over them: nothing that they could show, and help is told (policy 13)."""
        self.note("disposition", Disposition.REFUSED)
        self.ask(Say("officers.unavailable"))

    def note_private(self, event: Event) -> None:
        """Nobody can overhear them."""
        self.note("private", True)

    def note_agreed(self, event: Event) -> None:
        """The customer has agreed to it (DMBM511130)."""
        self.note("private", True)

    def see_handset(self, event: Event) -> None:
        """Can they be rung back where they ring from?"""
        self.ask(SeeHandset())

    def owe_ring_back(self, event: Event) -> None:
        """Never while driving (DMBM511130): they are rung once they had time to park."""
        self.note("disposition", Disposition.POSTPONED)
        self.ask(RingOfficerBack(), Say("officers.ring_back"))

    def say_parked_later(self, event: Event) -> None:
        """The same, where the telephone is not one of theirs that we know: they ring again."""
        self.note("disposition", Disposition.POSTPONED)
        self.ask(Say("officers.parked_later"))

    def owe_person(self, event: Event) -> None:
        """Owe them a person; what is owed to a customer stays owed."""
        self.heard_something()
        self.note("disposition", Disposition.NEEDS_PERSON)
        self.ask(RaiseTask(TaskReason.WANTS_PERSON))

    def could_not_help(self, event: Event) -> None:
        """Whoever cannot be helped by the bot reaches a person."""
        self.heard_something()
        self.note("disposition", Disposition.NEEDS_PERSON)
        self.ask(RaiseTask(TaskReason.COULD_NOT_BE_HELPED))

    def say_person_will_ring(self, event: Event) -> None:
        """The desk is closed."""
        self.note("disposition", Disposition.NEEDS_PERSON)
        self.ask(Say("officers.will_be_rung"))

    def say_officer_will_ring(self, event: Event) -> None:
        """Nobody at the desk answered."""
        self.note("disposition", Disposition.NEEDS_PERSON)
        self.ask(Say("officers.will_be_rung"))

    def may_hear_details(self, event: Event) -> bool:
        """Whether nobody overhears them, or the customer has agreed."""
        return bool(self.facts["private"])

    # on arrival

    def on_enter_connecting(self, event: Event) -> None:
        """Hold, while the desk rings."""
        self.ask(Say("officers.connecting"), Connect())

    def on_enter_asking_staff_number(self, event: Event) -> None:
        """The first number, at once, or again."""
        self.ask(Ask("officers.staff_number", digits=(3, 12), seconds=15))

    def on_enter_asking_pin(self, event: Event) -> None:
        """The second."""
        self._ask_next(event, "staff_number_taken", "officers.pin", (6, 8))

    def on_enter_asking_code(self, event: Event) -> None:
        """The third, of an app or of a printed list."""
        self._ask_next(event, "pin_taken", "officers.code", (6, 8))

    def _ask_next(self, event: Event, first: str, prompt: str, digits: tuple[int, int]) -> None:
        if event.trigger == first:
            self.heard_something()
        self.ask(Ask(prompt, digits=digits, seconds=20))

    def on_enter_asking_place(self, event: Event) -> None:
        """Where are they? Asked before anything else is."""
        if event.trigger == "officer_passed":
            self.heard_something()
            self.note("disposition", Disposition.CONNECTED)
            self.ask(SettleRingBack())
        keys = {"1": "is_private", "2": "is_overheard", "3": "is_driving"}
        self.ask(Ask("officers.place", keys))

    def on_enter_asking_consent(self, event: Event) -> None:
        """Has the customer agreed that others hear it?"""
        if event.trigger == "is_overheard":
            self.heard_something()
        self.ask(Ask("officers.consent", {"1": "has_agreed", "2": "has_not_agreed"}))
