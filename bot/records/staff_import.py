"""The import of a file of staff: whole or not at all, with every reason why.

What stands in the file is made so. Who is missing from it stays, unless the file is said to be
complete. A session goes on through a change of name, handset or leave; roles and desk end it.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select, update

from bot.errors import BadImport
from bot.keys import Keyring
from bot.records.database import asking
from bot.records.naming import hold, settled
from bot.records.sheets import Openable, Row, Sheet
from bot.records.staff import handsets_of, have_left, name_of
from bot.records.staff_sheet import STAFF_OPTIONAL, staff_readers
from bot.records.staff_tables import staff, staff_handsets
from bot.records.tables import sealed_in
from bot.staff import keyed

_Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class StaffChanges:
    """What an import makes different, by staff number; of those changed, in which columns."""

    joined: tuple[str, ...]
    changed: Mapping[str, tuple[str, ...]]
    leave: tuple[str, ...]
    unchanged: int


def import_staff(
    engine: Engine,
    keyring: Keyring,
    file: Openable,
    *,
    desks: Collection[str],
    now: float,
    complete: bool = False,
    dry_run: bool = False,
    note: Callable[[StaffChanges], None] = lambda changes: None,
) -> StaffChanges:
    """Make the staff list what the file says (columns: `bot.records.staff_sheet`).

    `complete`: whoever is not in the file has left. `dry_run` writes nothing. `note` is called last
    before it is committed, as in `SqlStaff`. Raises `BadImport` with every bad row.
    """
    keyring = settled(engine, keyring, now)
    rows = list(Sheet(file, staff_readers(desks), "number", STAFF_OPTIONAL).rows())
    _refuse([(row.line, reason) for row in rows for reason in row.reasons])
    with asking(engine.execution_options(sqlite_begin="IMMEDIATE")) as connection:
        hold(connection, keyring)
        before = _Before(connection, keyring)
        bad = [(row.line, reason) for row in rows for reason in _reasons(row.values, rows, before)]
        _refuse(bad + _shared_handsets(rows) + _keyed_alike(rows, before))
        changes = _compare(rows, before, complete=complete)
        if not dry_run:
            _write(connection, keyring, rows, before, changes, now)
            note(changes)
    return changes


class _Before:
    """The list as it stands: each person's columns as they would stand in a file."""

    def __init__(self, connection: Connection, keyring: Keyring) -> None:
        rows = list(connection.execute(select(staff)))
        self.left = {row.number for row in rows if row.left_at is not None}
        here = [row for row in rows if row.left_at is None]
        handsets = handsets_of(connection, [row.number for row in here])
        self.people = {
            row.number: {
                "name": name_of(keyring, row),
                "roles": row.roles,
                "desk": row.desk,
                "manager": row.manager,
                "language": row.language,
                "handsets": tuple(
                    keyring.open(each, bound_to=sealed_in("staff", row.number, "handset"))
                    for each in handsets.get(row.number, [])
                ),
                "leave_from": row.leave_from,
                "leave_until": row.leave_until,
            }
            for row in here
        }

    def owner_of(self, handset: str, apart_from: Collection[str]) -> str | None:
        """Who has this handset, of those whom the file does not mention."""
        others = (number for number in self.people if number not in apart_from)
        return next((n for n in others if handset in self.people[n]["handsets"]), None)


def _refuse(bad: list[tuple[int, str]]) -> None:
    if bad:
        raise BadImport(sorted(bad))


def _reasons(values: _Json, rows: list[Row], before: _Before) -> list[str]:
    """What is wrong with a row that only shows beside the others."""
    number, manager = values["number"], values["manager"]
    listed = {row.values["number"] for row in rows}
    found = []
    if number in before.left:
        found.append(f"number: {number} has left; `ringback staff return {number}` first")
    if manager and (manager == number or manager not in listed | before.people.keys()):
        found.append("manager: not the number of somebody else who works here")
    begins, ends = values["leave_from"], values["leave_until"]
    if (begins is None) != (ends is None) or (begins is not None and begins >= ends):
        found.append("leave_until: a leave has a first day, and ends after it")
    for handset in values["handsets"]:
        owner = before.owner_of(handset, listed)
        if owner is not None:
            found.append(f"handsets: one is that of {owner}, who is not in this file")
    return found


