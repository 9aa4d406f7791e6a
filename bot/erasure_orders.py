"""The order to erase one person, and its being carried out again after a restore.

It is written down before anything goes, by keyed hashes and never by a number: in a file that
outlives both stores (`bot.erasures_file`), in the records, and in the flow log.
"""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from bot import erasures_file
from bot.erasing import Erasing, tell
from bot.keys import Keyring
from bot.person import numbers_of
from bot.records.erasures import Erasure, SqlErasures
from bot.records.person import Whose
from bot.records.person_erasing import Found
from bot.retention_rules import Retention
from bot.runtime import Runtime
from bot.settings import Settings

FILE = "erasures.jsonl"


def erase_person(
    runtime: Runtime, whose: Whose, *, number: str | None, by: str, reason: str
) -> Found:
    """Erase what may go of this person; what went, and what is kept by which rule.

    `by` is the staff number of who orders it, `reason` words for the flow log. Raises `StoreDown`;
    `BadErasures` where it cannot be written down: then nothing went.
    """
    erasing, now = Erasing.of(runtime), runtime.clock.now()
    erasure = draft(runtime, whose, number=number, by=by, reason=reason)
    planned = erasing.look(erasure, now)
    erasure = replace(erasure, kept=dict(planned.kept))
    erasures_file.append(file_of(runtime.settings, erasing.rule), runtime.keyring, erasure)
    runtime.records.erasures.add(erasure, now)
    desk = runtime.house.policy.default_desk
    tell(runtime.store, desk, "person_erased", erasure, planned, now)
    return erasing.carry_out(erasure, now, live=True)


def draft(runtime: Runtime, whose: Whose, *, number: str | None, by: str, reason: str) -> Erasure:
    """The erasure as it would be ordered now; nothing is written down."""
    now, keyring = runtime.clock.now(), runtime.keyring
    numbers = {number} if number else numbers_of(runtime, whose)
    hashes = {keyring.named_by(key).number_hash(each) for key in keyring.live for each in numbers}
    handles = tuple(sorted(whose.handles))
    known = (*sorted(whose.hashes), *sorted(hashes - set(whose.hashes)))
    id = keyring.mac("erasure id", repr(now), *handles, *known)[:16]
    return Erasure(id=id, at=now, handles=handles, hashes=known, by=by, reason=reason, since=now)


def file_of(settings: Settings, rule: Retention) -> Path:
    """Where erasures are written down beside the stores."""
    return Path(rule.erasures_file) if rule.erasures_file else settings.data_dir / FILE


def known_orders(path: Path, keyring: Keyring, present: SqlErasures) -> list[Erasure]:
    """All that were ever given: those in the file, and those that only stand in these records.

    The latter are added to the file: the records are about to be replaced. Raises `BadErasures`.
    """
    written = erasures_file.read(path, keyring)
    ids = {each.id for each in written}
    missing = [each for each in present.all() if each.id not in ids]
    for each in missing:
        erasures_file.append(path, keyring, each)
    return written + missing


def replay(
    erasing: Erasing, orders: Iterable[Erasure], backup_at: float, now: float, desk: str
) -> int:
    """After a restore: carry out again those that the backup does not know; how many.

    Told in this desk's log, since the lines that told of them are lost.
    """
    records, count = erasing.records, 0
    records.erasures.begin_again(now)
    for each in orders:
        order = replace(each, since=now, went={})
        if not records.erasures.add(order, now):
            continue
        found = erasing.carry_out(order, now, live=order.at >= backup_at)
        tell(erasing.store, desk, "person_erased_again", order, found, now)
        count += 1
    return count
