"""Whatever is sealed or named is known to the rotation: what is added later must be taught."""

import re
from pathlib import Path

import redis

import bot.records
from bot.keys import key_of
from bot.records.rekeying import SqlRekeying
from bot.records.tables import metadata
from tests.house_in_memory import HOUR
from tests.people import ALICE
from tests.rekeying_world import (
    OLD,
    Service,
    keyring,
)

DAY = 24 * HOUR


def test_whoever_writes_a_name_into_the_records_holds_the_key_that_makes_it() -> None:
    """Else a number that is written while names are changed would be found under neither."""
    for path in Path(bot.records.__file__).parent.glob("*.py"):
        source = path.read_text(encoding="utf-8")
        if re.search(r"keyring\.(number_hash|name_of)\(", source):
            assert "hold(connection, " in source or path.stem == "rekeying", path


def test_every_column_that_is_sealed_is_rotated(service: Service) -> None:
    counted = {where for where, _ in SqlRekeying(service.records).sealed([OLD])}
    sealed = {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if column.name.endswith("_sealed")
    }
    assert sealed | {"cases.full_name", "cases.details"} == counted


def test_nothing_in_any_column_or_record_is_sealed_with_the_old_key(service: Service) -> None:
    """Whatever its name, wherever it stands."""
    service.rotated()

    with service.records.begin() as connection:
        for table in metadata.tables.values():
            for row in connection.execute(table.select()).mappings():
                for name, value in row.items():
                    assert key_of(str(value)) != OLD, f"{table.name}.{name}"
    client = redis.Redis.from_url(service.redis_url, decode_responses=True)
    for key in client.scan_iter():
        kind = client.type(key)
        text = {"string": client.get, "hash": client.hgetall}.get(kind, lambda _: "")(key)
        if kind == "string" and text.endswith(":"):
            continue  # was deleted; its version is remembered for a day
        assert f"{OLD}:" not in str(text), key
        assert keyring(OLD).number_hash(ALICE.phone) not in str(text) + key or is_fence(key)


def is_fence(key: str) -> bool:
    """The old partition of a number keeps the fence that refuses late writers."""
    return key.startswith("{num:") and key.endswith((":record:naming", ":record:history"))
