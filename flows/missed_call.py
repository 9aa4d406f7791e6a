"""A customer rang and did not get through: owe them a call, as for a text (DMBM511130)."""

from bot.actions import FindSender, QueueCallback, RaiseTask, TaskReason
from bot.events import Event
from bot.flow import STAY, Flow, move

NOTICES = ("call_ringing", "call_ended")  # of a call that is over: they come late


class MissedCall(Flow):
    """No webhook told of the call, so that they heard the carrier's apology and none of us."""

    name = "missed_call"

    states = ["received", "callback_owed", "task_raised"]

    moves = [
        #    what happened      we were in   we go to          then
        move("call_missed", "received", STAY, then="find"),
        move("case_found", "received", "callback_owed"),
        move("several_found", "received", "task_raised", then="ask_who_it_is"),
        move("nothing_found", "received", "task_raised", then="ask_what_it_is"),
        *[move(notice, state, STAY) for state in states for notice in NOTICES],
    ]

    def find(self, event: Event) -> None:
        """Whose number is it?"""
        self.ask(FindSender())

    def ask_who_it_is(self, event: Event) -> None:
        """Several people, or nobody to ask for by name: a person decides."""
        self.ask(RaiseTask(TaskReason.SEVERAL_PEOPLE))

    def ask_what_it_is(self, event: Event) -> None:
        """Nobody is rung blindly: a person decides."""
        self.ask(RaiseTask(TaskReason.UNKNOWN_SENDER))

    def on_enter_callback_owed(self, event: Event) -> None:
        """Ring them: they wanted to speak to us."""
        self.ask(QueueCallback())
