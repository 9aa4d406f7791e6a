"""Whether the time of an answer tells what must stay secret: pairs of calls, one step each.

    python -m bench.oracle [--quick]

The two of a pair differ in nothing but the secret. The steps of a run are shuffled (seeded), so
that noise hits both alike, and a pair of equals shows how much of it there is. docs/performance.md
says how to read it.
"""

import argparse
import random
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import cycle
from statistics import median, quantiles
from typing import Any

from rich.console import Console
from rich.table import Table

from bench import callers
from bench.callers import Customer
from bench.in_process import service
from bench.load import Request
from bench.where import PORT, ask
from bot import answers
from bot.proof import ContactType
from bot.question_set import QuestionSet

SEED = 20_26
BASE = f"http://127.0.0.1:{PORT}"
BLOCKS = 10  # a run is cut into so many, for the spread of the ratio
CASES, WORN_OUT, FAILING = 500, 30, 150
JITTER = 1000.0  # µs: what a good network adds to one call and not to the next
SURE = 3.0  # standard errors
NO_REFERENCE = "9"
WITHHELD = "anonymous"  # no number to wear out, and none that is known
QUESTIONS = QuestionSet.load()


@dataclass(frozen=True, slots=True)
class Trial:
    """The requests of one call: those before the step, the step that is timed, and the end."""

    before: list[Request]
    step: Request
    after: Request


Side = Callable[[], Trial]


class Calls:
    """Makes calls, each with an id of its own, by people who differ in what must stay secret."""

    def __init__(self, customers: list[Customer]) -> None:
        self._made = 0
        self._chance = random.Random(SEED)
        self.worn_out = customers[:WORN_OUT]
        self.failing = customers[WORN_OUT : WORN_OUT + FAILING]
        self.known = customers[WORN_OUT + FAILING :]
        # One after the other: a case that failed twice has tries left, one that failed thrice none.
        self._next_failing = [cycle(self.failing).__next__ for _ in range(2)]
        numbers = range(len(customers), 1000)
        self.strangers = [f"+447700900{number:03d}" for number in numbers]
        self.nobodys = [
            replace(one, reference=callers._handle(50_000 + at))
            for at, one in enumerate(self.known)
        ]

    def reference(self, people: list[Customer]) -> Trial:
        """A stranger rings and keys a reference of these people: that is timed."""
        return self._trial([self._one_of(people).reference], self._one_of(self.strangers))

    def no_reference(self, phones: list[str]) -> Trial:
        """Somebody rings from one of these, and has no reference: that is timed."""
        return self._trial([NO_REFERENCE], self._one_of(phones))

    def first_answer(self, people: list[Customer], *, rightly: bool) -> Trial:
        """A stranger keys a reference; the first answer is timed."""
        who = self._one_of(people)
        keys = [who.reference, _answers(who, [rightly])[0]]
        return self._trial(keys, self._one_of(self.strangers))

    def last_answer(self, *, rightly: bool) -> Trial:
        """Whoever may make no more mistakes gives the last answer: that is timed."""
        rule, who = QUESTIONS.contact.inbound, self._next_failing[rightly]()
        mistakes = rule.ask - rule.passes
        pattern = [place >= mistakes for place in range(rule.ask - 1)] + [rightly]
        met_by = b"<Gather" if rightly else b"<Hangup"
        return self._trial([who.reference, *_answers(who, pattern)], WITHHELD, met_by)

    def wear_out(self) -> list[Trial]:
        """Failed calls, until the tries of some cases are used up."""
        every = [False] * QUESTIONS.contact.inbound.ask
        return [
            self._trial([who.reference, *_answers(who, every)], WITHHELD, b"<Hangup")
            for who in self.worn_out
            for _ in range(QUESTIONS.budget.failed)
        ]

    def _trial(self, keys: list[str], phone: str, met_by: bytes = b"<Gather") -> Trial:
        """A call in which these keys are pressed, one turn each; how the last of them is met."""
        self._made += 1
        call = f"CA{self._made:032x}"
        own = {"CallSid": call, "From": phone, "Caller": phone}
        action = f"/call/digits-pressed/{callers.DESK}/{call}/"
        begins = callers._request(BASE, "/call/received", own, f"{action}1#")
        pressed = [
            callers._request(
                BASE, f"{action}{turn}", own | {"Digits": each}, f"{action}{turn + 1}#"
            )
            for turn, each in enumerate(keys, start=1)
        ]
        ended = callers._request(BASE, "/call/status", own | {"CallStatus": "completed"}, "")
        last = pressed[-1] if met_by == b"<Gather" else replace(pressed[-1], expected=(met_by,))
        return Trial([begins, *pressed[:-1]], last, replace(ended, expected=()))

    def _one_of(self, people: list[Any]) -> Any:
        return self._chance.choice(people)


def _answers(who: Customer, rightly: list[bool]) -> list[str]:
    """Keys for the first questions that this reference draws."""
    drawn = callers._VERIFICATION.draw(
        call="", contact=ContactType.INBOUND, typed=who.reference, case=None, answers=()
    )
    return [
        who.right[asked.question] if right else _wrong(asked.question)
        for asked, right in zip(drawn.asked, rightly, strict=False)
    ]


