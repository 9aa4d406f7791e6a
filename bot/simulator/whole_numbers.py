"""Whole numbers as other people write them."""

import re

_PLAIN = re.compile("[0-9]{1,9}")


def whole(word: str, least: int = 0, most: int = 10**9 - 1) -> int | None:
    """The number in that range; None if it is none, or so long that it can mean nothing (Python
    itself reads no more than 4,300 digits)."""
    if not _PLAIN.fullmatch(word):
        return None
    return int(word) if least <= int(word) <= most else None
