"""Every table of moves, altered in every small way, and what refuses it.

mutmut alters functions; a table is not in one. Each row is left out, led elsewhere, made to forget
its guard or what it asks for. The check at start refuses some, the walk most (`ringback prove`),
the transcripts the rest: whatever passes all three has survived.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import webhooks
from bot.explore import prove
from bot.flow import Flow, Move
from bot.flow_check import problems_of, row_name
from bot.runtime import Flows
from tests.house_in_memory import HouseInMemory, write_sample_records
from tests.test_explore import blueprint
from tests.transcript import play
from tests.worker.world import World

TRANSCRIPTS = sorted((Path(__file__).parent.parent / "transcripts").glob("*.txt"))


@dataclass(frozen=True, slots=True)
class TableMutant:
    """One altered row: in which flows it stands, what it says, and what was done to it.

    A row that flows share is written once, so it is altered in all of them at once.
    """

    row: str
    change: str
    rows: tuple[tuple[str, int], ...]  # flow, place in its table

    @property
    def name(self) -> str:
        """As `explained.toml` knows it: by what the row says, not by where it stands."""
        return f"{', '.join(flow for flow, _ in self.rows)}: {self.row} {self.change}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Who noticed; empty: nobody did."""

    mutant: TableMutant
    noticed_by: str


def flow_named(name: str) -> type[Flow]:
    """The shipped flow of this name."""
    return next(flow for flow in webhooks.FLOWS if flow.name == name)


def mutants() -> list[TableMutant]:
    """All of them."""
    found: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for flow in webhooks.FLOWS:
        for place, row in enumerate(flow.moves):
            for change, _ in _changes(flow, place):
                found.setdefault((_says(row), change), []).append((flow.name, place))
    return [TableMutant(*says, tuple(rows)) for says, rows in found.items()]


def _says(row: Move) -> str:
    """The row as it is written, its guard too: rows that differ in anything are two."""
    guard = f" when {row['conditions']}" if row["conditions"] else ""
    asks = f" then {row['before']}" if row["before"] else ""
    return row_name(row) + guard + asks


def judge(tell: Callable[[Verdict], None]) -> list[Verdict]:
    """Have everybody look at every mutant, on all processors."""
    verdicts = []
    with tempfile.TemporaryDirectory() as folder:
        write_sample_records(records := Path(folder) / "records.db")
        with get_context("fork").Pool(os.cpu_count(), initializer=_hush) as pool:
            pool.apply(_refuse_unless_sound, (records,))
            for verdict in pool.imap_unordered(partial(_judged, records), mutants()):
                verdicts.append(verdict)
                tell(verdict)
    return verdicts


def _hush() -> None:
    """What the service logs is for nobody here."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


def _refuse_unless_sound(records: Path) -> None:
    """What notices an unaltered table would notice everything."""
    for flow in webhooks.FLOWS:
        if noticed := _noticed_in(records, flow, list(flow.moves)):
            raise RuntimeError(f"{flow.name} is not altered, and {noticed} refuses it")


def _judged(records: Path, mutant: TableMutant) -> Verdict:
    for name, place in mutant.rows:
        flow = flow_named(name)
        altered = dict(_changes(flow, place))[mutant.change]
        if noticed := _noticed_in(records, flow, altered):
            return Verdict(mutant, noticed)
    return Verdict(mutant, "")


def _noticed_in(records: Path, original: type[Flow], altered: list[Move]) -> str:
    """Who refuses this table; empty: nobody does."""
    flow = type(original.__name__, (original,), {"moves": altered, "__doc__": original.__doc__})
    if problems_of(flow):
        return "the check at start"
    if prove(blueprint(flow), only=flow).breaches:
        return "the walk"
    return "a transcript" if _plays_otherwise(records, flow) else ""


def _plays_otherwise(records: Path, flow: type[Flow]) -> bool:
    """Whether any transcript comes out differently."""
    made = blueprint(flow)
    flows = Flows(opens=made.opens, all=made.flows)
    for path in TRANSCRIPTS:
        written = path.read_text(encoding="utf-8")
        if flow.name not in written:
            continue
        with tempfile.TemporaryDirectory() as folder:
            world = World(partial(HouseInMemory, records, Path(folder), flows=flows))
            try:
                if play(written, world) != written:
                    return True
            except Exception:
                return True
            finally:
                world.house.close()
    return False


def _changes(flow: type[Flow], place: int) -> Iterator[tuple[str, list[Move]]]:
    """What can be done to one row, and the table that this makes."""
    moves, row = list(flow.moves), flow.moves[place]

    def with_row(**different: object) -> list[Move]:
        return [*moves[:place], {**row, **different}, *moves[place + 1 :]]

    yield "is left out", [*moves[:place], *moves[place + 1 :]]
    for goal in _other_goals(flow, row):
        yield f"leads to {goal or 'where it was'}", with_row(dest=goal)
    if row["conditions"] is not None:
        yield "forgets its guard", with_row(conditions=None)
    if row["before"] is not None:
        yield "asks for nothing on the way", with_row(before=None)


def _other_goals(flow: type[Flow], row: Move) -> Iterator[str | None]:
    """Staying where it was, and the next two states of the flow: enough to be somewhere else."""
    if row["dest"] is not None:
        yield None
    states = flow.states
    at = states.index(row["dest"] or row["source"])
    for step in (1, 2):
        yield states[(at + step) % len(states)]
