"""Every series that there is: its name, kind, labels and meaning. Nothing else is exported.

Labels are few and known beforehand: desks, flows, dispositions, names of rules, routes. There is
none for a number, a case or an id. Units are those of Prometheus: seconds.
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How a value moves."""

    GAUGE = "gauge"
    COUNTER = "counter"
    HISTOGRAM = "histogram"


@dataclass(frozen=True, slots=True)
class Series:
    """One series, as the documentation lists it."""

    name: str
    kind: Kind
    labels: tuple[str, ...]
    meaning: str


ALL: list[Series] = []


def _series(name: str, kind: Kind, labels: str, meaning: str) -> Series:
    made = Series(f"ringback_{name}", kind, tuple(labels.split()), meaning)
    ALL.append(made)
    return made


# What stands in the stores, looked up at each scrape

UP = _series("up", Kind.GAUGE, "store", "1 if all that is measured there could be read, 0 if not")
QUEUE_LINES = _series("queue_lines", Kind.GAUGE, "desk queue", "Lines in a queue")
QUEUE_LINES_DUE = _series(
    "queue_lines_due", Kind.GAUGE, "desk queue", "Those of them whose time has come"
)
CALLBACKS = _series(
    "callbacks",
    Kind.GAUGE,
    "desk state",
    "Calls that are owed: due, due later, under way; of the 1000 that are due first",
)
CALLBACKS_HELD = _series(
    "callbacks_held", Kind.GAUGE, "desk rule", "Those of them that a rule holds back"
)
CALLBACKS_OLDEST_DUE = _series(
    "callbacks_oldest_due_seconds",
    Kind.GAUGE,
    "desk",
    "How long the callback that waits longest has been due; 0 if none is",
)
CALLS_AT_ONCE = _series("calls_at_once", Kind.GAUGE, "desk", "Calls of ours under way")
CALLS_AT_ONCE_LIMIT = _series(
    "calls_at_once_limit", Kind.GAUGE, "desk", "How many there may be (policy.toml)"
)
DIALLING_STOPPED = _series(
    "dialling_stopped", Kind.GAUGE, "desk by", "1 while nobody is rung: by the breaker, by a person"
)
DIALLING_LATEST = _series(
    "dialling_latest_calls",
    Kind.GAUGE,
    "desk showed",
    "The calls that the breaker judges by: silent, failing, good",
)
RECONCILING_AGE = _series(
    "reconciling_age_seconds",
    Kind.GAUGE,
    "desk",
    "Until how long ago the carrier's lists have been looked through; none before the first time",
)
ARCHIVE_LAG_LINES = _series(
    "archive_lag_lines", Kind.GAUGE, "desk", "Lines of the flow log that are not archived yet"
)
ARCHIVE_LAG_SECONDS = _series(
    "archive_lag_seconds", Kind.GAUGE, "desk", "How long the oldest of them has waited; 0 if none"
)
ALERTS_FAILING = _series(
    "alerts_failing", Kind.GAUGE, "desk channel", "1 while what is told of tasks does not arrive"
)
ALERTS_GIVEN_UP = _series(
    "alerts_given_up", Kind.GAUGE, "desk channel", "1 if one was given up within the last week"
)
WORDING_APPROVED = _series(
    "wording_approved",
    Kind.GAUGE,
    "desk",
    "1 if all that may be said is approved; 0: the desk only receives",
)
TASKS_OPEN = _series("tasks_open", Kind.GAUGE, "desk priority", "Tasks that wait for a person")
TASKS_OVERDUE = _series(
    "tasks_overdue", Kind.GAUGE, "desk priority", "Those of them that should have been done by now"
)

# What the flow log told since this process began to read it

CALLS_ENDED = _series("calls_ended_total", Kind.COUNTER, "desk flow disposition", "How calls ended")
CALLBACK_STEPS = _series(
    "callback_steps_total", Kind.COUNTER, "desk step", "Steps in the lives of callbacks"
)
DIAL_REFUSALS = _series(
    "dial_refusals_total", Kind.COUNTER, "desk rule", "How often a rule held a callback back"
)
TASKS_RAISED = _series("tasks_raised_total", Kind.COUNTER, "desk reason", "Tasks raised")
LOG_LINES = _series("flow_log_lines_total", Kind.COUNTER, "desk kind", "Lines of the flow log")

# What the processes of this machine counted themselves, if RINGBACK_METRICS_DIR is set

WEBHOOKS = _series(
    "webhooks_total",
    Kind.COUNTER,
    "route answer",
    "Requests at the door: answered, refused (403: the "
    "signature), rejected (another 4xx), failed (5xx: the carrier comes again)",
)
WEBHOOK_SECONDS = _series(
    "webhook_duration_seconds", Kind.HISTOGRAM, "route", "How long the answers took"
)
WARNINGS = _series(
    "warnings_total",
    Kind.COUNTER,
    "process level event error",
    "Lines of the application log, from warnings upward: what happened, and the kind of exception",
)
