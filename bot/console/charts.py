"""Pictures of figures: bars and columns as SVG, made here, with no script and no style in it.

A picture is a list of values; the table beside it says the same, so it is one image with a title
to those who hear it. `part` is what of the value is drawn dark.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDTH = 320  # of the drawing, in its own units: a phone shows them about as large as they are
ROW, BAR = 44, 14  # of a bar with its label above it
COLUMNS_HIGH, FOOT, HEAD = 130, 20, 18
MOST_LABELS = 8


@dataclass(frozen=True, slots=True)
class Value:
    """One bar: its label, how much it is, and what of that is drawn dark (None: all)."""

    label: str
    whole: int
    part: int | None = None

    @property
    def dark(self) -> int:
        """How much is drawn dark."""
        return self.whole if self.part is None else self.part

    @property
    def told(self) -> str:
        """The numbers, as they stand beside the bar."""
        return str(self.whole) if self.part is None else f"{self.dark} of {self.whole}"


def bars(title: str, values: Sequence[Value]) -> Markup:
    """A bar for each value, from left to right, each with its label and its number."""
    if not any(each.whole for each in values):
        return Markup("")
    most = max(each.whole for each in values)
    drawn = []
    for place, each in enumerate(values):
        top = place * ROW
        drawn.append(
            Markup('<text x="0" y="{}">{}: {}</text>').format(top + 14, each.label, each.told)
        )
        drawn.append(_box("whole", 0.5, top + 18, _share(each.whole, most), BAR))
        drawn.append(_box("part", 0.5, top + 18, _share(each.dark, most), BAR))
    return _picture(title, len(values) * ROW, drawn)


def columns(title: str, values: Sequence[Value]) -> Markup:
    """A column for each value, from the bottom up: hours and days, some with their label."""
    if not any(each.whole for each in values):
        return Markup("")
    most, wide = max(each.whole for each in values), WIDTH / len(values)
    every = -(-len(values) // MOST_LABELS)
    foot = HEAD + COLUMNS_HIGH
    drawn = [Markup('<text x="0" y="12">{}</text>').format(f"at most {most}")]
    for place, each in enumerate(values):
        left = place * wide
        for kind, value in (("whole", each.whole), ("part", each.dark)):
            high = value / most * COLUMNS_HIGH
            drawn.append(_box(kind, left + wide * 0.1, foot - high, wide * 0.8, high))
        if place % every == 0:
            text = Markup('<text x="{:.1f}" y="{}">{}</text>')
            drawn.append(text.format(left, foot + 16, each.label))
    line = Markup('<path class="rb-chart__foot" d="M0 {0}.5H{1}"/>').format(foot, WIDTH)
    return _picture(title, foot + FOOT, [*drawn, line])


def _share(value: int, most: int) -> float:
    return value / most * (WIDTH - 1)


def _box(kind: str, left: float, top: float, wide: float, high: float) -> Markup:
    if not wide or not high:
        return Markup("")
    box = Markup(
        '<rect class="rb-chart__{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>'
    )
    return box.format(kind, left, top, wide, high)


def _picture(title: str, high: int, drawn: Sequence[Markup]) -> Markup:
    begin = Markup('<svg class="rb-chart" viewBox="0 0 {} {}" role="img" aria-label="{}">')
    return begin.format(WIDTH, high, title) + Markup("").join(drawn) + Markup("</svg>")
