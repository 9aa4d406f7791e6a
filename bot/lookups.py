"""Look-ups: what a flow asks of the house is answered with an event, in the same request.

They only read; what must be remembered (a reserved try, the sealed ledger) goes into the unit of
work and is written by the commit of the step that asked. Each does the same work, whatever it
finds, so that neither time nor the log tells a stranger whether a number or a case is known.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import singledispatchmethod
from typing import Any

from bot import best_number, budget, events, ring_when
from bot.actions import (
    CheckDesk,
    DrawQuestions,
    FindSender,
    KeepNumber,
    LookUp,
    MarkAnswer,
    ReadText,
    SeeNumber,
)
from bot.best_number import BestNumbers
from bot.cases import Case, CaseDirectory
from bot.conversation import Conversation
from bot.events import Event
from bot.keys import Keyring
from bot.officer_lookups import OfficerLookUps
from bot.opening import NUMBER, WRITTEN_AT
from bot.owing import log_verification, owe_follow
from bot.phone import PhoneNumber
from bot.question_set import QuestionSet
from bot.senders import best_here, sender_of
from bot.text_reading import Reads, TextReader
from bot.unit_of_work import UnitOfWork
from bot.verification import Ledger, Verification

FOLLOW_AFTER_SECONDS = 3600.0  # a call that came in is looked at, in case its end is not told


class LookUps:
    """Answers look-ups from the case directory, the ledger and the desk's hours."""

    def __init__(
        self,
        directory: CaseDirectory,
        verification: Verification,
        keyring: Keyring,
        *,
        questions: QuestionSet,
        numbers: BestNumbers,
        texts: TextReader,
        desk_open: Callable[[str, float], bool],
        officers: OfficerLookUps,
    ) -> None:
        self._directory = directory
        self._verification = verification
        self._keyring = keyring
        self._questions = questions
        self._numbers = numbers
        self._texts = texts
        self._desk_open = desk_open
        self._officers = officers

    @singledispatchmethod
    def answer(self, lookup: LookUp, talk: Conversation, unit: UnitOfWork, now: float) -> Event:
        """The event that answers this look-up."""
        return self._officers.answer(lookup, talk, unit, now)

    @answer.register
    def _(self, lookup: ReadText, talk: Conversation, unit: UnitOfWork, now: float) -> Event:
        text, found = lookup.text.reveal(), WRITTEN_AT in talk.tokens
        written_at = float(talk.tokens[WRITTEN_AT]) if found else now  # "in 20 mins" is from then
        reading = self._texts.read(text, written_at, opted_out=lookup.opted_out)
        talk.tokens["reads"] = reading.in_words
        # The carrier's list holds no words that were taken out, and may tell of a text too late.
        in_doubt = reading.show or (found and not text)
        if reading.window and ring_when.is_over(reading.window.until, now):
            in_doubt = True
        elif reading.window:
            talk.tokens |= ring_when.tokens(reading.window.start, reading.window.until)
        if reading.reads is Reads.PERSON:
            return events.NeedsPerson()
        if reading.reads is Reads.NO_CONTACT:
            return events.WantsNoContact()
        return events.CallInDoubt() if in_doubt else events.WantsCall()

    @answer.register
    def _(self, lookup: FindSender, talk: Conversation, unit: UnitOfWork, now: float) -> Event:
        number_hash = talk.tokens.get("number_hash", "")
        sender = sender_of(self._directory, number_hash, talk.desk)
        if sender.case is not None:
            talk.tokens["case"] = sender.case.handle
        return sender.event

    @answer.register
    def _(self, lookup: DrawQuestions, talk: Conversation, unit: UnitOfWork, now: float) -> Event:
        typed, case = self._claimed(lookup, talk)
        answers = self._directory.answers(case.handle if case else typed)
        held = self._directory.restrictions(case.customer if case else "")
        unit_of_case = case.unit if case else ""
        closed = case is not None and (
            case.desk != talk.desk
            or self._not_by_phone(held)
            or not self._questions.by_phone(unit_of_case)
        )
        budgets = self._budgets(talk, case.handle if case else typed)
        spent = self._reserve(unit, budgets, talk.id, now)
        ledger = self._verification.draw(
            call=talk.id,
            contact=lookup.contact,
            typed=typed,
            case=case.handle if case else None,
            answers=() if closed else answers,
            unit=unit_of_case,
            budgets=budgets,
            spent=spent,
        )
        if case:
            talk.tokens["case"] = case.handle
        if case and not spent and not ledger.real:
            talk.tokens["unverifiable"] = "it lacks an answer, is held, or is another desk's"
        talk.tokens["ledger"] = self._verification.seal(ledger)
        if "callback" not in talk.tokens:
            # So that the try is given back even if nobody tells us that the call is over.
            owe_follow(unit, talk.id, talk.tokens.get("call", ""), now + FOLLOW_AFTER_SECONDS)
        return events.QuestionsDrawn()

    @answer.register
    def _(self, lookup: MarkAnswer, talk: Conversation, unit: UnitOfWork, now: float) -> Event:
        ledger = self.ledger_of(talk)
        if ledger is None:
            return events.ChecksFailed()
        marked = self._verification.mark(
            ledger, lookup.answer.reveal() if lookup.answer else None, said=lookup.said
        )
        if marked is None:
            return events.NotUnderstood()
        over = marked.open_question is None
        if over:
            marked = self._finish(unit, talk, marked, now)
        talk.tokens["ledger"] = self._verification.seal(marked)
        if not over:
            return events.AnswerTaken()
        return events.ChecksPassed() if marked.passed else events.ChecksFailed()

    @answer.register
    def _(self, lookup: SeeNumber, talk: Conversation, unit: UnitOfWork, now: float) -> Event:
        sealed = talk.tokens.get("number_sealed")
        if sealed is None:
            return events.NumberNotShown()
        number = PhoneNumber(self._keyring.open(sealed, bound_to=NUMBER))
        shown = self._numbers.may_be_rung(number)
        return events.NumberShown() if shown else events.NumberNotShown()

    @answer.register
    def _(self, lookup: KeepNumber, talk: Conversation, unit: UnitOfWork, now: float) -> Event:
        read = self._numbers.said if lookup.said else self._numbers.keyed
        number = read(lookup.number.reveal())
        if number is None:
            return events.NotUnderstood()
        bound_to = best_number.bound_to(talk.id)
        talk.tokens[best_number.TOKEN] = self._keyring.seal(number.e164, bound_to=bound_to)
        return events.NumberKept()

    @answer.register
    def _(self, lookup: CheckDesk, talk: Conversation, unit: UnitOfWork, now: float) -> Event:
        return events.DeskOpen() if self._desk_open(talk.desk, now) else events.DeskClosed()

    def ledger_of(self, talk: Conversation) -> Ledger | None:
        """The ledger of this call, unless there is none, or it was altered."""
        sealed = talk.tokens.get("ledger")
        return self._verification.unseal(sealed, talk.id) if sealed else None

    def call_over(self, talk: Conversation, unit: UnitOfWork, now: float) -> None:
        """The call has ended: a try whose last answer was never given is given back."""
        talk.tokens.pop(best_number.TOKEN, None)
        ledger = self.ledger_of(talk)
        if ledger is not None and ledger.open_question is not None:
            self._give_back(unit, ledger)
            self._note(unit, talk, ledger, now)

    def _claimed(self, lookup: DrawQuestions, talk: Conversation) -> tuple[str, Case | None]:
        """What the questions are drawn by, and the case that it leads to."""
        if "callback" in talk.tokens:
            handle = talk.tokens.get("case", "")
            return handle, self._directory.by_handle(handle)
        number_hash = talk.tokens.get("number_hash", "")
        handle = lookup.reference.reveal() if lookup.reference else ""
        by_handle = self._directory.by_handle(handle)
        by_number = self._directory.by_number(number_hash)
        if handle:
            return handle, by_handle
        people = {case.customer for case in by_number}
        return number_hash, best_here(by_number, talk.desk) if len(people) == 1 else None

    def _not_by_phone(self, held: frozenset[str]) -> bool:
        """Whether a restriction that is held closes a case to everybody who rings."""
        return not held.isdisjoint(self._questions.not_by_phone.restrictions)

    def _budgets(self, talk: Conversation, claimed: str) -> tuple[str, ...]:
        number_hash = talk.tokens.get("number_hash") or talk.id
        return budget.key_of_case(self._keyring, claimed), budget.key_of_number(number_hash)

    def _reserve(self, unit: UnitOfWork, budgets: tuple[str, ...], call: str, now: float) -> bool:
        unit.get_all(*budgets)
        before = [unit.get(key) for key in budgets]
        records, spent = budget.reserve(before, call, now, self._questions.budget)
        self._keep_tries(unit, budgets, records)
        return spent

    def _finish(self, unit: UnitOfWork, talk: Conversation, ledger: Ledger, now: float) -> Ledger:
        """After the last answer the same records are written, passed or not; the ledger as it ends.

        A try that has hung open too long is reserved anew: where there is none left, it fails.
        """
        rule = self._questions.budget
        unit.get_all(*ledger.budgets)
        before = [unit.get(key) for key in ledger.budgets]
        records, spent = budget.reserve(before, ledger.call, now, rule)
        ledger = replace(ledger, real=ledger.real and not spent)
        close = budget.give_back if ledger.passed else budget.failed
        records = [close(record, ledger.call) for record in records]
        self._keep_tries(unit, ledger.budgets, records)
        if any(budget.used_up(record, now, rule) for record in records):
            talk.tokens["used_up"] = "no try is left"  # seen by `RaiseTask` alone
        self._note(unit, talk, ledger, now)
        return ledger

    def _note(self, unit: UnitOfWork, talk: Conversation, ledger: Ledger, now: float) -> None:
        """That checks were made, which, and how they ended (IDG30230); never an answer."""
        note = self._questions.contacts[ledger.contact].note
        over = ledger.open_question is None
        words = (note.passed if ledger.passed else note.failed) if over else note.not_completed
        detail = f"{words} {ledger.contact.value} {self._questions.digest[:12]}"
        log_verification(unit, talk, detail, now, verified=ledger.passed)

    def _give_back(self, unit: UnitOfWork, ledger: Ledger) -> None:
        unit.get_all(*ledger.budgets)
        records = [budget.give_back(unit.get(key), ledger.call) for key in ledger.budgets]
        self._keep_tries(unit, ledger.budgets, records)

    def _keep_tries(
        self, unit: UnitOfWork, budgets: Sequence[str], records: Sequence[dict[str, Any]]
    ) -> None:
        for key, record in zip(budgets, records, strict=True):
            unit.put(key, record, keep=2 * self._questions.budget.seconds)
