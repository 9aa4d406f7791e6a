"""What people say at each menu: the many ways that count, and near misses that must not."""

import pytest

import webhooks
from bot.actions import News
from bot.events import Event
from bot.runtime import Flows
from bot.vocabulary import LONGEST_PHRASE, MOST_HINTS, Vocabulary, plain

VOCABULARY = Vocabulary.load()
ALWAYS = {"*": "wants_repeat", "0": "wants_person"}
MENUS = {
    "who is there": {
        "1": "wants_checks",
        "2": "is_someone_else",
        "3": "cannot_talk",
        "4": "wants_proof",
    },
    "someone else": {"1": "morning", "2": "afternoon", "3": "evening"},
    "explaining": {"1": "goes_on", "9": "wants_end"},
    "case": {"1": "wants_case", "2": "wants_officer", "9": "wants_end"},
    "reference": {"9": "no_reference"},
}
NEVER_SAID = {
    "key_pressed",
    *(f"other_{news.value}" for news in News),
}  # before a first key nobody is heard


def meant(menu: str, words: str) -> set[str]:
    return VOCABULARY.meant(words, ALWAYS | MENUS[menu], number=menu == "reference")


def triggers_of_events() -> set[str]:
    found, queue = set(), [Event]
    while queue:
        kind = queue.pop()
        queue += kind.__subclasses__()
        found.add(kind.trigger)
    return {trigger for trigger in found if isinstance(trigger, str)}


def test_every_choice_of_every_menu_can_be_said() -> None:
    flows = Flows(opens=webhooks.OPENS, all=webhooks.FLOWS)

    choices = flows.choices - triggers_of_events() - NEVER_SAID

    assert choices == set(VOCABULARY.choices)


def test_every_phrase_means_its_choice_alone_at_every_menu_that_offers_it() -> None:
    for menu, keys in MENUS.items():
        for choice in {*ALWAYS.values(), *keys.values()}:
            for phrase in VOCABULARY.choices[choice]:
                assert meant(menu, phrase) == {choice}, (menu, phrase)


@pytest.mark.parametrize(
    ("menu", "words", "choice"),
    [
        ("who is there", "Yes.", "wants_checks"),
        ("who is there", "Yes, speaking.", "wants_checks"),
        ("who is there", "Erm, yes please", "wants_checks"),
        ("who is there", "Yeah, it’s safe to talk.", "wants_checks"),
        ("who is there", "No, not me.", "is_someone_else"),
        ("who is there", "I'm sorry, you've got the wrong number", "is_someone_else"),
        ("who is there", "Yes, but I'm driving right now", "cannot_talk"),
        ("who is there", "Can you call me back later, please?", "cannot_talk"),
        ("who is there", "Well, how do I know this is genuine?", "wants_proof"),
        ("who is there", "Who is this please", "wants_proof"),
        ("who is there", "PRESS THREE", "cannot_talk"),
        ("who is there", "Four.", "wants_proof"),
        ("who is there", "I want to speak to a bloody person", "wants_person"),
        ("who is there", "I'm sorry, he has died", "wants_person"),
        ("who is there", "Sorry, I didn't catch that, could you say that again?", "wants_repeat"),
        ("someone else", "In the morning would be best", "morning"),
        ("someone else", "This evening, please", "evening"),
        ("someone else", "Option 2", "afternoon"),
        ("explaining", "OK, carry on", "goes_on"),
        ("explaining", "No thank you, goodbye", "wants_end"),
        ("case", "I'd like to check my balance", "wants_case"),
        ("case", "How much do I owe?", "wants_case"),
        ("case", "Could I speak to an officer about my balance?", "wants_officer"),
        ("case", "That's all, thank you. Bye bye.", "wants_end"),
        ("case", "Can I talk to someone because I don't understand my letter", "wants_person"),
        ("reference", "I'm sorry, I haven't got it with me", "no_reference"),
        ("reference", "Press nine", "no_reference"),
        ("reference", "press zero", "wants_person"),
    ],
)
def test_what_people_say(menu: str, words: str, choice: str) -> None:
    assert meant(menu, words) == {choice}


@pytest.mark.parametrize(
    ("menu", "words"),
    [
        ("who is there", "No."),  # not me, or not now?
        ("who is there", "Don't press two"),
        ("who is there", "I'm not driving"),
        ("who is there", "It's not a scam"),
        ("who is there", "Not genuine"),
        ("who is there", "I don't want to speak to a person"),
        ("who is there", "Never call me back"),
        ("who is there", "Someone"),
        ("who is there", "Check my balance"),
        ("who is there", "This is Alice"),
        ("who is there", "Yesterday"),
        ("who is there", "Yes or no"),
        ("who is there", "Two hundred"),
        ("who is there", "And now the news with our officer in the north"),
        ("someone else", "Good morning"),
        ("someone else", "Not in the morning"),
        ("someone else", "Never in the evening"),
        ("explaining", "Yes"),  # to what?
        ("explaining", "Don't go on"),
        ("case", "Yes"),
        ("case", "Not the officer"),
        ("case", "The weekend"),
        ("case", "Someone owes me a balance sheet"),
        ("case", "No"),
        ("reference", "Nine"),
        ("reference", "One two three four five six seven eight nine"),
        ("reference", "I have got it"),
        ("reference", "No"),
    ],
)
def test_near_misses_mean_nothing(menu: str, words: str) -> None:
    assert meant(menu, words) == set()


