"""Checks a flow's table at start: states known, names resolve, all reachable, no pair left open."""

from collections.abc import Iterable
from itertools import groupby

from bot.errors import ConfigError
from bot.flow import Flow, Move


def check_flow(flow: type[Flow]) -> None:
    """Refuse a table that could fail in a live call. Raises `ConfigError` naming flow and row."""
    for problem in problems_of(flow):
        raise ConfigError(f"flow {flow.name}", *problem)


def problems_of(flow: type[Flow]) -> list[tuple[str, str]]:
    """What is wrong with this table: (row or state, reason) each."""
    return [*_unknown_names(flow), *_open_pairs(flow.moves), *_unreachable(flow)]


def _unknown_names(flow: type[Flow]) -> Iterable[tuple[str, str]]:
    for row in flow.moves:
        for state in (row["source"], row["dest"]):
            if state is not None and state not in flow.states:
                yield row_name(row), f"no state is called {state!r}"
        for name in (row["conditions"], row["before"]):
            if name is not None and not callable(getattr(flow, name, None)):
                yield row_name(row), f"no method is called {name!r}"
        if hasattr(flow, row["trigger"]):
            yield row_name(row), "a method has the trigger's name"


def _open_pairs(moves: list[Move]) -> Iterable[tuple[str, str]]:
    """Every (trigger, state) pair ends in its only row without a guard."""
    ordered = sorted(moves, key=_pair)  # stable: precedence stays
    for _, group in groupby(ordered, key=_pair):
        rows = list(group)
        if rows[-1]["conditions"] is not None:
            yield row_name(rows[-1]), "the last row of its pair has a guard"
        for row in rows[:-1]:
            if row["conditions"] is None:
                yield row_name(row), "a row after it can never be reached"


def _unreachable(flow: type[Flow]) -> Iterable[tuple[str, str]]:
    reached = {flow.states[0]}
    grown = True
    while grown:
        goals = {row["dest"] for row in flow.moves if row["source"] in reached and row["dest"]}
        grown = not goals <= reached
        reached |= goals
    for state in flow.states:
        if state not in reached:
            yield state, "no row leads here"


def _pair(row: Move) -> tuple[str, str]:
    return row["trigger"], row["source"]


def row_name(row: Move) -> str:
    """How a row is named in messages."""
    return f"move({row['trigger']!r}, {row['source']!r}, {row['dest']!r})"
