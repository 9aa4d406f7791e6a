"""The database itself: migrations, pragmas, addresses that are none."""

import subprocess
import sys

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import ProgrammingError

from bot.errors import ConfigError, StoreDown
from bot.records import SqlCaseDirectory, connect, upgrade
from bot.records.tables import metadata


@pytest.fixture
def sqlite(engine):
    if engine.dialect.name != "sqlite":
        pytest.skip("about SQLite")
    return engine


def test_migrations_from_empty_equal_the_metadata(engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, metadata) == []


def test_migrations_name_every_constraint_as_the_metadata_does(engine):
    found = inspect(engine)
    for name, table in metadata.tables.items():
        assert found.get_pk_constraint(name)["name"] == table.primary_key.name
        named = {each["name"] for each in found.get_check_constraints(name)}
        named |= {each["name"] for each in found.get_foreign_keys(name)}
        named |= {each["name"] for each in found.get_unique_constraints(name)}
        declared = {c.name for c in table.constraints if c is not table.primary_key}
        assert named == declared


def test_upgrading_twice_is_upgrading_once(engine):
    upgrade(engine)

    assert "cases" in inspect(engine).get_table_names()


def test_a_failed_migration_leaves_nothing_behind(empty):
    with empty.begin() as connection:
        connection.execute(text("CREATE TABLE tasks (id VARCHAR)"))  # the last table to be made

    with pytest.raises((StoreDown, ProgrammingError), match="answer|already exists"):
        upgrade(empty)
    assert "cases" not in inspect(empty).get_table_names()


def test_a_database_of_a_newer_version_is_refused(engine):
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(ConfigError, match="9999"):
        upgrade(engine)


def test_processes_that_start_together_upgrade_together(tmp_path):
    url = f"sqlite:///{tmp_path / 'records.db'}"
    code = f"from bot.records import connect, upgrade; upgrade(connect({url!r}))"
    started = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(4)]

    assert [process.wait(60) for process in started] == [0, 0, 0, 0]


def test_sqlite_is_set_up_for_several_processes(sqlite):
    with sqlite.connect() as connection:
        pragma = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout")
        }

    assert pragma == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 5000}


@pytest.mark.parametrize("url", ["", "records.db", "mysql://host/db"])
def test_what_is_no_database_of_ours_is_refused_by_name(url):
    with pytest.raises(ConfigError, match="RINGBACK_DATABASE_URL"):
        connect(url)


def test_records_that_do_not_answer_are_a_store_that_is_down(tmp_path, keyring):
    directory = SqlCaseDirectory(connect(f"sqlite:///{tmp_path}/missing/records.db"), keyring)

    with pytest.raises(StoreDown):
        directory.by_handle("100000017")


def test_an_error_does_not_repeat_what_was_asked_for(empty, keyring):
    directory = SqlCaseDirectory(empty, keyring)

    with pytest.raises((StoreDown, ProgrammingError)) as refused:  # there is no table yet
        directory.by_handle("100000017")
    assert "cases" in f"{refused.value} {refused.value.__cause__}"
    assert "100000017" not in f"{refused.value} {refused.value.__cause__}"
