"""Nobody learns how they stand (design section 1, invariant 4): pairs of calls that look alike.

Two calls that differ only in what we know, or in what was right, hear the same prompts until the
one ending, in as many turns; they leave the same fields in the log, and cost the store and the
records the same trips, of the same size.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from sqlalchemy import event

from tests.house_in_memory import HouseInMemory, LiveCall
from tests.people import ALICE, BOB, DAVE, FRANK, MALLORY, UNKNOWN_REFERENCE, WITHHELD, Person
from tests.stores_that_fail import CountingStore

Build = Callable[..., HouseInMemory]


@dataclass
class Seen:
    """What could be noticed of a call, step by step."""

    turns: int = 0
    heard: list[object] = field(default_factory=list)
    logged: list[list[str]] = field(default_factory=list)
    trips: list[list[str]] = field(default_factory=list)
    queries: list[int] = field(default_factory=list)


class Watcher:
    """Watches a house from outside, as somebody with a stop-watch and the log would."""

    def __init__(self, house: HouseInMemory) -> None:
        self._house = house
        self.queries = 0
        event.listen(house.records, "before_cursor_execute", self._count)

    def _count(self, *_: object) -> None:
        self.queries += 1

    def watch(self, steps: Iterator[LiveCall]) -> Seen:
        """Take the steps of a call, and note what each of them showed."""
        seen = Seen()
        store = self._house.store
        assert isinstance(store, CountingStore)
        self._house.news()
        store.trips.clear()
        self.queries = 0
        for call in steps:
            heard = call.heard()
            # Which question is asked follows from what was typed, and tells nothing else.
            prompts = ["a question" if p.startswith("question.") else p for p in heard.prompts]
            seen.heard.append((prompts, heard.seconds, bool(heard.dials), heard.hangs_up))
            seen.trips.append([trip for trip in store.trips])
            seen.queries.append(self.queries)
            seen.logged += [
                [line["kind"], line.get("event", ""), line.get("after", ""), *sorted(line)]
                for line in self._house.news()
            ]
            seen.turns = call.talk["turn"]
            store.trips.clear()
            self.queries = 0
        return seen


def a_call(
    house: HouseInMemory, caller: Person, keyed: str, answering: Person, mistakes: int = 0
) -> Iterator[LiveCall]:
    """Ring, key a reference, answer every question: one step at a time."""
    call = house.rings(caller)
    yield call
    call.press(keyed)
    yield call
    asked = 0
    while call.heard().asked.startswith("question."):
        call.answer(answering, rightly=asked >= mistakes)
        asked += 1
        yield call


def fail_at(house: HouseInMemory, caller: Person) -> None:
    """Fail with Alice's reference."""
    for _ in a_call(house, caller, ALICE.reference, MALLORY):
        pass


def spent(house: HouseInMemory) -> None:
    """Spend the budget of Alice's case."""
    for caller in (MALLORY, DAVE, FRANK):
        fail_at(house, caller)


PAIRS = {
    "a known and an unknown reference": (
        (DAVE, ALICE.reference, MALLORY, 6),
        (DAVE, UNKNOWN_REFERENCE, MALLORY, 6),
    ),
    "six wrong answers and two": (
        (ALICE, ALICE.reference, ALICE, 6),
        (ALICE, ALICE.reference, ALICE, 2),
    ),
    "a number on a case and one on none, without a reference": (
        (ALICE, "9", MALLORY, 6),
        (DAVE, "9", MALLORY, 6),
    ),
    "one person's number and several people's, without a reference": (
        (ALICE, "9", MALLORY, 6),
        (FRANK, "9", MALLORY, 6),
    ),
    "the customer's own telephone and a stranger's": (
        (ALICE, ALICE.reference, MALLORY, 6),
        (BOB, ALICE.reference, MALLORY, 6),
    ),
    "right answers for a case and for none": (
        (DAVE, UNKNOWN_REFERENCE, ALICE, 0),
        (DAVE, ALICE.reference, ALICE, 2),
    ),
}


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS.keys())
def test_two_calls_that_fail_look_alike_to_the_end(build: Build, pair: tuple) -> None:  # type: ignore[type-arg]
    first, second = (_watch(build, *how) for how in pair)

    assert first == second


def test_a_pass_and_a_failure_look_alike_until_the_last_answer(build: Build) -> None:
    passed = _watch(build, ALICE, ALICE.reference, ALICE, 1)
    failed = _watch(build, ALICE, ALICE.reference, ALICE, 2)

    assert passed.turns == failed.turns
    assert passed.heard[:-1] == failed.heard[:-1]
    assert passed.trips[:-1] == failed.trips[:-1]
    assert passed.queries == failed.queries
    last = [[" ".join(trip.split()[:3]) for trip in seen.trips[-1]] for seen in (passed, failed)]
    assert last[0] == last[1], "the last answer reads and writes as many records"
    until = len(passed.logged) - len(["what the record has noted", "the step"])
    assert passed.logged[:until] == failed.logged[:until]


def test_a_spent_budget_is_not_to_be_felt(build: Build) -> None:
    fresh = _watch(build, ALICE, ALICE.reference, ALICE, 2)
    used_up = _watch(build, ALICE, ALICE.reference, ALICE, 0, before=spent)

    assert fresh == used_up


def test_the_failure_that_leaves_no_try_is_not_to_be_felt_either(build: Build) -> None:
    def once(house: HouseInMemory) -> None:
        fail_at(house, DAVE)

    def twice(house: HouseInMemory) -> None:
        fail_at(house, DAVE)
        fail_at(house, FRANK)

    second = _watch(build, MALLORY, ALICE.reference, MALLORY, 6, before=once)
    third = _watch(build, MALLORY, ALICE.reference, MALLORY, 6, before=twice)

    assert second == third


def test_a_withheld_caller_goes_through_the_same_dialogue(build: Build) -> None:
    known = _watch(build, ALICE, ALICE.reference, MALLORY, 6)
    withheld = _watch(build, WITHHELD, ALICE.reference, MALLORY, 6)

    assert (known.heard, known.turns) == (withheld.heard, withheld.turns)
    assert known.queries == withheld.queries


@pytest.mark.parametrize("sender", [ALICE, DAVE, FRANK], ids=lambda person: person.name)
def test_every_text_costs_the_same_queries(build: Build, sender: Person) -> None:
    house = build(store=CountingStore())
    watcher = Watcher(house)

    answer = house.text(sender, "Hello")

    assert watcher.queries == 2 * len(
        ["by number", "missed call", "rung for"]
    )  # each with its BEGIN
    assert b"<Response/>" in answer.data


def _watch(
    build: Build,
    caller: Person,
    keyed: str,
    answering: Person,
    mistakes: int,
    before: Callable[[HouseInMemory], None] = lambda house: None,
) -> Seen:
    house = build(store=CountingStore())
    before(house)
    return Watcher(house).watch(a_call(house, caller, keyed, answering, mistakes))
