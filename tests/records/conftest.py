"""A real database for every test: SQLite in a file, and PostgreSQL, a server of the tests' own.

A test that takes `empty`, `engine` or `with_sample` runs on both.
"""

import shutil
from collections.abc import Iterator

import pytest

from bot.keys import Keyring
from bot.records import connect, import_cases, upgrade
from bot.records.sample import SAMPLE_CASES
from tests.records.world import KNOWN, NOW, QUESTIONS


@pytest.fixture
def keyring():
    return Keyring({"k1": bytes(range(32))})


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request):
    """Which database."""
    return request.param


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory):
    """A file with all tables, which is only copied."""
    path = tmp_path_factory.mktemp("migrated") / "records.db"
    upgrade(engine := connect(f"sqlite:///{path}"))
    engine.dispose()
    return path


@pytest.fixture
def empty(request, kind, tmp_path):
    """A database before its first migration."""
    yield from _connected(request, kind, tmp_path / "records.db", migrated=False)


@pytest.fixture
def engine(request, kind, tmp_path):
    """A database with all tables."""
    path = tmp_path / "records.db"
    if kind == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_file"), path)
    yield from _connected(request, kind, path, migrated=True)


@pytest.fixture
def with_sample(engine, keyring):
    import_cases(engine, keyring, QUESTIONS, SAMPLE_CASES, known=KNOWN, now=NOW)
    return engine


def _connected(request, kind, path, *, migrated) -> Iterator:
    if kind == "sqlite":
        engine = connect(f"sqlite:///{path}")
        yield engine
        engine.dispose()
        return
    with request.getfixturevalue("postgres").fresh(migrated=migrated) as url:
        engine = connect(url)
        yield engine
        engine.dispose()
