"""A carrier in the process that takes every call at once, so that it is never what is measured."""

import itertools
import os
import time
from collections.abc import Callable

from bot.carrier import CallOrder, ListedCall, ListedText, ReceivedCall
from bot.events import CallEnded, CallOutcome
from bot.phone import PhoneNumber


class Died(BaseException):
    """The worker is no more. Not an `Exception`: nothing may catch it."""


class AtOnce:
    """Rings nobody; `placed` is told of each call. Every number that is asked about was rung once.

    `listed_at` says when (by `time.monotonic`) each was asked about.
    """

    def __init__(self, placed: Callable[[CallOrder, str], None] = lambda order, call: None) -> None:
        self._placed = placed
        self._numbers = itertools.count()
        self.listed_at: list[float] = []

    def place_call(self, order: CallOrder) -> str:
        """Take the order."""
        call = self._id()
        self._placed(order, call)
        return call

    def redirect(self, call: str, *, desk: str, conversation: str) -> bool:
        """Every call is over."""
        return False

    def end_call(self, call: str) -> bool:
        """Every call is over."""
        return False

    def cancel(self, call: str) -> bool:
        """Every call is over."""
        return False

    def calls_to(self, number: PhoneNumber, caller_id: str, since: float) -> list[ListedCall]:
        """One, made since then."""
        self.listed_at.append(time.monotonic())
        return [ListedCall(self._id(), "completed", since + 1.0)]

    def status_of(self, call: str) -> str | None:
        """Every call is over."""
        return "completed"

    def redact_text(self, text: str) -> None:
        """Nothing is kept here."""

    def texts_received(self, number: PhoneNumber, since: float) -> list[ListedText]:
        """None."""
        return []

    def calls_received(self, number: PhoneNumber, since: float) -> list[ReceivedCall]:
        """None."""
        return []

    def _id(self) -> str:
        return f"CA{os.getpid():08x}{next(self._numbers):024x}"


class DiesPlacing(AtOnce):
    """Takes an order, and the worker that gave it dies before it hears so."""

    def place_call(self, order: CallOrder) -> str:
        """The last that this worker did."""
        raise Died


def unanswered(order: CallOrder, call: str) -> CallEnded:
    """The notice that nobody picked up."""
    return CallEnded(
        desk=order.desk, conversation=order.attempt, call=call, outcome=CallOutcome.NO_ANSWER
    )
