"""A person, please: is the desk open? Then it rings; and the end, which every call shares."""

from collections.abc import Iterable

from bot.actions import (
    CheckDesk,
    Connect,
    Disposition,
    EndAttempt,
    HangUp,
    RaiseTask,
    RecordDisposition,
    Say,
    SettleCallback,
    TaskReason,
)
from bot.events import Event, LegEnded, LegOutcome
from bot.flow import STAY, FactKind, Move, OneOf, move, moves_from
from flows.patience import Patient

States = Iterable[str]

STATES = ["finding_desk", "connecting", "closing", "ended"]
BUSY = ["finding_desk", "connecting", "closing"]

PROMPTS = frozenset(
    {
        "desk.connecting",
        "desk.officer_will_ring",
        "desk.person_will_ring",
        "common.not_understood",
        "common.silent_goodbye",
        "common.goodbye",
    }
)


def disposition(start: Disposition) -> dict[str, FactKind]:  # pragma: no mutate block
    """The fact that says how the call ends, and how it does unless something else happens."""
    return {"disposition": OneOf(Disposition, start)}


def person_rows(listening: States, passing: States = ()) -> list[Move]:  # pragma: no mutate block
    """The rows of these states.

    `listening` are those in which keys are awaited, `passing` those in which no words are.
    """
    begun = [*listening, *passing, *BUSY]
    return [
        #    what happened         we were in    we go to      provided that, then
        *moves_from(listening, "wants_person", "finding_desk", then="owe_person"),
        move("desk_open", "finding_desk", "connecting"),
        move("desk_closed", "finding_desk", "closing", then="say_person_will_ring"),
        move("leg_ended", "connecting", "closing", when="was_connected", then="say_connected"),
        move("leg_ended", "connecting", "closing", then="say_officer_will_ring"),
        *moves_from(begun, "call_ended", "ended"),
        *moves_from([*begun, "ended"], "call_ringing", STAY),
    ]


class PutsThrough(Patient):
    """What the rows ask for. A call that we placed ends as an attempt (`attempt`)."""

    attempt = False

    # provided that

    def was_connected(self, event: LegEnded) -> bool:
        """Whether somebody at the desk answered."""
        return event.outcome is LegOutcome.ANSWERED

    # on the way

    def owe_person(self, event: Event) -> None:
        """Owe them a person, before it is known whether one is free."""
        self.heard_something()
        self.note("disposition", Disposition.NEEDS_PERSON)
        self.ask(RaiseTask(TaskReason.WANTS_PERSON), SettleCallback(to_person=True))

    def say_goodbye(self, event: Event) -> None:
        """End because they asked us to."""
        self.ask(Say("common.goodbye"))

    def say_person_will_ring(self, event: Event) -> None:
        """The desk is closed: a person rings back."""
        self.note("disposition", Disposition.NEEDS_PERSON)
        self.ask(Say("desk.person_will_ring"))

    def say_officer_will_ring(self, event: Event) -> None:
        """Nobody at the desk answered: an officer rings back."""
        self.note("disposition", Disposition.NEEDS_PERSON)
        self.ask(Say("desk.officer_will_ring"))

    def say_connected(self, event: Event) -> None:
        """They have spoken to somebody."""
        self.note("disposition", Disposition.CONNECTED)
        self.ask(Say("common.goodbye"))

    # on arrival

    def on_enter_finding_desk(self, event: Event) -> None:
        """Is there anybody to transfer to?"""
        self.count_no_more()
        self.ask(CheckDesk())

    def on_enter_connecting(self, event: Event) -> None:
        """Hold, while the desk rings."""
        self.ask(Say("desk.connecting"), Connect())

    def on_enter_closing(self, event: Event) -> None:
        """Whatever was said last, then the end."""
        self.count_no_more()
        self.ask(HangUp())

    def on_enter_ended(self, event: Event) -> None:
        """The call is over: say how it ended."""
        disposition = Disposition(str(self.facts["disposition"]))
        self.ask(EndAttempt(disposition) if self.attempt else RecordDisposition(disposition))
