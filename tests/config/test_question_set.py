"""The questions: their marks and kinds, and what is refused of them."""

import pytest

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


@pytest.mark.parametrize(
    ("question", "digits"),
    [
        ("birth_date", (8, 8)),
        ("moved_in", (6, 6)),
        ("house_number", (1, 5)),
        ("phone_last4", (4, 4)),
    ],
)
def test_how_many_digits_an_answer_has(question, digits):
    assert QuestionSet.load().questions[question].digits == digits


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
