"""A customer texts back: owe them a call. Nobody is ever answered by text (DMBM511130)."""

from bot.actions import (
    CancelCallback,
    FindSender,
    HoldCallback,
    QueueCallback,
    RaiseTask,
    ReadText,
    TaskReason,
)
from bot.events import Event, TextReceived
from bot.flow import Flow, move

WHOSE = ("case_found", "several_found", "nothing_found")


class InboundText(Flow):
    """A text verifies nobody and asks for nothing but a call, or a person to decide."""

    name = "inbound_text"

    states = [
        "received",
        "reading",
        "finding_sender",
        "in_doubt",
        "leaving_alone",
        "holding",
        "callback_owed",
        "task_raised",
    ]

    moves = [
        #    what happened      we were in        we go to          then
        move("text_received", "received", "reading", then="read"),
        move("needs_person", "reading", "holding"),
        *[move(whose, "holding", "task_raised", then="hold") for whose in WHOSE],
        move("wants_no_contact", "reading", "leaving_alone"),
        *[move(whose, "leaving_alone", "task_raised", then="leave_alone") for whose in WHOSE],
        move("wants_call", "reading", "finding_sender"),
        move("case_found", "finding_sender", "callback_owed"),
        move("several_found", "finding_sender", "task_raised", then="ask_who_it_is"),
        move("nothing_found", "finding_sender", "task_raised", then="ask_what_it_is"),
        move("call_in_doubt", "reading", "in_doubt"),
        move("case_found", "in_doubt", "callback_owed", then="have_it_read"),
        move("several_found", "in_doubt", "task_raised", then="ask_who_it_is"),
        move("nothing_found", "in_doubt", "task_raised", then="ask_what_it_is"),
    ]

    def read(self, event: TextReceived) -> None:
        """Is this a wish to be rung at all, and when?"""
        self.ask(ReadText(event.body, event.opted_out))

    def hold(self, event: Event) -> None:
        """A death, danger, illness …: nobody rings, and a person sees it at once (DMBM511677)."""
        self.ask(HoldCallback(), RaiseTask(TaskReason.TEXT_NEEDS_PERSON))

    def leave_alone(self, event: Event) -> None:
        """They want to be left alone: nobody is rung for it, and a person decides."""
        self.ask(CancelCallback(), RaiseTask(TaskReason.WANTS_NO_CONTACT))

    def have_it_read(self, event: Event) -> None:
        """They are rung all the same; what was not clear to us, a person looks at."""
        self.ask(RaiseTask(TaskReason.TEXT_IN_DOUBT))

    def ask_who_it_is(self, event: Event) -> None:
        """Several people, or nobody to ask for by name: a person decides."""
        self.ask(RaiseTask(TaskReason.SEVERAL_PEOPLE))

    def ask_what_it_is(self, event: Event) -> None:
        """Nobody is rung blindly: a person decides."""
        self.ask(RaiseTask(TaskReason.UNKNOWN_SENDER))

    def on_enter_holding(self, event: Event) -> None:
        """Whose number is it, and so which call is not owed any more?"""
        self.ask(FindSender())

    def on_enter_leaving_alone(self, event: Event) -> None:
        """Whose number is it, and so which call is not owed any more?"""
        self.ask(FindSender())

    def on_enter_finding_sender(self, event: Event) -> None:
        """Whose number is it?"""
        self.ask(FindSender())

    def on_enter_in_doubt(self, event: Event) -> None:
        """Whose number is it?"""
        self.ask(FindSender())

    def on_enter_callback_owed(self, event: Event) -> None:
        """Ring them: they must be verified, and a text cannot do that."""
        self.ask(QueueCallback())
