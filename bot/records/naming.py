"""Which key makes the names of all records: kept with the records, not left to settings.

A name is a keyed hash under which something is filed and searched, here and in Redis. Whoever
named with another key would find nothing, no wish to be left alone either; so no process starts,
and no import writes, with a key that is not the one of this row (docs/keys.md).
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Engine, insert, select, true, update
from sqlalchemy.exc import IntegrityError

from bot.errors import ConfigError
from bot.keys import Keyring
from bot.records.database import asking
from bot.records.tables import naming

_ROW = 1
UNDER_WAY = "the names of records are being changed: run `ringback keys rename` to its end"


@dataclass(frozen=True, slots=True)
class Naming:
    """`key` makes the names; `next` will, once the change that was begun has ended.

    `first` is the key that leads the settings, and `first_since` when it was first seen there.
    """

    key: str
    next: str | None
    first: str
    first_since: float


def naming_of(engine: Engine) -> Naming | None:
    """The row as it stands; None before the first start. Raises `StoreDown`."""
    with asking(engine) as connection:
        return _read(connection)


def settled(engine: Engine, keyring: Keyring, now: float) -> Keyring:
    """The keys, naming as the records do; fresh records take the last of `RINGBACK_KEYS`.

    Raises `ConfigError` if the naming key is not held, or while names are being changed.
    """
    found = naming_of(engine)
    if found is None:
        found = _begun(engine, keyring, now)
    if found.next is not None:
        raise ConfigError("records", "naming", UNDER_WAY)
    if found.first != keyring.newest:
        _write(engine, true(), first_key_id=keyring.newest, first_since=now)
    return keyring.named_by(found.key)


def hold(connection: Connection, keyring: Keyring) -> None:
    """Keep the naming key as it is until this transaction ends.

    Raises `ConfigError` if it is not the one that this keyring names with.
    """
    row = connection.execute(select(naming).with_for_update(read=True)).one_or_none()
    if row is None or row.next_key_id is not None or row.key_id != keyring.names:
        raise ConfigError("records", "naming", UNDER_WAY)


def begin(engine: Engine, key_id: str) -> None:
    """From now on no process starts and no import writes, until `finish`. Repeatable.

    Where this key makes the names already, there is nothing to begin: another run has ended.
    """
    _write(engine, naming.c.key_id != key_id, next_key_id=key_id)


def finish(engine: Engine, key_id: str) -> None:
    """All names are made with this key now. Repeatable."""
    _write(engine, true(), key_id=key_id, next_key_id=None)


def _begun(engine: Engine, keyring: Keyring, now: float) -> Naming:
    row = Naming(keyring.oldest, None, keyring.newest, now)
    values = {
        "id": _ROW,
        "key_id": row.key,
        "first_key_id": row.first,
        "first_since": row.first_since,
    }
    try:
        with asking(engine.execution_options(sqlite_begin="IMMEDIATE")) as connection:
            connection.execute(insert(naming).values(values))
    except IntegrityError:  # another process was quicker
        return naming_of(engine) or row
    return row


def _write(engine: Engine, where: ColumnElement[bool], **values: str | float | None) -> None:
    with asking(engine) as connection:
        connection.execute(update(naming).where(naming.c.id == _ROW, where).values(**values))


def _read(connection: Connection) -> Naming | None:
    row = connection.execute(select(naming)).one_or_none()
    if row is None:
        return None
    return Naming(row.key_id, row.next_key_id, row.first_key_id, row.first_since)
