"""A real database for every test.

SQLite in a file. With RINGBACK_TEST_POSTGRES_URL (a database whose tables may be dropped) the
same tests run on PostgreSQL.
"""

import os

import pytest
from sqlalchemy import text

from bot.keys import Keyring
from bot.records import connect, import_cases, upgrade
from bot.records.sample import SAMPLE_CASES
from tests.records.world import KNOWN, NOW, QUESTIONS

POSTGRES = os.environ.get("RINGBACK_TEST_POSTGRES_URL")


@pytest.fixture
def keyring():
    return Keyring({"k1": bytes(range(32))})


@pytest.fixture
def empty(tmp_path):
    """A database before its first migration."""
    engine = connect(POSTGRES or f"sqlite:///{tmp_path / 'records.db'}")
    if POSTGRES:
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    yield engine
    engine.dispose()


@pytest.fixture
def engine(empty):
    upgrade(empty)
    return empty


@pytest.fixture
def with_sample(engine, keyring):
    import_cases(engine, keyring, QUESTIONS, SAMPLE_CASES, known=KNOWN, now=NOW)
    return engine
