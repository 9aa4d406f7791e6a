"""What a process counts itself, webhooks and warnings, in files that the exporter adds up.

prometheus-client's multiprocess mode: a file for each process of a machine, which outlives it, so
that a worker that was killed takes no count with it. The mode is chosen once, when the library is
first imported: so nothing but `begin` may import it in a process that counts.
"""

import os
import re
import sys
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

from bot.errors import ConfigError
from bot.signals import series

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0)  # within 2 s in any case
NAMED = "RINGBACK_METRICS_DIR"
_FILE_OF = re.compile(r"[a-z]+_(\d+)\.db")
_TOLD = ("warning", "error", "critical")


class Counting:
    """Counts for as long as the process lives. Safe to share between threads."""

    def __init__(self, process: str) -> None:
        from prometheus_client import Counter, Histogram

        def counter(one: series.Series) -> Counter:
            return Counter(one.name, one.meaning, one.labels, registry=None)

        self._process = process
        self._webhooks, self._warnings = counter(series.WEBHOOKS), counter(series.WARNINGS)
        took = series.WEBHOOK_SECONDS
        self._seconds = Histogram(
            took.name, took.meaning, took.labels, registry=None, buckets=BUCKETS
        )

    def webhook(self, route: str, status: int, seconds: float) -> None:
        """A request was answered."""
        self._webhooks.labels(route, answer_class(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def line(self, event: MutableMapping[str, Any]) -> None:
        """A line goes into the application log."""
        if event["level"] in _TOLD:
            error = str(event.get("error", ""))
            self._warnings.labels(self._process, event["level"], event["event"], error).inc()


def answer_class(status: int) -> str:
    """How a request was answered, in a word."""
    if status == 403:
        return "refused"
    return {4: "rejected", 5: "failed"}.get(status // 100, "answered")


def begin(directory: Path | None, process: str) -> Counting | None:
    """Count there from now on; None where nothing is to be counted. Raises `ConfigError`."""
    if directory is None:
        return None
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as failure:
        raise ConfigError("environment", NAMED, f"{directory}: {failure.strerror}") from None
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(directory.absolute())
    loaded = sys.modules.get("prometheus_client.values")
    if loaded is not None and not loaded.ValueClass._multiprocess:
        raise ConfigError("this process", NAMED, "prometheus-client was imported before counting")
    return Counting(process)


def forget_the_dead(directory: Path | None) -> None:
    """Take away the files of processes that are no more: only while none of ours is counting.

    Else the sums would fall, and Prometheus take that for a restart of all.
    """
    files = list(directory.glob("*.db")) if directory else []
    owners = {file: int(found[1]) for file in files if (found := _FILE_OF.fullmatch(file.name))}
    if not any(map(_lives, owners.values())):
        for file in owners:
            file.unlink(missing_ok=True)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
