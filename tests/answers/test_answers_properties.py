"""What holds for every answer, every text and every slip of the tongue."""

from datetime import date
from itertools import combinations

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bot.answers import KINDS, as_keyed, as_said, keyed, made_up, said, written
from bot.answers.number_words import cardinal, cardinal_in_words
from bot.answers.postcode_shape import AREAS, shaped
from tests.answers.tables import AGAIN, BUT, OF_KIND, ways

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
FIGURES = "0123456789"


def postcodes() -> st.SearchStrategy[str]:
    inward = st.from_regex(r"\A[0-9][ABD-HJLNP-UW-Z]{2}\Z")
    district = st.one_of(st.integers(0, 99).map(str), st.from_regex(r"\A[0-9][A-Y]\Z"))
    parts = st.tuples(st.sampled_from(sorted(AREAS)), district, inward)
    return parts.map("".join).filter(lambda text: shaped(text) is not None)


CANONICAL = {
    "amount": st.integers(0, 99_999_999).map(lambda pence: f"{pence // 100}.{pence % 100:02}"),
    "choice": st.sampled_from(["monthly", "weekly", "every 4 weeks", "once a year", "it varies"]),
    "date": DAYS.map(date.isoformat),
    "digits": st.text(FIGURES, min_size=4, max_size=4),
    "month_year": DAYS.map(lambda day: day.isoformat()[:7]),
    "number": st.integers(1, 99_999).map(str),
    "postcode": postcodes(),
    "postcode_digits": st.from_regex(r"\A([0-9]{2}|[1-9][0-9]{2})\Z"),
    "year": st.integers(1900, 2100).map(str),
}
ANSWERS = st.sampled_from(sorted(KINDS)).flatmap(
    lambda kind: st.tuples(st.just(kind), CANONICAL[kind])
)
TWO_ANSWERS = st.sampled_from(sorted(KINDS)).flatmap(
    lambda kind: st.tuples(
        st.just(kind),
        st.lists(CANONICAL[kind], min_size=2, max_size=2, unique=True),
    )
)
LIKELY = (
    "oh one two twelve fifteen fifty twenty first second february may nineteen eighty 1980 1st 01 "
    "to for double hundred thousand and pounds point £12 50p SW1A 2AA s w o , . / : - no sorry or "
    "it's please monthly weekly every 4 weeks the of a x ray 1,234 ' as in sugar zero"
)
WORDS = st.sampled_from(LIKELY.split())


@given(ANSWERS)
def test_said_in_the_natural_way_it_is_the_same_answer(answer):
    kind, canonical = answer
    assert said(OF_KIND[kind], as_said(OF_KIND[kind], canonical)) == canonical


@given(ANSWERS)
def test_keyed_it_is_the_same_answer(answer):
    kind, canonical = answer
    keys = as_keyed(OF_KIND[kind], canonical)

    assert (keys is None) == KINDS[kind].only_said
    assert keys is None or keyed(OF_KIND[kind], keys) == canonical
    assert keys not in ("0", "*"), "these mean something else everywhere"


@given(ANSWERS)
def test_a_canonical_form_is_one_that_a_file_may_hold_too(answer):
    kind, canonical = answer
    assert written(OF_KIND[kind], canonical) == canonical


@given(TWO_ANSWERS)
def test_unlike_answers_are_neither_said_nor_keyed_alike(two):
    kind, (one, other) = two
    question = OF_KIND[kind]

    assert as_said(question, one) != as_said(question, other)
    assert KINDS[kind].only_said or as_keyed(question, one) != as_keyed(question, other)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_two_answers_can_be_made_up_of_every_kind(kind):
    question = OF_KIND[kind]
    two = {made_up(question), made_up(question, another=True)}

    assert len(two) == 2
    assert {written(question, answer) for answer in two} == two


@given(st.sampled_from(sorted(KINDS)), st.text(max_size=400))
@example("choice", "wee\u212aly")
@example("date", "1" * 200_000)
@example("postcode", "o0" * 50_000)
@example("amount", "£" + "1," * 100_000)
def test_no_text_at_all_raises_whatever_the_kind(kind, text):
    for read in (keyed, said, written):
        found = read(OF_KIND[kind], text)
        assert found is None or written(OF_KIND[kind], found) == found


