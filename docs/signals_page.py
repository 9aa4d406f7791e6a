"""Writes docs/signals.md: how the service is watched, and every series that there is."""

from bot.signals.series import ALL

BEFORE = """# Signals: how the service is watched

    RINGBACK_METRICS_ADDRESS=127.0.0.1:9470 ringback metrics

answers Prometheus at `/metrics`. It is a process of its own: one is enough, on a machine that reaches both stores, and the public door has
no such page. It is off unless it is configured. The address is an IP address; with `RINGBACK_METRICS_TOKEN` only whoever shows it as a bearer
token is answered, and production refuses an address that is not private without one. There is no TLS: past one machine let a proxy add it.

    scrape_configs:
      - job_name: ringback
        authorization: {credentials_file: /etc/prometheus/ringback-token}
        static_configs: [{targets: ["127.0.0.1:9470"]}]
    rule_files: [ringback-alerts.yml]      # docs/prometheus/alerts.yml

* What **stands** (queues, callbacks, tasks, the gate) is read from the stores at each scrape: no process counts it, so none can be wrong about it.
* What **happened** to customers is counted from the flow log, where a line is if and only if it was committed. It costs a turn nothing. The
  counts begin at 0 with the process, and what happens before its first scrape is not in them.
* What only a **process** knows, webhooks and warnings, each counts in `RINGBACK_METRICS_DIR`, in a file of its own that outlives it; the
  exporter of the same machine adds them up. Set it for `ringback serve`, `ringback work` and `ringback metrics` alike, to a directory in memory
  (`/run/ringback`). `ringback serve` clears away the files of dead processes where none is alive. On several machines run one exporter on each.

A store that does not answer, or holds what cannot be read, gives `ringback_up 0`, and its series are missing: never a 0 that is made up, and
never an error. Labels are desks, flows, dispositions, rules, routes: no number, no case, no id.

`docs/prometheus/grafana.json` is a dashboard, `docs/prometheus/alerts.yml` has alert rules; each names its page under `docs/runbook/`. There is a
page for each reason of a task as well: with `RINGBACK_RUNBOOK_URL`, the console's `/help` or where you serve your copy, the alerts about tasks (docs/tasks.md) link it.

## Series

Made from the code by `make docs`.

| series | kind | labels | meaning |
| --- | --- | --- | --- |
"""

AFTER = """
## The application log

A line an event on standard error: JSON, or words and colours where that is a terminal. Each has `timestamp` (UTC), `level`, `event` (a name of
ours, never made at run time) and `process` (`web`, `worker`, `metrics`). While a webhook is answered also `request`: the carrier's own id of it
(`I-Twilio-Idempotency-Token`, which its retries share) if it gave one, else one of ours; `call` or `text`, the carrier's id; `desk` and
`conversation`, where its address has them. While a worker works: `desk` and `job`, the line it carries out.

It holds no body, no query, no full number, no answer and no value of a variable: an exception is its type and the places it passed. What a
library warns of is told by its name and place only, since its words may hold an address with a number in it. twilio-python writes requests at
INFO; it is given a logger that says nothing.
"""


def page() -> str:
    """docs/signals.md."""
    rows = [
        f"| `{one.name}` | {one.kind.value} | {', '.join(one.labels) or '—'} | {one.meaning} |"
        for one in ALL
    ]
    return BEFORE + "\n".join(rows) + "\n" + AFTER
