"""One call's course as a generator: it yields what it waits for and is resumed with what came.

A verb of TwiML, the ringing of a phone, a whole call are then written as they read: say this,
rest that long unless a key is pressed, ask the service, go on.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.simulator.timing.timeline import Timeline, Timer
from bot.simulator.webhooks.courier import Courier
from bot.simulator.webhooks.fetching import Errand

TIME = "time"


@dataclass(frozen=True)
class Sleep:
    """Wait that long (for ever, if None), or until one of these things wakes us.

    The result is the word of what woke us, or TIME.
    """

    seconds: float | None
    until: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Ask:
    """Send a webhook and wait for its Answer, which is the result."""

    errand: Errand


Wait = Sleep | Ask
T = TypeVar("T")
Steps = Generator[Wait, Any, T]


class Process:
    """Drives one generator at a time; starting another leaves the first where it stands."""

    def __init__(
        self, timeline: Timeline, courier: Courier, failed: Callable[[Exception], None]
    ) -> None:
        """Use that timeline for rests and that courier for webhooks; `failed` is told of a fault
        in the steps, which would else stand still for ever."""
        self._timeline, self._courier, self._failed = timeline, courier, failed
        self._steps: Steps[Any] | None = None
        self._done: Callable[[Any], None] = lambda result: None
        self._turn = 0
        self._going = False
        self._until: frozenset[str] = frozenset()
        self._timer: Timer | None = None

    def start(self, steps: Steps[T], done: Callable[[T], None]) -> None:
        """Begin, in place of whatever was going on; when it ends by itself, `done` is told."""
        self.stop()
        self._steps, self._done = steps, done
        self._soon(None)

    def stop(self) -> None:
        """Leave off. What the steps wrote in `finally` still happens."""
        self._turn += 1
        self._forget_sleep()
        steps, self._steps = self._steps, None
        if steps is not None and not self._going:
            steps.close()

    def wake(self, word: str) -> None:
        """Something happened: if the steps rest until it, they go on."""
        if word in self._until:
            self._forget_sleep()
            self._soon(word)

    def _soon(self, value: object) -> None:
        turn = self._turn
        self._timer = self._timeline.after(0, lambda: self._go(turn, value))

    def _go(self, turn: int, value: object) -> None:
        if turn != self._turn or self._steps is None:
            return
        try:
            self._step(turn, self._steps, value)
        except Exception as fault:
            self._failed(fault)
            raise

    def _step(self, turn: int, steps: Steps[Any], value: object) -> None:
        self._forget_sleep()
        wait, result = self._resume(steps, value)
        if turn != self._turn:
            steps.close()
        elif wait is not None:
            self._await(wait)
        else:
            self._steps = None
            self._done(result)

    def _resume(self, steps: Steps[Any], value: object) -> tuple[Wait | None, Any]:
        """What the steps wait for next, or else their result."""
        self._going = True
        try:
            return steps.send(value), None
        except StopIteration as end:
            return None, end.value
        finally:
            self._going = False

    def _await(self, wait: Wait) -> None:
        turn = self._turn
        if isinstance(wait, Ask):
            self._courier.send(wait.errand, lambda answer: self._go(turn, answer))
            return
        self._until = wait.until
        if wait.seconds is not None:
            self._timer = self._timeline.after(wait.seconds, lambda: self._go(turn, TIME))

    def _forget_sleep(self) -> None:
        self._until = frozenset()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
