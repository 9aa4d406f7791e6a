"""Having people begin things, at a rate: with a wall clock or a virtual one, repeatable by seed."""

import itertools
import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.simulator.happenings import Happening
from bot.simulator.load.forgetting import forget_old
from bot.simulator.load.people import Customer, Kind, People
from bot.simulator.load.tally import Tally
from bot.simulator.network import PhoneNetwork


class Load:
    """So many people, each of whom texts or rings the service.

    They come independently of each other (a Poisson process): now several in a second, now nobody
    for a while, as callers do. Customers take turns in a shuffled order, and begin again when all
    had one; the kind is drawn anew each time.
    """

    def __init__(
        self,
        network: PhoneNetwork,
        people: People,
        count: int,
        per_second: float,
        seed: int = 0,
        keep: int | None = None,
    ) -> None:
        """Know who will come and when; `begin` sets it going. `keep`: so many calls, webhooks and
        so on; what is older is forgotten."""
        self._keep = keep
        self._network, self._people = network, people
        self._count, self._per_second = count, per_second
        self._random = random.Random(seed)  # noqa: S311  repeatable on purpose, guards nothing
        self._customers = self._in_turn()
        self._due = network.clock.now()
        self.tally = Tally(network, people)
        self.begun = 0
        self.last_begun: datetime | None = None
        self.awaited: set[str] = set()
        network.on(self._heed)

    def begin(self) -> None:
        """Let them come from now on, as time goes by."""
        with self._network.carrier.lock:
            self._due = self._network.clock.now()
            self._plan_next()

    def now(self) -> datetime:
        """What time it is in the network."""
        return self._network.clock.now()

    @property
    def over(self) -> bool:
        """Has everybody come, and is nothing under way and no call awaited any more?"""
        carrier = self._network.carrier
        with carrier.lock:
            busy = carrier.legs or self.awaited or not carrier.courier.idle
            return self.begun == self._count and not busy

    def _in_turn(self) -> Iterator[Customer]:
        order = list(self._people.customers)
        self._random.shuffle(order)
        return itertools.cycle(order)

    def _plan_next(self) -> None:
        if self.begun == self._count:
            return
        self._due += timedelta(seconds=self._random.expovariate(self._per_second))
        now = self._network.clock.now()
        self._network.carrier.timeline.after((self._due - now).total_seconds(), self._come)

    def _come(self) -> None:
        if self._keep is not None:
            forget_old(self._network.carrier, self._keep)
        kinds = self._people.kinds
        kind = self._random.choices(kinds, [kind.weight for kind in kinds])[0]
        self.begun += 1
        self.last_begun = self._network.clock.now()
        self._act(next(self._customers), kind)
        self._plan_next()

    def _act(self, customer: Customer, kind: Kind) -> None:
        self.tally.begins(customer.number, kind.name)
        self._network.add(self._people.handset(customer, kind))
        if kind.waits_for_a_call:
            self.awaited.add(customer.number)
        if kind.begins == "call":
            self._network.dial(customer.number, self._people.number)
        else:
            self._network.text_soon(customer.number, self._people.number, kind.words)

    def _heed(self, happening: Happening) -> None:
        """Whoever was rung waits for no call any more."""
        if happening.kind == "ended" and self.awaited:
            call = self._network.calls.get(happening.sid)
            if call is not None and call.direction != "inbound":
                self.awaited.discard(call.far_number)
