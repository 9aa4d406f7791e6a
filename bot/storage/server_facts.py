"""What a Redis or Valkey server says about itself, for doctor and for the check at start."""

from collections.abc import Mapping, Sequence

from redis.exceptions import ResponseError

from bot.storage.servers import Server
from bot.storage.wire import Wire

UNKNOWN = "unknown"
_IN_INFO = {  # our name of a fact, where INFO has it
    "role": "role",
    "replicas": "connected_slaves",
    "eviction": "maxmemory_policy",
    "written": "aof_last_write_status",
}
_IN_CONFIG = {
    "appendfsync": "appendfsync",
    "min_replicas": "min-replicas-to-write",
    "full_coverage": "cluster-require-full-coverage",
}


def server_facts(server: Server) -> dict[str, str]:
    """`server`, `version`, `mode`, `appendonly`, and the facts of the two tables above."""
    info = _pairs(server.wire.ask("INFO"))
    name = "valkey" if "valkey_version" in info else "redis"
    return {
        "server": name,
        "version": info.get(f"{name}_version", UNKNOWN),
        "mode": info.get("server_mode") or info.get("redis_mode", UNKNOWN),
        "appendonly": {"0": "no", "1": "yes"}.get(info.get("aof_enabled", ""), UNKNOWN),
        **{fact: info.get(there, UNKNOWN) for fact, there in _IN_INFO.items()},
        **{fact: _setting(server.wire, there) for fact, there in _IN_CONFIG.items()},
    }


def facts_together(servers: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """One fact of all of them; where they differ, each that there is."""
    return {fact: " and ".join(sorted({facts[fact] for facts in servers})) for fact in servers[0]}


def _pairs(info: str) -> dict[str, str]:
    lines = (line.partition(":") for line in info.splitlines())
    return {name: text for name, colon, text in lines if colon}


def _setting(wire: Wire, name: str) -> str:
    try:
        found = wire.ask("CONFIG", "GET", name)
    except ResponseError:  # managed servers refuse CONFIG, some under another name
        return UNKNOWN
    return str(found[1]) if found else UNKNOWN
