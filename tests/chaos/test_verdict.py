"""The verdict itself: given books in which something was lost or done twice, it says so."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.actions import Disposition, TaskReason
from bot.callbacks import Attempt, Callback, CallbackState
from bot.flow_log import FlowLogLine, LineKind
from tests.chaos.books import Books, CarrierCall, CarrierText, Filed, OwedCall
from tests.chaos.verdict import judge
from tests.people import ALICE, BOB

TEN = 1_750_000_000.0  # seconds since 1970
DAY = 86400.0


def written(id: str, at: float) -> FlowLogLine:
    return FlowLogLine(at=at, kind=LineKind.STEP, desk="main", conversation=id)


def callback_of_alice() -> Callback:
    """Two attempts: a message left at ten, and her case read to her the day after."""
    return Callback(
        id="SMa",
        desk="main",
        number_sealed="",
        number_hash="a",
        number_mask="…123",
        case="100000017",
        asked_by="customer",
        opened_at=TEN,
        due_at=TEN + DAY,
        state=CallbackState.ENDED,
        disposition=Disposition.DETAILS_READ,
        attempts=(
            Attempt("SMa-1", TEN + 1, "CA1", Disposition.LEFT_MESSAGE),
            Attempt("SMa-2", TEN + DAY, "CA2", Disposition.DETAILS_READ),
        ),
    )


@pytest.fixture
def good() -> Books:
    """Alice texts, is rung on two days, and hears her case; Bob's text became a task."""
    return Books(
        texts=(
            CarrierText("SMa", ALICE.phone, TEN, acknowledged=TEN + 0.2),
            CarrierText("SMb", BOB.phone, TEN + 5),
        ),
        calls=(
            CarrierCall("CA1", ALICE.phone, TEN + 1.2, "SMa-1", messages=1),
            CarrierCall("CA2", ALICE.phone, TEN + DAY + 0.1, "SMa-2"),
        ),
        callbacks=(OwedCall(ALICE.phone, callback_of_alice()),),
        due=frozenset(),
        followed=frozenset(),
        tasks=(Filed("SMb", TaskReason.UNKNOWN_SENDER.value),),
        log=(
            written("SMa", TEN + 0.1),
            FlowLogLine(
                at=TEN + DAY + 60,
                kind=LineKind.CALLBACK,
                desk="main",
                conversation="SMa-2",
                event="ended",
                after="ended",
                callback="SMa",
            ),
        ),
    )


def lost(books: Books) -> str:
    verdict = judge(books)
    assert verdict.doubled == ()
    assert not verdict.passes(undecidable=0)
    (sentence,) = verdict.lost
    return sentence


def doubled(books: Books) -> str:
    verdict = judge(books)
    assert verdict.lost == ()
    assert not verdict.passes(undecidable=0)
    (sentence,) = verdict.doubled
    return sentence


def with_callback(books: Books, **different: object) -> Books:
    (owed,) = books.callbacks
    changed = replace(owed.callback, **different)  # type: ignore[arg-type]
    return replace(books, callbacks=(OwedCall(owed.number, changed),))


def test_good_books(good: Books) -> None:
    verdict = judge(good)

    assert str(verdict) == "lost 0, doubled 0, to a person 0, of 2"
    assert verdict.passes(undecidable=0)


# Lost


def test_a_text_that_became_nothing(good: Books) -> None:
    assert "of 1 texts (SMb) 0 became" in lost(replace(good, tasks=()))


def test_a_second_text_that_nobody_counted(good: Books) -> None:
    again = CarrierText("SMc", ALICE.phone, TEN + 3)

    assert "of 2 texts (SMa, SMc) 1 became" in lost(replace(good, texts=(*good.texts, again)))
    counted = with_callback(replace(good, texts=(*good.texts, again)), asks=2)
    assert judge(counted).passes(undecidable=0)


def test_a_text_acknowledged_and_found_again_only_by_the_carriers_list(good: Books) -> None:
    late = (written("SMa", TEN + 60), *good.log[1:])
    assert "SMa was acknowledged before it was written down" in lost(replace(good, log=late))

    never = good.log[1:]
    assert "SMa was acknowledged before it was written down" in lost(replace(good, log=never))


def test_a_callback_that_is_due_in_no_queue(good: Books) -> None:
    (first, _) = callback_of_alice().attempts
    waiting = with_callback(good, state=CallbackState.DUE, attempts=(first,), disposition=None)
    waiting = replace(waiting, calls=good.calls[:1], log=good.log[:1])

    assert "SMa is due, and in no queue" in lost(waiting)
    assert judge(replace(waiting, due=frozenset({"SMa-2"}))).passes(undecidable=0)


