"""That the records of people were erased: when, by whom, why, and how many of each kind."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, insert, select, update

from bot.records.database import asking
from bot.records.tables import erasures


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """Whose records from before `at` (seconds since 1970) went, or go when no rule keeps them.

    `handles` are of their cases, `hashes` of their numbers under every key that was live. `went`
    counts by kind, `kept` by rule.
    """

    id: str
    at: float
    handles: tuple[str, ...]
    hashes: tuple[str, ...]
    by: str
    reason: str
    went: Mapping[str, int] = field(default_factory=dict)
    kept: Mapping[str, int] = field(default_factory=dict)
    since: float = 0.0


class SqlErasures:
    """The list of erasures. Every method raises `StoreDown` when the records do not answer."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, erasure: Erasure, now: float) -> bool:
        """Write it down, to be looked at again; False if it is there already."""
        row = {
            "id": erasure.id,
            "at": erasure.at,
            "handles": " ".join(erasure.handles),
            "hashes": " ".join(erasure.hashes),
            "ordered_by": erasure.by,
            "reason": erasure.reason,
            "went": json.dumps(dict(erasure.went)),
            "kept": json.dumps(dict(erasure.kept)),
            "since": now,
            "settled": False,
        }
        there = select(erasures.c.id).where(erasures.c.id == erasure.id)
        with asking(self._engine.execution_options(sqlite_begin="IMMEDIATE")) as connection:
            if connection.execute(there).first() is not None:
                return False
            connection.execute(insert(erasures).values(row))
        return True

    def all(self) -> list[Erasure]:
        """Every one, the oldest first."""
        return self._read(select(erasures))

    def unsettled(self) -> list[Erasure]:
        """Those of which something may still be free to go."""
        return self._read(select(erasures).where(~erasures.c.settled))

    def begin_again(self, now: float) -> None:
        """What a restore brought back may still be on its way: nothing settles before its time."""
        change = update(erasures).where(~erasures.c.settled).values(since=now)
        with asking(self._engine) as connection:
            connection.execute(change)

    def looked(
        self, id: str, went: Mapping[str, int], kept: Mapping[str, int], *, settled: bool
    ) -> None:
        """Write down how many went by now in all, and how many are kept."""
        values = {"went": json.dumps(dict(went)), "kept": json.dumps(dict(kept))}
        change = update(erasures).where(erasures.c.id == id)
        with asking(self._engine) as connection:
            connection.execute(change.values(settled=settled, **values))

    def _read(self, query: Any) -> list[Erasure]:
        with asking(self._engine) as connection:
            return [_erasure(row) for row in connection.execute(query.order_by(erasures.c.at))]


def _erasure(row: Any) -> Erasure:
    return Erasure(
        id=row.id,
        at=row.at,
        handles=tuple(row.handles.split()),
        hashes=tuple(row.hashes.split()),
        by=row.ordered_by,
        reason=row.reason,
        went=json.loads(row.went),
        kept=json.loads(row.kept),
        since=row.since,
    )
