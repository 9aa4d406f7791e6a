"""What a time in a text is for: a call that is wished for, or something that it only mentions.

The nearest word that tells counts, within the clause; before that it is looked for on the left.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from bot.text_reading.clocks import tagged
from bot.text_reading.expression import Said
from bot.text_reading.lexicon import Item
from bot.text_reading.said import clauses


class Use(Enum):
    """What somebody tells a time for."""

    WISH = "to be rung then"
    MENTION = "something that was, or is no matter of ours"
    BUSY = "when they cannot talk, or begin to be able to"
    UNCLEAR = "it cannot be told"


@dataclass(frozen=True, slots=True)
class Judged:
    """An expression of time, and what it is for."""

    said: Said
    use: Use


def judged(items: Sequence[Item], said: Sequence[Said]) -> list[Judged]:
    """What each expression is for."""
    placed = clauses(items, said)
    found = [Judged(each, _use(items, each, left, right)) for each, left, right in placed]
    return _then(items, found)


def _use(items: Sequence[Item], said: Said, left: Sequence[int], right: Sequence[int]) -> Use:
    if said.day and said.day.name == "past":
        return Use.MENTION
    if _has_another_way(items, said):
        return Use.UNCLEAR
    before, after = _nearest(items, left), _nearest(items, right)
    if before is None:
        alone = Use.UNCLEAR if said.until else Use.WISH
        return alone if after is None else _by(after, said)
    if before == "" and _was(items, left):
        return _by("rang", said)
    return _by(before, said)


def _has_another_way(items: Sequence[Item], said: Said) -> bool:
    """Tomorrow or the day after: one of them would be a guess."""
    return tagged(items, said.end, "or", "onwards") or (
        said.first > 0 and "or" in items[said.first - 1]
    )


def _by(cue: str, said: Said) -> Use:
    """What a time is for that stands beside this cue; "" is a word that nobody knows."""
    if cue == "wish":
        return Use.WISH
    if cue == "busy":
        return Use.BUSY
    past = cue == "rang" or (cue == "missed" and said.at is not None)
    return Use.MENTION if past and not _is_to_come(said) else Use.UNCLEAR


def _is_to_come(said: Said) -> bool:
    return said.minutes is not None or bool(
        said.day and said.day.name in ("tomorrow", "day_after_tomorrow", "next_week")
    )


def _nearest(items: Sequence[Item], places: Sequence[int]) -> str | None:
    """The first of these that tells anything; "" for a word that is not known; None: nothing."""
    cues = (items[place].cue for place in places)
    return next((cue for cue in cues if cue != "beside"), None)


def _was(items: Sequence[Item], left: Sequence[int]) -> bool:
    """Whether something that was is told of before a wish is: "I paid by card at 3"."""
    telling = (items[place].cue for place in left)
    return next((cue for cue in telling if cue in ("rang", "wish")), "") == "rang"


def _then(items: Sequence[Item], found: list[Judged]) -> list[Judged]:
    """In "out until 5, ring me then" the end of one is the beginning of the other."""
    if any(each.use in (Use.WISH, Use.UNCLEAR) for each in found):
        return found
    busy = [each.said for each in found if each.use is Use.BUSY]
    if len(busy) != 1:
        return found
    said, rest = busy[0], items[busy[0].end :]
    begins = said.before or said.at
    if begins is None or not all(any(tag in each for each in rest) for tag in _RING_THEN):
        return found
    wish = replace(said, at=None, before=None, after=begins, until=False)
    return [Judged(wish, Use.WISH)]


_RING_THEN = ("cue:wish", "cue:then")
