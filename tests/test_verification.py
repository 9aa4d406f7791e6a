"""Verification: how many right answers, and that nothing else gives a proof."""

import base64
from dataclasses import asdict, replace
from itertools import product
from json import dumps

import pytest
from sqlalchemy import text

from bot import answers
from bot.answers import answer_mac
from bot.cases import ExpectedAnswer
from bot.keys import Keyring
from bot.proof import ContactType
from bot.question_set import QuestionSet
from bot.verification import Ledger, Verification
from tests.house_in_memory import HouseInMemory, keyring
from tests.people import ALICE

MARKS = {
    ContactType.INBOUND: (6, 5),
    ContactType.OUTBOUND: (5, 4),
    ContactType.OFFICER_PRESENT: (4, 3),
}
SET = QuestionSet.load()
VERIFICATION = Verification(keyring(), SET)


def expected(keys: Keyring | None = None) -> list[ExpectedAnswer]:
    """The hashes of Alice's answers."""
    keys = keys or keyring()
    return [
        ExpectedAnswer(
            question,
            rule.kind,
            keys.newest,
            answer_mac(
                keys,
                case=ALICE.reference,
                question=question,
                kind=rule.kind,
                answer=str(answers.keyed(rule, ALICE.right(question))),
            ),
        )
        for question, rule in SET.questions.items()
    ]


def drawn(contact: ContactType, **different: object) -> Ledger:
    given: dict[str, object] = {
        "call": "CA1",
        "contact": contact,
        "typed": ALICE.reference,
        "case": ALICE.reference,
        "answers": expected(),
    }
    return VERIFICATION.draw(**(given | different))


def test_a_caller_is_asked_the_same_questions_while_keys_are_rotated() -> None:
    old, new = ("k1:" + base64.b64encode(b"o" * 32).decode(), "k2:" + "A" * 43 + "=")

    def asked(keys: Keyring) -> list[str]:
        ledger = Verification(keys, SET).draw(
            call="CA1", contact=ContactType.INBOUND, typed=ALICE.reference, case=None, answers=[]
        )
        return [each.question for each in ledger.asked]

    before, during = Keyring.parse(old), Keyring.parse(f"{new},{old}").named_by("k1")
    assert asked(before) == asked(during) != asked(during.named_by("k2"))


def answered(ledger: Ledger, marks: tuple[bool, ...]) -> Ledger:
    """The ledger after answers that are right or wrong as told."""
    for right in marks:
        question = ledger.open_question
        assert question is not None
        marked = VERIFICATION.mark(
            ledger, ALICE.right(question) if right else ALICE.wrong(question)
        )
        assert marked is not None
        ledger = marked
    return ledger


def test_a_unit_may_want_more_right_answers_and_its_cases_are_asked_as_many_questions() -> None:
    brought = SET.model_dump(by_alias=True)
    brought["unit"]["non_resident"] |= {"by_phone": True, "pass": {"outbound": 5}}
    verification = Verification(keyring(), QuestionSet.model_validate(brought))

    def with_one_wrong(unit: str) -> bool:
        ledger = verification.draw(
            call="CA1",
            contact=ContactType.OUTBOUND,
            typed=ALICE.reference,
            case=ALICE.reference,
            answers=expected(),
            unit=unit,
        )
        assert len(ledger.asked) == 5
        ledger = answered(ledger, (True, True, False, True, True))
        return verification.proof(verification.seal(ledger), "CA1") is not None

    assert with_one_wrong("")
    assert not with_one_wrong("non_resident")


def proves(ledger: Ledger, call: str = "CA1") -> bool:
    return VERIFICATION.proof(VERIFICATION.seal(ledger), call) is not None


@pytest.mark.parametrize("contact", ContactType)
def test_as_many_are_asked_and_needed_as_the_manual_says(contact: ContactType) -> None:
    ask, needed = MARKS[contact]

    ledger = drawn(contact)

    assert (len(ledger.asked), ledger.needed) == (ask, needed)
    assert len({asked.question for asked in ledger.asked}) == ask


@pytest.mark.parametrize("contact", ContactType)
def test_of_all_ways_to_answer_only_enough_right_ones_prove_anything(contact: ContactType) -> None:
    ask, needed = MARKS[contact]
    for marks in product((True, False), repeat=ask):
        ledger = answered(drawn(contact), marks)
        assert proves(ledger) == (sum(marks) >= needed), marks


@pytest.mark.parametrize("contact", ContactType)
def test_nothing_is_proved_before_the_last_question(contact: ContactType) -> None:
    ask, _ = MARKS[contact]
    for given in range(ask):
        assert not proves(answered(drawn(contact), (True,) * given))


@pytest.mark.parametrize(
    "different",
    [
        {"case": None},
        {"case": None, "answers": []},
        {"spent": True},
        {"answers": expected()[:-6]},
        {"answers": []},
        {"answers": [replace(answer, kind="choice") for answer in expected()]},
    ],
    ids=["no case", "nothing known", "spent budget", "missing", "none", "questions of other kinds"],
)
@pytest.mark.parametrize("contact", ContactType)
def test_without_a_verifiable_case_no_answer_proves_anything(
    contact: ContactType, different: dict[str, object]
) -> None:
    ledger = drawn(contact, **different)
    real = drawn(contact)

    answers = answered(ledger, (True,) * len(ledger.asked))

    assert not proves(answers)
    assert [asked.question for asked in ledger.asked] == [asked.question for asked in real.asked]
    assert all(
        len(a.expected) == len(b.expected) for a, b in zip(ledger.asked, real.asked, strict=True)
    )


