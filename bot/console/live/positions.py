"""Where a watcher stands: of every desk the id of the last flow-log line that it has.

It is the id of the stream's messages, so that a browser that reconnects says from where it goes on.
"""

import re
from collections.abc import Iterable, Mapping

Positions = Mapping[str, str]

BEGINNING = "0"
_ID = re.compile(r"[0-9]{1,20}(-[0-9]{1,20})?")


def written(positions: Positions) -> str:
    """As text: `main:1789466400000-0,north:0`."""
    return ",".join(f"{desk}:{id}" for desk, id in sorted(positions.items()))


def read(text: str, desks: Iterable[str]) -> Positions | None:
    """The positions that `written` wrote; None if they are not of these desks, or none at all."""
    found = dict(each.partition(":")[::2] for each in text.split(","))
    valid = all(_ID.fullmatch(id) for id in found.values())
    return found if valid and found.keys() == set(desks) else None


def place(id: str) -> tuple[int, int]:
    """What an id is compared by."""
    number, _, part = id.partition("-")
    return int(number), int(part or 0)


def reached(here: Positions, there: Positions) -> bool:
    """Whether `here` is nowhere before `there`. A log that is empty has nothing to wait for."""
    return all(here[d] == BEGINNING or place(here[d]) >= place(there[d]) for d in there)
