"""The questions: their marks and kinds, and what is refused of them."""

import pytest

from bot import answers
from bot.proof import ContactType
from bot.question_set import QuestionSet
from bot.wording import Wording

OWN = "\n".join(f'[[question]]\nid = "q{n}"\nkind = "year"' for n in range(6))


def test_the_marks_are_the_manuals():
    contacts = QuestionSet.load().contacts

    assert {kind: (mark.ask, mark.passes) for kind, mark in contacts.items()} == {
        ContactType.INBOUND: (6, 5),
        ContactType.OUTBOUND: (5, 4),
        ContactType.OFFICER_PRESENT: (4, 3),
    }


def test_the_packaged_questions_say_that_they_are_samples():
    assert QuestionSet.load().sample
    assert len(QuestionSet.load().questions) >= 8


def test_every_packaged_question_has_its_words():
    assert QuestionSet.load().prompts <= Wording.load().ids("en")


def test_a_postcode_alone_can_only_be_said(write):
    whole = '[[question]]\nid = "whole"\nkind = "postcode"\n' + "\n".join(
        ("one_in = 50", 'source = "ours"', 'evidence = "default"')
    )
    questions = QuestionSet.load(write(verification=f"{OWN}\n{whole}")).questions

    assert [id for id, question in questions.items() if question.only_said] == ["whole"]
    assert not any(question.only_said for question in QuestionSet.load().questions.values())


def test_a_choice_has_its_ways_to_be_said(write):
    how_often = """
        [[question]]
        id = "how_often"
        kind = "choice"
        choices.1 = ["monthly", "every month"]
        choices.2 = ["weekly"]
    """
    questions = QuestionSet.load(write(verification=f"{OWN}\n{how_often}")).questions

    assert questions["how_often"].choices == {"1": ("monthly", "every month"), "2": ("weekly",)}
    assert answers.said(questions["how_often"], "Every month, please.") == "monthly"


@pytest.mark.parametrize(
    ("choices", "reason"),
    [
        ("", "two or more"),
        ('1 = ["monthly"]', "two or more"),
        ('0 = ["monthly"], 1 = ["weekly"]', "leads to a person"),
        ('"*" = ["monthly"], 1 = ["weekly"]', "one of the keys 1 to 9"),
        ('12 = ["monthly"], 1 = ["weekly"]', "one of the keys 1 to 9"),
        ('1 = [], 2 = ["weekly"]', "needs ways to say it"),
        ('1 = ["monthly", " . "], 2 = ["weekly"]', "needs ways to say it"),
        ('1 = ["misol (bob mis)"], 2 = ["weekly"]', "needs ways to say it"),
        ('1 = ["monthly"], 2 = ["weekly", "Monthly!"]', "sound alike: 'monthly'"),
        ('1 = ["4 weeks"], 2 = ["four-weeks"]', "sound alike: '4 weeks'"),
        ('1 = ["monthly"], 2 = ["it\'s monthly"]', "sound alike: 'monthly'"),
        ('1 = ["two"], 2 = ["one"]', "sound alike"),
        ('1 = ["option 2"], 2 = ["weekly"]', "sound alike: 'option 2'"),
    ],
)
def test_choices_that_cannot_be_told_apart_are_refused(write, refused, choices, reason):
    question = f'[[question]]\nid = "often"\nkind = "choice"\nchoices = {{ {choices} }}'

    refusal = refused(QuestionSet.load, write(verification=question))

    assert refusal.key == "question.0"
    assert reason in refusal.reason


def test_too_few_questions_are_blamed_on_the_file_that_brought_them(write, refused):
    directory = write(verification='[[question]]\nid = "pin"\nkind = "digits"\nlength = 6\n')

    refusal = refused(QuestionSet.load, directory)

    assert (refusal.where, refusal.key) == (str(directory / "verification.toml"), "question")
    assert "asks 6 of 1 questions: yours replace the whole list" in refusal.reason


def test_the_operators_questions_replace_the_samples(write):
    questions = QuestionSet.load(write(verification=f"sample = false\n{OWN}"))

    assert list(questions.questions) == [f"q{n}" for n in range(6)]
    assert not questions.sample
    assert questions.contacts[ContactType.INBOUND].ask == 6


def test_the_budget_is_overridden_key_by_key(write):
    budget = QuestionSet.load(write(verification="[budget]\nfailed = 2")).budget

    assert (budget.failed, budget.seconds) == (2, 86_400)


@pytest.mark.parametrize(
    ("text", "key", "reason"),
    [
        ("[contact.inbound]\npass = 7", "contact.inbound", "pass = 7 is more than ask = 6"),
        ("[contact.inbound]\nask = 10", "contact.inbound.ask", "asks 10 of 9"),
        ("[contact.inbound]\npasses = 5", "contact.inbound.passes", "did you mean pass?"),
        ("[contact.letter]\nask = 1", "contact.letter", "unknown key"),
        ("[budget]\ndays = 1", "budget.days", "unknown key"),
        ("sample = false", "sample", "bring your own"),
        ("sample = 1", "sample", "valid boolean"),
        ('[[question]]\nid = "a"\nkind = "colour"', "question.0", "kind 'colour' is none of"),
        ('[[question]]\nid = "a"\nkind = "digits"', "question.0", "`length` belongs"),
        ('[[question]]\nid = "a"\nkind = "date"\nlength = 8', "question.0", "`length` belongs"),
        ('[[question]]\nid = "a"\nkind = "digits"\nlength = 1', "question.0", "leads to a person"),
        (
            '[[question]]\nid = "a"\nkind = "date"\nchoices = { 1 = ["a"], 2 = ["b"] }',
            "question.0",
            "`choices` belong to the kind choice",
        ),
        ('[[question]]\nid = "a"\nkind = "postcode"\nlength = 7', "question.0", "`length` belongs"),
        ('[[question]]\nid = "Big Q"\nkind = "date"', "question.0.id", "match pattern"),
        (f'{OWN}\n[[question]]\nid = "q0"\nkind = "date"', "question.6.id", "stands twice"),
        ("question = []", "question", "at least 1"),
    ],
)
def test_what_cannot_be_used_is_refused_with_file_key_and_reason(write, refused, text, key, reason):
    directory = write(verification=text)

    refusal = refused(QuestionSet.load, directory)

    assert refusal.where == str(directory / "verification.toml")
    assert refusal.key == key
    assert reason in refusal.reason
