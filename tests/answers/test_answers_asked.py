"""A question of every kind is drawn, answered by key or by voice, and proves who is calling."""

import pytest

from bot import answers
from bot.answers import KINDS, answer_mac
from bot.cases import ExpectedAnswer
from bot.explore.ledgers import Ledgers
from bot.keys import Keyring
from bot.proof import ContactType
from bot.question_set import QuestionSet
from bot.verification import Ledger, Verification

KEYRING = Keyring({"k": b"1" * 32})
ALICE = "100000017"
RECKONED = 'one_in = 2\nsource = "ours"\nevidence = "default"\n'
OWN = {"digits": "length = 4\n", "number": "length = 5\n"}
OWN |= {"choice": 'choices.1 = ["monthly"]\nchoices.2 = ["weekly"]\n'}


@pytest.fixture
def questions(tmp_path) -> QuestionSet:
    """One question of every kind."""
    entries = [
        f'[[question]]\nid = "the_{kind}"\nkind = "{kind}"\n{OWN.get(kind, "")}{RECKONED}'
        for kind in sorted(KINDS)
    ]
    (tmp_path / "verification.toml").write_text("\n".join(entries))
    return QuestionSet.load(tmp_path)


def drawn(questions: QuestionSet) -> Ledger:
    expected = [
        ExpectedAnswer(
            name,
            question.kind,
            "k",
            answer_mac(
                KEYRING,
                case=ALICE,
                question=name,
                kind=question.kind,
                answer=answers.made_up(question),
            ),
        )
        for name, question in questions.questions.items()
    ]
    return Verification(KEYRING, questions).draw(
        call="CA1", contact=ContactType.INBOUND, typed=ALICE, case=ALICE, answers=expected
    )


@pytest.mark.parametrize("by_voice", [True, False], ids=["said", "keyed"])
@pytest.mark.parametrize("another", [False, True], ids=["right", "wrong"])
def test_alice_answers_whatever_is_asked(questions, by_voice, another):
    verification, ledger = Verification(KEYRING, questions), drawn(questions)

    while ledger.open_question:
        question = questions.questions[ledger.open_question]
        answer = answers.made_up(question, another=another)
        said = by_voice or question.only_said
        given = answers.as_said(question, answer) if said else answers.as_keyed(question, answer)
        ledger = verification.mark(ledger, given, said=said)

    assert ledger.passed is not another


def test_a_postcode_cannot_be_keyed_and_is_asked_again(questions):
    verification, ledger = Verification(KEYRING, questions), drawn(questions)
    while ledger.open_question not in (None, "the_postcode"):
        ledger = verification.mark(ledger, None)
    if ledger.open_question is None:
        pytest.fail("the postcode is not among those drawn: choose another key")

    assert verification.mark(ledger, "7911222") is None


def test_every_ledger_of_such_a_set_proves_what_it_should(questions):
    assert list(Ledgers(KEYRING, questions).broken()) == []
