"""Verification by itself: every ledger that there can be, for every kind of contact.

In the walk a passed check is one branch and a failed one another. That these branches are right
is shown here: over every pattern of right, wrong and given-up answers there is a proof if enough
were right, only after the last answer, only in that call and only where there is a case.
"""

from collections.abc import Iterator, Sequence

from bot import answers
from bot.answers import answer_mac
from bot.cases import ExpectedAnswer
from bot.explore.house import REFERENCE, answer_of
from bot.explore.rules import Broken, named
from bot.keys import Keyring
from bot.proof import ContactType
from bot.question_set import Question, QuestionSet
from bot.verification import Ledger, Verification

CALL = "CA1"


class Ledgers:
    """Goes through all ledgers; `counted` says how many there were."""

    def __init__(self, keyring: Keyring, questions: QuestionSet) -> None:
        self._keyring = keyring
        self._questions = questions
        self._marks = Verification(keyring, questions)
        self._reads = Verification(keyring, questions)  # another process: it holds nothing
        self.counted = 0

    def broken(self) -> Iterator[Broken]:
        """What does not hold of them."""
        held = [self._expected(name) for name in self._questions.questions]
        for contact in ContactType:
            for drawn in self._drawn(contact, held):
                yield from self._follow(drawn, [])

    def _drawn(self, contact: ContactType, held: list[ExpectedAnswer]) -> Iterator[Ledger]:
        """The ledger of a case, and those that nobody can pass."""
        for case, known, spent in (
            (REFERENCE, held, False),
            (REFERENCE, held, True),
            (REFERENCE, [], False),
            (None, held, False),
        ):
            yield self._marks.draw(
                call=CALL,
                contact=contact,
                typed=REFERENCE,
                case=case,
                answers=known,
                spent=spent,
            )

    def _follow(self, ledger: Ledger, rightly: list[bool]) -> Iterator[Broken]:
        """This ledger, and every one that answers can make of it."""
        self.counted += 1
        yield from self._judge(ledger, rightly)
        name = ledger.open_question
        if name is None:
            return
        question = self._questions.questions[name]
        given = [(_given(question, rightly=right), right) for right in (True, False)]
        for answer, right in [*given, (None, False)]:
            marked = self._marks.mark(ledger, answer, said=question.only_said)
            if marked is None:
                yield Broken(named(3), f"{name}: an answer of its kind is not understood")
            else:
                yield from self._follow(marked, [*rightly, right])

    def _judge(self, ledger: Ledger, rightly: Sequence[bool]) -> Iterator[Broken]:
        rule = self._questions.contacts[ledger.contact]
        sealed = self._marks.seal(ledger)
        enough = ledger.real and len(rightly) == rule.ask and sum(rightly) >= rule.passes
        proof = self._reads.proof(sealed, CALL)
        if (proof is not None) != enough:
            reason = f"{sum(rightly)} right of {len(rightly)} given of {rule.ask}"
            yield Broken(named(3), f"{ledger.contact}: {reason}, and the proof is {proof}")
        if proof and not proof.fits(call=CALL, case=REFERENCE, contact=ledger.contact):
            yield Broken(named(3), f"{ledger.contact}: the proof is of another call or case")
        if self._reads.proof(sealed, "CA2") is not None:
            yield Broken(named(3), f"{ledger.contact}: a proof in another call")
        if len(ledger.asked) != rule.ask or _open(ledger) != len(rightly):
            yield Broken(named(4), f"{ledger.contact}: the order or the number of questions varies")

    def _expected(self, name: str) -> ExpectedAnswer:
        question = self._questions.questions[name]
        kind, answer = question.kind, answer_of(question, rightly=True)
        mac = answer_mac(self._keyring, case=REFERENCE, question=name, kind=kind, answer=answer)
        return ExpectedAnswer(name, kind, self._keyring.newest, mac)


def _given(question: Question, *, rightly: bool) -> str:
    """An answer as it is keyed, or said where it can only be said."""
    answer = answer_of(question, rightly=rightly)
    return answers.as_keyed(question, answer) or answers.as_said(question, answer)


def _open(ledger: Ledger) -> int:
    """The place of the open question; behind the last one when all are marked."""
    places = [at for at, asked in enumerate(ledger.asked) if asked.right is None]
    return min(places, default=len(ledger.asked))
