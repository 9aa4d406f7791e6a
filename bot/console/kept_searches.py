"""Searches that staff made, kept for some hours under an address that tells nothing of them."""

from dataclasses import asdict, dataclass, fields

from bot.clock import Clock
from bot.records.flow_log_search import Wanted
from bot.store import Json, Store
from bot.unit_of_work import UnitOfWork

PARTITION = "staff"
KEEP_SECONDS = 12 * 3600.0


@dataclass(frozen=True, slots=True)
class KeptSearches:
    """Keeps them in the store, each for whoever made it. A number is kept as its hashes only."""

    store: Store
    clock: Clock

    def keep(self, number: str, id: str, wanted: Wanted) -> None:
        """Keep what this member of staff asked for, under an id that nobody can guess."""
        unit = UnitOfWork(self.store, PARTITION)
        asked: Json = {key: value for key, value in asdict(wanted).items() if value is not None}
        data = {"by": number, "at": self.clock.now(), "wanted": asked}
        unit.put(_record(id), data, keep=KEEP_SECONDS)
        unit.commit()

    def find(self, number: str, id: str) -> Wanted | None:
        """What they asked for; None: nothing of theirs, or it is forgotten."""
        data = UnitOfWork(self.store, PARTITION).get(_record(id))
        if data is None or data["by"] != number:
            return None
        if data["at"] + KEEP_SECONDS <= self.clock.now():
            return None
        known = {each.name for each in fields(Wanted)}
        asked = {key: value for key, value in data["wanted"].items() if key in known}
        if "numbers" in asked:
            asked["numbers"] = tuple(asked["numbers"])
        return Wanted(**asked)


def _record(id: str) -> str:
    return f"search:{id}"
