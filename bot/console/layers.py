"""Puts the states of a flow into layers, so that a picture of it reads from the top down."""

from collections.abc import Collection, Sequence

Edge = tuple[str, str]
SWEEPS = 4


def layers_of(states: Sequence[str], edges: Collection[Edge]) -> list[list[str]]:
    """The states by how many moves they are from the first, with few lines that cross.

    Where nothing goes on it ends: those stand in the last layer.
    """
    depth = _depths(states, edges)
    layers: list[list[str]] = [[] for _ in range(max(depth.values()) + 1)]
    for state in states:
        layers[depth[state]].append(state)
    for _ in range(SWEEPS):
        for layer in (*layers, *reversed(layers)):
            _order(layer, layers, edges)
    return layers


def _depths(states: Sequence[str], edges: Collection[Edge]) -> dict[str, int]:
    depth, reached = {states[0]: 0}, [states[0]]
    for state in reached:
        for goal in [goal for source, goal in edges if source == state and goal not in depth]:
            depth[goal] = depth[state] + 1
            reached.append(goal)
    going_on = {source for source, _ in edges}
    last = max(
        [at + 1 for state, at in depth.items() if state in going_on], default=max(depth.values())
    )
    return {state: depth.get(state, 0) if state in going_on else last for state in states}


def _order(layer: list[str], layers: Sequence[Sequence[str]], edges: Collection[Edge]) -> None:
    """Put each state of a layer under the middle of all that it is tied to."""
    places = {
        state: place - (len(each) - 1) / 2 for each in layers for place, state in enumerate(each)
    }

    def middle(state: str) -> float:
        tied = [places[b if a == state else a] for a, b in edges if state in (a, b)]
        return sum(tied) / len(tied) if tied else places[state]

    layer.sort(key=middle)
