"""Verification of a customer: which questions, the pass mark, the ledger of one call.

The questions are drawn before the first is asked, by a keyed function of what was typed, and all
of them are always asked; nothing said on the way depends on what was right (DMBM511635). The
ledger is sealed and dies with the call; a `Proof` is derived from it anew at each turn, here and
nowhere else.
"""

import hmac
import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from bot import answers
from bot.answers import answer_mac
from bot.cases import ExpectedAnswer
from bot.errors import BadSeal
from bot.keys import Keyring
from bot.proof import _MINT, ContactType, Proof

_MARKS = (None, False, True)  # how an answer was marked, as the sealed ledger numbers it
NOBODY = "000000000"  # the handle for which answers are compared when there is no case


class Contact(Protocol):
    """How many questions this kind of contact asks, and how many it needs (DMBM5129xx)."""

    @property
    def ask(self) -> int:
        """Questions asked, always all of them."""

    @property
    def passes(self) -> int:
        """Right answers needed."""


class QuestionSet(Protocol):
    """`config/verification.toml`, read."""

    @property
    def questions(self) -> Mapping[str, answers.Question]:
        """By id."""

    @property
    def contacts(self) -> Mapping[ContactType, Contact]:
        """By kind of contact."""

    def passes(self, contact: ContactType, unit: str) -> int:
        """The right answers that a case of this unit needs; blank is a case of no unit."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One drawn question: the hash of its right answer, and once marked, whether it was right."""

    question: str
    key_id: str
    expected: str
    right: bool | None = None


@dataclass(frozen=True, slots=True)
class Ledger:
    """What was drawn in one call, and how the answers were marked. Stored sealed, never shown.

    `case` is the handle the answers are compared for; `real` is False where it stands for no case,
    for a case that cannot be verified by phone, or for a spent budget. `budgets` are the records
    in which this try is reserved.
    """

    call: str
    case: str
    contact: ContactType
    needed: int
    asked: tuple[Asked, ...]
    real: bool
    budgets: tuple[str, ...] = ()

    @property
    def open_question(self) -> str | None:
        """The question that the next answer is for, or None when all are marked."""
        return next((asked.question for asked in self.asked if asked.right is None), None)

    @property
    def passed(self) -> bool:
        """Whether, all questions being marked, enough were right."""
        right = sum(asked.right is True for asked in self.asked)
        return self.open_question is None and self.real and right >= self.needed


