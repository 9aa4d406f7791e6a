"""Counts what the flow log tells: each line once, since this process began to read it.

A line is in the log if and only if what it tells of was committed, so that nothing is counted that
did not happen, and a turn pays nothing for it. After a restart the counts begin at 0, which
Prometheus takes for what it is.
"""

from collections.abc import Iterable

from bot.actions import Disposition, TaskReason
from bot.callbacks import HELD_BACK
from bot.dialling_gate import PAUSED, STOPPED
from bot.flow_log import LineKind
from bot.runtime import Runtime
from bot.signals import series
from bot.signals.readings import Readings

AT_ONCE = 1000  # lines in one look
MOST_LOOKS = 100  # in one scrape: the rest is counted in the next one


class LogCounts:
    """Follows the flow log of every desk; one thread at a time."""

    def __init__(self, runtime: Runtime, flows: Iterable[str]) -> None:
        self._store = runtime.store
        self._read_until: dict[str, str] = {}
        self.counts = Readings()
        for desk in runtime.desks:
            self._begin_at_zero(desk, flows)

    def catch_up(self, desk: str) -> None:
        """Count what was written since the last time. Raises `StoreDown`."""
        after = self._read_until.get(desk)
        if after is None:
            self._read_until[desk] = self._store.newest_log_id(desk)
            return
        for _ in range(MOST_LOOKS):
            lines = self._store.log_after(desk, after, AT_ONCE)
            for after, fields in lines:
                self._count(desk, fields)
                self._read_until[desk] = after
            if len(lines) < AT_ONCE:
                return

    def _count(self, desk: str, fields: dict[str, str]) -> None:
        kind, add = fields["kind"], self.counts.add
        add(series.LOG_LINES, 1, desk, kind)
        if kind == LineKind.CALLBACK:
            add(series.CALLBACK_STEPS, 1, desk, fields.get("event", ""))
            if fields.get("event") in HELD_BACK:
                add(series.DIAL_REFUSALS, 1, desk, fields.get("reason", ""))
        elif kind == LineKind.TASK:
            add(series.TASKS_RAISED, 1, desk, fields.get("reason", ""))
        elif fields.get("disposition"):
            labels = (desk, fields.get("flow", ""), fields["disposition"])
            add(series.CALLS_ENDED, 1, *labels)

    def _begin_at_zero(self, desk: str, flows: Iterable[str]) -> None:
        """A series that appears with its first event hides that event from `increase`."""
        known: list[tuple[series.Series, tuple[str, ...]]] = [
            *((series.LOG_LINES, (desk, kind.value)) for kind in LineKind),
            *((series.TASKS_RAISED, (desk, reason.value)) for reason in TaskReason),
            *((series.DIAL_REFUSALS, (desk, rule)) for rule in (STOPPED, PAUSED, "not_approved")),
            *(
                (series.CALLBACK_STEPS, (desk, step))
                for step in ("due", "placing", "placed", "ended")
            ),
            *((series.CALLS_ENDED, (desk, flow, d.value)) for flow in flows for d in Disposition),
        ]
        for counter, labels in known:
            self.counts.set(counter, 0, *labels)
