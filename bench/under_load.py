"""The whole service under load: `serve`, `work` and `simulate`, each a process, in real time.

The policy is the shipped one, but for how many calls a second may be placed: by it one a second,
here as many as come.

python -m bench.under_load [--customers 300] [--calls 300] [--per-second 20] [--report FILE]
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from importlib import resources
from pathlib import Path

from bench.people import make
from bot.demo.demo_time import set_the_clock
from bot.demo.processes import Child, Processes, free_port, ringback

PLACED_PER_SECOND = 50.0
PLACED_AT_ONCE = 1000


def policy(folder: Path, per_second: float) -> None:
    """A file over the shipped policy. Whoever names a desk there names all of it."""
    shipped = (resources.files("config") / "policy.toml").read_text(encoding="utf-8")
    desk = shipped[shipped.index("[desk.main]") : shipped.index("# When a customer may be rung")]
    faster = desk.replace("calls_per_second = 1.0", f"calls_per_second = {per_second}")
    faster = faster.replace("calls_at_once = 20", f"calls_at_once = {PLACED_AT_ONCE}")
    folder.mkdir()
    account = (
        f"[dialling]\ncalls_per_second_per_account = {per_second}\n"
        f"calls_at_once_per_account = {PLACED_AT_ONCE}\n"
    )
    (folder / "policy.toml").write_text(faster + account, encoding="utf-8")


def run(asked: argparse.Namespace, directory: Path) -> int:
    """Everything from the import to the report."""
    cases, people = make(asked.customers, directory / "people")
    policy(directory / "config", PLACED_PER_SECOND)
    data = directory / "data"
    data.mkdir()
    set_the_clock(data, time.time())
    web, network = free_port(8470), free_port(8471)
    processes = Processes(data, lambda told: print("!", told))
    environment = {
        "RINGBACK_DATA_DIR": str(data),
        "RINGBACK_CONFIG_DIR": str(directory / "config"),
        "RINGBACK_REDIS_URL": processes.server.url,
        "RINGBACK_PUBLIC_URL": f"http://127.0.0.1:{web}",
        "RINGBACK_TWILIO_API_URL": f"http://127.0.0.1:{network}",
    }
    load = ["simulate", "--port", network, "--calls", asked.calls, "--people", people]
    load += ["--per-second", asked.per_second, "--calls-per-second", PLACED_PER_SECOND]
    load += ["--characters-per-second", asked.characters_per_second]
    load += ["--report", asked.report] if asked.report else []
    both = {**os.environ, **environment}
    try:
        subprocess.run(ringback("cases", "import", str(cases)), env=both, check=True)
        serving = ringback("serve", "--port", str(web))
        children = [
            Child("web server", serving, data / "web.log", f"http://127.0.0.1:{web}/healthz"),
            Child("worker", ringback("work"), data / "worker.log"),
        ]
        processes.start(children, environment)
        return subprocess.run(ringback(*map(str, load)), env=both, check=False).returncode
    finally:
        processes.end()
        if asked.show_logs:
            print((data / "worker.log").read_text()[-3000:], (data / "web.log").read_text()[-3000:])


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="bench.under_load")
    parser.add_argument("--customers", type=int, default=300)
    parser.add_argument("--calls", type=int, default=300)
    parser.add_argument("--per-second", type=float, default=20.0)
    parser.add_argument("--characters-per-second", type=float, default=15.0)
    parser.add_argument("--report", type=Path)
    parser.add_argument("--show-logs", action="store_true")
    with tempfile.TemporaryDirectory(prefix="under-load-") as directory:
        return run(parser.parse_args(), Path(directory))


if __name__ == "__main__":
    sys.exit(main())
