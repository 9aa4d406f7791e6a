"""How many bytes a thing takes in Redis: its keys one by one, and what the server has grown by."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import redis

from bot.storage import keys

SAMPLED = 500  # of the records of a kind: they are all alike
PAGE = 1000
PASSING = ("mem_clients_normal", "mem_aof_buffer", "used_memory_scripts_eval")


@dataclass(frozen=True, slots=True)
class Bytes:
    """Bytes of one thing: by the kind of key, and by what the server's used memory has grown."""

    by_kind: dict[str, float]
    grown: float

    @property
    def summed(self) -> float:
        """All its keys."""
        return sum(self.by_kind.values())


class Scales:
    """Weighs what is put into a server after it was made."""

    def __init__(self, url: str) -> None:
        self._client: Any = redis.Redis.from_url(url, protocol=2, decode_responses=True)
        self._before = self._used()

    def weigh(self, partition: str, count: int, *, in_parts: bool = True) -> Bytes:
        """What one of `count` things took, all of them in this partition.

        `in_parts`: each key is weighed as well, which takes long on a full server.
        """
        grown = (self._used() - self._before) / count
        weighed = self._by_kind(partition, count) if in_parts else {}
        self._client.close()
        return Bytes(weighed, grown)

    def _by_kind(self, partition: str, count: int) -> dict[str, float]:
        names: dict[str, list[str]] = defaultdict(list)
        for name in self._client.scan_iter(f"{keys.tag(partition)}:*", count=PAGE):
            names[_kind(name)].append(name)
        weighed = {kind: self._weight(each) / count for kind, each in names.items()}
        return dict(sorted(weighed.items(), key=lambda item: -item[1]))

    def _used(self) -> int:
        """Without what comes and goes: buffers, and the scripts that it was given."""
        told = self._client.info("memory")
        return int(told["used_memory"]) - sum(int(told.get(name, 0)) for name in PASSING)

    def _weight(self, names: list[str]) -> float:
        """All of these keys: of very many the first few stand for the rest."""
        some = names[:SAMPLED]
        with self._client.pipeline(transaction=False) as pipeline:
            for name in some:
                pipeline.memory_usage(name, samples=0)
            return sum(filter(None, pipeline.execute())) / len(some) * len(names)


def _kind(name: str) -> str:
    """What a key is: `record:callback`, `queue:due`, `log`; without what tells one from another."""
    kind, _, rest = name.partition("}:")[2].partition(":")
    if kind != "record":
        return f"{kind}:{rest}" if rest else kind
    parts = rest.split(":")
    return f"record:{parts[0]}" + (":case" if parts[1:2] == ["case"] else "")
