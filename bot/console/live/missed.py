"""What a watcher missed: from Redis if all of it is there still, else from the archive too."""

from bot.console.live.positions import BEGINNING, Positions, place
from bot.console.live.rows import Entry
from bot.flow_log import FlowLogLine
from bot.runtime import Runtime

MOST = 1000  # lines that a watcher catches up with; who missed more loads the page again


def missed(runtime: Runtime, after: Positions, until: Positions) -> list[Entry] | None:
    """The lines after the one and up to the other, by time; None if nobody can tell, or too many.

    Raises `StoreDown`, of Redis or of the archive.
    """
    found: list[Entry] = []
    for desk, id in after.items():
        of_desk = _of_desk(runtime, desk, id, until[desk])
        if of_desk is None:
            return None
        found += of_desk
    return sorted(found, key=lambda entry: place(entry.id)) if len(found) <= MOST else None


def _of_desk(runtime: Runtime, desk: str, after: str, until: str) -> list[Entry] | None:
    if after == until:
        return []
    kept = [
        Entry(id, FlowLogLine.from_fields(fields))
        for id, fields in runtime.store.log_after(desk, after, MOST + 1)
        if place(id) <= place(until)
    ]
    if after == BEGINNING or _is_kept(runtime, desk, after):
        return kept  # after an empty log: nothing leaves Redis before its time, an hour as shipped
    archived = runtime.records.flow_log_search.after(desk, after, MOST + 1)
    if archived is None or len(archived) > MOST:
        return None
    # Read after Redis was: what had left it by then is archived.
    older = [Entry(found.id.partition("~")[0], found.line) for found in archived]
    if kept:
        older = [entry for entry in older if place(entry.id) < place(kept[0].id)]
    return older + kept


def _is_kept(runtime: Runtime, desk: str, id: str) -> bool:
    """Whether the line with this id is in Redis, and so all that came after it."""
    number, part = place(id)
    before = f"{number}-{part - 1}" if part else f"{max(number - 1, 0)}-{2**64 - 1}"
    found = runtime.store.log_after(desk, before, 1)
    return bool(found) and found[0][0] == id
