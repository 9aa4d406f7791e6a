"""Verifies a chain, block by block: who can tell that nothing was changed, and what was first.

What can be trusted comes first: a block's head by its signature (and by what was published of it),
by its head its root, by its root the hashes of its lines, and by these its lines. So a line that
was tampered with is named, as long as its block was not.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from bot.chain import NO_HEAD, Block, Line, head_of, root_of


class Fault(StrEnum):
    """What was done to the archive."""

    CHANGED = "changed"  # a line
    REMOVED = "removed"
    INSERTED = "inserted"
    REORDERED = "reordered"
    BLOCK_CHANGED = "block changed"  # with one or more of its lines: which, cannot be told
    BLOCK_REMOVED = "block removed"
    FOREIGN_KEY = "foreign key"  # signed by nobody who is trusted
    NOT_AS_PUBLISHED = "not as published"
    CUT_OFF = "cut off"  # what was published is not there any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """The first thing that is wrong at a desk: in this block, at this line or at the first of some.

    `line` is the first that may be touched, `last` the last one that it may be instead.
    """

    fault: Fault
    desk: str
    block: int
    line: int
    last: int


Published = Mapping[int, Block]  # by number; without leaves, which are not published
Signed = Callable[[Block], bool]  # whether somebody who is trusted signed it
LinesOf = Callable[[Block | None], Iterable[Line]]


def verify(
    desk: str,
    blocks: Iterable[Block],
    lines_of: LinesOf,
    signed: Signed,
    published: Published,
) -> Iterator[Block | Breach]:
    """Every block that is sound, in order; then the first breach of this desk, if there is one.

    `lines_of` is asked for the lines that stand in a block, in order of their numbers: those after
    the block before it, up to its last; and of None, for those after the last block. No more than
    one block is in memory. `published` are heads that nobody of ours can take back.
    """
    before: Block | None = None
    for block in blocks:
        breach = _of_block(desk, before, block, signed, published) or _of_lines(block, lines_of)
        yield breach or block
        if breach:
            return
        before = block
    if breach := _of_the_end(desk, before, lines_of, published):
        yield breach


def _of_block(
    desk: str,
    before: Block | None,
    block: Block,
    signed: Signed,
    published: Published,
) -> Breach | None:
    """What is wrong with a block, whatever its lines are."""
    number, first, previous = _next(before)
    last = max(first, first + len(block.leaves) - 1)
    if block.number > number:
        last = max(first, block.first - 1)
        return Breach(fault=Fault.BLOCK_REMOVED, desk=desk, block=number, line=first, last=last)
    stands = (block.desk, block.number, block.first, block.last, block.previous)
    fault: Fault | None = None
    if stands != (desk, number, first, last, previous) or not _hashes(block):
        fault = Fault.BLOCK_CHANGED
    elif not signed(block):
        fault = Fault.FOREIGN_KEY
    elif number in published and published[number].head != block.head:
        fault = Fault.NOT_AS_PUBLISHED
    if fault is None:
        return None
    return Breach(fault=fault, desk=desk, block=number, line=first, last=last)


def _next(before: Block | None) -> tuple[int, int, str]:
    """The number, the first line and the `previous` of the block after this one."""
    return (1, 1, NO_HEAD) if before is None else (before.number + 1, before.last + 1, before.head)


def _hashes(block: Block) -> bool:
    """Whether a block's root is that of its leaves, and its head that of the block."""
    return bool(
        block.leaves and block.root == root_of(block.leaves) and block.head == head_of(block)
    )


def _of_lines(block: Block, lines_of: LinesOf) -> Breach | None:
    """The first line that is not as it was when the block was sealed."""
    kept = list(islice(lines_of(block), len(block.leaves) + 1))
    for place, leaf in enumerate(block.leaves):
        number, line = block.first + place, kept[place] if place < len(kept) else None
        if line is None or line.number != number or line.leaf() != leaf:
            return _at_line(_what_was_done(block, place, kept[place:]), block, number)
    return _in_no_block(block) if len(kept) > len(block.leaves) else None


def _what_was_done(block: Block, place: int, rest: Sequence[Line]) -> Fault:
    """Which change puts `rest` where the lines from this place on should be.

    Numbers may have been written anew to hide it, so a line is known by its leaf as another number.
    At the last place of a block, with numbers written anew, each looks like a change.
    """
    if not rest:
        return Fault.REMOVED
    number, leaf = block.first + place, block.leaves[place]
    sealed = enumerate(block.leaves, start=block.first)
    was = next((other for other, known in sealed if rest[0].leaf(other) == known), None)
    comes_later = any(line.leaf(number) == leaf for line in rest[1:])
    if was is None:
        return Fault.INSERTED if comes_later else Fault.CHANGED
    if was == number:
        return Fault.CHANGED  # its number alone
    if was < number:
        return Fault.INSERTED  # once more
    return Fault.REORDERED if comes_later else Fault.REMOVED


def _of_the_end(
    desk: str, before: Block | None, lines_of: LinesOf, published: Published
) -> Breach | None:
    """What is wrong after the last block: it is not the last that was published, or not the end."""
    number, first, _ = _next(before)
    lost = [head.last for ahead, head in published.items() if ahead >= number]
    if lost:
        last = max(lost)
        return Breach(fault=Fault.CUT_OFF, desk=desk, block=number, line=first, last=last)
    if any(True for _ in lines_of(None)):
        return Breach(fault=Fault.INSERTED, desk=desk, block=number, line=first, last=first)
    return None


def _in_no_block(block: Block) -> Breach:
    """A line after the last one of a block, and before the next block."""
    line = block.last + 1
    return Breach(
        fault=Fault.INSERTED, desk=block.desk, block=block.number + 1, line=line, last=line
    )


def _at_line(fault: Fault, block: Block, number: int) -> Breach:
    return Breach(fault=fault, desk=block.desk, block=block.number, line=number, last=number)