class Verification:
    """Draws, marks, seals and opens ledgers. Pure but for the nonce of the seal."""

    def __init__(self, keyring: Keyring, question_set: QuestionSet) -> None:
        self._keyring = keyring
        self._set = question_set
        # One step asks for its ledger several times: each thread keeps the one it sealed or opened
        # last, by the sealed text and the call, so that nothing is held that would not open again.
        self._opened = threading.local()

    def draw(
        self,
        *,
        call: str,
        contact: ContactType,
        typed: str,
        case: str | None,
        answers: Sequence[ExpectedAnswer],
        unit: str = "",
        budgets: tuple[str, ...] = (),
        spent: bool = False,
    ) -> Ledger:
        """Fix the questions of this call. `typed` is what they are drawn by, `unit` the case's.

        The same work is done, and a ledger of the same shape made, whether or not there is a case.
        """
        rule = self._set.contacts[contact]
        drawn = self._order(contact, typed)[: rule.ask]
        held = {answer.question: answer for answer in answers if self._can_match(answer)}
        handle = case or NOBODY
        real = case is not None and not spent and all(question in held for question in drawn)
        return Ledger(
            call=call,
            case=handle,
            contact=contact,
            needed=self._set.passes(contact, unit),
            asked=tuple(self._expect(question, call, held, real=real) for question in drawn),
            real=real,
            budgets=budgets,
        )

    def mark(self, ledger: Ledger, given: str | None, *, said: bool = False) -> Ledger | None:
        """Mark the open question; None if the answer cannot be understood, by the input alone.

        `given` None gives the question up: it is marked wrong. `said` tells speech from keys.
        """
        question = ledger.open_question
        if question is None:
            return ledger
        rule = self._set.questions[question]
        read = answers.said if said else answers.keyed
        answer = "" if given is None else read(rule, given)
        if answer is None:
            return None
        return replace(
            ledger,
            asked=tuple(
                replace(asked, right=self._is_right(ledger, asked, rule.kind, answer))
                if asked.question == question
                else asked
                for asked in ledger.asked
            ),
        )

    def forget(self) -> None:
        """Hold no ledger: what a step costs may not depend on what this thread did before it."""
        self._opened.ledger = None

    def seal(self, ledger: Ledger) -> str:
        """The ledger for the conversation's record: readable by us alone, bound to its call.

        Marks are written in one digit each: the length of what is sealed tells nobody what was
        right, nor whether there is a case.
        """
        asked = [_values(each) | {"right": _MARKS.index(each.right)} for each in ledger.asked]
        text = json.dumps(_values(ledger) | {"asked": asked, "real": int(ledger.real)})
        sealed = self._keyring.seal(text, bound_to=f"ledger:{ledger.call}")
        self._opened.ledger = (sealed, ledger.call, ledger)
        return sealed

    def unseal(self, sealed: str, call: str) -> Ledger | None:
        """The ledger again, or None: one that was altered, or is another call's, is no ledger."""
        held: tuple[str, str, Ledger] | None = getattr(self._opened, "ledger", None)
        if held is not None and held[:2] == (sealed, call):
            return held[2]
        try:
            data = json.loads(self._keyring.open(sealed, bound_to=f"ledger:{call}"))
        except BadSeal:
            return None
        asked = tuple(
            Asked(**entry | {"right": _MARKS[entry["right"]]}) for entry in data.pop("asked")
        )
        budgets = tuple(data.pop("budgets"))
        contact = ContactType(data.pop("contact"))
        real = bool(data.pop("real"))
        ledger = Ledger(asked=asked, budgets=budgets, contact=contact, real=real, **data)
        self._opened.ledger = (sealed, call, ledger)
        return ledger

    def proof(self, sealed: str | None, call: str) -> Proof | None:
        """The proof that this call's ledger gives, or None. The only maker of a `Proof`."""
        ledger = self.unseal(sealed, call) if sealed else None
        if ledger is None or ledger.call != call or not ledger.passed:
            return None
        checks = tuple(asked.question for asked in ledger.asked)
        return Proof(call, ledger.case, ledger.contact, checks, _MINT)

    def _order(self, contact: ContactType, typed: str) -> list[str]:
        """All questions, in an order that only the key holder can foretell.

        By the key that names, not the one that seals: while keys are rotated a caller who rings
        again is asked the same, and learns no further question.
        """
        rank = {q: self._keyring.name_of("draw", contact, typed, q) for q in self._set.questions}
        return sorted(rank, key=rank.__getitem__)

    def _can_match(self, answer: ExpectedAnswer) -> bool:
        """Whether anything can: one under a key that is gone, or of a kind that its question no
        longer has, counts as not held, so that no honest customer fails on it.
        """
        question = self._set.questions.get(answer.question)
        of_its_kind = question is not None and question.kind == answer.kind
        return self._keyring.holds(answer.key_id) and of_its_kind

    def _expect(
        self, question: str, call: str, held: Mapping[str, ExpectedAnswer], *, real: bool
    ) -> Asked:
        """What the answer is compared with: where there is none, a hash that nothing matches."""
        unmatchable = self._keyring.mac("no answer", call, question)
        if real:
            return Asked(question, held[question].key_id, held[question].mac)
        return Asked(question, self._keyring.newest, unmatchable)

    def _is_right(self, ledger: Ledger, asked: Asked, kind: str, answer: str) -> bool:
        mac = answer_mac(
            self._keyring,
            case=ledger.case,
            question=asked.question,
            kind=kind,
            answer=answer,
            key_id=asked.key_id,
        )
        return hmac.compare_digest(mac, asked.expected) and answer != ""


def _values(record: Asked | Ledger) -> dict[str, Any]:
    """Not `asdict`: it copies deeply, which takes ten times as long."""
    return {name: getattr(record, name) for name in record.__slots__}
