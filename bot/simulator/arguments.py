"""The command line of the simulator's own process."""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.simulator.load.people import BadPeople, read_people
from bot.simulator.load.running import Asked
from bot.simulator.webhooks.addresses import BadAddress, checked

A_HUNDRED_YEARS = 100 * 366 * 86400.0


def parse(argv: Sequence[str] | None, prog: str) -> tuple[argparse.Namespace, Asked | None]:
    """What is asked for, and the load that is, if any. What makes no sense ends the process with 2
    and the reason, before anything starts."""
    parser = _parser(prog)
    asked = parser.parse_args(argv)
    if asked.calls is None:
        if asked.report:
            parser.error("--report needs --calls: of what?")
        return asked, None
    if not asked.service or not asked.people:
        parser.error("--calls needs --service and --people: who are they, and whom do they call?")
    try:
        people = read_people(asked.people)
        checked(asked.service)
        if asked.report:
            asked.report.open("a").close()
    except (BadPeople, BadAddress) as wrong:
        parser.error(str(wrong))
    except OSError as wrong:
        parser.error(f"--report {asked.report}: {wrong.strerror}")
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


def _number(least: float, most: float = 1e6) -> Callable[[str], float]:
    """A number above `least`, and not beyond all sense."""

    def number(word: str) -> float:
        value = float(word)
        if not least < value <= most:
            raise argparse.ArgumentTypeError(f"{word} is not above {least:g} and up to {most:g}")
        return value

    return number


def _whole(word: str) -> int:
    value = int(word)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{word} is less than 1")
    return value


def _parser(prog: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=prog,
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
    parser.add_argument(
        "--clock-offset-seconds", type=_number(-A_HUNDRED_YEARS, A_HUNDRED_YEARS), default=0.0
    )
    parser.add_argument(
        "--calls-per-second", type=_number(0), default=1.0, help="that the account may place (1)"
    )
    parser.add_argument("--characters-per-second", type=_number(0), default=15.0, help="of speech")
    parser.add_argument("--seed", type=int, help="for the same people and identifiers again")
    _add_load(parser.add_argument_group("load"))
    return parser


def _add_load(group: "argparse._ArgumentGroup") -> None:
    group.add_argument(
        "--calls", type=_whole, metavar="N", help="so many texts and calls altogether"
    )
    group.add_argument(
        "--per-second", type=_number(0), default=1.0, metavar="R", help="on average (default 1)"
    )
    group.add_argument("--people", type=Path, help="JSON: who they are; needed with --calls")
    group.add_argument("--service", metavar="URL", help="where the service answers webhooks")
    group.add_argument("--report", type=Path, help="write the report there as JSON, too")
    group.add_argument(
        "--drain-seconds",
        type=_number(-1),
        default=300.0,
        help="how long after the last one to wait for calls to come and to end (default 300)",
    )
    group.add_argument(
        "--keep", type=_whole, default=10_000, help="so many calls and webhooks (default 10000)"
    )
