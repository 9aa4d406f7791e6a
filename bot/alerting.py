"""Tells people of tasks: a queue of its own, so that a slow receiver holds up nothing else.

Two kinds of line. `step` looks when a telling is due, owes a `send` to each address, and owes the
next step, all in one commit. `send` delivers, and is tried again until its receiver acknowledges
it, it is wanted no longer, or a day has passed. Either may run again: a receiver knows a repeat by
its id.
"""

from dataclasses import dataclass

import structlog

from bot import application_log, escalation
from bot.alert_health import note_failure, note_given_up, note_success
from bot.alerts import Alert, Channel, Courier
from bot.delivery import RealCourier
from bot.desk import Desk
from bot.errors import NotDelivered
from bot.runtime import Runtime
from bot.store import ALERTS, Claim, Json, Line, Store
from bot.tasks import Task
from bot.unit_of_work import UnitOfWork

log = structlog.get_logger()

LEASE_SECONDS = 60.0  # more than a delivery takes
GIVE_UP_SECONDS = 86400.0
LONGEST_BACKOFF = 900


def owe_alerts(store: Store, desk_id: str, desk: Desk, task: Task) -> None:
    """Owe the first step of telling this task; once, however often it is filed again."""
    due = escalation.step_at(task, desk, 0)
    if due is not None and escalation.tells_anybody(desk):
        unit = UnitOfWork(store, desk_id)
        unit.owe(_step(task, 0, due))
        unit.commit()


class Alerting:
    """Carries out the lines of any desk. Any number of copies may run."""

    def __init__(self, runtime: Runtime, courier: Courier | None = None) -> None:
        self._runtime = runtime
        self._store = runtime.store
        self._courier = courier or RealCourier(runtime.settings)

    def take_one(self, desk_id: str) -> str | None:
        """Carry out the next line of a desk, if there is one; its kind. Raises `StoreDown`."""
        now = self._runtime.clock.now()
        claim = self._store.claim(desk_id, ALERTS, now, LEASE_SECONDS)
        if claim is None:
            return None
        application_log.bind(job=claim.line.id)
        task = self._runtime.tasks.get(claim.line.data["task"])
        desk = self._runtime.house.policy.desk[desk_id]
        again_in = None
        if task is not None:
            work = _Work(claim, task, desk_id, desk, now)
            again_in = self._tell(work) if claim.line.kind == "send" else self._step(work)
        if again_in is None:
            self._store.done(desk_id, claim)
        else:
            self._store.postpone(desk_id, claim, now + again_in, fresh=False)
        return claim.line.kind

    def revive(self, desk_id: str) -> None:
        """Owe the next step of every open task again, where Redis has lost it or never had it.

        Where it is owed, this changes nothing: a line's id makes it one. Raises `StoreDown`.
        """
        desk, now = self._runtime.house.policy.desk[desk_id], self._runtime.clock.now()
        if not escalation.tells_anybody(desk):
            return
        for task in self._runtime.tasks.open(desk=desk_id):
            step = escalation.step_now(task, desk, now) + 1
            due = escalation.step_at(task, desk, step)
            if due is not None and task.taken_at is None:
                unit = UnitOfWork(self._store, desk_id)
                unit.owe(_step(task, step, due))
                unit.commit()

    def _step(self, work: "_Work") -> float | None:
        """Owe this telling, or the newest that is due by now, and the next step."""
        step = escalation.step_now(work.task, work.desk, work.now, at_least=work.step)
        if not escalation.still_wanted(work.task, work.desk, step, work.now):
            return None
        unit = UnitOfWork(self._store, work.desk_id)
        for channel in escalation.told_at(work.desk, step):
            unit.owe(_send(work.task, step, channel, work.now))
        again_at = escalation.step_at(work.task, work.desk, step + 1)
        if again_at is not None:
            unit.owe(_step(work.task, step + 1, again_at))
        unit.commit()
        return None

    def _tell(self, work: "_Work") -> float | None:
        """Deliver it; seconds until the next try, or None."""
        channel = Channel(work.claim.line.data["channel"])
        address = escalation.address_of(work.desk, channel)
        if not address or not escalation.still_wanted(work.task, work.desk, work.step, work.now):
            log.info("alert_not_wanted", line=work.claim.line.id)
            return None
        runbook = self._runtime.settings.runbook_url
        alert = Alert.of(work.task, channel, work.step, work.desk.hours.zone, runbook)
        try:
            self._deliver(work.desk, channel, address, alert, work.now)
        except NotDelivered as failure:
            return self._after_failure(work, channel, str(failure))
        note_success(self._store, work.desk_id, channel)
        log.info("alert_sent", desk=work.desk_id, channel=channel.value, line=work.claim.line.id)
        return None

    def _deliver(
        self, desk: Desk, channel: Channel, address: str, alert: Alert, now: float
    ) -> None:
        if channel.is_mail:
            sender = desk.alerts.sender if desk.alerts else ""
            self._courier.mail(sender, address, alert, now)
        else:
            self._courier.webhook(address, alert, now)

    def _after_failure(self, work: "_Work", channel: Channel, reason: str) -> float | None:
        line = work.claim.line
        if work.now - line.data["since"] >= GIVE_UP_SECONDS:
            note_given_up(self._store, work.desk_id, channel, reason, work.now)
            log.error("alert_given_up", line=line.id, channel=channel.value, reason=reason)
            return None
        note_failure(self._store, work.desk_id, channel, reason, work.now)
        log.warning("alert_not_sent", line=line.id, channel=channel.value, reason=reason)
        return backoff(work.claim.tries)


@dataclass(frozen=True, slots=True)
class _Work:
    """One line, with what is known about its task."""

    claim: Claim
    task: Task
    desk_id: str
    desk: Desk
    now: float

    @property
    def step(self) -> int:
        return int(self.claim.line.data["step"])


def backoff(tries: int) -> float:
    """Seconds until the next try: 5, 10, 20 … up to a quarter of an hour."""
    return float(min(5 << min(tries - 1, 10), LONGEST_BACKOFF))


def _step(task: Task, step: int, due: float) -> Line:
    data: Json = {"task": task.id, "step": step}
    return Line(queue=ALERTS, id=f"alert:{task.id}:{step}", kind="step", due=due, data=data)


def _send(task: Task, step: int, channel: Channel, now: float) -> Line:
    data: Json = {"task": task.id, "step": step, "channel": channel.value, "since": now}
    line_id = f"alert:{task.id}:{step}:{channel.value}"
    return Line(queue=ALERTS, id=line_id, kind="send", due=now, data=data)
