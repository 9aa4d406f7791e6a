"""What is different between two texts: words taken out, words put in; a field is one word."""

import difflib
import re
from collections.abc import Iterator
from enum import StrEnum

_WORD = re.compile(r"\s+|\{\w+\}|\w+|[^\w\s]")


class Mark(StrEnum):
    """What became of some words."""

    SAME = "same"
    TAKEN = "taken"
    PUT = "put"


Piece = tuple[Mark, str]


def differences(before: str, after: str) -> list[Piece]:
    """Word by word; of many lines only those that differ, each group of them on its own line."""
    old, new = before.splitlines(), after.splitlines()
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    groups = [
        list(_word_by_word("\n".join(old[from_old:to_old]), "\n".join(new[from_new:to_new])))
        for same, from_old, to_old, from_new, to_new in matcher.get_opcodes()
        if same != "equal"
    ]
    told: list[Piece] = []
    for group in groups:
        told += [(Mark.SAME, "\n")] if told else []
        told += group
    return told


def _word_by_word(before: str, after: str) -> Iterator[Piece]:
    old, new = _WORD.findall(before), _WORD.findall(after)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for same, from_old, to_old, from_new, to_new in matcher.get_opcodes():
        taken, put = "".join(old[from_old:to_old]), "".join(new[from_new:to_new])
        if same == "equal":
            yield Mark.SAME, put
            continue
        if taken:
            yield Mark.TAKEN, taken
        if put:
            yield Mark.PUT, put
