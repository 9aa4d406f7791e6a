"""The database: SQLite in a file, or PostgreSQL by URL; connected, brought up to date, asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import URL, Connection, Engine, create_engine, event, func, make_url, select
from sqlalchemy.exc import ArgumentError, DBAPIError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.errors import ConfigError, DiskFull, StoreDown

_UPGRADE_LOCK = 7_225_222  # any number: names the PostgreSQL advisory lock of `upgrade`
_NO_ROOM = ("SQLITE_FULL", "53100")  # SQLite's name of it; PostgreSQL's SQLSTATE `disk_full`


def connect(url: str, *, patience_seconds: float = 5.0) -> Engine:
    """An engine for `sqlite:///path` or `postgresql://…`; nothing is opened yet.

    No query waits longer than `patience_seconds` for a lock (PostgreSQL: for anything). What goes
    into a query never appears in an error. Raises `ConfigError`.
    """
    try:
        address = make_url(url)
    except ArgumentError:
        raise ConfigError("environment", "RINGBACK_DATABASE_URL", "not a database URL") from None
    if address.get_backend_name() == "sqlite":
        return _sqlite(address, patience_seconds)
    if address.get_backend_name() in ("postgresql", "postgres"):
        return _postgresql(address, patience_seconds)
    raise ConfigError("environment", "RINGBACK_DATABASE_URL", "neither sqlite nor postgresql")


def upgrade(engine: Engine) -> None:
    """Bring the tables up to date; safe to run from several processes at once.

    One transaction: all migrations or none. Raises `ConfigError` if a newer version of the
    software has already changed the database.
    """
    config = migrations()
    with asking(engine.execution_options(sqlite_begin="IMMEDIATE")) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(_UPGRADE_LOCK)))
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise ConfigError("database", "alembic_version", str(error)) from None


def revisions(engine: Engine) -> tuple[str | None, str | None]:
    """Where the tables are, and where this version wants them. Raises `StoreDown`."""
    newest = ScriptDirectory.from_config(migrations()).get_current_head()
    with asking(engine) as connection:
        return MigrationContext.configure(connection).get_current_revision(), newest


def migrations() -> Config:
    """What Alembic needs to find our migrations."""
    config = Config()
    folder = str(Path(__file__).parent / "migrations")
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


@contextmanager
def asking(engine: Engine) -> Iterator[Connection]:
    """One transaction. A database that does not answer is `StoreDown`, as Redis is.

    So is one that only reads (PostgreSQL's `InternalError`: a standby); a full disk is `DiskFull`.
    """
    try:
        with engine.begin() as connection:
            yield connection
    except (OperationalError, InternalError, PoolTimeout) as error:
        raise not_taken(error, "the records did not answer") from error


def not_taken(error: DBAPIError | PoolTimeout, told: str) -> StoreDown:
    """The same in the house's words; what was to be written is not told."""
    cause = error.orig if isinstance(error, DBAPIError) else None
    names = (getattr(cause, "sqlite_errorname", None), getattr(cause, "sqlstate", None))
    if any(name in _NO_ROOM for name in names):
        return DiskFull("the disk of the records is full: make room there; nothing was written")
    return StoreDown(f"{told}: {type(cause or error).__name__}")


def _sqlite(address: URL, patience: float) -> Engine:
    engine = create_engine(address, hide_parameters=True, connect_args={"timeout": patience})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _: Any) -> None:
    # The driver's own idea of when a transaction begins leaves DDL outside: we say BEGIN ourselves
    # (SQLAlchemy, "SQLite: Enabling Non-Legacy SQLite Transactional Modes").
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    kind = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {kind}")


def _postgresql(address: URL, patience: float) -> Engine:
    return create_engine(
        address.set(drivername="postgresql+psycopg"),
        hide_parameters=True,
        pool_pre_ping=True,
        pool_timeout=patience,
        connect_args={
            "connect_timeout": max(2, round(patience)),
            "options": f"-c statement_timeout={round(patience * 1000)}",
        },
    )
