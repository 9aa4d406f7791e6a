"""One caller in each rest pays for finding out; the others are answered at once."""

import pytest

from bot.errors import StoreDown
from bot.storage.breaker import Breaker


class Watch:
    """A monotonic clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def breaker(watch: Watch) -> Breaker:
    return Breaker(rest_seconds=1.0, clock=watch)


def passes(breaker: Breaker) -> bool:
    try:
        breaker.check()
    except StoreDown:
        return False
    return True


def test_while_the_store_answers_everybody_passes(breaker: Breaker) -> None:
    breaker.worked()

    assert [passes(breaker), passes(breaker)] == [True, True]


def test_after_a_failure_nobody_passes_until_the_rest_is_over(
    breaker: Breaker, watch: Watch
) -> None:
    breaker.failed()

    assert not passes(breaker)
    watch.seconds = 0.99
    assert not passes(breaker)


def test_after_the_rest_one_tries(breaker: Breaker, watch: Watch) -> None:
    breaker.failed()
    watch.seconds = 1.0

    assert [passes(breaker), passes(breaker)] == [True, False]


def test_if_the_one_has_an_answer_everybody_passes(breaker: Breaker, watch: Watch) -> None:
    breaker.failed()
    watch.seconds = 1.0
    assert passes(breaker)
    breaker.worked()

    assert [passes(breaker), passes(breaker)] == [True, True]


def test_if_the_one_has_none_there_is_another_rest(breaker: Breaker, watch: Watch) -> None:
    breaker.failed()
    watch.seconds = 1.0
    assert passes(breaker)
    watch.seconds = 1.4
    breaker.failed()

    watch.seconds = 2.3
    assert not passes(breaker)
    watch.seconds = 2.4
    assert passes(breaker)


def test_if_the_one_never_comes_back_another_tries(breaker: Breaker, watch: Watch) -> None:
    breaker.failed()
    watch.seconds = 1.0
    assert passes(breaker)
    watch.seconds = 2.0

    assert passes(breaker)


def test_whether_it_failed_is_seen_without_asking(breaker: Breaker, watch: Watch) -> None:
    assert not breaker.open
    breaker.failed()
    watch.seconds = 1.0

    assert [breaker.open, breaker.open, passes(breaker)] == [True, True, True]
    breaker.worked()
    assert not breaker.open


def test_what_rests_is_left_alone_but_by_one_after_each_rest(
    breaker: Breaker, watch: Watch
) -> None:
    assert not breaker.resting
    breaker.failed()
    assert breaker.resting
    watch.seconds = 1.0

    assert [breaker.resting, breaker.resting] == [False, True]
