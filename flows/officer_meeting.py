"""An officer asks for a meeting: a customer is rung meanwhile, and the two are joined.

`customer_leg` is the other half.
"""

from bot.actions import (
    Ask,
    JoinMeeting,
    LeaveMeeting,
    News,
    RedirectCall,
    RingForMeeting,
    Say,
    SeeCustomer,
    TellOther,
)
from bot.events import Event
from bot.flow import STAY, FactKind, Move, Upto, move
from flows.officer_dialogue import OfficerDialogue

WAITS = 8  # times that an officer is asked to wait: the checks of a customer take minutes
UNREACHED = ("other_no_answer", "other_machine", "other_not_now", "other_refused", "other_gone")

FACTS: dict[str, FactKind] = {"waits": Upto(WAITS)}

PROMPTS = frozenset(
    {
        "officer_line.unreachable",
        "officer_line.wait",
        "officer_line.wait_on",
        "officer_line.they_are_there",
        "officer_line.no_answer",
        "officer_line.machine",
        "officer_line.not_now",
        "officer_line.refused",
        "officer_line.gone",
        "officer_line.rung_later",
    }
)


def meeting_rows() -> list[Move]:  # pragma: no mutate block
    """The rows from the case's handle to the end of the meeting."""
    return [
        #    what happened          we were in           we go to    provided that, then
        move("wants_call", "menu", "asking_customer", when="may_hear_details"),
        move("wants_call", "menu", "menu", then="say_not_here"),
        move("answer_given", "asking_customer", STAY, then="open_case"),
        move("case_opened", "asking_customer", STAY, then="see_customer"),
        move("case_not_opened", "asking_customer", "menu", then="say_not_opened"),
        move("customer_reachable", "asking_customer", "waiting", then="ring_customer"),
        move("customer_unreachable", "asking_customer", "menu", then="say_unreachable"),
        move("other_ready", "waiting", "joined"),
        *[move(told, "waiting", "menu", then=f"say_{told}") for told in UNREACHED],
        move("silence", "waiting", "menu", when="waited_enough", then="give_up_waiting"),
        move("silence", "waiting", "waiting", then="count_wait"),
        move("wants_menu", "waiting", "menu", then="leave_customer"),
        move("leg_ended", "joined", "asking_outcome", then="met"),
        move("call_ended", "joined", "ended"),
        move("call_ringing", "joined", STAY),
        *[move(told, "joined", "asking_outcome", then="say_other_gone") for told in UNREACHED],
    ]


class AsksForMeeting(OfficerDialogue):
    """What these rows ask for."""

    def waited_enough(self, event: Event) -> bool:
        """Whether the customer was not reached for too long."""
        return int(self.facts["waits"]) + 1 >= WAITS

    def see_customer(self, event: Event) -> None:
        """Is there a number, and nobody ringing it?"""
        self.ask(SeeCustomer())

    def ring_customer(self, event: Event) -> None:
        """By a leg of its own, which the bot verifies."""
        self.ask(RingForMeeting())

    def say_unreachable(self, event: Event) -> None:
        """No number, or they are being rung already."""
        self.ask(Say("officer_line.unreachable"))

    def count_wait(self, event: Event) -> None:
        """A little longer."""
        self.count("waits")

    def give_up_waiting(self, event: Event) -> None:
        """They are owed the call all the same, and are rung later."""
        self.ask(TellOther(News.GONE), LeaveMeeting(), Say("officer_line.rung_later"))

    def leave_customer(self, event: Event) -> None:
        """The officer goes: the bot goes on with the customer by itself."""
        self.ask(TellOther(News.GONE), LeaveMeeting())

    def say_other_no_answer(self, event: Event) -> None:
        """Engaged, or not answered: they are rung again by the rules."""
        self._say_unreached("officer_line.no_answer")

    def say_other_machine(self, event: Event) -> None:
        """A machine has the approved message."""
        self._say_unreached("officer_line.machine")

    def say_other_not_now(self, event: Event) -> None:
        """Somebody answered, and it did not come to it; why is nobody's business here."""
        self._say_unreached("officer_line.not_now")

    def say_other_refused(self, event: Event) -> None:
        """The dial rules: the flow log says which."""
        self._say_unreached("officer_line.refused")

    def say_other_gone(self, event: Event) -> None:
        """They did not wait."""
        self._say_unreached("officer_line.gone")

    def _say_unreached(self, prompt: str) -> None:
        self.ask(LeaveMeeting(), Say(prompt), RedirectCall())

    def met(self, event: Event) -> None:
        """They have spoken: what came of it?"""
        self.ask(LeaveMeeting())

    def on_enter_finding_desk(self, event: Event) -> None:
        """For a person they leave a customer who is being rung."""
        self.note("waits", 0)
        self.leave_customer(event)
        super().on_enter_finding_desk(event)

    def on_enter_ended(self, event: Event) -> None:
        """Whoever is being rung for them hears of it."""
        self.ask(TellOther(News.GONE))
        super().on_enter_ended(event)

    def on_enter_waiting(self, event: Event) -> None:
        """The customer is rung meanwhile."""
        first = event.trigger == "customer_reachable"
        if first:
            self.heard_something()
        prompt = "officer_line.wait" if first else "officer_line.wait_on"
        self.ask(Ask(prompt, {"9": "wants_menu"}, seconds=30))

    def on_enter_joined(self, event: Event) -> None:
        """Whispered: who it is, and that the checks were passed; then into the conference."""
        self.heard_something()
        self.note("waits", 0)
        self.ask(
            TellOther(News.COMING),
            Say("officer_line.they_are_there"),
            JoinMeeting(),
            RedirectCall(),
        )
