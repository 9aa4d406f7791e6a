"""A terminal for every test, with a data directory and, where it is wanted, a store of its own."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import bot.records
import webhooks
from bot.commands import Terminal, ringback
from bot.storage.embedded import EmbeddedServer

SAMPLES = Path(bot.records.__file__).parent


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """A short name: pytest's own are too long for a socket."""
    path = Path(tempfile.mkdtemp(prefix="rb-"))
    yield path
    shutil.rmtree(path)


@pytest.fixture
def data_dir(folder: Path) -> Path:
    return Path(tempfile.mkdtemp(dir=folder))


class ATerminal:
    """Runs commands in this process, in an environment of its own."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.environment = {"RINGBACK_DATA_DIR": str(data_dir)}

    def run(self, *words: str, typed: str = "", **environment: str) -> Result:
        terminal = Terminal(webhooks.connect, webhooks.OUR_FLOWS, webhooks.create_app)
        return CliRunner().invoke(
            ringback,
            list(words),
            input=typed,
            obj=terminal,
            env={**self.environment, **environment},
            prog_name="ringback",
        )

    def says(self, *words: str, typed: str = "") -> str:
        """What a command that must succeed prints."""
        result = self.run(*words, typed=typed)
        assert result.exit_code == 0, result.output + repr(result.exception)
        return result.stdout

    def import_samples(self) -> None:
        self.says("cases", "import", str(SAMPLES / "sample_cases.csv"))
        self.says("cases", "import-missed-calls", str(SAMPLES / "sample_missed_calls.csv"))


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the environment of the tests says, these commands do not hear it."""
    for name in [name for name in os.environ if name.startswith("RINGBACK_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def terminal(data_dir: Path) -> ATerminal:
    """A terminal without Redis running; a command that needs it starts and ends its own."""
    return ATerminal(data_dir)


@pytest.fixture
def demo(terminal: ATerminal) -> Iterator[ATerminal]:
    """The sample cases are imported, and the store is up."""
    with EmbeddedServer.start(terminal.data_dir / "redis"):
        terminal.import_samples()
        yield terminal
