"""What goes wrong besides the workers, by seed: of what the carrier does a share, of us in turn."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.simulator import Control, Fault
from bot.simulator.faults.orders import ON_REQUESTS
from tests.chaos.people import Customer

# Shares of what the carrier does that go wrong, by what it is.
REQUESTS, HANGING, WEBHOOKS, NO_NOTICE, NO_ANSWER, NO_TEXT = 0.03, 0.01, 0.03, 0.05, 0.01, 0.06
HANGS_SECONDS = 3.0  # longer than the service waits for an answer
LATE_SECONDS = 2.0


class Blow(StrEnum):
    """What happens to the house."""

    DOOR_KILLED = "web server killed"
    DOOR_SHUT = "web server down"
    STORE_KILLED = "Valkey killed"
    STORE_FROZEN = "Valkey stopped"
    WORKER_KILLED = "worker killed anywhere"


OUTAGES = frozenset({Blow.DOOR_SHUT, Blow.STORE_FROZEN})


@dataclass(frozen=True, slots=True)
class Gust:
    """One blow: so many seconds after the storm began, for so long if it lasts."""

    at: float
    blow: Blow
    seconds: float = 0.0


def gusts(seed: int, day: int, every: float, blows: Sequence[Blow] = tuple(Blow)) -> Iterator[Gust]:
    """All of these in turn, in an order drawn anew each time, about that many seconds apart."""
    dice = random.Random(f"gusts/{seed}/{day}")
    at = 0.0
    while True:
        for blow in dice.sample(blows, len(blows)):
            at += every * dice.uniform(0.5, 1.5)
            yield Gust(at, blow, dice.uniform(1.0, 4.0) if blow in OUTAGES else 0.0)


def order_faults(network: Control, often: float) -> None:
    """Everything that can go wrong between the carrier and the service, now and then."""
    for fault in sorted(ON_REQUESTS):
        network.order_fault(fault, rate=REQUESTS * often)
    network.order_fault(Fault.REQUEST_ANSWER_LOST, rate=HANGING * often, seconds=HANGS_SECONDS)
    for kind in ("text", "voice", "action", "notice", "amd"):
        network.order_fault(Fault.WEBHOOK_LATE, kind=kind, rate=WEBHOOKS, seconds=LATE_SECONDS)
        network.order_fault(Fault.WEBHOOK_DOUBLED, kind=kind, rate=WEBHOOKS)
        network.order_fault(Fault.WEBHOOK_REFUSED, kind=kind, rate=WEBHOOKS)
        network.order_fault(Fault.WEBHOOK_ANSWER_LOST, kind=kind, rate=WEBHOOKS)
    for kind in ("notice", "amd"):
        network.order_fault(Fault.WEBHOOK_REORDERED, kind=kind, rate=WEBHOOKS)
        network.order_fault(Fault.WEBHOOK_NEVER_SENT, kind=kind, rate=NO_NOTICE)
    network.order_fault(Fault.WEBHOOK_NEVER_SENT, kind="text", rate=NO_TEXT)
    network.order_fault(Fault.WEBHOOK_LOST, kind="text", rate=NO_TEXT)
    for kind in ("voice", "action"):
        network.order_fault(Fault.WEBHOOK_LOST, kind=kind, rate=NO_ANSWER)


@dataclass
class Undecidable:
    """First calls of which nobody can find out what became of them: `had` is whose it was."""

    people: list[Customer]
    seed: int
    had: set[str] = field(default_factory=set)

    def order(self, network: Control) -> None:
        """The order is lost, or only its answer; no notice of the call comes; no list is read."""
        for person in self.people:
            where = {"To": person.number}
            if person.number not in self.had:
                network.order_fault(self._loss(person), kind="calls.create", where=where)
            network.order_fault(Fault.REQUEST_FAILED, kind="calls.list", rate=1.0, where=where)
            network.order_fault(Fault.WEBHOOK_LOST, rate=1.0, where=where)

    def count(self, network: Control) -> None:
        """See whose order was lost by now."""
        told: list[dict[str, Any]] = network.faults()["orders"]
        for order in told:
            if order["kind"] == "calls.create" and order["where"] and order["happened"]:
                self.had.add(order["where"]["To"])

    def _loss(self, person: Customer) -> Fault:
        dice = random.Random(f"undecidable/{self.seed}/{person.number}")
        return dice.choice([Fault.REQUEST_LOST, Fault.REQUEST_ANSWER_LOST])


def let_it_storm(
    network: Control, undecidable: Undecidable, often: float, only_listed: Sequence[str] = ()
) -> None:
    """Everything goes wrong now and then, requests so many times as often.

    Of the first call to some numbers nothing is heard: only the carrier's list tells of it.
    """
    let_it_be_calm(network, undecidable)
    for number in only_listed:
        where = {"To": number}
        network.order_fault(Fault.REQUEST_ANSWER_LOST, kind="calls.create", where=where)
        network.order_fault(Fault.WEBHOOK_LOST, rate=1.0, where=where)
    for fault in sorted(ON_REQUESTS):
        network.order_fault(fault, kind="calls.create")  # once, to be sure
    order_faults(network, often)


def let_it_be_calm(network: Control, undecidable: Undecidable) -> None:
    """Nothing goes wrong any more, but for what nobody will ever find out."""
    undecidable.count(network)
    network.clear_faults()
    undecidable.order(network)
