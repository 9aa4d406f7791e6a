"""What one conversation was, from its first line to its last: archived, or still in Redis."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.archivist import unarchived
from bot.errors import StoreDown
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
    archive_down: bool = False

    @property
    def callback(self) -> str:
        """The id of the callback that it began, or is an attempt of; "" for none."""
        return next((line.callback for line in self.lines if line.callback), "")

    @property
    def flow(self) -> str:
        """The flow that it went through; "" where no line of it tells."""
        return next((line.flow for line in self.lines if line.flow), "")

    @property
    def case(self) -> str:
        """The case that it was about; "" where none is known."""
        return next((line.case for line in self.lines if line.case), "")


def told(runtime: Runtime, desk: str, conversation: str) -> Told | None:
    """All that is known of it; None: no line tells of it. Raises `StoreDown`, `StorageRefused`.

    While the records do not answer it is what Redis still has: `archive_down` says so.
    """
    waiting = list(_waiting(runtime, desk, conversation))  # first: what is archived meanwhile
    try:
        return _told(runtime, desk, conversation, waiting)
    except StoreDown:
        lines = tuple(_still_in_redis(runtime, desk, conversation))
        return Told(lines=lines, attempts=(), earlier=(), archive_down=True) if lines else None


def _told(
    runtime: Runtime, desk: str, conversation: str, waiting: Sequence[tuple[str, FlowLogLine]]
) -> Told | None:
    search = runtime.records.flow_log_search
    archived = search.conversation(desk, conversation)
    there = {(found.id, found.line) for found in archived}
    lines = (
        *(found.line for found in archived),
        *(line for id, line in waiting if (id, line) not in there),
    )
    if not lines:
        return None
    known = Told(lines=lines, attempts=(), earlier=())
    earlier = search.conversations_of(known.case, before=lines[0].at) if known.case else []
    return replace(
        known,
        attempts=tuple(_attempts(runtime, known.callback, conversation)),
        earlier=tuple(one for one in earlier if one[1] != conversation)[:MOST_EARLIER],
    )


def _waiting(runtime: Runtime, desk: str, conversation: str) -> Iterator[tuple[str, FlowLogLine]]:
    """Its lines that are not archived yet."""
    for id, fields in unarchived(runtime.store, desk, MOST_UNARCHIVED):
        if fields.get("conversation") == conversation:
            yield id, FlowLogLine.from_fields(fields)


def _still_in_redis(runtime: Runtime, desk: str, conversation: str) -> Iterator[FlowLogLine]:
    """Its lines that have not left Redis, archived ones too."""
    for _, fields in runtime.store.log_after(desk, "0", MOST_UNARCHIVED):
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