def _keyed_alike(rows: list[Row], before: _Before) -> list[tuple[int, str]]:
    """On the telephone a staff number is its digits: two must not be the same."""
    listed = {row.values["number"] for row in rows}
    first_seen = {keyed(number): number for number in before.people if number not in listed}
    found = []
    for row in rows:
        number = row.values["number"]
        other = first_seen.setdefault(keyed(number), number) if keyed(number) else number
        if other != number:
            found.append((row.line, f"number: on the telephone it is keyed as {other} is"))
    return found


def _shared_handsets(rows: list[Row]) -> list[tuple[int, str]]:
    first_seen: dict[str, Row] = {}
    found = []
    for row in rows:
        for handset in row.values["handsets"]:
            first = first_seen.setdefault(handset, row)
            if first is not row:
                whose = f"{first.values['number']} on line {first.line}"
                found.append((row.line, f"handsets: one is that of {whose} too"))
    return found


def _compare(rows: list[Row], before: _Before, *, complete: bool) -> StaffChanges:
    changed: dict[str, tuple[str, ...]] = {}
    unchanged = 0
    for row in rows:
        was = before.people.get(row.values["number"])
        if was is None:
            continue
        now = _columns(row.values)
        differ = tuple(name for name in was if was[name] != now[name])
        changed |= {row.values["number"]: differ} if differ else {}
        unchanged += not differ
    listed = [row.values["number"] for row in rows]
    missing = sorted(before.people.keys() - set(listed))
    return StaffChanges(
        joined=tuple(number for number in listed if number not in before.people),
        changed=changed,
        leave=tuple(missing) if complete else (),
        unchanged=unchanged,
    )


def _columns(values: _Json) -> _Json:
    """A row's values in the form in which the list has them."""
    plain = {name: value for name, value in values.items() if name != "number"}
    return plain | {"roles": ",".join(sorted(values["roles"]))}


def _write(
    connection: Connection,
    keyring: Keyring,
    rows: list[Row],
    before: _Before,
    changes: StaffChanges,
    now: float,
) -> None:
    have_left(connection, changes.leave, now)
    touched = [row for row in rows if row.values["number"] in {*changes.joined, *changes.changed}]
    numbers = [row.values["number"] for row in touched]
    connection.execute(delete(staff_handsets).where(staff_handsets.c.staff.in_(numbers)))
    for row in touched:
        number = row.values["number"]
        values = _stored(row.values, keyring) | {"changed_at": now}
        if number not in before.people:
            joins = insert(staff).values(number=number, keyed=keyed(number), version=1, **values)
            connection.execute(joins)
        else:
            anew = bool({"roles", "desk"} & set(changes.changed[number]))
            version = staff.c.version + int(anew)
            one = update(staff).where(staff.c.number == number)
            connection.execute(one.values(version=version, **values))
    if handsets := [each for row in touched for each in _handsets(row.values, keyring)]:
        connection.execute(insert(staff_handsets), handsets)


def _stored(values: _Json, keyring: Keyring) -> _Json:
    bound_to = sealed_in("staff", values["number"], "name")
    columns = _columns(values)
    columns["name_sealed"] = keyring.seal(columns.pop("name"), bound_to=bound_to)
    del columns["handsets"]
    return columns


def _handsets(values: _Json, keyring: Keyring) -> list[_Json]:
    bound_to = sealed_in("staff", values["number"], "handset")
    return [
        {
            "number_hash": keyring.number_hash(e164),
            "staff": values["number"],
            "place": place,
            "number_sealed": keyring.seal(e164, bound_to=bound_to),
        }
        for place, e164 in enumerate(values["handsets"])
    ]