def test_over_a_hundred_and_sixty_characters_nothing_is_read():
    assert said(OF_KIND["year"], "1984" + " please" * 20) == "1984"
    assert said(OF_KIND["year"], "1984" + " please" * 25) is None


@given(st.sampled_from(sorted(KINDS)), st.lists(WORDS, max_size=60))
def test_no_row_of_likely_words_raises_and_what_comes_of_it_is_canonical(kind, words):
    found = said(OF_KIND[kind], " ".join(words))
    assert found is None or written(OF_KIND[kind], found) == found


@given(
    ANSWERS, st.sampled_from(["no", "no sorry", "not", "or", "I think", "sorry", "wait", "maybe"])
)
def test_a_correction_or_a_doubt_is_asked_again(answer, word):
    kind, canonical = answer
    words = as_said(OF_KIND[kind], canonical)

    assert said(OF_KIND[kind], f"{word} {words}") is None
    assert said(OF_KIND[kind], f"{words} {word}") is None


@given(TWO_ANSWERS, st.sampled_from([" or ", " no ", ". ", ", no, sorry, ", " and not "]))
def test_two_answers_in_one_breath_are_never_the_first_or_the_second(two, between):
    """They may make a third one: "twelve pounds. Fifty pence." """
    kind, both = two
    words = between.join(as_said(OF_KIND[kind], each) for each in both)

    assert said(OF_KIND[kind], words) not in both


@given(DAYS, st.integers(0, 7), st.sampled_from(FIGURES))
def test_one_wrong_key_in_a_day_is_another_day_or_none(day, place, key):
    right = f"{day:%d%m}{day.year}"
    slip = right[:place] + key + right[place + 1 :]
    assume(slip != right)

    assert keyed(OF_KIND["date"], slip) != day.isoformat()
    assert said(OF_KIND["date"], slip) != day.isoformat()


@given(DAYS)
def test_every_rendering_of_a_day_is_the_same_answer(day):
    keys = f"{day:%d%m}{day.year}"
    texts = [
        keys,
        day.isoformat(),
        *(f"{day.day:02}{s}{day.month:02}{s}{day.year}" for s in "/.- "),
        f"{day.day}/{day.month}/{day.year}",
        f"{day.year}-{day.month}-{day.day}",
    ]

    assert keyed(OF_KIND["date"], keys) == day.isoformat()
    assert {written(OF_KIND["date"], text) for text in texts} == {day.isoformat()}


@pytest.mark.parametrize("kind", ["digits", "postcode", "postcode_digits"])
@given(st.data())
def test_a_digit_or_letter_left_out_or_said_twice_never_makes_the_same_answer(kind, data):
    canonical = data.draw(CANONICAL[kind])
    words = as_said(OF_KIND[kind], canonical).replace(",", "").split()
    place = data.draw(st.integers(0, len(words) - 1))

    assert said(OF_KIND[kind], " ".join(words[:place] + words[place + 1 :])) != canonical
    assert said(OF_KIND[kind], " ".join([*words[: place + 1], *words[place:]])) != canonical


def test_the_numbers_that_sound_nearly_alike_are_kept_apart():
    teens = {number: cardinal_in_words(number) for number in range(10, 20)}
    tens = {number: cardinal_in_words(number) for number in range(20, 100, 10)}

    for (one, word), (other, another) in combinations([*teens.items(), *tens.items()], 2):
        assert said(OF_KIND["number"], word) == str(one) != str(other)
        assert said(OF_KIND["number"], another) == str(other)


@given(st.integers(1, 999_999))
def test_a_number_in_words_is_read_as_itself(number):
    assert cardinal(tuple(cardinal_in_words(number).split())) == number


@given(st.integers(1, 99_999), st.integers(1, 5))
def test_leading_zeros_of_a_number_say_nothing_and_those_of_digits_do(number, width):
    keys = f"{number:0{width}}"
    assert keyed(OF_KIND["number"], keys) == str(number)
    assert keyed(OF_KIND["digits"], keys) == (keys if len(keys) == 4 else None)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_capitals_and_spaces_around_it_mean_nothing(kind):
    for heading, words in ways(kind):
        if heading != AGAIN and not heading.startswith(BUT):
            assert said(OF_KIND[kind], f"  {words.upper()}  ") == heading
