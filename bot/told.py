"""What one conversation was, from its first line to its last: archived, or still in Redis."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.archivist import unarchived
from bot.flow_log import FlowLogLine
from bot.records.flow_log_search import LONGEST_PAGE, Wanted
from bot.runtime import Runtime

MOST_UNARCHIVED = 20_000  # lines that are looked through: the archive may be far behind
MOST_EARLIER = 20
FOREVER_DAYS = 36_500


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The lines in order, and the conversations beside it: (desk, conversation, when)."""

    lines: tuple[FlowLogLine, ...]
    attempts: tuple[tuple[str, str, float], ...]
    earlier: tuple[tuple[str, str, float], ...]

    @property
    def callback(self) -> str:
        """The id of the callback that it began, or is an attempt of; "" for none."""
        return next((line.callback for line in self.lines if line.callback), "")

    @property
    def case(self) -> str:
        """The case that it was about; "" where none is known."""
        return next((line.case for line in self.lines if line.case), "")


def told(runtime: Runtime, desk: str, conversation: str) -> Told | None:
    """All that is known of it; None: no line tells of it. Raises `StoreDown`, `StorageRefused`."""
    search = runtime.records.flow_log_search
    archived = [found.line for found in search.conversation(desk, conversation)]
    lines = tuple(archived + list(_waiting(runtime, desk, conversation)))
    if not lines:
        return None
    known = Told(lines=lines, attempts=(), earlier=())
    before = lines[0].at
    earlier = search.conversations_of(known.case, before=before) if known.case else []
    return Told(
        lines=lines,
        attempts=tuple(_attempts(runtime, known.callback, conversation)),
        earlier=tuple(one for one in earlier if one[1] != conversation)[:MOST_EARLIER],
    )


def _waiting(runtime: Runtime, desk: str, conversation: str) -> Iterator[FlowLogLine]:
    """Its lines that are not archived yet."""
    for _, fields in unarchived(runtime.store, desk, MOST_UNARCHIVED):
        if fields.get("conversation") == conversation:
            yield FlowLogLine.from_fields(fields)


def _attempts(
    runtime: Runtime, callback: str, conversation: str
) -> Iterator[tuple[str, str, float]]:
    """The other conversations of the same callback: the text that began it, and its attempts."""
    if not callback:
        return
    page = runtime.records.flow_log_search.search(
        Wanted(attempt=callback), longest_days=FOREVER_DAYS, limit=LONGEST_PAGE
    )
    first: dict[tuple[str, str], float] = {}
    for found in reversed(page.found):
        first.setdefault((found.line.desk, found.line.conversation), found.line.at)
    for (desk, other), at in first.items():
        if other != conversation:
            yield desk, other, at
