"""The stages of a callback's life, one after the other in one thread: what each of them takes."""

import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from bench.at_once import AtOnce, Died, DiesPlacing, unanswered
from bench.callers import DESK, Customer
from bot.carrier import CallOrder
from bot.clock import Clock
from bot.dialler import Dialler, Outcome
from bot.outbox import Outbox
from bot.ring_case import ring_case
from bot.runtime import Runtime

OFFICER = "s1001"
LONGER_THAN_A_LEASE = 60.0
HEARD_OF_BY_NOW = 20.0

STAGES = (
    "claimed, rules asked, reserved, placed",
    "its end, through the engine",
    "outbox: noted on the number",
    "outbox: followed, and over",
    "settled: found in the carrier's list",
)
Times = dict[str, list[float]]  # µs, by stage


class WrongWay(Exception):
    """A callback did not go as it should: figures of it would be worth nothing."""


def owed(runtime: Runtime, customers: list[Customer]) -> None:
    """An officer has these customers rung."""
    for customer in customers:
        ring_case(runtime, customer.reference, OFFICER)


def die_placing(runtime: Runtime, count: int) -> None:
    """Workers begin so many attempts, and die when the carrier has been asked."""
    dialler = Dialler(runtime, DiesPlacing())
    for _ in range(count):
        try:
            outcome = dialler.take_one(DESK)
        except Died:
            continue
        raise WrongWay(f"nobody died: {outcome}")


def measure(runtime: Runtime, clock: Clock, customers: list[Customer]) -> Times:
    """Half of these customers are rung to the end; of the others the worker dies."""
    orders: list[tuple[CallOrder, str]] = []
    carrier = AtOnce(lambda order, call: orders.append((order, call)))
    dialler, outbox = Dialler(runtime, carrier), Outbox(runtime, carrier)
    placed, ended, noted, followed, settled = STAGES
    half = len(customers) // 2
    times: Times = defaultdict(list)

    def timed(stage: str, take: Callable[[], Any], *expected: object) -> None:
        begun = time.perf_counter()
        found = take()
        times[stage].append((time.perf_counter() - begun) * 1e6)
        if expected and found not in expected:
            raise WrongWay(f"{stage}: {found}")

    owed(runtime, customers[:half])
    for _ in range(half):
        timed(placed, lambda: dialler.take_one(DESK), Outcome.PLACED)
        timed(ended, lambda: runtime.engine.receive(unanswered(*orders[-1])))
        timed(noted, lambda: outbox.take_one(DESK), "note_number")
    clock.offset_seconds += HEARD_OF_BY_NOW
    for _ in range(half):
        timed(followed, lambda: outbox.take_one(DESK), "follow")
    owed(runtime, customers[half:])
    die_placing(runtime, len(customers) - half)
    clock.offset_seconds += LONGER_THAN_A_LEASE
    for _ in customers[half:]:
        timed(settled, lambda: outbox.take_one(DESK), "settle")
    return times
