"""People texting in: at a rate, whatever happens to the service meanwhile."""

import random
import threading
import time

from bot.demo.people import SERVICE
from bot.simulator import Control
from tests.chaos.people import Customer

WORDS = "Sorry I missed you"
AGAIN_WITHIN_SECONDS = 30.0


class Texting:
    """So many people, one after the other; some of them text again a little later."""

    def __init__(
        self, network: Control, people: list[Customer], per_second: float, seed: int
    ) -> None:
        dice = random.Random(f"texting/{seed}")
        self._network = network
        planned: list[tuple[float, str]] = []
        at = 0.0
        for person in people:
            at += dice.expovariate(per_second)
            planned.append((at, person.number))
            if person.again:
                later = min(AGAIN_WITHIN_SECONDS, len(people) / per_second)
                planned.append((at + dice.uniform(0, later), person.number))
        self._planned = sorted(planned)
        self._stopped = threading.Event()
        self._trouble: Exception | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.sent = 0

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Send no more."""
        self._stopped.set()
        self._thread.join()

    @property
    def count(self) -> int:
        """How many texts there will be."""
        return len(self._planned)

    @property
    def over(self) -> bool:
        """Has everybody texted? Raises what the phone network had against it."""
        if self._trouble is not None:
            raise self._trouble
        return self.sent == self.count

    def _run(self) -> None:
        begun = time.monotonic()
        for at, number in self._planned:
            if self._stopped.wait(max(at - (time.monotonic() - begun), 0.0)):
                return
            try:
                self._network.text_soon(number, SERVICE, WORDS)
            except Exception as trouble:
                self._trouble = trouble
                return
            self.sent += 1
