"""What both stores agree on: how documents are written, and what a change may hold."""

import json
import re
from collections.abc import Iterator
from math import isfinite

from bot.store import Change, Json, Line, Record

FORGET_DELETED_AFTER = 86_400  # seconds; until then a deleted record's version still counts
WAKES = 16  # workers that one burst of commits can wake; a list that nobody pops stays this short

_LOG_ID = re.compile(r"\d{1,18}-\d{1,18}", re.ASCII)

# ASCII, so that any text in a document goes there and back, half an emoji included (a sender may
# cut one). No NaN: it is not JSON.
_encode = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode


def record_text(version: int, data: Json | None) -> str:
    """A record as it is stored. A deleted one keeps its version, so that it cannot come back."""
    return f"{version}:" if data is None else f"{version}:{_encode(data)}"


def read_record(key: str, text: str | None) -> Record:
    """Undo `record_text`; None is a record that never was."""
    if text is None:
        return Record(key, 0, None)
    version, _, document = text.partition(":")
    return Record(key, int(version), json.loads(document) if document else None)


def version_of(text: str | None) -> int:
    """The version alone of what `record_text` wrote; 0 of a record that never was."""
    return 0 if text is None else int(text[: text.index(":")])


def line_text(line: Line) -> str:
    """A queue's line as it is stored beside its id."""
    return _encode({"kind": line.kind, "due": line.due, "data": line.data})


def read_line(queue: str, line_id: str, text: str, due: float | None = None) -> Line:
    """Undo `line_text`; `due` tells when it is due by now."""
    stored = json.loads(text)
    when = stored["due"] if due is None else due
    return Line(queue, line_id, stored["kind"], when, stored["data"])


def kept_seconds(change: Change, key: str) -> int:
    """After how long a written record may be forgotten; 0 is never."""
    return change.keep.get(key, FORGET_DELETED_AFTER if change.writes[key] is None else 0)


def check(change: Change) -> None:
    """Raise `ValueError` for a change that Redis would refuse halfway: a script rolls back nothing.

    Such a change is a fault in the code that built it.
    """
    for key in change.writes.keys() - change.reads.keys():
        raise ValueError(f"{key} is written and was not read")
    for key, seconds in change.keep.items():
        if key not in change.writes or seconds < 1:
            raise ValueError(f"{key}: keep needs a written record and at least a second")
    if not all(change.log) or not all(
        isinstance(text, str) for line in change.log for item in line.items() for text in item
    ):
        raise ValueError("a log line is a non-empty dict of texts")
    if change.trim_log and not _LOG_ID.fullmatch(change.trim_log):
        raise ValueError(f"{change.trim_log!r} is no id of a log line")
    "".join(_bare_texts(change)).encode()  # half an emoji here is a UnicodeEncodeError
    scores = [line.due for line in change.lines] + [
        score for _, _, score in change.index if score is not None
    ]
    if not all(map(isfinite, scores)):
        raise ValueError("a score is a finite number")


def _bare_texts(change: Change) -> Iterator[str]:
    """What is stored as it is, outside of JSON: names, which are ours, and the masked log."""
    yield from change.reads
    for entry in change.log:
        yield from entry
        yield from entry.values()
    for line in change.lines:
        yield from (line.queue, line.id)
    for pair in change.drop:
        yield from pair
    for name, member, _ in change.index:
        yield from (name, member)
