"""The chain as JSON lines, for who verifies it elsewhere: an export, and published heads.

The form is that of docs/records.md; a program of one file reads it (docs/verify_records.py).
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, replace
from typing import Any

from bot.chain import Block, Line, head_of, moment
from bot.chain_check import LinesOf
from bot.errors import RingbackError
from bot.signing import PublicKeys

FORMAT = "ringback/records/1"
_NO_LIKENESS = ""  # the head of a block that was published in two ways: none is like it


class BadHeads(RingbackError):
    """A file of published heads that proves nothing: a line is not signed by who is trusted."""


def export_of(
    desks: Iterable[str],
    blocks_of: Callable[[str], Iterable[Block]],
    lines_of: Callable[[str], LinesOf],
) -> Iterator[str]:
    """An export, a line at a time: desk by desk each block, and after it the lines in it."""
    yield _json({"type": "export", "format": FORMAT})
    for desk in desks:
        yield _json({"type": "desk", "desk": desk})
        kept = lines_of(desk)
        for block in blocks_of(desk):
            yield _json({"type": "block", **_block(block), "leaves": block.leaves})
            yield from map(_line, kept(block))
        yield from map(_line, kept(None))
    yield _json({"type": "end"})


def published_text(block: Block) -> str:
    """A head as it is published: the block without the hashes of its lines."""
    return _json({"type": "head", **_block(block)})


def read_heads(lines: Iterable[str], keys: PublicKeys) -> dict[str, dict[int, Block]]:
    """What was published, by desk and number; a head may have been published more than once.

    Raises `BadHeads` for the first line that nobody signed who is trusted.
    """
    heads: dict[str, dict[int, Block]] = {}
    for place, text in enumerate(lines, start=1):
        told = _published_block(text)
        if told is None or told.head != head_of(told) or not keys.signed(told):
            reason = "is not a head signed with a key that is trusted"
            raise BadHeads(f"published heads: line {place} {reason}")
        known = heads.setdefault(told.desk, {}).setdefault(told.number, told)
        if known.head != told.head:
            heads[told.desk][told.number] = replace(known, head=_NO_LIKENESS)
    return heads


def _published_block(text: str) -> Block | None:
    try:
        told = json.loads(text)
        del told["type"]
        block = Block(**told | {"at": float(told["at"]), "leaves": ()})
    except (ValueError, TypeError, KeyError):
        return None
    counts = (block.number, block.first, block.last)  # "1" would hash as 1 does
    whole = all(type(count) is int for count in counts)
    return block if whole and text.strip() == published_text(block) else None


def _block(block: Block) -> dict[str, Any]:
    told = asdict(replace(block, leaves=())) | {"at": moment(block.at)}
    del told["leaves"]
    return told


def _line(line: Line) -> str:
    told = {"desk": line.desk, "number": line.number, "id": line.id}
    kept = {"fields": dict(line.fields), "salts": dict(line.salts), "erased": dict(line.erased)}
    return _json({"type": "line", **told, **kept})


def _json(told: dict[str, Any]) -> str:
    return json.dumps(told, separators=(",", ":"))
