"""Other telephone numbers in a text: leads, which nobody rings (DMBM512150)."""

import re

from bot.text_reading.reading import Span

# +44, 0044 or 0, then as many digits as a number at home has; each followed by at most two marks.
_NUMBER = re.compile(
    r"(?<![\w+]) (?: (?:\+|00)44 [\ ().-]{0,3} (?: 0\)? [\ .-]{0,2} )? | 0 )"
    r"(?: \d [\ ().-]{0,2} ){9,10} (?!\w)",
    re.VERBOSE,
)


def leads_in(text: str) -> tuple[Span, ...]:
    """Where telephone numbers stand."""
    return tuple(_trimmed(found) for found in _NUMBER.finditer(text))


def _trimmed(found: re.Match[str]) -> Span:
    start, end = found.span()
    return start, start + len(found.group().rstrip(" ().-")) if end > start else end
