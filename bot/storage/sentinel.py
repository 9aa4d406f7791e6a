"""The way to the master that Sentinel names: asked anew for each connection, since it may change.

As the protocol for Sentinel's clients has it: the sentinels one after another, and what they name
is believed only once it says itself that it is a master.
"""

import time
from collections import deque
from typing import Any

from redis.exceptions import AuthenticationError, RedisError, ResponseError
from redis.exceptions import ConnectionError as ConnectionLost

from bot.storage.address import Address, Place
from bot.storage.connecting import Connect, connector, connector_to_sentinel

_SHARE = 0.25  # of the time-out, for one sentinel: several that are gone must not use it up


class Sentinels:
    """The sentinels, the one that answered last first."""

    def __init__(self, address: Address, connect_timeout: float) -> None:
        self._address = address
        self._timeout = connect_timeout
        self._order = deque(address.places)

    def connector(self, timeout: float) -> Connect:
        """Makes connections to the master of now."""
        return lambda: self._connect(timeout)

    def _connect(self, timeout: float) -> Any:
        """A connection to a server that says it is the master.

        Raises `AuthenticationError` or `ResponseError` where that is what stands in the way: a
        person must mend it; else that the connection is lost.
        """
        told: list[RedisError] = []
        seen: set[Place] = set()
        give_up_at = time.monotonic() + self._timeout
        for place in tuple(self._order):
            if time.monotonic() > give_up_at:
                break
            try:
                master = self._ask(place)
                if master not in seen:
                    seen.add(master)
                    connection = self._greet(master, timeout)
                    self._prefer(place)
                    return connection
            except RedisError as error:
                told.append(error)
        for kind in (AuthenticationError, ResponseError):
            for each in told:
                if isinstance(each, kind):
                    raise each
        reasons = "; ".join(map(str, told))
        raise ConnectionLost(f"no master named {self._address.name} was found: {reasons}")

    def _ask(self, place: Place) -> Place:
        connection = connector_to_sentinel(self._address, place, timeout=self._timeout * _SHARE)()
        try:
            connection.send_command("SENTINEL", "GET-MASTER-ADDR-BY-NAME", self._address.name)
            found = connection.read_response()
        finally:
            connection.disconnect()
        if found is None:
            raise ResponseError(f"the sentinel {place[0]}:{place[1]} knows no such master")
        return found[0], int(found[1])

    def _greet(self, master: Place, timeout: float) -> Any:
        connection = connector(
            self._address, master, connect_timeout=self._timeout, timeout=timeout
        )()
        try:
            connection.send_command("ROLE", check_health=False)
            role = connection.read_response()[0]
        except BaseException:
            connection.disconnect()
            raise
        if role != "master":
            connection.disconnect()
            raise ConnectionLost(f"{master[0]}:{master[1]} says that it is no master")
        return connection

    def _prefer(self, place: Place) -> None:
        if self._order[0] != place:
            self._order = deque([place, *(each for each in self._order if each != place)])
