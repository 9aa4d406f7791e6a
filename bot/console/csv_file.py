"""Lines of the flow log as a CSV file that a spreadsheet opens, and runs nothing of."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import datetime
from io import StringIO
from zoneinfo import ZoneInfo

from bot.discreet import discreet
from bot.flow_log import FlowLogLine
from bot.records.flow_log_search import Found

# The keyed hash of a number tells nothing to people, and is what a stranger would compare.
COLUMNS = [each.name for each in fields(FlowLogLine) if each.name not in ("at", "number_hash")]
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def rows(found: Iterable[Found], zone: ZoneInfo) -> Iterator[str]:
    """The heading and each line, as text with its line end."""
    yield _row(["number in the archive", "time", *COLUMNS])
    for each in found:
        at = datetime.fromtimestamp(each.line.at, zone).isoformat(timespec="milliseconds")
        line = discreet(each.line)
        values = [str(getattr(line, name)) for name in COLUMNS]
        yield _row([str(each.number), at, *map(harmless, values)])


def harmless(text: str) -> str:
    """The text, so that a spreadsheet takes it for text: `'=1+1` (OWASP, CSV injection)."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _row(values: list[str]) -> str:
    written = StringIO()
    csv.writer(written).writerow(values)
    return written.getvalue()
