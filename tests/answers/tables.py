"""The tables of what may be said (`said/*.txt`), and a question of every kind.

A line is one way, or many: `{a|b} c` is "a c" and "b c". A heading `== X` tells what the lines
below must come to: that answer, `asked again` (nothing at all), or `anything but X` (near misses).
"""

import re
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

SAID = Path(__file__).parent / "said"
AGAIN = "asked again"
BUT = "anything but "


@dataclass(frozen=True)
class Asked:
    """A question, as far as its kind needs it."""

    kind: str
    length: int | None = None
    choices: dict[str, tuple[str, ...]] = field(default_factory=dict)


HOW_OFTEN = {
    "1": ("monthly", "every month", "once a month"),
    "2": ("weekly", "every week", "once a week"),
    "3": ("every 4 weeks", "four-weekly"),
    "4": ("once a year", "yearly", "annually", "in one go"),
    "5": ("It varies", "no regular payment"),
}
OF_KIND = {
    "amount": Asked("amount"),
    "choice": Asked("choice", choices=HOW_OFTEN),
    "date": Asked("date"),
    "digits": Asked("digits", length=4),
    "month_year": Asked("month_year"),
    "number": Asked("number", length=5),
    "postcode": Asked("postcode"),
    "postcode_digits": Asked("postcode_digits"),
    "year": Asked("year"),
}


def ways(kind: str) -> list[tuple[str, str]]:
    """Every (heading, words) of the table of this kind."""
    found: list[tuple[str, str]] = []
    heading = ""
    for line in (SAID / f"{kind}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            heading = line.removeprefix("== ")
        elif line and not line.startswith("# "):
            found += [(heading, words) for words in _expanded(line)]
    return found


def _expanded(line: str) -> list[str]:
    parts = [
        part[1:-1].split("|") if part.startswith("{") else [part]
        for part in re.split(r"(\{[^}]*\})", line)
    ]
    return ["".join(each) for each in product(*parts)]
