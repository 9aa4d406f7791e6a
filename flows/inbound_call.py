"""A customer rings back: find the case, check who they are, read it to them or hand over."""

from bot.actions import Ask, DrawQuestions, KeepLineFree
from bot.events import AnswerGiven, Event
from bot.flow import STAY, move
from bot.proof import ContactType
from flows.customer_dialogue import (
    FACTS_KEPT,
    PROMPTS,
    STATES,
    CustomerDialogue,
    customer_rows,
)


class InboundCall(CustomerDialogue):
    """Anybody may ring; everyone goes through the same questions, whoever they are."""

    name = "inbound_call"

    states = ["received", "asking_reference", *STATES]

    moves = [
        #    what happened        we were in           we go to
        move("call_received", "received", "asking_reference"),
        move("answer_given", "asking_reference", "drawing", then="by_reference"),
        move("no_reference", "asking_reference", "drawing", then="by_number"),
        *customer_rows(["asking_reference"]),
        move("call_ended", "received", "ended"),
        move("call_ringing", "received", STAY),
    ]

    facts_kept = FACTS_KEPT
    prompts = PROMPTS | {"inbound_call.welcome", "inbound_call.reference_again"}

    def by_reference(self, event: AnswerGiven) -> None:
        """They have a letter from us: its reference leads to the case, and proves nothing."""
        self.ask(DrawQuestions(ContactType.INBOUND, event.answer))

    def by_number(self, event: Event) -> None:
        """They have none: the number they ring from is a hint, and proves nothing."""
        self.ask(DrawQuestions(ContactType.INBOUND))

    def on_enter_asking_reference(self, event: Event) -> None:
        """Speak at once, and ask for the reference on the letter."""
        first = event.trigger == "call_received"
        if first:
            self.ask(KeepLineFree())
        prompt = "inbound_call.welcome" if first else "inbound_call.reference_again"
        self.ask(Ask(prompt, {"9": "no_reference"}, digits=(9, 9), reference=True, seconds=15))
