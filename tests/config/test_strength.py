"""How strong the checks are: against every answer there is, one by one, and by hand."""

from fractions import Fraction
from itertools import combinations, product
from math import prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.proof import ContactType
from bot.question_set import QuestionSet
from bot.strength import chance, odds, one_in, strengths, tries_a_day, weaknesses

SIX_STRONG = "\n".join(f'[[question]]\nid = "q{n}"\nkind = "digits"\nlength = 6' for n in range(6))
SIX_YEARS = "\n".join(f'[[question]]\nid = "q{n}"\nkind = "year"' for n in range(6))


@st.composite
def small_sets(draw):
    """A set of questions with few answers each, how many are asked, needed and known."""
    answers = draw(st.lists(st.integers(1, 4), min_size=1, max_size=5))
    ask = draw(st.integers(1, min(4, len(answers))))
    passes = draw(st.integers(1, ask))
    return answers, ask, passes, draw(st.integers(0, passes))


def counted(answers, needed, known):
    """Of all ways in which the right answers may lie, those in which one set of guesses passes."""
    right_at_least = 0
    for secret in product(*map(range, answers)):
        right = sum(n in known or answer == 0 for n, answer in enumerate(secret))
        right_at_least += right >= needed
    return Fraction(right_at_least, prod(answers))


def best_of(draw, passes, knowing):
    """Whichever answers the stranger knows, the most useful ones."""
    return max(
        counted(draw, passes, set(known)) for known in combinations(range(len(draw)), knowing)
    )


@given(small_sets())
@settings(deadline=None, max_examples=150)
def test_the_chance_is_the_one_that_counting_every_answer_gives(case):
    answers, ask, passes, knowing = case
    draws = [best_of(draw, passes, knowing) for draw in combinations(answers, ask)]

    found = chance(answers, ask=ask, passes=passes, knowing=knowing)

    assert found.mean == sum(draws) / len(draws)
    assert found.worst == max(draws)


def passed_in_a_day(answers, passes, guesses):
    """Of all ways in which the right answers may lie, those that one of these calls passes."""
    passed = 0
    for secret in product(*map(range, answers)):
        rights = [sum(map(int.__eq__, secret, guess)) for guess in guesses]
        passed += any(right >= passes for right in rights)
    return Fraction(passed, prod(answers))


@given(st.data(), st.lists(st.integers(2, 4), min_size=1, max_size=4), st.integers(1, 4))
@settings(deadline=None, max_examples=150)
def test_no_choice_of_guesses_does_better_in_a_day_than_we_say(data, answers, tries):
    passes = data.draw(st.integers(1, len(answers)))
    a_guess = st.tuples(*(st.integers(0, n - 1) for n in answers))
    guesses = data.draw(st.lists(a_guess, min_size=tries, max_size=tries))

    told = chance(answers, ask=len(answers), passes=passes).within(tries)

    assert passed_in_a_day(answers, passes, guesses) <= told.worst


@pytest.mark.parametrize(("answers", "passes"), [((3, 4, 5), 2), ((4, 4, 3, 3), 3), ((7,), 1)])
def test_other_guesses_each_time_do_exactly_as_well_where_most_must_be_right(answers, passes):
    guesses = [[n] * len(answers) for n in range(3)]

    told = chance(answers, ask=len(answers), passes=passes).within(3)

    assert passed_in_a_day(answers, passes, guesses) == told.worst


SETS = st.lists(st.integers(2, 10**6), min_size=2, max_size=12)


@given(st.data(), SETS)
def test_what_makes_it_weaker(data, answers):
    ask = data.draw(st.integers(1, len(answers) - 1))
    passes = data.draw(st.integers(1, ask))
    knowing = data.draw(st.integers(0, passes - 1))
    harder = [n + 1 for n in answers]

    def found(answers=answers, ask=ask, passes=passes, knowing=knowing):
        return chance(answers, ask=ask, passes=passes, knowing=knowing).worst

    assert found(knowing=knowing + 1) >= found()
    assert found(ask=ask + 1) >= found(), "more may be wrong"
    assert passes == 1 or found(passes=passes - 1, knowing=0) >= found(knowing=0)
    assert found(answers=harder) <= found()
    assert found(answers=answers[1:]) <= found(), "a draw from fewer questions is no worse"
    assert chance(answers, ask=ask, passes=passes).mean <= found(knowing=0)


def test_the_example_of_the_page():
    """docs/strength.md: three of four, among 10, 25, 30 and 120 answers."""
    found = chance([10, 25, 30, 120], ask=4, passes=3)

    assert found.worst == Fraction(9 + 24 + 29 + 119 + 1, 10 * 25 * 30 * 120)
    assert odds(found.worst) == "1 in 4,945"
    assert odds(found.within(3).worst) == "1 in 1,648"


@pytest.mark.parametrize(
    ("failed", "hours", "tries"), [(3, 24, 3), (3, 12, 6), (2, 5, 10), (3, 48, 3), (1, 1, 24)]
)
def test_how_many_tries_a_day_has(write, failed, hours, tries):
    budget = f"[budget]\nfailed = {failed}\nhours = {hours}"

    assert tries_a_day(QuestionSet.load(write(verification=budget)).budget) == tries


