"""The demo's processes: started in order, started again when one dies, ended together."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.errors import StoreDown
from bot.storage.embedded import EmbeddedServer

HOST = "127.0.0.1"
LOOK_EVERY_SECONDS = 0.2
START_WITHIN_SECONDS = 30.0
END_WITHIN_SECONDS = 10.0

Say = Callable[[str], None]


class DidNotStart(Exception):
    """A process of the demo did not answer in time; the text says where its log is."""


@dataclass
class Child:
    """One process: how it is started, where its log is, and the page that shows it answers."""

    name: str
    command: list[str]
    log_file: Path
    alive_url: str = ""
    process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    def start(self, environment: Mapping[str, str]) -> None:
        """Start it; its output goes into its log. What is left of an earlier life is ended."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own commands
                self.command,
                env=dict(environment),
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for the parent, which ends all in order
            )

    def await_answer(self) -> None:
        """Return when its page answers. Raises `DidNotStart`."""
        deadline = time.monotonic() + START_WITHIN_SECONDS
        while self.alive_url and not _answers(self.alive_url):
            if time.monotonic() > deadline or (self.process and self.process.poll() is not None):
                raise DidNotStart(f"the {self.name} did not start; its log is {self.log_file}")
            time.sleep(0.05)

    def end(self) -> None:
        """Ask it to stop, and make it stop if it does not."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(END_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Processes:
    """Everything that runs beside the parent: the server of the store, and the children."""

    def __init__(self, data_dir: Path, say: Say) -> None:
        self._data_dir = data_dir
        self._say = say
        self._children: list[Child] = []
        self._environment: dict[str, str] = dict(os.environ)
        self._stopping = threading.Event()
        self._watcher: threading.Thread | None = None
        self.server = EmbeddedServer.start(data_dir / "redis")

    def start(self, children: list[Child], environment: Mapping[str, str]) -> None:
        """Start them in order, each once the one before answers, and watch them from then on."""
        self._environment = {**os.environ, **environment}
        for child in children:
            self._children.append(child)
            child.start(self._environment)
            child.await_answer()
        self._watcher = threading.Thread(target=self._watch, name="watcher", daemon=True)
        self._watcher.start()

    def find(self, name: str) -> Child:
        """The child of this name."""
        return next(child for child in self._children if child.name == name)

    def end(self) -> None:
        """End everything, the last started first, the store's server at the very end."""
        self._stopping.set()
        if self._watcher is not None:
            self._watcher.join()
        for child in reversed(self._children):
            child.end()
        self.server.stop(even_if_reused=True)

    def _watch(self) -> None:
        while not self._stopping.wait(LOOK_EVERY_SECONDS):
            self._watch_server()
            for child in self._children:
                if child.process is not None and child.process.poll() is not None:
                    self._say(f"the {child.name} died ({_how(child.process)}): started again")
                    child.start(self._environment)

    def _watch_server(self) -> None:
        """The store's server, whoever started it: a running one is found again by its socket."""
        process = self.server.process
        if process is not None and process.poll() is None:
            return
        if process is not None:
            self._say(f"the store's server died ({_how(process)}): started again")
        with contextlib.suppress(StoreDown):  # not up yet: looked at again in a moment
            self.server = EmbeddedServer.start(self._data_dir / "redis")


def free_port(wanted: int) -> int:
    """This port, or any free one if something listens there already."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            found: int = probe.getsockname()[1]
            return found
    raise DidNotStart("no free port on this machine")


def ringback(*arguments: str) -> list[str]:
    """The command line of one of our own commands, in this very Python."""
    return [sys.executable, "-m", "webhooks", *arguments]


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - our own machine
            return bool(answer.status == 200)
    except OSError:
        return False


def _how(process: "subprocess.Popen[bytes]") -> str:
    code = process.returncode
    return f"signal {-code}" if code < 0 else f"exit {code}"
