"""What a chaos run shows of itself: bars while it lasts, a table at the end, the verdict last."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from bot.callbacks import CallbackState
from bot.flow_log import LineKind
from tests.chaos.books import Books
from tests.chaos.fates import Death
from tests.chaos.run import Ran, Tell
from tests.chaos.weather import OUTAGES, Blow

MOST_SENTENCES = 20
MOVED_ON = frozenset({"placed", "due", "ended", "postponed"})


@contextmanager
def bars(console: Console) -> Iterator[Tell]:
    """One bar for each thing that is counted."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=console) as progress:
        tasks = {}

        def tell(name: str, done: int, of: int) -> None:
            if name not in tasks:
                tasks[name] = progress.add_task(name, total=of)
            progress.update(tasks[name], completed=done, total=of)

        yield tell


def show(ran: Ran, console: Console) -> None:
    """The table; what was lost or doubled, one by one; and the verdict."""
    assert ran.verdict is not None and ran.books is not None
    console.print(_table(ran))
    sentences = [*ran.verdict.lost, *ran.verdict.doubled, *filter(None, [ran.unfinished])]
    for sentence in sentences[:MOST_SENTENCES]:
        console.print(f"[bold red]{escape(sentence)}", soft_wrap=True)
    if more := sentences[MOST_SENTENCES:]:
        console.print(f"[bold red]and {len(more)} more")
    console.print(str(ran.verdict), markup=False, highlight=False)


def _table(ran: Ran) -> Table:
    table = Table("what", "", "", title=f"Chaos, seed {ran.asked.seed}", title_justify="left")
    for rows in (_owed(ran), _kills(ran), _outages(ran), _faults(ran), _recovery(ran)):
        for row in rows:
            table.add_row(*row)
        table.add_section()
    return table


Row = tuple[str, str, str]


def _owed(ran: Ran) -> Iterator[Row]:
    assert ran.books is not None
    books = ran.books
    days = f"on {len(ran.nights) + 1} days, in {ran.seconds:.0f} s"
    yield "callbacks", f"{len(books.callbacks)}", f"for {len(books.texts)} texts"
    yield "calls placed", f"{len(books.calls)}", days
    yield "tasks for people", f"{len(books.tasks)}", ""
    silent = sum(text.acknowledged is None for text in books.texts)
    yield "texts never acknowledged", f"{silent}", "found in the carrier's list"
    undecidable = f"of at most {ran.undecidable}: faults after which nobody can know"
    yield "unclear, for a person", f"{ran.verdict.to_a_person if ran.verdict else 0}", undecidable


def _kills(ran: Ran) -> Iterator[Row]:
    places = ran.fates.places
    hit = f"{len(ran.fates.hit)} of {2 * len(places)} places, both sides, found by the run itself"
    yield "workers killed by themselves", f"{len(ran.fates.deaths)}", hit
    by_question = Counter(f"{one.side} {one.place.question}" for one in ran.fates.deaths)
    for question, times in sorted(by_question.items()):
        yield f"    {question}", f"{times}", ""
    for blow in Blow:
        if blow not in OUTAGES:
            yield blow.value, f"{ran.blows[blow]}", "kill -9, started again"
    yield "all of these at once", f"{len(ran.nights)}", "and a night of the clock after each"


def _outages(ran: Ran) -> Iterator[Row]:
    for blow in sorted(OUTAGES):
        yield blow.value, f"{ran.blows[blow]}", "for 1 to 4 s, while texts arrive"
    yield "dialling stopped by its breaker", f"{ran.resumed}", "and resumed by a person"


def _faults(ran: Ran) -> Iterator[Row]:
    yield "faults of the carrier", f"{ran.faults.total()}", ""
    for fault, times in sorted(ran.faults.items()):
        yield f"    {fault}", f"{times}", ""


def _recovery(ran: Ran) -> Iterator[Row]:
    assert ran.books is not None
    waits = sorted(recoveries(ran.fates.deaths, ran.books, ran.nights))
    may = f"a lease and the grace of settling are {ran.longest_wait:.0f} s"
    if not waits:
        yield "recovered calls", "0", may
        return
    late = sum(wait > ran.longest_wait + 1.0 for wait in waits)
    yield "calls recovered from a dead worker", f"{len(waits)}", may
    yield "    seconds, the median", f"{median(waits):.1f}", ""
    yield "    seconds, the longest", f"{waits[-1]:.1f}", f"{late} took longer than those"


def recoveries(deaths: list[Death], books: Books, nights: list[float]) -> Iterator[float]:
    """Seconds from each death with a call in hand until another worker had it in hand.

    One that was gone on with before the worker died waited for nobody; one over which a night
    fell is not measured.
    """
    moved: dict[str, list[float]] = {}
    for line in books.log:
        if line.kind is LineKind.CALLBACK and (
            line.event in MOVED_ON or line.after == CallbackState.ENDED.value
        ):
            moved.setdefault(line.conversation, []).append(line.at)
    for death in deaths:
        for call in death.calls:
            taken = [one.at for one in deaths if call in one.calls and one.at > death.at]
            after = [*taken, *(at for at in moved.get(call, ()) if at >= death.at)]
            before = [at for at in moved.get(call, ()) if at < death.at]
            if not after or before:
                continue
            if not any(death.at <= night <= min(after) for night in nights):
                yield min(after) - death.at
