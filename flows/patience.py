"""Patience: silence, and keys that mean nothing, are met by asking again, a few times."""

from collections.abc import Iterable

from bot.actions import RaiseTask, Say, SettleCallback, TaskReason
from bot.events import Event
from bot.flow import FactKind, Flow, Move, Upto, move

PATIENCE = 3  # times in a row that silence, or keys that mean nothing, are met by asking again
GIVEN_UP = 1  # questions in a row that are gone on from without an answer; the next is a person's

COUNTS: dict[str, FactKind] = {
    "silences": Upto(PATIENCE),
    "misunderstood": Upto(PATIENCE),
    "given_up": Upto(GIVEN_UP),
}


def silence_rows(states: Iterable[str]) -> list[Move]:  # pragma: no mutate block
    """Silence is met by the same words again, a few times, then by a goodbye."""
    return [
        row
        for state in states
        for row in (
            move("silence", state, "closing", when="silent_too_long", then="say_silent_goodbye"),
            move("silence", state, state, then="count_silence"),
        )
    ]


def not_understood_rows(states: Iterable[str]) -> list[Move]:  # pragma: no mutate block
    """Keys that mean nothing are met by asking again, a few times, then by a person."""
    return [
        row
        for state in states
        for row in (
            move(
                "not_understood",
                state,
                "finding_desk",
                when="out_of_patience",
                then="could_not_help",
            ),
            move("not_understood", state, state, then="say_not_understood"),
        )
    ]


class Patient(Flow):
    """Counts both; any sign of life begins anew."""

    # provided that

    def silent_too_long(self, event: Event) -> bool:
        """Whether this silence is one too many in a row."""
        return int(self.facts["silences"]) + 1 >= PATIENCE

    def out_of_patience(self, event: Event) -> bool:
        """Whether these keys are one misunderstanding too many in a row."""
        return int(self.facts["misunderstood"]) + 1 >= PATIENCE

    def cannot_answer(self, event: Event) -> bool:
        """Whether the question before this one was given up too: they need a person."""
        return self.out_of_patience(event) and int(self.facts["given_up"]) >= GIVEN_UP

    # on the way

    def say_not_understood(self, event: Event) -> None:
        """Never pretend to have understood (DMBM510460)."""
        self.count("misunderstood")
        self.ask(Say("common.not_understood"))

    def could_not_help(self, event: Event) -> None:
        """Whoever cannot be helped by the bot reaches a person."""
        self.heard_something()
        self.ask(RaiseTask(TaskReason.COULD_NOT_BE_HELPED), SettleCallback(to_person=True))

    def say_silent_goodbye(self, event: Event) -> None:
        """End kindly; nothing is lost by it."""
        self.ask(Say("common.silent_goodbye"))

    def count_silence(self, event: Event) -> None:
        """Be patient, but not for ever."""
        self.count("silences")

    def heard_something(self) -> None:
        """They answered: patience begins anew."""
        self.note("silences", 0)
        self.note("misunderstood", 0)

    def count_no_more(self) -> None:
        """What was counted is over: nothing hangs on it any longer, so it is no part of a state."""
        self.heard_something()
        self.note("given_up", 0)
