"""Nobody learns how they stand by speaking either (design section 1, invariant 4)."""

from collections.abc import Iterator

from bot import answers
from tests.house_in_memory import HouseInMemory, LiveCall
from tests.people import ALICE, DAVE, MALLORY, UNKNOWN_REFERENCE, Person
from tests.stores_that_fail import CountingStore
from tests.test_no_oracle import Build, Seen, Watcher


def a_spoken_call(
    house: HouseInMemory, caller: Person, keyed: str, answering: Person, mistakes: int
) -> Iterator[LiveCall]:
    """Ring, key a reference, say every answer: one step at a time."""
    call = house.rings(caller)
    yield call
    call.press(keyed)
    yield call
    asked = 0
    while call.heard().asked.startswith("question."):
        rule = house.runtime.house.questions.questions[call.question]
        keys = (answering.wrong if asked < mistakes else answering.right)(call.question)
        call.say(answers.as_said(rule, answers.keyed(rule, keys) or ""))
        asked += 1
        yield call


def watch(build: Build, *how: object) -> Seen:
    house = build(store=CountingStore())
    watcher = Watcher(house)
    return watcher.watch(a_spoken_call(house, *how))


def test_right_and_wrong_answers_that_are_said_look_alike(build: Build) -> None:
    all_wrong = watch(build, ALICE, ALICE.reference, ALICE, 6)
    two_wrong = watch(build, ALICE, ALICE.reference, ALICE, 2)

    assert len(all_wrong.heard) == 8
    assert all_wrong == two_wrong


def test_a_known_and_an_unknown_reference_look_alike(build: Build) -> None:
    known = watch(build, DAVE, ALICE.reference, MALLORY, 6)
    unknown = watch(build, DAVE, UNKNOWN_REFERENCE, MALLORY, 6)

    assert known == unknown


def test_what_is_no_answer_is_judged_without_knowing_what_is_right(build: Build) -> None:
    """The same words, to Alice's case and to nobody's: the same is asked again."""
    heard = []
    for reference in (ALICE.reference, UNKNOWN_REFERENCE):
        call = build().rings(DAVE)
        call.press(reference)
        call.say("it may rain later")
        heard.append([p for p in call.heard().prompts if not p.startswith("question.")])

    assert heard[0] == heard[1] == ["common.not_understood"]
