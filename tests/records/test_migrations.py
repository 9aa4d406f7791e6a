"""From every version that ever was to the newest, with rows in all tables, on both databases."""

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Boolean, Connection, Float, Integer, MetaData, Table, func, insert, select

import bot.records
from bot.records import upgrade
from bot.records.database import asking, revisions

MIGRATIONS = Config()
MIGRATIONS.set_main_option("script_location", str(Path(bot.records.__file__).parent / "migrations"))
MIGRATIONS.set_main_option("path_separator", "os")
VERSIONS = [
    each.revision
    for each in reversed(list(ScriptDirectory.from_config(MIGRATIONS).walk_revisions()))
]
ALICES = "100000017"  # fits wherever a text may stand


def to(connection: Connection, version: str) -> None:
    MIGRATIONS.attributes["connection"] = connection
    command.upgrade(MIGRATIONS, version)


def a_row(table: Table) -> dict[str, object]:
    """Values for all that must have one."""
    row: dict[str, object] = {}
    for column in table.columns:
        if column.nullable or column.server_default is not None:
            continue
        kind = column.type
        if isinstance(kind, Boolean):
            row[column.name] = True
        elif isinstance(kind, Integer):
            row[column.name] = 1
        elif isinstance(kind, Float):
            row[column.name] = 1_789_466_400.5
        else:
            row[column.name] = ALICES
    return row


def tables_of(connection: Connection) -> list[Table]:
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


@pytest.mark.parametrize("version", VERSIONS)
def test_rows_of_every_version_come_along(empty, version):
    with asking(empty) as connection:
        to(connection, version)
    with asking(empty) as connection:
        filled = tables_of(connection)
        rows = {table.name: a_row(table) for table in filled}
        for table in filled:
            connection.execute(insert(table).values(rows[table.name]))

    upgrade(empty)

    assert revisions(empty) == (VERSIONS[-1], VERSIONS[-1])
    with asking(empty) as connection:
        there = {table.name: table for table in tables_of(connection)}
        for name, row in rows.items():
            found = connection.execute(select(there[name])).mappings().one()
            assert row.items() <= dict(found).items(), name
        for table in there.values():
            assert connection.execute(select(func.count()).select_from(table)).scalar_one() <= 1


def test_versions_follow_each_other_without_a_branch():
    assert [f"{number:04}" for number in range(1, len(VERSIONS) + 1)] == VERSIONS
