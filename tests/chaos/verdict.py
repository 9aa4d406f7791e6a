"""The verdict of a chaos run: what was lost, what was done twice, what a person must find out.

Pure: the books of both sides are handed in. It judges by what must be true of any run and knows
nothing of what was killed in this one.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from bot.actions import Disposition, TaskReason
from bot.callbacks import Callback, CallbackState
from tests.chaos.books import Books, CarrierCall, CarrierText, OwedCall

HOUR = 3600.0
NEVER_SOONER = 20 * HOUR  # than this is anybody rung again who has not texted meanwhile
CLOCKS_DIFFER = 1.0  # seconds between what the carrier and we write down of one thing
UNDECIDED = frozenset({TaskReason.ATTEMPT_UNCLEAR.value, TaskReason.NOT_RECONCILED.value})
# Endings after which nothing is left for a person.
HELPED = frozenset(
    {Disposition.CONNECTED, Disposition.DETAILS_READ, Disposition.SETTLED_BY_CUSTOMER}
)

Entry = TypeVar("Entry", CarrierText, CarrierCall)


@dataclass(frozen=True, slots=True)
class Verdict:
    """One sentence for each thing that was lost, or done twice; and how many a person must see."""

    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    to_a_person: int
    of: int

    def passes(self, undecidable: int) -> bool:
        """Whether all is well, given so many faults after which nobody could know."""
        return not self.lost and not self.doubled and self.to_a_person <= undecidable

    def __str__(self) -> str:
        return (
            f"lost {len(self.lost)}, doubled {len(self.doubled)}, "
            f"to a person {self.to_a_person}, of {self.of}"
        )


def judge(books: Books) -> Verdict:
    """Compare the books."""
    return Verdict(
        lost=tuple(_lost(books)),
        doubled=tuple(_doubled(books)),
        to_a_person=sum(task.reason in UNDECIDED for task in books.tasks),
        of=len(books.texts),
    )


def _lost(books: Books) -> Iterator[str]:
    handled = Counter(dict(_handled(books)))
    for number, texts in _by_number(books.texts).items():
        if handled[number] < len(texts):
            ids = ", ".join(text.id for text in texts)
            yield f"of {len(texts)} texts ({ids}) {handled[number]} became a callback or a task"
    yield from _acknowledged_too_early(books)
    tasked = {task.conversation for task in books.tasks}
    for owed in books.callbacks:
        if why := _in_nobodys_hands(owed.callback, books, tasked):
            yield f"callback {owed.callback.id} {why}"


def _handled(books: Books) -> Iterator[tuple[str, int]]:
    """By number, how many texts a callback or a task answers for."""
    owners = {text.id: text.number for text in books.texts}
    asks: Counter[str] = Counter()
    for owed in books.callbacks:
        asks[owed.number] += owed.callback.asks
    callbacks = {owed.callback.id for owed in books.callbacks}
    for id in {task.conversation for task in books.tasks} - callbacks:
        if id in owners:
            asks[owners[id]] += 1
    yield from asks.items()


def _acknowledged_too_early(books: Books) -> Iterator[str]:
    """We said that we have a text, and wrote it down only later: found again by good luck."""
    written: dict[str, float] = {}
    for line in books.log:
        written.setdefault(line.conversation, line.at)
    for text in books.texts:
        if text.acknowledged is None:
            continue
        at = written.get(text.id)
        if at is None or at > text.acknowledged + CLOCKS_DIFFER:
            yield f"text {text.id} was acknowledged before it was written down"


def _in_nobodys_hands(callback: Callback, books: Books, tasked: set[str]) -> str:
    """Why this callback is neither done with, nor due, nor with a person; nothing if it is."""
    if callback.state is CallbackState.DUE:
        return "" if callback.next_attempt in books.due else "is due, and in no queue"
    if callback.state is not CallbackState.ENDED:
        attempt = callback.attempt.id if callback.attempt else ""
        looked_after = attempt in books.due | books.followed
        return "" if looked_after else f"is {callback.state.value}, and nobody follows it"
    if callback.disposition in HELPED:
        return ""
    about = {callback.id, *(attempt.id for attempt in callback.attempts)}
    return "" if about & tasked else f"ended ({callback.disposition}), and no person knows of it"


def _doubled(books: Books) -> Iterator[str]:
    texts = _by_number(books.texts)
    for number, handled in _handled(books):
        if handled > len(texts.get(number, ())):
            yield f"{handled} callbacks or tasks for {len(texts.get(number, ()))} texts"
    rung = Counter(call.attempt for call in books.calls)
    yield from (f"attempt {one} was rung {times} times" for one, times in rung.items() if times > 1)
    owed = {one.callback.id: one for one in books.callbacks}
    ended = _ended_at(books)
    for call in books.calls:
        if why := _should_not_have_been(call, owed, ended):
            yield f"call {call.id} ({call.attempt}) {why}"
        if call.messages > 1:
            yield f"call {call.id} left its message {call.messages} times"
    yield from _too_soon(books, texts)


def _ended_at(books: Books) -> dict[str, float]:
    """By callback, when it was done with."""
    return {
        line.callback: line.at
        for line in books.log
        if line.event == "ended" and line.after == CallbackState.ENDED.value
    }


def _should_not_have_been(
    call: CarrierCall, owed: dict[str, OwedCall], ended: dict[str, float]
) -> str:
    """Why the carrier should not have placed this call; nothing if it should."""
    mine = owed.get(call.attempt.rpartition("-")[0])
    if mine is None or mine.callback.find(call.attempt) is None:
        return "is in none of our records"
    over = ended.get(mine.callback.id)
    if over is not None and call.at > over + CLOCKS_DIFFER:
        return "was placed after its callback had ended"
    return ""


def _too_soon(books: Books, texts: dict[str, list[CarrierText]]) -> Iterator[str]:
    """Somebody was rung again on the same day, and had not asked for it since we set about it."""
    read = {line.conversation: line.at for line in reversed(books.log)}  # when it was first told of
    begun = {each.id: each.at for one in books.callbacks for each in one.callback.attempts}
    for number, calls in _by_number(books.calls).items():
        asked = [read.get(text.id, text.at) for text in texts.get(number, ())]
        for first, again in pairwise(sorted(calls, key=lambda call: call.at)):
            since = begun.get(first.attempt, first.at)
            seconds = again.at - first.at
            if seconds < NEVER_SOONER and not any(since <= at <= again.at for at in asked):
                yield f"{number[-4:]}: {again.attempt} rang {seconds:.0f} s after {first.attempt}"


def _by_number(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        found[entry.number].append(entry)
    return found
