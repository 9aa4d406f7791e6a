"""A change as `commit.lua` wants it: the keys it touches, and the flat list of its parts."""

from bot.storage import keys
from bot.storage.documents import WAKES, kept_seconds, line_text, record_text
from bot.store import Change

WAKE_KEPT_SECONDS = 60

Argument = str | int


def pack(partition: str, change: Change) -> tuple[list[str], list[Argument]]:
    """KEYS and ARGV of one commit; `commit.lua` tells their order."""
    arguments: list[Argument] = [
        *(len(change.reads), len(change.writes), len(change.log)),
        *(len(change.drop), len(change.lines), len(change.index)),
        _first_to_stay(change),
    ]
    names = [keys.record(partition, key) for key in read_order(change)]
    _pack_records(change, arguments)
    if change.log or change.trim_log:
        names.append(keys.log(partition))
        _pack_log(change, arguments)
    if change.drop or change.lines:
        _pack_lines(partition, change, names, arguments)
    if change.index:
        _pack_index(partition, change, names, arguments)
    if change.lines:
        names.append(keys.wake(partition))
        arguments += [WAKES, WAKE_KEPT_SECONDS * 1000]
    return names, arguments


def read_order(change: Change) -> list[str]:
    """The records read, the written ones first: then no position has to be passed for a write."""
    return [*change.writes, *(key for key in change.reads if key not in change.writes)]


def _pack_records(change: Change, arguments: list[Argument]) -> None:
    for key in read_order(change):
        version = change.reads[key]
        arguments.append(f"{version}:" if version else "")
    for key, data in change.writes.items():
        arguments.append(record_text(change.reads[key] + 1, data))
        arguments.append(kept_seconds(change, key) * 1000)


def _pack_log(change: Change, arguments: list[Argument]) -> None:
    for line in change.log:
        arguments.append(2 * len(line))
        for field, text in line.items():
            arguments += (field, text)


def _first_to_stay(change: Change) -> str:
    number, _, part = change.trim_log.partition("-")
    return f"{number}-{int(part) + 1}" if change.trim_log else ""


def _pack_lines(
    partition: str, change: Change, names: list[str], arguments: list[Argument]
) -> None:
    where: dict[str, int] = {}
    for queue in (*(queue for queue, _ in change.drop), *(line.queue for line in change.lines)):
        if queue not in where:
            where[queue] = len(names) + 1
            names += (named(partition, queue) for named in (keys.queue, keys.lines, keys.claims))
    for queue, line_id in change.drop:
        arguments += (where[queue], line_id)
    for line in change.lines:
        arguments += (where[line.queue], line.id, repr(float(line.due)), line_text(line))


def _pack_index(
    partition: str, change: Change, names: list[str], arguments: list[Argument]
) -> None:
    where: dict[str, int] = {}
    for name, member, score in change.index:
        if name not in where:
            names.append(keys.index(partition, name))
            where[name] = len(names)
        arguments += (where[name], member, "" if score is None else repr(float(score)))
