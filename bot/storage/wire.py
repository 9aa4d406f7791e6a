"""One question to one server over a connection that nobody else holds: half the client's work.

The library's client looks after pools, retries, metrics and the shape of each reply. A webhook
asks two questions, and of all that needs a connection, a time-out, and never another's answer.
"""

import hashlib
import os
from collections import deque
from collections.abc import Callable
from importlib.resources import files
from typing import Any

from redis.exceptions import ConnectionError as ConnectionLost
from redis.exceptions import NoScriptError, ReadOnlyError, RedisError
from redis.exceptions import TimeoutError as TimedOut

from bot.storage.packing import Argument

# After one of these the other connections lead nowhere either, or to a server that is no master
# any more: whoever asks next finds the way anew.
_ALL_ARE_LOST = (ConnectionLost, TimedOut, ReadOnlyError)


class Wire:
    """Idle connections, the one used last on top. Safe for threads, and across a fork."""

    def __init__(self, connect: Callable[[], Any]) -> None:
        """`connect` makes a connection of the library's; it may leave connecting for later."""
        self._connect = connect
        self._idle: deque[Any] = deque()  # taken and put back atomically: no lock

    def close(self) -> None:
        """Close what is idle; asking again connects anew."""
        while self._idle:
            try:
                connection = self._idle.pop()
            except IndexError:  # another thread was first
                break
            if connection.pid == os.getpid():
                connection.disconnect()

    def ask(self, *command: Argument) -> Any:
        """The answer. Whatever goes wrong ends the connection: a late answer finds nobody."""
        connection = self._take()
        try:
            connection.send_packed_command(connection.pack_command(*command), check_health=False)
            answer = connection.read_response()
        except BaseException as error:
            self._give_up(connection, error)
            raise
        self._idle.append(connection)
        return answer

    def ask_and_wait(self, replicas: int, milliseconds: int, *command: Argument) -> tuple[Any, int]:
        """The answer, and how many replicas have what was written, after at most that time.

        In one trip, on one connection: WAIT is about the writes of its own. If only the second
        answer stays out it is 0: what the first says is done.
        """
        connection = self._take()
        both = (command, ("WAIT", replicas, milliseconds))
        try:
            connection.send_packed_command(connection.pack_commands(both), check_health=False)
            answer = connection.read_response()
        except BaseException as error:
            self._give_up(connection, error)
            raise
        try:
            reached = connection.read_response()
        except RedisError:
            connection.disconnect()
            return answer, 0
        except BaseException:
            connection.disconnect()
            raise
        self._idle.append(connection)
        return answer, reached

    def _take(self) -> Any:
        while self._idle:
            try:
                connection = self._idle.pop()
            except IndexError:  # another thread was first
                break
            if connection.pid == os.getpid():  # else it is our parent's, who goes on using it
                if _is_quiet(connection):
                    return connection
                connection.disconnect()
        return self._connect()

    def _give_up(self, connection: Any, error: BaseException) -> None:
        connection.disconnect()
        if isinstance(error, _ALL_ARE_LOST) or str(error).startswith("NOREPLICAS"):
            self.close()


class AskingWire(Wire):
    """For a node to which a slot is on its way: it answers only whoever says ASKING first."""

    def _take(self) -> Any:
        connection = super()._take()
        try:
            connection.send_command("ASKING", check_health=False)
            connection.read_response()
        except BaseException as error:
            self._give_up(connection, error)
            raise
        return connection


class Script:
    """A script beside this file. A server that does not know it is given it, once."""

    def __init__(self, name: str) -> None:
        self._text = files("bot.storage").joinpath(f"{name}.lua").read_text("utf-8")
        self._sha = hashlib.sha1(self._text.encode(), usedforsecurity=False).hexdigest()

    def __call__(self, wire: Wire, keys: list[str], arguments: list[Argument]) -> Any:
        """What the script answers."""
        return self._known(wire, lambda: wire.ask(*self._call(keys, arguments)))

    def and_wait(
        self,
        wire: Wire,
        keys: list[str],
        arguments: list[Argument],
        replicas: int,
        milliseconds: int,
    ) -> tuple[Any, int]:
        """What the script answers, and how many replicas have what it wrote."""
        call = self._call(keys, arguments)
        found: tuple[Any, int] = self._known(
            wire, lambda: wire.ask_and_wait(replicas, milliseconds, *call)
        )
        return found

    def _call(self, keys: list[str], arguments: list[Argument]) -> list[Argument]:
        return ["EVALSHA", self._sha, len(keys), *keys, *arguments]

    def _known(self, wire: Wire, ask: Callable[[], Any]) -> Any:
        try:
            return ask()
        except NoScriptError:
            wire.ask("SCRIPT LOAD", self._text)
            return ask()


def _is_quiet(connection: Any) -> bool:
    """Whether nothing came while nobody asked: neither the server's end nor any bytes."""
    try:
        return not connection.can_read()
    except ConnectionLost:
        return False
