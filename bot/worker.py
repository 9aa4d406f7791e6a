"""The worker: loops that take what is due and carry it out, until they are told to stop.

Any number of workers may run on any machines; what they share is in Redis. A stopping worker ends
what it has begun, gives back at once what it has only claimed, and takes nothing new.
"""

import threading
from collections.abc import Callable

import structlog

from bot import application_log
from bot.alerting import Alerting
from bot.alerts import Courier
from bot.archivist import Archivist
from bot.carrier import Carrier
from bot.clock_watch import ClockWatch
from bot.delivery import RealHeadCourier
from bot.dialler import Dialler
from bot.errors import Conflict, StorageRefused, StoreDown
from bot.outbox import Outbox
from bot.reconciling import Reconciling
from bot.records_heads import HeadPublisher
from bot.retention import Retention
from bot.runtime import Runtime
from bot.store import ALERTS, DUE, OUTBOX

log = structlog.get_logger()

LONGEST_REST = 1.0  # seconds between two looks at a queue that nobody rang for
CLEARING_REST = 60.0  # seconds between two looks whether a day has passed
ARCHIVING_REST = 1.0  # seconds between two looks at a flow log that was all archived
RECONCILING_REST = 5.0  # seconds between two looks whether the carrier is to be asked again
OUTBOX_LOOPS = 2  # so that a slow answer of the carrier holds up nobody's redirect


class Bell:
    """Rung when a commit has added a line; every loop of a desk hears it."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._rings = 0

    def ring(self) -> None:
        """Wake everybody who rests."""
        with self._condition:
            self._rings += 1
            self._condition.notify_all()

    def rest(self, heard: int, seconds: float) -> int:
        """Return at the next ring after the `heard` ones, or after that time; the rings so far."""
        with self._condition:
            self._condition.wait_for(lambda: self._rings > heard, seconds)
            return self._rings


class Worker:
    """One process of workers."""

    def __init__(self, runtime: Runtime, carrier: Carrier, courier: Courier | None = None) -> None:
        self._runtime = runtime
        self._carrier = carrier
        self._alerting = Alerting(runtime, courier)
        self._retention = Retention(runtime)
        self._reconciling = Reconciling(runtime, carrier)
        self._clock_watch = ClockWatch(runtime)
        self._archivist = Archivist(runtime)
        self._heads = HeadPublisher(
            runtime.records.chain,
            runtime.house.policy.records,
            runtime.clock,
            RealHeadCourier(runtime.settings),
        )

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set; returns when everything begun has ended."""
        dialler = Dialler(self._runtime, self._carrier, stop.is_set)
        outbox = Outbox(self._runtime, self._carrier, stop.is_set)
        threads = [
            thread
            for desk in self._runtime.desks
            for thread in self._threads_of(desk, dialler, outbox, stop)
        ]
        for name, loop in (("clearing", self._clear), ("reconciling", self._reconcile)):
            threads.append(threading.Thread(target=loop, args=(stop,), name=name, daemon=True))
        for thread in threads:
            thread.start()
        stop.wait()
        for thread in threads:
            thread.join()

    def _threads_of(
        self, desk: str, dialler: Dialler, outbox: Outbox, stop: threading.Event
    ) -> list[threading.Thread]:
        bell = Bell()
        loops: list[Callable[[], None]] = [
            lambda: self._listen(desk, bell, stop),
            lambda: self._loop(desk, DUE, dialler.take_one, bell, stop, dialler.free_at),
            lambda: self._tell(desk, bell, stop),
            lambda: self._move_log(desk, stop),
        ]
        loops += [lambda: self._loop(desk, OUTBOX, outbox.take_one, bell, stop)] * OUTBOX_LOOPS
        return [
            threading.Thread(target=loop, name=f"{desk}-{place}", daemon=True)
            for place, loop in enumerate(loops)
        ]

    def _tell(self, desk: str, bell: Bell, stop: threading.Event) -> None:
        """Alerts; first of all those of which Redis may know nothing any more."""
        self._took_one(desk, self._alerting.revive, stop)
        self._loop(desk, ALERTS, self._alerting.take_one, bell, stop)

    def _move_log(self, desk: str, stop: threading.Event) -> None:
        """Into the archive, and its heads out of the house.

        A worker that stops leaves the rest to another at once.
        """
        while not stop.is_set():
            archived = self._took_one(desk, self._archivist.take_one, stop)
            if not self._took_one(desk, self._heads.take_one, stop) and not archived:
                stop.wait(ARCHIVING_REST)
        self._took_one(desk, self._archivist.give_back, stop)

    def _clear(self, stop: threading.Event) -> None:
        """What is past its time goes, of all desks: remembered and noted at the default one."""
        desk = self._runtime.house.policy.default_desk
        while not stop.is_set():
            if not self._took_one(desk, self._retention.take_one, stop):
                stop.wait(CLEARING_REST)

    def _reconcile(self, stop: threading.Event) -> None:
        """Desk by desk, and apart from the queues: a long list holds up nobody's call."""
        while not stop.is_set():
            for desk in self._runtime.desks:
                self._took_one(desk, self._clock_watch.take_one, stop)
                while not stop.is_set() and self._took_one(desk, self._reconciling.take_one, stop):
                    pass
            stop.wait(RECONCILING_REST)

    def _listen(self, desk: str, bell: Bell, stop: threading.Event) -> None:
        """One listener a process: what wakes it wakes all loops of this desk."""
        while not stop.is_set():
            try:
                self._runtime.store.wait(desk, LONGEST_REST)
            except (StoreDown, StorageRefused):
                stop.wait(LONGEST_REST)
            bell.ring()
        bell.ring()

    def _loop(
        self,
        desk: str,
        queue: str,
        take_one: Callable[[str], object],
        bell: Bell,
        stop: threading.Event,
        free_at: Callable[[str], float] = lambda desk: 0.0,
    ) -> None:
        heard = 0
        while not stop.is_set():
            if self._took_one(desk, take_one, stop):
                continue
            heard = bell.rest(heard, self._rest(desk, queue, free_at))

    def _took_one(
        self, desk: str, take_one: Callable[[str], object], stop: threading.Event
    ) -> bool:
        """Whether there was anything; a store that is down is waited for, whatever else is told."""
        application_log.begin(desk=desk)
        try:
            return take_one(desk) is not None
        except (StoreDown, StorageRefused, Conflict) as error:
            log.warning("worker_waits", desk=desk, error=type(error).__name__)
            stop.wait(LONGEST_REST)
        except Exception:
            log.exception("worker_fault", desk=desk)
            stop.wait(LONGEST_REST)
        return False

    def _rest(self, desk: str, queue: str, free_at: Callable[[str], float]) -> float:
        """Seconds until the next line is due and may be taken, at most the longest rest."""
        try:
            due = self._runtime.store.next_due(desk, queue)
            if due is None:
                return LONGEST_REST
            due = max(due, free_at(desk))
        except (StoreDown, StorageRefused):
            return LONGEST_REST
        return min(max(due - self._runtime.clock.now(), 0.01), LONGEST_REST)
