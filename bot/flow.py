"""A flow: a table of moves on one shared machine, stepped by a light object of one turn.

A flow decides and does nothing: it returns the actions it wants. It has no client, no clock and
no randomness; its facts are finite, so that every path of it can be walked.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

from transitions import Machine, MachineError

from bot.actions import Action
from bot.conversation import FactValue
from bot.errors import NoSuchMove
from bot.events import Event

Move = dict[str, Any]

STAY = None


@dataclass(frozen=True, slots=True)
class Upto:
    """A fact that counts from 0 to `most` and stays there."""

    most: int
    start: FactValue = 0


@dataclass(frozen=True, slots=True)
class OneOf:
    """A fact that is one value of an enum."""

    values: type[StrEnum]
    start: FactValue


@dataclass(frozen=True, slots=True)
class Flag:
    """A fact that is true or false."""

    start: FactValue = False


FactKind = Upto | OneOf | Flag


def move(
    what_happened: str,
    we_were_in: str,
    we_go_to: str | None,
    *,
    when: str | None = None,
    then: str | None = None,
) -> Move:
    """A row of the table: *when* this happened, *in* this state, go *to* that one, *provided that*.

    `then` names what is asked for on the way; what is asked for on arrival is `on_enter_<state>`.
    `STAY` as the goal asks for nothing but `then`.
    """
    return {
        "trigger": what_happened,
        "source": we_were_in,
        "dest": we_go_to,
        "conditions": when,
        "before": then,
    }


def moves_from(
    states: Iterable[str],
    what_happened: str,
    we_go_to: str | None,
    *,
    when: str | None = None,
    then: str | None = None,
) -> list[Move]:
    """The same row for each of these states."""
    return [move(what_happened, state, we_go_to, when=when, then=then) for state in states]


class Flow:
    """The base of every flow. A subclass is a table; its machine is built once, at import.

    `version` changes whenever a stored conversation of the older table could not go on in the new
    one; such a conversation ends politely with a task.
    """

    name: ClassVar[str] = ""
    version: ClassVar[int] = 1
    states: ClassVar[list[str]] = []
    moves: ClassVar[list[Move]] = []
    facts_kept: ClassVar[dict[str, FactKind]] = {}
    prompts: ClassVar[frozenset[str]] = frozenset()
    by_voice: ClassVar[bool] = True  # are spoken words heard in it, once there is a person?
    machine: ClassVar[Machine]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if not cls.states:
            return
        cls.machine = Machine(
            model=None,
            states=[cls._state(state) for state in cls.states],
            transitions=cls.moves,
            initial=cls.states[0],
            auto_transitions=False,  # a security setting: `to_verified` would walk past the checks
            send_event=False,
            queued=False,
            ignore_invalid_triggers=False,
        )

    @classmethod
    def _state(cls, name: str) -> Move:
        enter = f"on_enter_{name}"
        return {"name": name, "on_enter": enter if hasattr(cls, enter) else None}

    @classmethod
    def new_facts(cls) -> dict[str, FactValue]:
        """The facts at the beginning of a conversation."""
        return {name: kind.start for name, kind in cls.facts_kept.items()}

    def __init__(self, state: str, facts: dict[str, FactValue]) -> None:
        self.state = state
        self.facts = dict(facts)
        self._asked: list[Action] = []

    def handle(self, event: Event) -> list[Action]:
        """Step the table; the actions it asks for, in order. Raises `NoSuchMove`."""
        self._asked = []
        trigger = event.trigger
        before = self.state
        if trigger not in self.machine.events or before not in self.machine.states:
            raise NoSuchMove(self.name, before, trigger)
        try:
            moved = self.machine.events[trigger].trigger(self, event)
        except MachineError:
            raise NoSuchMove(self.name, before, trigger) from None
        if not moved:
            raise NoSuchMove(self.name, before, trigger)
        return self._asked

    def ask(self, *wanted: Action) -> None:
        """Ask for these actions, after those asked for already."""
        self._asked.extend(wanted)

    def note(self, fact: str, value: FactValue) -> None:
        """Set a fact, within what was declared for it."""
        kind = self.facts_kept[fact]
        if isinstance(kind, OneOf):
            value = kind.values(str(value)).value
        elif isinstance(kind, Upto) and not (isinstance(value, int) and 0 <= value <= kind.most):
            raise ValueError(f"{self.name}: {fact} may be 0 to {kind.most}, not {value!r}")
        elif isinstance(kind, Flag) and not isinstance(value, bool):
            raise ValueError(f"{self.name}: {fact} is true or false, not {value!r}")
        self.facts[fact] = value

    def count(self, fact: str) -> int:
        """Add one to a counting fact, up to its limit; the new value."""
        kind = self.facts_kept[fact]
        most = kind.most if isinstance(kind, Upto) else 0
        value = min(int(self.facts[fact]) + 1, most)
        self.facts[fact] = value
        return value
