"""Flows that remember where they have been, what came there, and which facts they looked at."""

from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from typing import cast

from bot.actions import Action
from bot.conversation import FactValue
from bot.events import Event
from bot.flow import Flow

Facts = dict[str, FactValue]


class Traced:
    """The flows, each as a subclass of itself that notes its states in `seen`.

    `came` is what happened in which state, as the rows of its table have it. `asked` counts how
    often any of them was asked for a move. `read` are the facts that they looked at, `written`
    those that they set, since the walk emptied these.
    """

    def __init__(self, flows: Iterable[type[Flow]]) -> None:
        self.asked = 0
        self.read: Facts = {}
        self.written: Facts = {}
        self.seen: dict[str, set[str]] = {}
        self.came: dict[str, set[tuple[str, str]]] = {}
        self.flows: Mapping[str, type[Flow]] = {flow.name: self._trace(flow) for flow in flows}

    def _trace(self, flow: type[Flow]) -> type[Flow]:
        traced = self
        seen = self.seen.setdefault(flow.name, {flow.states[0]})
        came = self.came.setdefault(flow.name, set())

        def handle(self: Flow, event: Event) -> list[Action]:
            traced.asked += 1
            came.add((event.trigger, self.state))
            facts = self.facts
            self.facts = cast(Facts, _Watched(facts, traced))
            try:
                asked = flow.handle(self, event)
            finally:
                self.facts = facts
            seen.add(self.state)
            return asked

        return type(flow.__name__, (flow,), {"handle": handle, "__doc__": flow.__doc__})


class _Watched(MutableMapping[str, FactValue]):
    """The facts, while their flow has them: whatever it does with them goes through here.

    What was set in a step and is then looked at tells nothing of what it was before.
    """

    def __init__(self, facts: Facts, traced: Traced) -> None:
        self._facts, self._traced = facts, traced

    def __getitem__(self, fact: str) -> FactValue:
        value = self._facts[fact]
        if fact not in self._traced.written:
            self._traced.read.setdefault(fact, value)
        return value

    def __setitem__(self, fact: str, value: FactValue) -> None:
        self._facts[fact] = self._traced.written[fact] = value

    def __delitem__(self, fact: str) -> None:
        raise TypeError(f"a flow keeps all of its facts: {fact}")

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)
