"""One question to the server over a connection that nobody else holds: half the client's work.

The library's client looks after pools, retries, metrics and the shape of each reply. A webhook
asks two questions, and of all that needs a connection, a time-out, and never another's answer.
"""

import hashlib
import os
from collections import deque
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import redis
from redis.exceptions import ConnectionError as ConnectionLost
from redis.exceptions import NoScriptError

from bot.storage.packing import Argument


class Wire:
    """Idle connections, the one used last on top. Safe for threads, and across a fork."""

    def __init__(self, client: Any) -> None:
        """`client` says how to connect; one of another kind (a cluster's) is asked itself."""
        self._client = client
        self._idle: deque[Any] = deque()  # taken and put back atomically: no lock
        self.ask: Callable[..., Any] = (
            self._ask if isinstance(client, redis.Redis) else client.execute_command
        )

    def close(self) -> None:
        """Close what is idle; asking again connects anew."""
        while self._idle:
            self._idle.pop().disconnect()
        self._client.close()

    def _ask(self, *command: Argument) -> Any:
        """The answer. Whatever goes wrong ends the connection: a late answer finds nobody."""
        connection = self._take()
        try:
            connection.send_packed_command(connection.pack_command(*command), check_health=False)
            answer = connection.read_response()
        except BaseException:
            connection.disconnect()
            raise
        self._idle.append(connection)
        return answer

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
        pool = self._client.connection_pool
        return pool.connection_class(**pool.connection_kwargs)


class Script:
    """A script beside this file. A server that does not know it is given it, once."""

    def __init__(self, wire: Wire, name: str) -> None:
        self._wire = wire
        self._text = files("bot.storage").joinpath(f"{name}.lua").read_text("utf-8")
        self._sha = hashlib.sha1(self._text.encode(), usedforsecurity=False).hexdigest()

    def __call__(self, keys: list[str], arguments: list[Argument]) -> Any:
        """What the script answers."""
        try:
            return self._run(keys, arguments)
        except NoScriptError:
            self._wire.ask("SCRIPT LOAD", self._text)
            return self._run(keys, arguments)

    def _run(self, keys: list[str], arguments: list[Argument]) -> Any:
        return self._wire.ask("EVALSHA", self._sha, len(keys), *keys, *arguments)


def _is_quiet(connection: Any) -> bool:
    """Whether nothing came while nobody asked: neither the server's end nor any bytes."""
    try:
        return not connection.can_read()
    except ConnectionLost:
        return False
