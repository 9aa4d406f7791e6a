"""What a Redis or Valkey server says about itself, for doctor and for the check at start."""

from collections.abc import Mapping
from typing import Any

from redis.exceptions import ResponseError

UNKNOWN = "unknown"


def server_facts(client: Any) -> dict[str, str]:
    """`server`, `version`, `appendonly`, `appendfsync`, `eviction`."""
    info = client.info()
    server = "valkey" if "valkey_version" in info else "redis"
    return {
        "server": server,
        "version": str(info.get(f"{server}_version", UNKNOWN)),
        "appendonly": {0: "no", 1: "yes"}.get(info.get("aof_enabled"), UNKNOWN),
        "appendfsync": _setting(client, "appendfsync"),
        "eviction": str(info.get("maxmemory_policy", UNKNOWN)),
    }


def _setting(client: Any, name: str) -> str:
    try:
        found: Mapping[str, str] = client.config_get(name)
    except ResponseError:  # managed servers refuse CONFIG, some under another name
        return UNKNOWN
    return found.get(name, UNKNOWN)
