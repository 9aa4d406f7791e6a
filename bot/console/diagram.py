"""A flow as a picture, with the way that one conversation took: SVG, made here, styled by a class.

What was walked differs by more than its colour: thick lines with the number of the step, a thick
frame and a tick at the states. The list of the steps beside the picture says the same.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from markupsafe import Markup

from bot.console.layers import layers_of
from bot.console.walked import Edge, Step, edges_of
from bot.flow import Flow

HIGH, BETWEEN, GAP, MARGIN = 34, 56, 28, 30  # of a box, and what lies around it
LETTER, PADDING = 7.6, 34
EVERYWHERE = 4  # what leads to one state from so many others is told, not drawn
Place = tuple[float, float, float]  # of a box: the middle of its top, and how wide it is


def picture_of(flow: type[Flow], steps: Sequence[Step]) -> Markup:
    """The picture. It is named and described by elements of the page, `diagram` and `path`."""
    edges = edges_of(flow)
    places, wide, high = _places(layers_of(flow.states, edges))
    numbers = _numbers(steps)
    visited = {state for step in steps for state in step.states} or {flow.states[0]}
    here = steps[-1].states[-1] if steps else flow.states[0]
    drawn = [
        *(_line(places, edge) for edge in _worth_drawing(edges) if edge not in numbers),
        *(_walked(places, edge, numbers[edge]) for edge in numbers if set(edge) <= places.keys()),
        *(_box(state, place, state in visited, state == here) for state, place in places.items()),
    ]
    begin = Markup(
        '<svg class="rb-flow" width="{0}" height="{1}" viewBox="0 0 {0} {1}" role="img" '
        'aria-labelledby="diagram" aria-describedby="path">'
    ).format(round(wide), round(high))
    return begin + _ARROWS + Markup("").join(drawn) + Markup("</svg>")


def left_out(flow: type[Flow]) -> list[str]:
    """The states that so many others lead to that their lines are not drawn."""
    edges = edges_of(flow)
    return sorted({goal for _, goal in edges.keys() - set(_worth_drawing(edges))})


_ARROWS = Markup(
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" '
    'markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">'
    '<path class="rb-flow__arrow" d="M0 0L8 4L0 8z"/></marker>'
    '<marker id="arrow-walked" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="14" '
    'markerHeight="14" markerUnits="userSpaceOnUse" orient="auto">'
    '<path class="rb-flow__arrow rb-flow__arrow--walked" d="M0 0L8 4L0 8z"/></marker></defs>'
)


def _worth_drawing(edges: Iterable[Edge]) -> list[Edge]:
    into = Counter(goal for _, goal in edges)
    return [edge for edge in edges if into[edge[1]] < EVERYWHERE]


def _numbers(steps: Sequence[Step]) -> dict[Edge, str]:
    """For each move that was made, the numbers of the steps that made it."""
    found: dict[Edge, list[str]] = {}
    for step in steps:
        for edge in step.edges:
            found.setdefault(edge, []).append(str(step.number))
    return {
        edge: ", ".join(each if len(each) < EVERYWHERE else [each[0], "…", each[-1]])
        for edge, each in found.items()
    }


def _places(layers: Sequence[Sequence[str]]) -> tuple[dict[str, Place], float, float]:
    """Where the boxes stand, and how large the picture is."""
    rows = [[len(state) * LETTER + PADDING for state in layer] for layer in layers]
    width = max(sum(row) + GAP * (len(row) - 1) for row in rows)
    places: dict[str, Place] = {}
    for depth, (layer, row) in enumerate(zip(layers, rows, strict=True)):
        left = MARGIN + (width - sum(row) - GAP * (len(row) - 1)) / 2
        for state, wide in zip(layer, row, strict=True):
            places[state] = (left + wide / 2, MARGIN / 2 + depth * (HIGH + BETWEEN), wide)
            left += wide + GAP
    high = MARGIN + len(layers) * HIGH + (len(layers) - 1) * BETWEEN
    return places, width + 2 * MARGIN, high


def _curve(places: dict[str, Place], edge: Edge) -> tuple[str, float, float]:
    """The line of a move, and the middle of it: down from bottom to top, else around the side."""
    (x1, y1, wide1), (x2, y2, wide2) = places[edge[0]], places[edge[1]]
    if y2 > y1:
        top, foot = y1 + HIGH, y2
        half = (foot - top) / 2
        path = f"M{x1:.0f} {top:.0f}C{x1:.0f} {top + half:.0f} {x2:.0f} {foot - half:.0f} "
        return f"{path}{x2:.0f} {foot:.0f}", (x1 + x2) / 2, (top + foot) / 2
    side = -1 if x2 < x1 else 1
    x1, x2 = x1 + side * wide1 / 2, x2 + side * wide2 / 2
    y1, y2 = y1 + HIGH / 2, y2 + HIGH / 2
    out = max(x1, x2) + GAP if side > 0 else min(x1, x2) - GAP
    path = f"M{x1:.0f} {y1:.0f}C{out:.0f} {y1:.0f} {out:.0f} {y2:.0f} {x2:.0f} {y2:.0f}"
    return path, x1 / 8 + x2 / 8 + out * 3 / 4, (y1 + y2) / 2


def _line(places: dict[str, Place], edge: Edge) -> Markup:
    line = Markup('<path class="rb-flow__line" marker-end="url(#arrow)" d="{}"/>')
    return line.format(_curve(places, edge)[0])


def _walked(places: dict[str, Place], edge: Edge, numbers: str) -> Markup:
    path, x, y = _curve(places, edge)
    wide = len(numbers) * LETTER + 12
    walked = Markup(
        '<path class="rb-flow__line rb-flow__line--walked" marker-end="url(#arrow-walked)" '
        'd="{}"/><rect class="rb-flow__number" x="{:.0f}" y="{:.0f}" width="{:.0f}" height="20" '
        'rx="10"/><text class="rb-flow__count" x="{:.0f}" y="{:.0f}">{}</text>'
    )
    return walked.format(path, x - wide / 2, y - 10, wide, x, y + 5, numbers)


def _box(state: str, place: Place, visited: bool, here: bool) -> Markup:
    x, y, wide = place
    kind = " rb-flow__box--visited" if visited else ""
    box = Markup(
        '<rect class="rb-flow__box{}" x="{:.0f}" y="{:.0f}" width="{:.0f}" height="{}" rx="6"/>'
    ).format(kind, x - wide / 2, y, wide, HIGH)
    if here:  # where it is now, or ended: a frame around the frame
        box += Markup(
            '<rect class="rb-flow__here" x="{:.0f}" y="{:.0f}" width="{:.0f}" height="{}" rx="9"/>'
        ).format(x - wide / 2 - 5, y - 5, wide + 10, HIGH + 10)
    name = f"{'✓ ' if visited else ''}{state.replace('_', ' ')}"
    text = Markup('<text class="rb-flow__name" x="{:.0f}" y="{:.0f}">{}</text>')
    return box + text.format(x, y + 22, name)
