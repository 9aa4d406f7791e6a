"""What a walk has seen: its nodes, the steps between them, and what they broke."""

from dataclasses import dataclass, field

from bot.explore.node import Key, Node, Step
from bot.explore.openings import Opening


@dataclass(frozen=True, slots=True)
class Edge:
    """A step, and between which nodes it leads."""

    source: Node
    target: Node
    step: Step


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that does not hold, and the shortest path on which that is seen."""

    rule: str
    reason: str
    path: tuple[Step, ...]


@dataclass(slots=True)
class Walked:
    """Everything that was seen from one opening; `still` are the steps that changed nothing."""

    opening: Opening
    roots: list[Node] = field(default_factory=list)
    nodes: dict[Key, Node] = field(default_factory=dict)
    edges: dict[int, list[Edge]] = field(default_factory=dict)
    still: dict[int, list[Edge]] = field(default_factory=dict)
    breaches: list[Breach] = field(default_factory=list)
    steps: int = 0
