"""What spoken words are, by the question that they answer; what is not sure is asked again."""

import pytest

from bot.actions import Ask
from bot.events import AnswerGiven, Chosen, Event, NotUnderstood
from bot.proof import Listener
from bot.secret import Secret
from bot.speech_reading import LONGEST, SpeechReader
from bot.vocabulary import Vocabulary

READER = SpeechReader(Vocabulary.load(), enabled=True, least_confidence=0.6)
MENU = Ask("case.menu", {"1": "wants_case", "2": "wants_officer", "9": "wants_end"})
QUESTION = Ask("question.letter_code", digits=(1, 20))
REFERENCE = Ask("reference", {"9": "no_reference"}, digits=(9, 9), reference=True)
OPENING = Ask("opening", any_key=True)
ASKS = [MENU, QUESTION, REFERENCE]


def read(ask: Ask, words: str, confidence: float | None = 0.9) -> Event:
    return READER.read(ask, Secret(words), confidence)


def given(ask: Ask, words: str) -> tuple[str, bool]:
    """What was taken for an answer, and whether as speech."""
    event = read(ask, words)
    assert isinstance(event, AnswerGiven)
    return event.answer.reveal(), event.said


@pytest.mark.parametrize("ask", ASKS)
def test_a_person_and_a_repeat_may_be_asked_for_everywhere(ask: Ask) -> None:
    assert read(ask, "A person, please.") == Chosen(choice="wants_person")
    assert read(ask, "Say that again?") == Chosen(choice="wants_repeat")
    assert read(ask, "press zero") == Chosen(choice="wants_person")


def test_a_choice_of_the_menu() -> None:
    assert read(MENU, "my balance") == Chosen(choice="wants_case")
    assert read(MENU, "Two.") == Chosen(choice="wants_officer")
    assert read(MENU, "no thank you") == Chosen(choice="wants_end")
    assert read(REFERENCE, "I don't have it") == Chosen(choice="no_reference")


@pytest.mark.parametrize("ask", ASKS)
@pytest.mark.parametrize("confidence", [None, 0.0, 0.59])
def test_what_the_carrier_is_not_sure_of_is_asked_again(ask: Ask, confidence) -> None:
    for words in ("a person", "my balance", "1 0 0 0 0 0 0 1 7", "246801"):
        assert read(ask, words, confidence) == NotUnderstood()


def test_sure_enough_is_the_policys_to_say() -> None:
    assert read(MENU, "a person", 0.6) == Chosen(choice="wants_person")
    strict = SpeechReader(READER.vocabulary, enabled=True, least_confidence=0.95)
    assert strict.read(MENU, Secret("a person"), 0.9) == NotUnderstood()


def test_two_meanings_and_none_are_asked_again() -> None:
    assert read(MENU, "my balance, and an officer") == NotUnderstood()
    assert read(MENU, "the weather") == NotUnderstood()
    assert read(MENU, "246801") == NotUnderstood()


def test_whatever_else_is_said_to_a_question_is_an_answer_for_its_kind_to_judge() -> None:
    said = "two four six eight oh one"

    assert given(QUESTION, said) == (said, True)
    assert "two" not in repr(read(QUESTION, said))


def test_a_bare_number_is_no_key_where_a_number_is_awaited() -> None:
    assert given(QUESTION, "zero") == ("zero", True)
    assert read(REFERENCE, "nine") == NotUnderstood()


def test_a_reference_is_its_nine_digits_with_the_check_digit() -> None:
    assert given(REFERENCE, "100000017") == ("100000017", False)
    assert given(REFERENCE, "1 0 0 0 0 0 0 1 7") == ("100000017", False)
    assert read(REFERENCE, "100000018") == NotUnderstood()
    assert read(REFERENCE, "10000001") == NotUnderstood()


@pytest.mark.parametrize("ask", ASKS)
def test_more_than_anybody_says_is_not_read(ask: Ask) -> None:
    assert read(ask, "a person " * 40) == NotUnderstood()
    assert read(ask, "9" * (LONGEST + 1)) == NotUnderstood()


def test_nobody_is_listened_to_before_a_first_key() -> None:
    heard = {listener for listener in Listener if READER.listens(MENU, listener)}

    assert heard == {Listener.PERSON, Listener.VERIFIED, Listener.OFFICER}
    assert not any(READER.listens(OPENING, listener) for listener in Listener)


def test_a_house_without_speech_listens_to_nobody() -> None:
    deaf = SpeechReader(READER.vocabulary, enabled=False, least_confidence=0.6)

    assert not any(deaf.listens(MENU, listener) for listener in Listener)
