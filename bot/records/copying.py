"""All rows of the records, copied out in one transaction and put into empty tables.

Row by row and not by the database's own tools: a copy of SQLite goes into PostgreSQL and back, and
no program beside ours need be there. Tables are put back as that version had them, and then brought
up to date.
"""

from collections.abc import Callable, Iterator
from typing import Any

from alembic import command
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, MetaData, Table, func, insert, select, text

from bot.records.database import asking, migrations
from bot.records.naming import Naming, naming_of

Json = dict[str, Any]

BATCH = 500
_VERSION = "alembic_version"


class SqlCopy:
    """Copies the records of one database. Every method raises `StoreDown`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def revision(self) -> str | None:
        """Which migration the tables are at; None before the first."""
        with asking(self._engine) as connection:
            return _revision(connection)

    def naming(self) -> Naming | None:
        """Which key makes the names; None before the first start."""
        return naming_of(self._engine)

    def is_empty(self) -> bool:
        """Whether there is no row in any table, but for what names the key of the names."""
        with asking(self._engine) as connection:
            tables = [table for table in _tables(connection) if table.name != "naming"]
            return not any(connection.execute(select(table).limit(1)).first() for table in tables)

    def rows(self, tell: Callable[[int, int], None]) -> Iterator[Json]:
        """Every row of every table, as of one moment: `{"table": …, "row": {…}}`."""
        with asking(_as_of_one_moment(self._engine)) as connection:
            _be_patient(connection)
            tables = _tables(connection)
            counts = [select(func.count()).select_from(table) for table in tables]
            total = sum(connection.execute(count).scalar_one() for count in counts)
            done = 0
            for table in tables:
                ordered = select(table).order_by(*table.primary_key.columns)
                for row in connection.execution_options(yield_per=BATCH).execute(ordered):
                    done += 1
                    tell(done, total)
                    yield {"table": table.name, "row": dict(row._mapping)}

    def replace_all(self, revision: str, entries: Iterator[Json]) -> int:
        """Have these rows and no others, or all as it was before; how many there are.

        `revision` is the migration at which they were copied: one that `is_known`.
        """
        config = migrations()
        with asking(self._engine.execution_options(sqlite_begin="IMMEDIATE")) as connection:
            _be_patient(connection)
            config.attributes["connection"] = connection
            if _revision(connection) is not None:
                command.downgrade(config, "base")
            command.upgrade(config, revision)
            count = _insert(connection, entries)
            command.upgrade(config, "head")
        return count


def is_known(revision: str) -> bool:
    """Whether this version of the software has that migration."""
    try:
        return ScriptDirectory.from_config(migrations()).get_revision(revision) is not None
    except CommandError:
        return False


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _insert(connection: Connection, entries: Iterator[Json]) -> int:
    tables = {table.name: table for table in _tables(connection)}
    for table in reversed(tables.values()):  # what a migration itself put there
        connection.execute(table.delete())
    count, batch, at = 0, list[Json](), ""
    for entry in entries:
        if batch and (entry["table"] != at or len(batch) == BATCH):
            connection.execute(insert(tables[at]), batch)
            batch = []
        at = entry["table"]
        batch.append(entry["row"])
        count += 1
    if batch:
        connection.execute(insert(tables[at]), batch)
    return count


def _tables(connection: Connection) -> list[Table]:
    """As they are in the database: those that others refer to first."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != _VERSION]


def _as_of_one_moment(engine: Engine) -> Engine:
    """A transaction of SQLite reads as of its beginning anyway."""
    if engine.dialect.name == "sqlite":
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ")


def _be_patient(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))