@pytest.mark.parametrize(
    ("menu", "words", "both"),
    [
        ("who is there", "Yes, no, not me", None),
        ("who is there", "Two or three", {"is_someone_else", "cannot_talk"}),
        ("who is there", "Yes, who is this?", {"wants_checks", "wants_proof"}),
        ("someone else", "Morning or afternoon", {"morning", "afternoon"}),
        ("case", "My balance, and then an officer", {"wants_case", "wants_officer"}),
        ("case", "Hang up. A person!", {"wants_end", "wants_person"}),
    ],
)
def test_what_means_two_things_is_told_as_both(menu: str, words: str, both: set | None) -> None:
    assert meant(menu, words) == (both or {"wants_checks", "is_someone_else"})


def test_a_phrase_in_two_lists_means_both(write) -> None:
    folder = write(speech_en='[choices]\nmorning = ["early"]\nevening = ["early", "late"]')

    vocabulary = Vocabulary.load(folder)

    assert vocabulary.meant("early", MENUS["someone else"]) == {"morning", "evening"}
    assert vocabulary.meant("late", MENUS["someone else"]) == {"evening"}


@pytest.mark.parametrize(
    "words",
    [
        "",
        "   ",
        "...",
        "'",
        "’",
        "\x00",
        "😀",
        "a" * 300,
        "person" * 40,
        "(a+)+$ " * 40,
    ],
)
def test_hostile_words_mean_nothing(words: str) -> None:
    for menu in MENUS:
        assert meant(menu, words) == set()


def test_marks_and_capitals_are_not_heard() -> None:
    assert plain(" 'I’d LIKE,  a person!' ") == "i'd like a person"
    assert plain("ｐｅｒｓｏｎ") == "person"


def test_hints_are_as_many_and_as_long_as_the_carrier_takes() -> None:
    for menu, keys in MENUS.items():
        hints = VOCABULARY.hints(ALWAYS | keys, number=menu == "reference")

        assert 0 < len(hints) <= MOST_HINTS
        assert not [hint for hint in hints if "," in hint or len(hint) > LONGEST_PHRASE]
    assert "one" in VOCABULARY.hints(MENUS["case"])
    assert "nine" not in VOCABULARY.hints(MENUS["reference"], number=True)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('[choices]\nmorning = ["In the morning"]', "choices.morning"),
        ('[choices]\nmorning = ["early  on"]', "choices.morning"),
        ('[choices]\nmorning = [""]', "choices.morning"),
        ("[choices]\nmorning = []", "choices.morning"),
        ('[keys]\n1 = ["one!"]', "keys.1"),
        ('beside = ["Please"]', "beside"),
        (f'pressing = ["{"x" * 101}"]', "pressing"),
    ],
)
def test_phrases_that_could_never_be_heard_are_refused(write, refused, text, key) -> None:
    error = refused(Vocabulary.load, write(speech_en=text))

    assert (error.key, "speech.en.toml" in error.where) == (key, True)


@pytest.mark.parametrize("words", ["not", "no", "i do not", "isn't", "never mind", "cannot"])
@pytest.mark.parametrize("where", ["beside", "reasons", "pressing"])
def test_a_word_that_turns_an_answer_round_is_not_passed_over(write, refused, where, words) -> None:
    error = refused(Vocabulary.load, write(speech_en=f'{where} = ["please", "{words}"]'))

    assert error.key == where
    assert "turn round" in error.reason


@pytest.mark.parametrize("clear", ["wants_person", "wants_repeat"])
def test_asking_for_a_person_or_once_more_means_nothing_else(write, refused, clear) -> None:
    text = f'[choices]\n{clear} = ["please help"]\nwants_end = ["please help"]'

    error = refused(Vocabulary.load, write(speech_en=text))

    assert (error.key, error.reason) == (
        f"choices.{clear}",
        "'please help' also stands in choices.wants_end",
    )


def test_words_of_a_choice_that_nobody_offers_are_refused(write, refused) -> None:
    vocabulary = Vocabulary.load(write(speech_en='[choices]\nwants_tea = ["tea"]'))

    assert refused(vocabulary.require, {"wants_person"}).key.startswith("choices.")
