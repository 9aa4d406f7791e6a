"""The walk over every path of every flow: the real flows, in the real engine, on the twin store.

`prove` walks them all, asks the invariants tagged `flow` at every step, and gives the figures with
whatever it found broken. docs/proof.md says what that proves, and what it does not.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from bot.explore.graph import breaches_of
from bot.explore.happenings import Opening
from bot.explore.house import NOW, Blueprint, WalkedHouse
from bot.explore.ledgers import Ledgers
from bot.explore.rules import ALL_REACHED, FINITE
from bot.explore.transcript import Told, told
from bot.explore.walk import Breach, Walk
from bot.flow import Flag, OneOf, Upto
from bot.keys import Keyring

__all__ = ["NOW", "Blueprint", "Breach", "Figures", "Proven", "Told", "prove", "told"]

KEY = {"walk": bytes(range(32))}


@dataclass(frozen=True, slots=True)
class Figures:
    """What one walk saw: states of conversations, things that happened to them, seconds."""

    flow: str
    states: int
    transitions: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Proven:
    """What was walked, and what was found broken: of each rule the shortest path, if it has one.

    A walk ends where something is broken.
    """

    figures: tuple[Figures, ...]
    ledgers: int
    breaches: tuple[Breach, ...]
    seconds: float


def prove(blueprint: Blueprint) -> Proven:
    """Walk every path of every flow, and every ledger."""
    begun = time.perf_counter()
    keyring = Keyring(KEY, random_bytes=bytes)  # every nonce the same: nothing of it is kept
    house = WalkedHouse(blueprint, keyring)
    figures, found = [], list(_not_finite(blueprint))
    for (event, line), flow in blueprint.opens.items():
        started = time.perf_counter()
        walked = Walk(house, Opening(event, line, house.desk)).run()
        found += walked.breaches or breaches_of(walked)
        seconds = time.perf_counter() - started
        figures.append(Figures(flow.name, len(walked.nodes), walked.steps, seconds))
    ledgers = Ledgers(keyring, blueprint.questions)
    if not found:  # else not everything was walked
        found += _not_reached(house)
        found += [Breach(broken.rule, broken.reason, ()) for broken in ledgers.broken()]
    seconds = time.perf_counter() - begun
    return Proven(tuple(figures), ledgers.counted, _shortest(found), seconds)


def _shortest(found: list[Breach]) -> tuple[Breach, ...]:
    """Of each rule the first breach with the fewest steps; the fewest steps first."""
    first: dict[str, Breach] = {}
    for breach in sorted(found, key=lambda one: len(one.path)):
        first.setdefault(breach.rule, breach)
    return tuple(first.values())


def _not_finite(blueprint: Blueprint) -> Iterator[Breach]:
    """Facts that are declared as nothing that is known to be finite."""
    for flow in blueprint.flows:
        for fact, kind in flow.facts_kept.items():
            if not isinstance(kind, (Upto, OneOf, Flag)):
                reason = f"{flow.name}: {fact} is no flag, no enum and has no declared maximum"
                yield Breach(FINITE, reason, ())


def _not_reached(house: WalkedHouse) -> Iterator[Breach]:
    """States that no path leads to."""
    for flow in house.blueprint.flows:
        for state in flow.states:
            if state not in house.traced.seen[flow.name]:
                yield Breach(ALL_REACHED, f"{flow.name}: no path leads to {state}", ())
