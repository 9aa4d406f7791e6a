"""What every call to a customer shares: person or machine? Is it them? Then the checks.

`outbound_call` and `customer_leg` go on differently from there.
"""

from bot.actions import (
    Ask,
    Disposition,
    DrawQuestions,
    EndCall,
    HangUp,
    RaiseTask,
    RedirectCall,
    Say,
    TaskReason,
    Wish,
)
from bot.events import AnsweredBy, CallEnded, Chosen, Event, MachineHeard
from bot.flow import STAY, Move, Upto, move, moves_from
from bot.proof import ContactType
from flows import customer_dialogue
from flows.customer_dialogue import CustomerDialogue, customer_rows
from flows.placing import Placed

OPENINGS = 6  # times that we ask for a key, while the verdict on the machine is awaited

UNDECIDED = ["placed", "asking_for_person", "closing"]  # in which nobody may have pressed a key

TIMES = {"1": "morning", "2": "afternoon", "3": "evening"}


STATES = [
    "placed",
    "asking_for_person",
    "leaving_message",
    "refusing_fax",
    "who_is_there",
    "someone_else",
    "when_to_ring",
    "explaining",
    *customer_dialogue.STATES,
]

FACTS_KEPT = customer_dialogue.FACTS_KEPT | {"openings": Upto(OPENINGS)}

PROMPTS = customer_dialogue.PROMPTS | {
    "outbound_call.opening",
    "outbound_call.opening_again",
    "outbound_call.voicemail",
    "outbound_call.who_is_there",
    "outbound_call.someone_else",
    "outbound_call.when_to_ring",
    "outbound_call.time_noted",
    "outbound_call.how_to_check",
}


def called_rows(known: str = "menu") -> list[Move]:  # pragma: no mutate block
    """The rows from the first ring; `known` is where whoever has passed goes on."""
    return [
        #    what happened         we were in    we go to      provided that, then
        move("call_answered", "placed", "asking_for_person"),
        move("call_ended", "placed", "ended", then="note_unanswered"),
        move("key_pressed", "asking_for_person", "who_is_there"),
        move("silence", "asking_for_person", "closing", when="nobody_presses", then="give_up"),
        move("silence", "asking_for_person", "asking_for_person", then="count_opening"),
        # A verdict may also come when nobody pressed a key and the call is as good as over.
        *moves_from(UNDECIDED, "machine_heard", "leaving_message", when="is_machine"),
        *moves_from(UNDECIDED, "machine_heard", "refusing_fax", when="is_fax"),
        *moves_from([*UNDECIDED, "ended"], "machine_heard", STAY),
        move("wants_checks", "who_is_there", "drawing", then="draw_questions"),
        move("is_someone_else", "who_is_there", "someone_else"),
        move("cannot_talk", "who_is_there", "when_to_ring"),
        move("wants_proof", "who_is_there", "explaining", then="owe_proof"),
        move("goes_on", "explaining", "who_is_there"),
        move("wants_end", "explaining", "closing", then="say_goodbye"),
        *[
            move(time, state, "closing", then="note_time")
            for state in ("someone_else", "when_to_ring")
            for time in TIMES.values()
        ],
        *customer_rows(["who_is_there", "someone_else", "when_to_ring", "explaining"], known),
        move("call_ended", "leaving_message", "ended", when="words_were_fetched", then="note_left"),
        *moves_from(
            ["leaving_message", "refusing_fax", "asking_for_person"], "call_ended", "ended"
        ),
        *moves_from(
            ["placed", "asking_for_person", "leaving_message", "refusing_fax"], "call_ringing", STAY
        ),
    ]


