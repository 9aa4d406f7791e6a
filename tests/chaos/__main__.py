"""`python -m tests.chaos`: kill everything, again and again; was anything lost, or doubled?"""

import argparse
import signal
import sys
from collections.abc import Callable

from rich.console import Console

from tests.chaos.people import MOST
from tests.chaos.report import bars, show
from tests.chaos.run import Asked, run

LEAST, SEED, CALLBACKS = 20, 7, 1000


def main(words: list[str] | None = None) -> int:
    """The exit code: 0 if nothing was lost or doubled, and no more than must be is unclear."""
    asked = _asked(words)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # ending all it began
    console = Console(highlight=False)
    console.print(
        f"{asked.callbacks} callbacks, seed {asked.seed}: real processes, real HTTP, kill -9."
    )
    with bars(console) as tell:
        ran = run(asked, tell)
    show(ran, console)
    assert ran.verdict is not None
    return 0 if ran.verdict.passes(ran.undecidable) and not ran.unfinished else 1


def _asked(words: list[str] | None) -> Asked:
    parser = argparse.ArgumentParser(
        prog="python -m tests.chaos",
        description="Invented customers text in while the web server, the workers and Valkey are "
        "killed, stopped and started again, and the carrier errs. When all is quiet, its books are "
        "compared with ours. Ends with 0 if nothing was lost and nothing done twice.",
        epilog="The same seed draws the same people, faults and places to die. docs/chaos.md says "
        "what is killed, what is counted, and what is not covered.",
    )
    parser.add_argument(
        "--callbacks", type=_number(LEAST, MOST), default=CALLBACKS, metavar="N",
        help=f"so many people are owed a call, {LEAST} to {MOST} (default {CALLBACKS})",
    )  # fmt: skip
    parser.add_argument("--seed", type=int, default=SEED, help=f"what is drawn (default {SEED})")
    parser.add_argument(
        "--workers", type=_number(2, 8), default=3, metavar="W", help="so many at once (default 3)"
    )
    parser.add_argument(
        "--per-second", type=float, default=5.0, metavar="R", help="texts, on average (default 5)"
    )
    parser.add_argument(
        "--storms", type=_number(1, 4), default=2, metavar="D",
        help="so many days of it, then calm ones until all is over (default 2)",
    )  # fmt: skip
    given = parser.parse_args(words)
    return Asked(given.callbacks, given.seed, given.workers, given.per_second, given.storms)


def _number(least: int, most: int) -> Callable[[str], int]:
    def number(word: str) -> int:
        value = int(word)
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"{word} is not from {least} to {most}")
        return value

    return number


if __name__ == "__main__":
    sys.exit(main())
