"""A connection of the library's that asks once, and is as impatient as a caller on the line."""

from collections.abc import Callable
from typing import Any

from redis.backoff import NoBackoff
from redis.retry import Retry

from bot.storage.address import Address, Place

Connect = Callable[[], Any]


def connector(
    address: Address, place: Place | None, *, connect_timeout: float, timeout: float
) -> Connect:
    """Makes connections to a server (at `place`, if the address names more than one).

    By default the library would ask ten times more, writes included. RESP2, whose replies have one
    shape in all versions of the library from 6 on.
    """
    options = {**address.options, **_manners(connect_timeout, timeout)}
    if place is not None:
        options["host"], options["port"] = place
    return lambda: address.connection(**options)


def connector_to_sentinel(address: Address, place: Place, *, timeout: float) -> Connect:
    """Makes connections to one of the sentinels."""
    host, port = place
    options = {**address.watchers, **_manners(timeout, timeout), "host": host, "port": port}
    return lambda: address.connection(**options)


def _manners(connect_timeout: float, timeout: float) -> dict[str, Any]:
    return {
        "socket_connect_timeout": connect_timeout,
        "socket_timeout": timeout,
        "retry": Retry(NoBackoff(), 0),
        "protocol": 2,
        "decode_responses": True,
    }
