"""The way that a conversation took through its flow: each step, and what lies between its states.

A line of the log tells a whole step: where it began, what happened, where it ended. What was looked
up on the way moved the flow too, and is found again in its table: the shortest way there.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from bot.flow import Flow
from bot.flow_log import FlowLogLine, LineKind

Edge = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `states` begins where it began and ends where it ended."""

    number: int
    event: str
    states: tuple[str, ...]

    @property
    def edges(self) -> list[Edge]:
        """The moves between its states."""
        return list(zip(self.states, self.states[1:], strict=False))


def steps_of(flow: type[Flow], lines: Iterable[FlowLogLine]) -> list[Step]:
    """The steps that moved it, in order; what stayed where it was is left out."""
    moved = [
        line
        for line in lines
        if line.kind is LineKind.STEP and line.flow == flow.name and line.before != line.after
    ]
    return [
        Step(number, line.event, _between(flow, line.event, line.before, line.after))
        for number, line in enumerate(moved, 1)
    ]


def edges_of(flow: type[Flow]) -> dict[Edge, list[str]]:
    """The moves of its table from one state to another, with what makes them."""
    found: dict[Edge, list[str]] = {}
    for row in flow.moves:
        if row["dest"] not in (None, row["source"]):
            names = found.setdefault((row["source"], row["dest"]), [])
            if row["trigger"] not in names:
                names.append(row["trigger"])
    return found


def _between(flow: type[Flow], event: str, before: str, after: str) -> tuple[str, ...]:
    """The shortest way from one state to the other that begins with this event."""
    edges = edges_of(flow)
    first = [goal for (source, goal), by in edges.items() if source == before and event in by]
    ways: list[tuple[str, ...]] = [(before, goal) for goal in first]
    if any(_stays(row, event, before) for row in flow.moves):
        ways.append((before,))  # what it looked up there moved it
    waiting = deque(ways)
    seen = {before, *first}
    while waiting:
        way = waiting.popleft()
        if way[-1] == after:
            return tuple(way)
        for source, goal in edges:
            if source == way[-1] and goal not in seen:
                seen.add(goal)
                waiting.append((*way, goal))
    return before, after  # another version's table


def _stays(row: dict[str, object], event: str, state: str) -> bool:
    return row["trigger"] == event and row["source"] == state and row["dest"] in (None, state)