@pytest.mark.parametrize("state", [CallbackState.PLACING, CallbackState.PLACED])
def test_an_attempt_that_nobody_follows(good: Books, state: CallbackState) -> None:
    under_way = with_callback(good, state=state, disposition=None)
    under_way = replace(under_way, log=good.log[:1])

    assert f"SMa is {state.value}, and nobody follows it" in lost(under_way)
    assert judge(replace(under_way, followed=frozenset({"SMa-2"}))).passes(undecidable=0)


def test_a_callback_that_ended_badly_without_a_task(good: Books) -> None:
    fax = with_callback(good, disposition=Disposition.FAX)

    assert "SMa ended (fax), and no person knows of it" in lost(fax)
    told = Filed("SMa-2", TaskReason.COULD_NOT_BE_HELPED.value)
    assert judge(replace(fax, tasks=(*fax.tasks, told))).passes(undecidable=0)


# Doubled


def add_call(books: Books, at: float, attempt: str) -> Books:
    return replace(books, calls=(*books.calls, CarrierCall("CA9", ALICE.phone, at, attempt)))


def test_two_calls_for_one_attempt(good: Books) -> None:
    verdict = judge(add_call(good, TEN + 8, "SMa-1"))

    assert "attempt SMa-1 was rung 2 times" in verdict.doubled
    assert "0123: SMa-1 rang 7 s after SMa-1" in verdict.doubled


def test_a_call_that_stands_in_no_record(good: Books) -> None:
    assert "(SMa-3) is in none of our records" in doubled(add_call(good, TEN + 3 * DAY, "SMa-3"))
    assert "(SMx-1) is in none of our records" in doubled(add_call(good, TEN + 3 * DAY, "SMx-1"))


def test_a_call_after_the_end(good: Books) -> None:
    three = (*callback_of_alice().attempts, Attempt("SMa-3", TEN + 3 * DAY, "CA9", "no_answer"))
    late = add_call(with_callback(good, attempts=three), TEN + 3 * DAY, "SMa-3")

    assert "(SMa-3) was placed after its callback had ended" in doubled(late)


def test_an_attempt_settled_as_never_placed_that_had_rung(good: Books) -> None:
    """Two attempts of one morning, and the carrier rang both."""
    first, second = callback_of_alice().attempts
    given_up = replace(first, disposition=Disposition.CANCELLED)
    again = with_callback(good, attempts=(given_up, replace(second, at=TEN + 30)))
    calls = (good.calls[0], replace(good.calls[1], at=TEN + 30))

    assert "0123: SMa-2 rang 29 s after SMa-1" in doubled(replace(again, calls=calls))


def test_a_call_that_they_asked_for_by_another_text_is_not_doubled(good: Books) -> None:
    first, second = callback_of_alice().attempts
    again = with_callback(good, asks=2, attempts=(first, replace(second, at=TEN + 30)))
    calls = (good.calls[0], replace(good.calls[1], at=TEN + 30))
    text = CarrierText("SMc", ALICE.phone, TEN + 20)
    asked = replace(again, calls=calls, texts=(*good.texts, text))

    assert judge(asked).passes(undecidable=0)


def test_two_callbacks_for_one_text(good: Books) -> None:
    another = replace(callback_of_alice(), id="SMz", attempts=())
    both = (*good.callbacks, OwedCall(ALICE.phone, another))

    assert "2 callbacks or tasks for 1 texts" in doubled(replace(good, callbacks=both))


def test_a_message_left_twice(good: Books) -> None:
    twice = (replace(good.calls[0], messages=2), good.calls[1])

    assert "CA1 left its message 2 times" in doubled(replace(good, calls=twice))


# To a person


def test_what_is_unclear_is_for_a_person_and_no_more_of_it_than_must_be(good: Books) -> None:
    unclear = with_callback(good, disposition=Disposition.NEEDS_PERSON)
    told = Filed("SMa", TaskReason.ATTEMPT_UNCLEAR.value)
    verdict = judge(replace(unclear, tasks=(*good.tasks, told)))

    assert str(verdict) == "lost 0, doubled 0, to a person 1, of 2"
    assert verdict.passes(undecidable=1)
    assert not verdict.passes(undecidable=0)


def test_nothing_of_a_good_book_can_be_left_out(good: Books) -> None:
    """Each entry counts: without any one of them the verdict is another, or it says less."""
    for name, shorter in _shortened(good):
        verdict = judge(shorter)
        assert verdict.lost or verdict.doubled, f"nobody noticed that {name} was gone"


def _shortened(books: Books) -> Iterator[tuple[str, Books]]:
    yield "Alice's text", replace(books, texts=books.texts[1:])
    yield "the callback", replace(books, callbacks=())
    yield "the task", replace(books, tasks=())
    yield "the first line", replace(books, log=books.log[1:])
