"""The walk over every path of every flow: the real flows, in the real engine, on the twin store.

`prove` walks them all, asks the invariants tagged `flow` at every step, and gives the figures with
whatever it found broken. docs/proof.md says what that proves, and what it does not.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from bot.events import CallEnded, CallRinging
from bot.explore.apart import apart
from bot.explore.graph import breaches_of
from bot.explore.house import NOW, Blueprint, WalkedHouse
from bot.explore.ledgers import Ledgers
from bot.explore.openings import Opening
from bot.explore.rules import ALL_COME, ALL_REACHED, FINITE
from bot.explore.transcript import Told, told
from bot.explore.walk import Walk
from bot.explore.walked import Breach
from bot.flow import Flag, Flow, OneOf, Upto
from bot.keys import Keyring

__all__ = ["NOW", "Blueprint", "Breach", "Figures", "Proven", "Told", "prove", "told"]

KEY = {"walk": bytes(range(32))}
NOTICES = (CallRinging.trigger, CallEnded.trigger)  # in all states, where no call rests too


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


@dataclass(frozen=True, slots=True)
class _Walk:
    """What one opening came to: its figures, its flows' states, what came there, what broke."""

    figures: Figures
    reached: dict[str, set[str]]
    came: dict[str, set[tuple[str, str]]]
    breaches: tuple[Breach, ...]


def prove(
    blueprint: Blueprint, *, only: type[Flow] | None = None, side_by_side: bool = False
) -> Proven:
    """Walk every path of every flow, and every ledger; `side_by_side` in a process for each.

    `only` what this flow opens is walked, and only its states asked for; the others stand by for
    what turns into theirs: a call of a meeting that was given up is a callback's again.
    Not where other threads run: a fork would find their locks shut.
    """
    begun = time.perf_counter()
    keyring = Keyring(KEY, random_bytes=bytes)  # every nonce the same: nothing of it is kept
    walked = [opens for opens in blueprint.opens.items() if only in (None, opens[1])]
    parts = [partial(_walk, blueprint, keyring, *opens) for opens in walked]
    walks = apart(parts) if side_by_side else [part() for part in parts]
    found = [*_not_finite(blueprint), *(each for walk in walks for each in walk.breaches)]
    ledgers = Ledgers(keyring, blueprint.questions)
    if not found:  # else not everything was walked
        found += _not_reached(blueprint.flows if only is None else (only,), walks)
        found += [Breach(broken.rule, broken.reason, ()) for broken in ledgers.broken()]
    seconds = time.perf_counter() - begun
    figures = tuple(walk.figures for walk in walks)
    return Proven(figures, ledgers.counted, _shortest(found), seconds)


def _walk(
    blueprint: Blueprint, keyring: Keyring, opening: tuple[str, str], flow: type[Flow]
) -> _Walk:
    """Walk all that can follow this opening."""
    started = time.perf_counter()
    house = WalkedHouse(blueprint, keyring)
    walked = Walk(house, Opening(*opening, house.desk)).run()
    breaches = tuple(walked.breaches or breaches_of(walked))
    seconds = time.perf_counter() - started
    figures = Figures(flow.name, len(walked.nodes), walked.steps, seconds)
    return _Walk(figures, house.traced.seen, house.traced.came, breaches)


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


def _not_reached(flows: tuple[type[Flow], ...], walks: list[_Walk]) -> Iterator[Breach]:
    """States that no path leads to, and rows for what never happens there."""
    for flow in flows:
        reached = set[str]().union(*(walk.reached[flow.name] for walk in walks))
        for state in flow.states:
            if state not in reached:
                yield Breach(ALL_REACHED, f"{flow.name}: no path leads to {state}", ())
        came = set[tuple[str, str]]().union(*(walk.came[flow.name] for walk in walks))
        for row in flow.moves:
            if row["trigger"] in NOTICES or row["source"] not in reached:
                continue
            if (row["trigger"], row["source"]) not in came:
                reason = f"{flow.name}: {row['trigger']} never comes in {row['source']}"
                yield Breach(ALL_COME, reason, ())