def _wrong(question: str) -> str:
    """Keys that are an answer of its kind, and nobody's."""
    rule = QUESTIONS.questions[question]
    tried = ("31121966", "121966", "1966", "6" * (rule.length or 2), "6")
    return next(keys for keys in tried if answers.keyed(rule, keys) is not None)


def pairs_of(calls: Calls) -> dict[str, tuple[Side, Side]]:
    """What is compared, by the secret in which the two differ."""
    on_a_case = [one.phone for one in calls.known]
    return {
        "nothing: the same twice": (
            lambda: calls.reference(calls.known),
            lambda: calls.reference(calls.known),
        ),
        "reference known, nobody's": (
            lambda: calls.reference(calls.known),
            lambda: calls.reference(calls.nobodys),
        ),
        "tries left, spent": (
            lambda: calls.reference(calls.known),
            lambda: calls.reference(calls.worn_out),
        ),
        "number on a case, on none": (
            lambda: calls.no_reference(on_a_case),
            lambda: calls.no_reference(calls.strangers),
        ),
        "answer right, wrong": (
            lambda: calls.first_answer(calls.known, rightly=True),
            lambda: calls.first_answer(calls.known, rightly=False),
        ),
        "answer for a case, for nobody's": (
            lambda: calls.first_answer(calls.known, rightly=False),
            lambda: calls.first_answer(calls.nobodys, rightly=False),
        ),
        "last answer passes, fails": (
            lambda: calls.last_answer(rightly=True),
            lambda: calls.last_answer(rightly=False),
        ),
    }


Taken = tuple[float, float]  # µs until it was answered, and of these µs of our own CPU
Times = dict[str, tuple[list[list[Taken]], list[list[Taken]]]]  # by pair and side, by block


def measure(app: Any, calls: Calls, each: int) -> Times:
    """Time `each` steps of every side in every block, all of a block shuffled."""
    for trial in calls.wear_out():
        for request in (*trial.before, trial.step, trial.after):
            ask(app, request)
    order, pairs = random.Random(SEED), pairs_of(calls)
    times: Times = {name: ([], []) for name in pairs}
    for _ in range(BLOCKS + 1):
        todo = [(name, side) for name in pairs for side in (0, 1)] * each
        order.shuffle(todo)
        taken: dict[tuple[str, int], list[Taken]] = defaultdict(list)
        for name, side in todo:
            taken[name, side].append(_timed(app, pairs[name][side]()))
        for (name, side), block in taken.items():
            times[name][side].append(block)
    for sides in times.values():
        for side in sides:
            del side[0]  # warming up
    return times


def _timed(app: Any, trial: Trial) -> Taken:
    for request in trial.before:
        ask(app, request)
    begun, worked = time.perf_counter(), time.thread_time()
    ask(app, trial.step)
    taken = time.perf_counter() - begun, time.thread_time() - worked
    ask(app, trial.after)
    return taken[0] * 1e6, taken[1] * 1e6


def report(console: Console, times: Times) -> None:
    """The medians of each pair, and what somebody far away could make of the difference."""
    table = Table("differ in")
    for column in ("one, µs", "other, µs", "ratio", "by block", "more, µs", "calls to tell"):
        table.add_column(column, justify="right")
    table.add_column("more CPU, µs", justify="right")
    for name, (one, other) in times.items():
        ratios = [_middle(a) / _middle(b) for a, b in zip(one, other, strict=True)]
        a, b = sum(one, []), sum(other, [])
        more, error = _more(a, b, 0)
        table.add_row(
            name,
            f"{_middle(a):.0f}",
            f"{_middle(b):.0f}",
            f"{_middle(a) / _middle(b):.3f}",
            f"{min(ratios):.2f} to {max(ratios):.2f}",
            f"{more:+.0f} ± {error:.0f}",
            _calls_to_tell(more, error),
            "{:+.0f} ± {:.0f}".format(*_more(a, b, 1)),
        )
    console.print(table)
    console.print(f"calls of each kind, to tell them apart through a jitter of {JITTER:.0f} µs")


def _middle(taken: list[Taken], which: int = 0) -> float:
    return median(each[which] for each in taken)


def _more(one: list[Taken], other: list[Taken], which: int) -> tuple[float, float]:
    """By how much the medians differ, and the standard error of that."""
    errors = [_error([each[which] for each in side]) for side in (one, other)]
    return _middle(one, which) - _middle(other, which), sum(e**2 for e in errors) ** 0.5


def _error(values: list[float]) -> float:
    """The standard error of the median, from the middle half."""
    low, _, high = quantiles(values, n=4)
    return float(1.2533 * (high - low) / 1.349 / len(values) ** 0.5)


def _calls_to_tell(more: float, error: float) -> str:
    if abs(more) < SURE * error:
        return "no difference seen"
    return f"{2 * (SURE * 1.2533 * JITTER / more) ** 2:,.0f}"


def main(arguments: list[str] | None = None) -> None:
    """Set everything up as `bench.where` does, measure, and print the table."""
    parser = argparse.ArgumentParser(prog="bench.oracle")
    parser.add_argument("--quick", action="store_true", help="to see that it works")
    each = 2 if parser.parse_args(arguments).quick else 25
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 120)
    with service(CASES, PORT) as (app, customers):
        report(console, measure(app, Calls(customers), each))


if __name__ == "__main__":
    main()
