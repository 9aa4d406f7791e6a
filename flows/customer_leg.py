"""We ring a customer for an officer on the line: the bot checks who it is, then joins the two.

Whatever becomes of the officer, the customer is never left in silence, and keeps their call.
"""

from bot.actions import (
    Ask,
    Disposition,
    JoinMeeting,
    LeaveMeeting,
    News,
    RedirectCall,
    Say,
    SettleCallback,
    TellOther,
)
from bot.events import Event
from bot.flow import STAY, Upto, move, moves_from
from flows.customer_called import FACTS_KEPT, PROMPTS, STATES, CustomerCalled, called_rows
from flows.patience import not_understood_rows

WAITS = 4  # times that a customer is asked to wait a little
TOLD = ("other_coming", "other_gone", "other_absent")
UNTOLD = (
    "drawing",
    "seeing_number",
    "finding_desk",
    "menu",
    "heard_case",
    "ended",
)  # nothing comes

# How the officer hears of it, if it did not come to a meeting.
TOLD_AS = {
    Disposition.LEFT_MESSAGE: News.MACHINE,
    Disposition.NO_RESPONSE: News.MACHINE,
    Disposition.FAX: News.MACHINE,
    Disposition.BUSY: News.NO_ANSWER,
    Disposition.NO_ANSWER: News.NO_ANSWER,
    Disposition.FAILED: News.NO_ANSWER,
    Disposition.CANCELLED: News.NO_ANSWER,
    Disposition.ABANDONED: News.NO_ANSWER,
}


class CustomerLeg(CustomerCalled):
    """Who has passed waits for the officer; whom nobody comes to hears their case, or a person."""

    name = "customer_leg"

    states = ["placed", *STATES[1:], "waiting", "joined"]

    moves = [
        #    what happened        we were in   we go to      provided that, then
        *called_rows(known="waiting"),
        move("other_coming", "waiting", "joined"),
        move("other_gone", "waiting", "menu", then="lose_officer"),
        move("other_absent", "waiting", "menu", then="lose_officer"),
        move("silence", "waiting", "menu", when="waited_enough", then="give_officer_up"),
        move("silence", "waiting", "waiting", then="count_wait"),
        move("wants_person", "waiting", "finding_desk", then="owe_person"),
        *not_understood_rows(["waiting"]),
        move("leg_ended", "joined", "closing", then="say_met"),
        move("other_gone", "joined", "menu", then="lose_officer"),
        move("other_absent", "joined", "menu", then="lose_officer"),
        *moves_from(["waiting", "joined"], "call_ended", "ended"),
        *moves_from(["waiting", "joined"], "call_ringing", STAY),
        *[move(told, state, STAY) for told in TOLD for state in STATES if state not in UNTOLD],
    ]

    facts_kept = FACTS_KEPT | {"waits": Upto(WAITS)}
    prompts = PROMPTS | {
        "customer_leg.wait",
        "customer_leg.wait_on",
        "customer_leg.joining",
        "customer_leg.no_officer",
    }

    # provided that

    def waited_enough(self, event: Event) -> bool:
        """Whether nobody came for too long."""
        return int(self.facts["waits"]) + 1 >= WAITS

    # on the way

    def count_wait(self, event: Event) -> None:
        """A little longer."""
        self.count("waits")

    def lose_officer(self, event: Event) -> None:
        """The officer's telephone died: the bot goes on with them."""
        self.note("waits", 0)
        self.ask(LeaveMeeting(), Say("customer_leg.no_officer"), RedirectCall())

    def give_officer_up(self, event: Event) -> None:
        """Nobody came: the bot goes on with them, and the officer hears so."""
        self.note("waits", 0)
        self.ask(TellOther(News.GONE), LeaveMeeting(), Say("customer_leg.no_officer"))

    def say_met(self, event: Event) -> None:
        """They have spoken to the officer."""
        self.note("disposition", Disposition.CONNECTED)
        self.ask(SettleCallback(), LeaveMeeting(), Say("common.goodbye"))

    # on arrival

    def on_enter_waiting(self, event: Event) -> None:
        """Verified: the officer is told, and they hold the line a moment."""
        first = event.trigger not in ("silence", "not_understood")
        if first:
            self.count_no_more()
            self.ask(TellOther(News.READY))
        self.ask(Ask("customer_leg.wait" if first else "customer_leg.wait_on", seconds=15))

    def on_enter_joined(self, event: Event) -> None:
        """The officer comes: into the conference."""
        self.count_no_more()
        self.note("waits", 0)
        self.ask(Say("customer_leg.joining"), JoinMeeting(), RedirectCall())

    def on_enter_finding_desk(self, event: Event) -> None:
        """They go to a person of the desk instead."""
        self.note("waits", 0)
        self.ask(TellOther(News.GONE))
        super().on_enter_finding_desk(event)

    def on_enter_ended(self, event: Event) -> None:
        """Over: the officer hears how."""
        ended = Disposition(str(self.facts["disposition"]))
        self.ask(TellOther(TOLD_AS.get(ended, News.NOT_NOW)))
        super().on_enter_ended(event)
