"""One scrape: everything that is measured, read now, in Prometheus's text form.

Fail closed: what cannot be read is left out and told by `ringback_up`; it is never a made-up value,
and never an error for whoever scrapes.
"""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import structlog
from prometheus_client import CollectorRegistry
from prometheus_client.core import Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from bot.errors import StorageRefused, StoreDown
from bot.runtime import Runtime
from bot.signals import series
from bot.signals.desk_state import READERS
from bot.signals.log_counts import LogCounts
from bot.signals.readings import Readings
from bot.tasks import Priority

log = structlog.get_logger()


class Exporter:
    """Measures at each scrape; of several at once the second waits for the first."""

    def __init__(self, runtime: Runtime, flows: tuple[str, ...], counted_in: Path | None) -> None:
        """`counted_in` is where the processes of this machine count (`bot.signals.counting`)."""
        self._runtime = runtime
        self._counts = LogCounts(runtime, flows)
        self._lock = threading.Lock()
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(_Now(self._measure))
        if counted_in is not None:
            self._registry.register(_Counted(counted_in))

    def text(self, accept: str) -> tuple[bytes, str]:
        """The body and its content type, in the form that is accepted."""
        encode, content_type = choose_encoder(accept)
        with self._lock:
            return encode(self._registry), content_type

    def _measure(self) -> Iterator[Metric]:
        now, readings = self._runtime.clock.now(), Readings()
        redis = [self._read_desk(desk, now, readings) for desk in self._runtime.desks]
        readings.set(series.UP, all(redis), "redis")
        readings.set(series.UP, self._tried(lambda: self._read_tasks(now, readings)), "records")
        yield from readings.families()
        yield from self._counts.counts.families()

    def _read_desk(self, desk: str, now: float, into: Readings) -> bool:
        """Each reader for itself: one that fails hides no other."""
        read = [self._tried(partial(reader, self._runtime, desk, now, into)) for reader in READERS]
        return all([*read, self._tried(lambda: self._counts.catch_up(desk))])

    def _read_tasks(self, now: float, into: Readings) -> None:
        """What waits for people; a desk without any has a 0."""
        found = self._runtime.tasks.counts(now)
        for desk in self._runtime.desks:
            for priority in Priority:
                waiting, overdue = found.get((desk, priority), (0, 0))
                into.set(series.TASKS_OPEN, waiting, desk, priority.value)
                into.set(series.TASKS_OVERDUE, overdue, desk, priority.value)

    def _tried(self, read: Callable[[], None]) -> bool:
        """Whether it could be read."""
        try:
            read()
        except (StoreDown, StorageRefused) as error:
            log.warning("not_measured", error=type(error).__name__)
            return False
        except Exception:
            log.exception("not_measured")
            return False
        return True


class _Now(Collector):
    def __init__(self, measure: Callable[[], Iterator[Metric]]) -> None:
        self._measure = measure

    def collect(self) -> Iterator[Metric]:
        return self._measure()


class _Counted(Collector):
    """What other processes counted; while their directory is not there, nothing."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def collect(self) -> Iterator[Metric]:
        if self._directory.is_dir():
            counted = MultiProcessCollector(None, path=str(self._directory))  # type: ignore[no-untyped-call]
            yield from counted.collect()  # type: ignore[no-untyped-call]
