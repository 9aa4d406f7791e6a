"""Every way in which a call that is owed can end: reached by webhooks, and followed by its rule."""

from collections.abc import Callable

import pytest

from bot.actions import Disposition
from tests.callbacks.scenes import Scene, answered, due_now, helped, machine, ringing
from tests.house_in_memory import HOUR, HouseInMemory, LiveCall
from tests.people import BOB

PASSED = ("1", "answers", "keeps the number")


def keys(*pressed: str) -> Callable[[Scene], None]:
    """Somebody picks up, presses a key, and then these."""

    def play(scene: Scene) -> None:
        answered(scene)
        call = the_call(scene)
        for key in pressed:
            if key == "answers":
                call.answer_all(BOB)
            elif key == "wrong answers":
                call.answer_all(BOB, mistakes=6)
            elif key == "keeps the number":
                call.keep_number()
            elif key in ("completed", "no-answer"):
                call.desk(key)
            else:
                call.press(key)
        call.hang_up()

    return play


def status(word: str) -> Callable[[Scene], None]:
    """The carrier says so, and nobody ever heard us."""

    def play(scene: Scene) -> None:
        ringing(scene)
        the_call(scene).status(word)

    return play


def the_call(scene: Scene) -> LiveCall:
    assert scene.call is not None
    return scene.call


def left_message(scene: Scene) -> None:
    machine(scene)
    the_call(scene).hang_up()


def fax(scene: Scene) -> None:
    ringing(scene)
    the_call(scene).answered()
    the_call(scene).verdict("fax")
    the_call(scene).hang_up()


def no_response(scene: Scene) -> None:
    ringing(scene)
    call = the_call(scene)
    call.answered()
    while call.heard().asked:
        call.silence()
    call.hang_up()


def settled_by_customer(scene: Scene) -> None:
    due_now(scene)
    helped(scene)


def cancelled(scene: Scene) -> None:
    due_now(scene)
    scene.texts("STOP")


REACHED: dict[Disposition, Callable[[Scene], None]] = {
    Disposition.CONNECTED: keys(*PASSED, "2", "completed"),
    Disposition.DETAILS_READ: keys(*PASSED, "1"),
    Disposition.LEFT_MESSAGE: left_message,
    Disposition.NO_RESPONSE: no_response,
    Disposition.NO_ANSWER: status("no-answer"),
    Disposition.BUSY: status("busy"),
    Disposition.FAILED: status("failed"),
    Disposition.FAX: fax,
    Disposition.ABANDONED: status("completed"),
    Disposition.WRONG_PERSON: keys("2", "1"),
    Disposition.NOT_VERIFIED: keys("1", "wrong answers"),
    Disposition.REFUSED: keys(),
    Disposition.POSTPONED: keys("3", "2"),
    Disposition.SETTLED_BY_CUSTOMER: settled_by_customer,
    Disposition.CANCELLED: cancelled,
    Disposition.NEEDS_PERSON: keys("0", "no-answer"),
}


@pytest.mark.parametrize("disposition", Disposition)
def test_it_is_reached_and_its_rule_is_followed(
    house: HouseInMemory, disposition: Disposition
) -> None:
    scene = Scene(house)
    REACHED[disposition](scene)
    house.work()

    ended = scene.callback()
    attempt = ended.attempts[-1].disposition if ended.attempts else None
    assert (attempt or ended.disposition) == disposition
    rule = house.runtime.house.policy.retry[disposition]
    if rule.minutes is not None:
        assert (ended.state, ended.due_at) == ("due", ended.attempts[-1].at + rule.minutes * 60)
        return
    assert (ended.state, ended.disposition, scene.open()) == ("ended", disposition, [])
    tasks = [task.reason.value for task in house.runtime.tasks.open()]
    # Whoever asked for a person and was connected has a task as well, should they not be helped.
    asked_for_one = ["wants_person"] if disposition is Disposition.CONNECTED else []
    assert bool(tasks) if rule.task else tasks == asked_for_one
    assert scene.rung_later(days=2) == []


def test_an_ending_that_is_told_twice_is_one_ending(house: HouseInMemory) -> None:
    scene = Scene(house)
    ringing(scene)
    the_call(scene).status("busy")
    house.later(HOUR)
    kept = house.everything()

    the_call(scene).status("busy")

    assert house.everything() == kept