def test_giving_a_question_up_is_wrong() -> None:
    ledger = drawn(ContactType.OUTBOUND)
    for _ in ledger.asked:
        marked = VERIFICATION.mark(ledger, None)
        assert marked is not None
        ledger = marked

    assert [asked.right for asked in ledger.asked] == [False] * 5


@pytest.mark.parametrize("digits", ["", "1", "99999999999", "abc", "١٢٣٤", "12345678901"])
def test_what_cannot_be_an_answer_is_judged_by_the_input_alone(digits: str) -> None:
    known, unknown = drawn(ContactType.INBOUND), drawn(ContactType.INBOUND, case=None, answers=[])

    assert (VERIFICATION.mark(known, digits) is None) == (
        VERIFICATION.mark(unknown, digits) is None
    )


def test_questions_are_drawn_by_what_was_typed_and_the_key() -> None:
    def order(verification: Verification, typed: str) -> list[str]:
        ledger = verification.draw(
            call="CA1", contact=ContactType.INBOUND, typed=typed, case=None, answers=[]
        )
        return [asked.question for asked in ledger.asked]

    other_key = Verification(Keyring({"k2": b"y" * 32}), SET)
    assert order(VERIFICATION, "1") == order(VERIFICATION, "1")
    assert len({tuple(order(VERIFICATION, str(n))) for n in range(30)}) > 20
    assert order(VERIFICATION, "1") != order(other_key, "1")


# The seal


def passed() -> Ledger:
    return answered(drawn(ContactType.INBOUND), (True,) * 6)


def test_a_proof_names_its_call_case_contact_and_checks() -> None:
    ledger = passed()

    proof = VERIFICATION.proof(VERIFICATION.seal(ledger), "CA1")

    assert proof is not None
    assert proof.fits(call="CA1", case=ALICE.reference, contact=ContactType.INBOUND)
    assert proof.checks == tuple(asked.question for asked in ledger.asked)


def test_a_ledger_of_another_call_is_no_ledger() -> None:
    sealed = VERIFICATION.seal(passed())

    assert VERIFICATION.unseal(sealed, "CA2") is None
    assert VERIFICATION.proof(sealed, "CA2") is None


def test_a_ledger_that_names_another_call_than_its_seal_proves_nothing() -> None:
    foreign = dumps(asdict(replace(passed(), call="CA2")))

    assert VERIFICATION.proof(keyring().seal(foreign, bound_to="ledger:CA1"), "CA1") is None


def test_an_altered_ledger_is_no_ledger() -> None:
    sealed = VERIFICATION.seal(passed())
    key_id, _, body = sealed.partition(":")
    raw = bytearray(base64.urlsafe_b64decode(body))
    for place in range(0, len(raw), 7):
        altered = bytearray(raw)
        altered[place] ^= 1
        text = f"{key_id}:{base64.urlsafe_b64encode(bytes(altered)).decode()}"
        assert VERIFICATION.proof(text, "CA1") is None


@pytest.mark.parametrize("sealed", [None, "", ":", "k1:", "k1:AAAA", "k9:AAAA", "nonsense", "k1:é"])
def test_what_is_no_ledger_proves_nothing(sealed: str | None) -> None:
    assert VERIFICATION.proof(sealed, "CA1") is None


def test_a_ledger_sealed_with_a_foreign_key_is_no_ledger() -> None:
    mallory = Verification(Keyring({"k1": b"m" * 32}), SET)

    assert VERIFICATION.proof(mallory.seal(passed()), "CA1") is None


def test_a_sealed_ledger_shows_nothing_of_what_is_in_it() -> None:
    sealed = VERIFICATION.seal(passed())

    assert ALICE.reference not in sealed
    assert sealed != VERIFICATION.seal(passed()), "nor that two are alike"


@pytest.mark.parametrize(
    "change",
    [
        "delete from answers where handle = :handle and question in ({drawn})",
        "update answers set key_id = 'retired' where handle = :handle",
    ],
    ids=["an answer is not held", "its key was retired"],
)
def test_a_case_that_cannot_be_verified_goes_through_the_same_dialogue(
    house: HouseInMemory, change: str
) -> None:
    drawn = _questions_asked(house)
    with house.records.begin() as records:
        names = ", ".join(f"'{question}'" for question in drawn[:1])
        records.execute(text(change.format(drawn=names)), {"handle": ALICE.reference})

    call = house.rings(ALICE)
    call.press(ALICE.reference)
    asked = []
    while call.heard().asked.startswith("question."):
        asked.append(call.question)
        call.answer(ALICE)

    assert asked == drawn
    assert call.heard().prompts == ("checks.not_verified",)
    assert house.tasks() == ["not_verifiable"]


def _questions_asked(house: HouseInMemory) -> list[str]:
    call = house.rings(ALICE)
    call.press(ALICE.reference)
    asked = []
    while call.heard().asked.startswith("question."):
        asked.append(call.question)
        call.answer(ALICE)
    call.hang_up()
    return asked
