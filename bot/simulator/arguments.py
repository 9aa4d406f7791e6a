"""The command line of the simulator's own process."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from bot.simulator.load.people import BadPeople, read_people
from bot.simulator.load.running import Asked


def parse(argv: Sequence[str] | None) -> tuple[argparse.Namespace, Asked | None]:
    """What is asked for, and the load that is, if any."""
    parser = _parser()
    asked = parser.parse_args(argv)
    if asked.calls is None:
        return asked, None
    if not asked.service or not asked.people:
        parser.error("--calls needs --service and --people: who are they, and whom do they call?")
    if asked.calls < 1 or asked.per_second <= 0:
        parser.error("--calls and --per-second must be more than nothing")
    try:
        people = read_people(asked.people)
    except BadPeople as wrong:
        parser.error(str(wrong))
    seed = asked.seed if asked.seed is not None else 0
    load = Asked(
        calls=asked.calls,
        per_second=asked.per_second,
        service=asked.service,
        people=people,
        drain_seconds=asked.drain_seconds,
        report=asked.report,
        seed=seed,
        keep=asked.keep,
    )
    return asked, load


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bot.simulator",
        description="A phone network that stands in for Twilio. With --calls it also has people "
        "text and ring the service, reports what came of it, and ends: with 0, or with 1 if "
        "there were errors of the carrier or apologies, or if calls were awaited that never came.",
    )
    parser.add_argument(
        "--port", type=int, default=8181, help="on 127.0.0.1 (default 8181; 0: any)"
    )
    parser.add_argument("--account-sid", default="AC" + "0" * 32)
    parser.add_argument("--auth-token", default="simulator")
    parser.add_argument("--scenario", type=Path, help="JSON with numbers and handsets")
    parser.add_argument(
        "--journal", type=Path, metavar="FOLDER", help="keep happenings.jsonl there"
    )
    parser.add_argument("--clock-offset-seconds", type=float, default=0.0)
    parser.add_argument(
        "--calls-per-second", type=float, default=1.0, help="that the account may place (1)"
    )
    parser.add_argument("--characters-per-second", type=float, default=15.0, help="of speech")
    parser.add_argument("--seed", type=int, help="for the same people and identifiers again")
    _add_load(parser.add_argument_group("load"))
    return parser


def _add_load(group: "argparse._ArgumentGroup") -> None:
    group.add_argument("--calls", type=int, metavar="N", help="so many texts and calls altogether")
    group.add_argument(
        "--per-second", type=float, default=1.0, metavar="R", help="on average (default 1)"
    )
    group.add_argument("--people", type=Path, help="JSON: who they are; needed with --calls")
    group.add_argument("--service", metavar="URL", help="where the service answers webhooks")
    group.add_argument("--report", type=Path, help="write the report there as JSON, too")
    group.add_argument(
        "--drain-seconds",
        type=float,
        default=300.0,
        help="how long after the last one to wait for calls to come and to end (default 300)",
    )
    group.add_argument(
        "--keep", type=int, default=10_000, help="so many calls and webhooks (default 10000)"
    )