class CustomerCalled(Placed, CustomerDialogue):
    """Whoever picks up hears a name, and nothing more before a key."""

    # provided that

    def is_machine(self, event: MachineHeard) -> bool:
        """Whether the verdict is a machine."""
        return event.by is AnsweredBy.MACHINE

    def is_fax(self, event: MachineHeard) -> bool:
        """Whether the verdict is a fax."""
        return event.by is AnsweredBy.FAX

    def nobody_presses(self, event: Event) -> bool:
        """Whether the verdict's time is over and no key came."""
        return int(self.facts["openings"]) + 1 >= OPENINGS

    def words_were_fetched(self, event: CallEnded) -> bool:
        """Whether the carrier had fetched our last words before the call ended."""
        return event.words_fetched

    # on the way

    def count_opening(self, event: Event) -> None:
        """Ask once more for a key."""
        self.count("openings")

    def give_up(self, event: Event) -> None:
        """Nobody pressed a key: to the rules that is a machine (`no_response`)."""
        self.ask(Say("common.goodbye"))

    def note_left(self, event: Event) -> None:
        """The machine has the approved wording."""
        self.note("disposition", Disposition.LEFT_MESSAGE)

    def draw_questions(self, event: Event) -> None:
        """They say that they are the one we asked for, and that they can talk."""
        self.heard_something()
        self.ask(DrawQuestions(ContactType.OUTBOUND))

    def owe_proof(self, event: Event) -> None:
        """They may check on us first, and lose nothing by it: a person is told."""
        self.heard_something()
        self.note("disposition", Disposition.POSTPONED)
        self.ask(RaiseTask(TaskReason.WANTS_PROOF))

    def note_time(self, event: Chosen) -> None:
        """A good time to ring, from the customer or from whoever picked up."""
        if self.state == "someone_else":
            self.note("disposition", Disposition.WRONG_PERSON)
            reason = TaskReason.THIRD_PARTY_ANSWERED
        else:
            self.note("disposition", Disposition.POSTPONED)
            reason = TaskReason.CANNOT_TALK
        self.ask(RaiseTask(reason, Wish(event.choice)), Say("outbound_call.time_noted"))

    # on arrival

    def on_enter_asking_for_person(self, event: Event) -> None:
        """Speak at once, safe for any ears; the verdict on the machine runs beside it."""
        first = event.trigger == "call_answered"
        prompt = "outbound_call.opening" if first else "outbound_call.opening_again"
        self.ask(Ask(prompt, any_key=True, seconds=5))

    def on_enter_leaving_message(self, event: Event) -> None:
        """A machine, before any key: the approved wording, and nothing else, once."""
        self.ask(Say("outbound_call.voicemail"), HangUp(), RedirectCall())

    def on_enter_refusing_fax(self, event: Event) -> None:
        """Nobody reads our voice from a fax."""
        self.note("disposition", Disposition.FAX)
        self.ask(HangUp(), EndCall())

    def on_enter_who_is_there(self, event: Event) -> None:
        """A person: say that we are a machine, who is calling, and let them choose."""
        if event.trigger == "key_pressed":
            self.note("disposition", Disposition.REFUSED)  # unless they go on
            self.note("openings", 0)  # they are counted no more
        keys = {
            "1": "wants_checks",
            "2": "is_someone_else",
            "3": "cannot_talk",
            "4": "wants_proof",
        }
        self.ask(Ask("outbound_call.who_is_there", keys))

    def on_enter_someone_else(self, event: Event) -> None:
        """Not the one we asked for: no reason given, only when to ring (DMBM510330)."""
        self.note("disposition", Disposition.WRONG_PERSON)
        self.ask(Ask("outbound_call.someone_else", dict(TIMES)))

    def on_enter_when_to_ring(self, event: Event) -> None:
        """They cannot talk, or are driving: when can they?"""
        self.note("disposition", Disposition.POSTPONED)
        self.ask(Ask("outbound_call.when_to_ring", dict(TIMES)))

    def on_enter_explaining(self, event: Event) -> None:
        """How to check that we are genuine (policy 6.6)."""
        self.ask(Ask("outbound_call.how_to_check", {"1": "goes_on", "9": "wants_end"}))
