"""A customer texts back: owe them a call. Nobody is ever answered by text (DMBM511130)."""

from bot.actions import CancelCallback, FindSender, QueueCallback, RaiseTask, ReadText, TaskReason
from bot.events import Event, TextReceived
from bot.flow import Flow, move


class InboundText(Flow):
    """A text verifies nobody and asks for nothing but a call, or a person to decide."""

    name = "inbound_text"

    states = [
        "received",
        "reading",
        "finding_sender",
        "leaving_alone",
        "callback_owed",
        "task_raised",
    ]

    moves = [
        #    what happened      we were in        we go to          then
        move("text_received", "received", "reading", then="read"),
        move("wants_no_contact", "reading", "leaving_alone"),
        *[
            move(whose, "leaving_alone", "task_raised", then="leave_alone")
            for whose in ("case_found", "several_found", "nothing_found")
        ],
        move("wants_call", "reading", "finding_sender"),
        move("case_found", "finding_sender", "callback_owed"),
        move("several_found", "finding_sender", "task_raised", then="ask_who_it_is"),
        move("nothing_found", "finding_sender", "task_raised", then="ask_what_it_is"),
    ]

    def read(self, event: TextReceived) -> None:
        """Is this a wish to be rung at all?"""
        self.ask(ReadText(event.body, event.opted_out))

    def leave_alone(self, event: Event) -> None:
        """They want to be left alone: nobody is rung for it, and a person decides."""
        self.ask(CancelCallback(), RaiseTask(TaskReason.WANTS_NO_CONTACT))

    def ask_who_it_is(self, event: Event) -> None:
        """Several people, or nobody to ask for by name: a person decides."""
        self.ask(RaiseTask(TaskReason.SEVERAL_PEOPLE))

    def ask_what_it_is(self, event: Event) -> None:
        """Nobody is rung blindly: a person decides."""
        self.ask(RaiseTask(TaskReason.UNKNOWN_SENDER))

    def on_enter_leaving_alone(self, event: Event) -> None:
        """Whose number is it, and so which call is not owed any more?"""
        self.ask(FindSender())

    def on_enter_finding_sender(self, event: Event) -> None:
        """Whose number is it?"""
        self.ask(FindSender())

    def on_enter_callback_owed(self, event: Event) -> None:
        """Ring them: they must be verified, and a text cannot do that."""
        self.ask(QueueCallback())
