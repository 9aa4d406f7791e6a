"""Lines of the flow log as a CSV file that a spreadsheet opens, and runs nothing of."""

import csv
import re
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
# What begins a formula, in full width too; behind a `;` as well, where spreadsheets of other
# countries begin a cell; and behind what nobody sees.
_FORMULA = re.compile(r"(^|;)(?=[\s\ufeff\u200b]*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n])")


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
    return _FORMULA.sub(r"\1'", text)


def _row(values: list[str]) -> str:
    written = StringIO()
    csv.writer(written).writerow(values)
    return written.getvalue()
