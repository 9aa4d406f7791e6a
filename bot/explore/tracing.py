"""Flows that remember where they have been, and what came there: what a step only passes, too."""

from collections.abc import Iterable, Mapping

from bot.actions import Action
from bot.events import Event
from bot.flow import Flow


class Traced:
    """The flows, each as a subclass of itself that notes its states in `seen`.

    `came` is what happened in which state, as the rows of its table have it. `asked` counts how
    often any of them was asked for a move.
    """

    def __init__(self, flows: Iterable[type[Flow]]) -> None:
        self.asked = 0
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
            asked = flow.handle(self, event)
            seen.add(self.state)
            return asked

        return type(flow.__name__, (flow,), {"handle": handle, "__doc__": flow.__doc__})
