"""How long after it is reported a lost telephone opens nothing any more.

    python -m bench.lost_phone [--quick]

Calls from an officer's handset go on; it is reported, and one worker does what is owed. Told are
the milliseconds until nothing of theirs opens anything (the staff list is shut), until every call
is deaf to officers' words, and until the carrier was told to end the last of them.
"""

import argparse
import itertools
import sys
import time
from dataclasses import replace
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.at_once import AtOnce
from bench.callers import DESK
from bench.in_process import service
from bench.where import PORT
from bot.events import CallEnded, CallOutcome, CallReceived
from bot.lost_phone import find_phone, lose_phone
from bot.outbox import Outbox
from bot.phone import PhoneNumber
from bot.records import SAMPLE_STAFF
from bot.runtime import Runtime
from bot.staff_book import StaffBook

OFFICER, MANAGER, HANDSET = "s1001", "s1002", PhoneNumber("+447700900201")
LIVE, ROUNDS = (1, 10, 100), 7
_CALLS = itertools.count(1)


def main(arguments: list[str]) -> int:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(prog="bench.lost_phone", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one round of each")
    rounds = 1 if parser.parse_args(arguments).quick else ROUNDS
    console = Console()
    with service(1, PORT) as (app, _):
        runtime = app.extensions["ringback"].runtime
        book = StaffBook.of(runtime)
        changes = book.would_change(SAMPLE_STAFF)
        book.take(SAMPLE_STAFF, None, changes)
        shown = Table("live calls", "all doors shut, ms", "calls deaf, ms", "told to end, ms")
        for live in LIVE:
            found = [measured(runtime, live) for _ in range(rounds)]
            shown.add_row(str(live), *(f"{median(each):.1f}" for each in zip(*found, strict=True)))
    console.print(shown)
    return 0


def measured(runtime: Runtime, live: int) -> tuple[float, float, float]:
    """Milliseconds from the report to each of the three, with so many calls going on."""
    calls = [f"CA{next(_CALLS):032x}" for _ in range(live)]
    for call in calls:
        runtime.engine.receive(
            CallReceived(desk=DESK, conversation=call, line="officers", call=call, caller=HANDSET)
        )
    manager = runtime.records.staff.here(MANAGER)
    shut: list[float] = []
    watched = Watched(runtime.records.staff, shut)
    began = time.perf_counter()
    lose_phone(_with_staff(runtime, watched), OFFICER, manager)
    deaf = time.perf_counter()
    outbox = Outbox(runtime, AtOnce())
    while outbox.take_one(DESK):
        pass
    told = time.perf_counter()
    if runtime.officers.has_handset(OFFICER, runtime.keyring.number_hash(HANDSET.e164)):
        raise RuntimeError("a door is open")
    find_phone(runtime, OFFICER, manager)
    for call in calls:
        over = CallOutcome.COMPLETED
        runtime.engine.receive(CallEnded(desk=DESK, conversation=call, call=call, outcome=over))
    return (shut[0] - began) * 1e3, (deaf - began) * 1e3, (told - began) * 1e3


class Watched:
    """The staff list, which also tells when it was shut."""

    def __init__(self, real: Any, shut: list[float]) -> None:
        self._real, self._shut = real, shut

    def lose_phone(self, *given: Any) -> bool:
        """As the list does, and the time at which it is committed."""
        news: bool = self._real.lose_phone(*given)
        self._shut.append(time.perf_counter())
        return news

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


def _with_staff(runtime: Runtime, staff: Any) -> Runtime:
    return replace(runtime, records=replace(runtime.records, staff=staff))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
