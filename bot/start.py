"""What must be true before anything starts: the demo's own secrets, production's refusals."""

import base64
import json
import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from bot.clock import Clock
from bot.settings import Settings
from bot.settings_refused import Problem, SettingsRefused
from bot.signing import fresh_seed
from bot.storage.embedded import EmbeddedServer

SECRETS_FILE = "demo-secrets.json"
RECORDS_KEY_FILE = "demo-records-key.json"
CLOCK_FILE = "demo-clock.json"


def prepared(settings: Settings) -> Settings:
    """The settings with everything filled in that the demo makes up itself.

    Production gets them back as they are: it names every secret and address, or does not start.
    """
    if settings.production:
        return settings
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    made_up = demo_secrets(settings.data_dir)
    redis_url = settings.redis_url or EmbeddedServer.start(settings.data_dir / "redis").url
    return replace(
        settings,
        twilio_auth_token=settings.twilio_auth_token or made_up["twilio_auth_token"],
        keys=settings.keys or made_up["keys"],
        records_key=settings.records_key or made_up["records_key"],
        redis_url=redis_url,
    )


def demo_secrets(data_dir: Path) -> dict[str, str]:
    """The demo's own token and keys, made up once and kept in its data directory."""
    fresh = {
        "twilio_auth_token": secrets.token_hex(16),
        "keys": f"demo1:{base64.b64encode(secrets.token_bytes(32)).decode()}",
    }
    made_up = _made_up_once(data_dir / SECRETS_FILE, fresh)
    # In a file of its own: a demo from before there was an archive has none.
    return made_up | _made_up_once(data_dir / RECORDS_KEY_FILE, {"records_key": fresh_seed()})


def _made_up_once(path: Path, fresh: dict[str, str]) -> dict[str, str]:
    draft = path.with_suffix(f".{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(fresh, file)
    try:
        os.link(draft, path)  # of several that start at once, one wins and all read the same
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return kept


def the_clock(settings: Settings) -> Clock:
    """The wall clock; in the demo, with the offset kept in its data directory."""
    path = settings.data_dir / CLOCK_FILE
    if settings.production or not path.exists():
        return Clock()
    return Clock(json.loads(path.read_text(encoding="utf-8"))["offset_seconds"])


def refuse_unready(settings: Settings, server: Mapping[str, str]) -> None:
    """Production starts only on a store that keeps what it acknowledges, and without the simulator.

    `server` is what `Store.ping` tells. Raises `SettingsRefused`.
    """
    if not settings.production:
        return
    problems = []
    if server.get("appendonly") != "yes":
        problems.append(
            Problem(
                "RINGBACK_REDIS_URL",
                f"the server has appendonly = {server.get('appendonly', 'unknown')}",
                "Set appendonly yes (and appendfsync always) in its configuration",
            )
        )
    if server.get("eviction", "noeviction") not in ("noeviction", "unknown"):
        problems.append(
            Problem(
                "RINGBACK_REDIS_URL",
                f"the server forgets under pressure ({server['eviction']})",
                "Set maxmemory-policy noeviction in its configuration",
            )
        )
    if any(name.startswith("bot.simulator") for name in sys.modules):
        problems.append(
            Problem(
                "RINGBACK_PROFILE",
                "the simulator is loaded, and production never rings invented phones",
                "Start production from a process of its own",
            )
        )
    if problems:
        raise SettingsRefused(problems)