@pytest.mark.parametrize(
    ("question", "guesses"),
    [
        ("birth_date", 3650),
        ("moved_in", 120),
        ("registered_year", 10),
        ("account_last4", 10_000),
        ("postcode_digits", 25),
        ("house_number", 30),
    ],
)
def test_among_how_many_answers_a_stranger_guesses(question, guesses):
    questions = QuestionSet.load()

    assert one_in(questions.questions[question], questions) == guesses


def test_a_choice_is_guessed_among_its_choices(write):
    asked = f"{SIX_STRONG}\n[[question]]\nid = 'how_often'\n{HOW_OFTEN}"
    questions = QuestionSet.load(write(verification=asked))

    assert one_in(questions.questions["how_often"], questions) == 3


def test_every_kind_of_contact_is_told_from_no_answer_to_the_pass_mark():
    told = [(found.contact, found.knowing) for found in strengths(QuestionSet.load())]

    for contact, rule in QuestionSet.load().contacts.items():
        assert [knows for kind, knows in told if kind is contact] == [*range(rule.passes + 1)]


def test_the_samples_are_shown_as_weak_as_they_are():
    weak = {
        (found.contact, found.knowing) for found in strengths(QuestionSet.load()) if found.too_weak
    }

    assert weak == {
        (ContactType.OUTBOUND, 0),
        (ContactType.OUTBOUND, 2),
        (ContactType.OFFICER_PRESENT, 0),
        (ContactType.OFFICER_PRESENT, 2),
    }


def test_six_digits_each_are_strong_enough(write):
    assert not weaknesses(QuestionSet.load(write(verification=f"sample = false\n{SIX_STRONG}")))


def test_a_weakness_names_the_file_the_rule_and_the_reason(write):
    directory = write(verification=f"sample = false\n{SIX_YEARS}")

    first = weaknesses(QuestionSet.load(directory))[0]

    assert str(first) == (
        f"{directory / 'verification.toml'}: strength.guessing_one_in: who knows no answer passes"
        " inbound 1 in 6,060 a day; the most is 1 in 1,000,000"
    )


def test_knowing_as_much_as_the_pass_mark_is_never_strong(write):
    marks = "[strength]\nknowing = 9\n"

    weak = weaknesses(QuestionSet.load(write(verification=f"{marks}{SIX_STRONG}")))

    assert [one.key for one in weak] == ["strength.knowing_one_in"] * 3
    assert "always" in weak[0].reason


def test_marks_below_the_manuals_are_a_weakness(write):
    marks = "[contact.inbound]\npass = 4\n[contact.outbound]\npass = 3\n"

    weak = weaknesses(QuestionSet.load(write(verification=f"{marks}{SIX_STRONG}")))

    assert [(one.key, one.reason) for one in weak] == [
        ("contact.inbound.pass", "4 right answers are enough; the manual wants 5"),
        ("contact.outbound.pass", "3 right answers are enough; the manual wants 4"),
    ]


def test_years_are_guessed_among_those_that_may_be_answered(write, refused):
    refusal = refused(QuestionSet.load, write(verification="strength.years_guessed_among = 202"))

    assert refusal.key == "strength.years_guessed_among"


@pytest.mark.parametrize(
    ("chance", "told"),
    [
        (Fraction(1), "always"),
        (Fraction(0), "never"),
        (Fraction(5, 12), "1 in 2.4"),
        (Fraction(2, 199), "1 in 99"),
        (Fraction(1, 12_345_678), "1 in 12,345,678"),
        (Fraction(2, 5 * 10**9), "1 in 2 billion"),
    ],
)
def test_odds_are_rounded_to_the_weaker_side(chance, told):
    assert odds(chance) == told


HOW_OFTEN = """
kind = "choice"
choices.1 = ["weekly", "every week"]
choices.2 = ["monthly", "every month"]
choices.3 = ["yearly"]
"""
MOST_ANSWERS = [
    ('kind = "year"', 201),
    ('kind = "month_year"', 2412),
    ('kind = "date"', 73_415),
    ('kind = "number"\nlength = 1', 9),
    ('kind = "number"\nlength = 3', 999),
    ('kind = "postcode_digits"', 1000),
    ('kind = "postcode"', 1_800_000),
    ('kind = "amount"', 100_000_000),
]
STATED = 'one_in = 30\nsource = "ours"\nevidence = "default"'


@pytest.mark.parametrize(
    ("text", "key", "reason"),
    [
        ('kind = "number"\nlength = 5', "question.0", "not even: state `one_in`"),
        ('kind = "year"\none_in = 30', "question.0", "go together"),
        ('kind = "year"\nsource = "ours"', "question.0", "go together"),
        (f'kind = "number"\nlength = 5\n{STATED[:11]}', "question.0", "go together"),
        (
            f'kind = "digits"\nlength = 2\n{STATED.replace("30", "101")}',
            "question.0",
            "100 answers",
        ),
        (f"{HOW_OFTEN}{STATED}", "question.0", "and there are 3 answers"),
        *(
            (f"{kind}\n{STATED.replace('30', str(most + 1))}", "question.0", f"{most} ans")
            for kind, most in MOST_ANSWERS
        ),
        ('kind = "year"\none_in = 1', "question.0.one_in", "greater than or equal to 2"),
    ],
)
def test_a_question_that_cannot_be_reckoned_is_refused(write, refused, text, key, reason):
    refusal = refused(QuestionSet.load, write(verification=f'[[question]]\nid = "a"\n{text}'))

    assert refusal.key == key
    assert reason in refusal.reason
