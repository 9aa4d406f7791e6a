"""The servers behind an address, and which of them to ask about a partition."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from bot.storage.answers import asking
from bot.storage.breaker import Breaker
from bot.storage.connecting import Connect
from bot.storage.wire import AskingWire, Wire

SLICE_SECONDS = 2.0  # a long wait is cut into these, so that a frozen server is noticed
_TIMER_SLACK_SECONDS = 1.0  # Redis ends a block at its next timer tick, about 0.1 s late

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Server:
    """One server. Each has a breaker of its own: that one is down is no other's trouble.

    `patient` is for questions that block: its time-out is longer than any slice of waiting.
    `replicas` is a breaker too, open after they did not have a commit in time.
    """

    wire: Wire
    patient: Wire
    breaker: Breaker
    replicas: Breaker

    def ask(self, question: "Callable[[Server], Answer]") -> Answer:
        """What it answers. Raises `StoreDown`, `StorageRefused`, and `Elsewhere` in a cluster."""
        with asking(self.breaker):
            return question(self)

    def close(self) -> None:
        """Give up the connections."""
        self.wire.close()
        self.patient.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How servers are asked: seconds an answer may take, seconds of rest after a failure."""

    timeout: float
    rest_seconds: float
    clock: Callable[[], float] = time.monotonic

    def server(self, connector: Callable[[float], Connect]) -> Server:
        """A server; `connector` says how to connect, for the time-out that it is given."""
        patient = SLICE_SECONDS + max(self.timeout, _TIMER_SLACK_SECONDS)
        rests = (Breaker(self.rest_seconds, self.clock) for _ in range(2))
        return Server(Wire(connector(self.timeout)), Wire(connector(patient)), *rests)

    def asking(self, server: Server, connector: Callable[[float], Connect]) -> Server:
        """The same one, for a slot that is on its way to it."""
        patient = SLICE_SECONDS + max(self.timeout, _TIMER_SLACK_SECONDS)
        return replace(
            server,
            wire=AskingWire(connector(self.timeout)),
            patient=AskingWire(connector(patient)),
        )


class Servers(Protocol):
    """Which server holds a partition, and how each is asked."""

    def ask(self, partition: str, question: Callable[[Server], Answer]) -> Answer:
        """What the server of this partition answers."""

    def ask_all(self, question: Callable[[Server], Answer]) -> list[Answer]:
        """What each master answers. Raises `StoreDown` if any does not."""

    def ask_any(self, question: Callable[[Server], Answer]) -> tuple[list[Answer], list[str]]:
        """What those answer who do, and the places of the others. Raises if nobody does."""

    def close(self) -> None:
        """Give up the connections."""


class OneServer:
    """The only one there is; or the master that sentinels name, whichever that is by now."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def ask(self, partition: str, question: Callable[[Server], Answer]) -> Answer:
        """What it answers."""
        return self._server.ask(question)

    def ask_all(self, question: Callable[[Server], Answer]) -> list[Answer]:
        """What it answers."""
        return [self._server.ask(question)]

    def ask_any(self, question: Callable[[Server], Answer]) -> tuple[list[Answer], list[str]]:
        """What it answers."""
        return [self._server.ask(question)], []

    def close(self) -> None:
        """Give up the connections."""
        self._server.close()
