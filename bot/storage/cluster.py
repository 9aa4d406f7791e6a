"""A Redis Cluster: which node holds a slot, learnt from the nodes, and again when one fails.

The library's own client is not used: it asks again by itself, writes included, looks for the nodes
while a caller waits, and cannot send WAIT on the connection that wrote (docs/adr/0014).
"""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from redis.crc import REDIS_CLUSTER_HASH_SLOTS, key_slot
from redis.exceptions import RedisError

from bot.errors import StorageRefused, StoreDown
from bot.storage.address import Address, Place
from bot.storage.answers import Elsewhere, asking
from bot.storage.breaker import Breaker
from bot.storage.connecting import Connect, connector
from bot.storage.keys import tag
from bot.storage.servers import Answer, Manners, Server

MOST_PLACES = 4  # that one question is sent to
LOOK_AGAIN_SECONDS = 0.2  # between two looks at who holds what


class Cluster:
    """Asks the node that holds a partition's slot. Nodes that fail do not hold up the others."""

    def __init__(self, address: Address, manners: Manners) -> None:
        self._address = address
        self._manners = manners
        self._servers: dict[Place, Server] = {}
        self._holders: list[Place | None] = [None] * REDIS_CLUSTER_HASH_SLOTS
        self._looking = threading.Lock()
        self._looked = Breaker(manners.rest_seconds, manners.clock)
        self._look_at = 0.0

    def ask(self, partition: str, question: Callable[[Server], Answer]) -> Answer:
        """What the node of this partition answers, wherever its slot has gone."""
        slot = key_slot(tag(partition).encode())
        place = self._holder(slot)
        for _ in range(MOST_PLACES):
            try:
                return self._server(place).ask(question)
            except Elsewhere as elsewhere:
                place = (elsewhere.host or place[0], elsewhere.port)
                if elsewhere.only_now:
                    return self._ask_once(place, question)
                self._holders[slot] = place
        raise StoreDown("Redis: its nodes do not agree who holds this slot")

    def ask_all(self, question: Callable[[Server], Answer]) -> list[Answer]:
        """What each master answers. Raises `StoreDown` if any does not."""
        self._look_now()
        if None in self._holders:
            raise StoreDown("Redis: no node holds some of the slots")
        return [self._server(place).ask(question) for place in self._masters()]

    def ask_any(self, question: Callable[[Server], Answer]) -> tuple[list[Answer], list[str]]:
        """What those masters answer who do, and the places of the others. Raises if nobody does."""
        self._look_now()
        answers, silent = [], []
        error: StoreDown | StorageRefused = StoreDown("Redis: no node holds any slot")
        for place in self._masters():
            try:
                answers.append(self._server(place).ask(question))
            except (StoreDown, StorageRefused) as failure:
                silent.append(f"{place[0]}:{place[1]}")
                error = failure
        if not answers:
            raise error
        return answers, silent

    def close(self) -> None:
        """Give up the connections."""
        for server in self._servers.values():
            server.close()

    def _ask_once(self, place: Place, question: Callable[[Server], Answer]) -> Answer:
        """Ask a node to which the slot is on its way."""
        server = self._manners.asking(self._server(place), self._connector(place))
        try:
            return server.ask(question)
        except Elsewhere:
            raise StoreDown("Redis: the slot is on its way from node to node") from None
        finally:
            server.close()

    def _holder(self, slot: int) -> Place:
        """The node to ask. One that failed is asked only after a look whether it still holds it."""
        place = self._holders[slot]
        if place is None:
            self._look_now(unless_known=slot)
        elif self._server(place).breaker.open:
            self._look_by_the_way()
        place = self._holders[slot]
        if place is None:
            raise StoreDown("Redis: no node holds this slot")
        return place

    def _server(self, place: Place) -> Server:
        if (server := self._servers.get(place)) is None:
            made = self._manners.server(self._connector(place))
            server = self._servers.setdefault(place, made)  # another thread may have been first
        return server

    def _connector(self, place: Place) -> Callable[[float], Connect]:
        return lambda timeout: connector(
            self._address, place, connect_timeout=self._manners.timeout, timeout=timeout
        )

    def _masters(self) -> list[Place]:
        return sorted({place for place in self._holders if place is not None})

    # who holds what

    def _look_now(self, unless_known: int | None = None) -> None:
        """Learn it. Raises `StoreDown` or `StorageRefused` where no node tells."""
        with self._looking:
            if unless_known is None or self._holders[unless_known] is None:
                with asking(self._looked):
                    self._ask_around()

    def _look_by_the_way(self) -> None:
        """Learn it anew, at most every so often: one asks, and nobody waits for that."""
        if time.monotonic() < self._look_at or not self._looking.acquire(blocking=False):
            return
        try:
            self._look_at = time.monotonic() + LOOK_AGAIN_SECONDS
            with suppress(RedisError):
                self._ask_around()
        finally:
            self._looking.release()

    def _ask_around(self) -> None:
        """The first node that answers tells; those that failed a moment ago are asked last."""
        known = [*dict.fromkeys((*self._servers, *self._address.places))]
        known.sort(key=lambda place: place in self._servers and self._servers[place].breaker.open)
        give_up_at = time.monotonic() + self._manners.timeout
        for place in known:
            try:
                self._holders = self._told_by(place)
            except RedisError:
                if place == known[-1] or time.monotonic() > give_up_at:
                    raise
            else:
                self._forget()
                return

    def _told_by(self, place: Place) -> list[Place | None]:
        connection = self._connector(place)(self._manners.timeout)()
        try:
            connection.send_command("CLUSTER", "SLOTS", check_health=False)
            ranges: list[Any] = connection.read_response()
        finally:
            connection.disconnect()
        holders: list[Place | None] = [None] * REDIS_CLUSTER_HASH_SLOTS
        for first, last, master, *_ in ranges:
            host = master[0] if master[0] and master[0] != "?" else place[0]
            holders[first : last + 1] = [(host, int(master[1]))] * (last + 1 - first)
        return holders

    def _forget(self) -> None:
        """Nodes that hold nothing any more: their connections are given up."""
        for place in {*self._servers} - {place for place in self._holders if place is not None}:
            self._servers.pop(place).close()
