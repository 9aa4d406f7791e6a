"""What an officer has to do today, as it is kept in their call and as it is said.

Cases by their handle and a time: nothing about a person (design section 1, invariant 8).
"""

import json
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

TOKEN = "caseload"  # noqa: S105 - the name of a conversation's token
FIELDS = frozenset({"visits", "open_callbacks", "missed_calls"})
MOST_VISITS = 12  # that are read out

Visit = tuple[float, str]  # when (seconds since 1970), and the handle of the case


def kept(visits: list[Visit], open_callbacks: int, missed_calls: int) -> str:
    """The caseload, for a token."""
    return json.dumps([visits, open_callbacks, missed_calls])


def said(token: str, zone: str) -> Mapping[str, str]:
    """What stands for the fields of a prompt, by the wall clock of this zone."""
    visits, open_callbacks, missed_calls = json.loads(token)
    return {
        "visits": _visits(visits, ZoneInfo(zone)),
        "open_callbacks": str(open_callbacks),
        "missed_calls": str(missed_calls),
    }


def _visits(visits: list[Visit], zone: ZoneInfo) -> str:
    if not visits:
        return "none"
    read = "; ".join(_visit(*visit, zone) for visit in visits[:MOST_VISITS])
    more = len(visits) - MOST_VISITS
    return f"{read}; and {more} more" if more > 0 else read


def _visit(at: float, handle: str, zone: ZoneInfo) -> str:
    return f"{datetime.fromtimestamp(at, zone):%H:%M}, case {handle_said(handle)}"


def handle_said(handle: str) -> str:
    """`1 0 0, 0 0 0, 0 1 7`: as it is read from a letter."""
    return ", ".join(" ".join(handle[at : at + 3]) for at in range(0, len(handle), 3))
