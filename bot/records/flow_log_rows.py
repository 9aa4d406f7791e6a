"""A line of the flow log as it stands in Redis, in the chain, and in a row of its table.

In the chain and in Redis a line is a mapping of texts, without its desk. What this version knows
has a column each; what a newer one wrote stands in `more`, and nothing is lost.
"""

import json
from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any

from bot.chain import Block, Line
from bot.flow_log import FlowLogLine

Fields = Mapping[str, str]

_COLUMNS = {"number": "number_masked"}  # `number` counts the lines
KNOWN = tuple(name for name in FlowLogLine.__slots__ if name not in ("desk", "at"))


def clean(fields: Fields, now: float) -> dict[str, str]:
    """The fields as they can be kept: without the desk, and with a time.

    Lines of ours have one, to the millisecond; whatever else was written there stops nothing.
    """
    kept = {name: text.replace("\x00", "\ufffd") for name, text in fields.items() if text}
    kept.pop("desk", None)
    at = _time(kept.get("at", ""))
    if at is None and "at" in kept:
        kept["at_as_written"] = kept["at"]
    kept["at"] = f"{now if at is None else at:.3f}"
    return kept


def row_of(line: Line) -> dict[str, Any]:
    """What is inserted for a line."""
    fields = line.fields
    row: dict[str, Any] = {_COLUMNS.get(name, name): fields.get(name) for name in KNOWN}
    more = {name: text for name, text in fields.items() if name not in (*KNOWN, "at")}
    return row | {
        "desk": line.desk,
        "number": line.number,
        "id": line.id,
        "at": float(fields["at"]),
        "more": _json(more),
        "salts": _json(line.salts),
        "erased": _json(line.erased),
    }


def line_of(row: Any) -> Line:
    """The line of a row, as it was sealed."""
    told = row._mapping
    fields = {name: told[_COLUMNS.get(name, name)] for name in KNOWN}
    fields |= {"at": f"{row.at:.3f}", **_mapping(row.more)}
    return Line(
        desk=row.desk,
        number=row.number,
        id=row.id,
        fields={name: text for name, text in fields.items() if text is not None},
        salts=_mapping(row.salts),
        erased=_mapping(row.erased),
    )


def said_rows(line: Line) -> Iterator[dict[str, Any]]:
    """A row for each wording that the line says, so that it is found by it."""
    seen = dict(word.partition("@")[::2] for word in line.fields.get("said", "").split())
    for prompt, hash in seen.items():
        yield {
            "prompt": prompt,
            "at": float(line.fields["at"]),
            "desk": line.desk,
            "number": line.number,
            "hash": hash,
        }


def block_row(block: Block) -> dict[str, Any]:
    """What is inserted for a block; it is published later."""
    return {
        "desk": block.desk,
        "number": block.number,
        "first": block.first,
        "last": block.last,
        "at": block.at,
        "previous": block.previous,
        "leaves": " ".join(block.leaves),
        "root": block.root,
        "head": block.head,
        "signature": block.signature or None,
        "key_id": block.key_id or None,
    }


def block_of(row: Any) -> Block:
    """The block of a row."""
    return Block(
        desk=row.desk,
        number=row.number,
        first=row.first,
        last=row.last,
        at=row.at,
        previous=row.previous,
        leaves=tuple(row.leaves.split()),
        root=row.root,
        head=row.head,
        signature=row.signature or "",
        key_id=row.key_id or "",
    )


def _time(text: str) -> float | None:
    try:
        at = float(text)
    except ValueError:
        return None
    return at if isfinite(at) and abs(at) < 1e11 else None


def _json(texts: Mapping[str, str]) -> str | None:
    return json.dumps(dict(texts), separators=(",", ":")) if texts else None


def _mapping(text: str | None) -> dict[str, str]:
    return dict(json.loads(text)) if text else {}
