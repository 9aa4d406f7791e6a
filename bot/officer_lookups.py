"""Look-ups for an officer on the line: who they are, which case they may open, what is theirs.

Whatever is wrong (number, PIN or code; no such case, or somebody else's) is answered alike.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import singledispatchmethod

from bot import events, spoken_caseload
from bot.actions import (
    CheckOfficer,
    FindTexter,
    LookUp,
    OpenCase,
    Say,
    SeeCaseload,
    SeeHandset,
    SeePowers,
    TakePin,
    TakeStaffNumber,
    TaskReason,
)
from bot.best_number import BestNumbers
from bot.callback_book import open_callback
from bot.cases import Case, CaseDirectory
from bot.conversation import Conversation
from bot.events import Event
from bot.keys import Keyring
from bot.meetings import Meetings
from bot.officers import TOKEN, Claim, Judged, OfficerBook, OfficerLedger, Officers, Verdict
from bot.opening import NUMBER
from bot.owing import log_officer_check, owe_officer_task
from bot.powers import PROMPT, PowersOf
from bot.senders import sender_of
from bot.staff import Role
from bot.unit_of_work import UnitOfWork

MOST_CASES = 200  # of an officer, whose callbacks are counted
POWERS = "powers"  # the token of what an officer may do about the case
# Tokens of the number that an officer keyed: its mask; with endings its hash, sealed, its case.
TEXTER = "texter"

Day = Callable[[str, float], tuple[float, float]]  # the first and last instant of today, at a desk


class OfficerLookUps:
    """Answers them from the book of officers, the case directory and the desk's callbacks."""

    def __init__(
        self,
        directory: CaseDirectory,
        officers: Officers,
        book: OfficerBook,
        keyring: Keyring,
        numbers: BestNumbers,
        today: Day,
        powers: PowersOf,
        meetings: Meetings,
    ) -> None:
        self._directory = directory
        self._officers = officers
        self._book = book
        self._keyring = keyring
        self._numbers = numbers
        self._today = today
        self._powers = powers
        self._meetings = meetings

    @singledispatchmethod
    def answer(self, lookup: LookUp, talk: Conversation, unit: UnitOfWork, now: float) -> Event:
        """The event that answers this look-up."""
        return self._meetings.answer(lookup, talk, unit, now)

    @answer.register
    def _(self, lookup: TakeStaffNumber, talk: Conversation, unit: UnitOfWork, now: float) -> Event:
        self._keep(talk, OfficerLedger(talk.id, number=lookup.number.reveal()))
        return events.StaffNumberTaken()

    @answer.register
    def _(self, lookup: TakePin, talk: Conversation, unit: UnitOfWork, now: float) -> Event:
        self._keep(talk, replace(self._ledger(talk), pin=lookup.pin.reveal()))
        return events.PinTaken()

    @answer.register
    def _(self, lookup: CheckOfficer, talk: Conversation, unit: UnitOfWork, now: float) -> Event:
        ledger = self._ledger(talk)
        claim = Claim(
            number=ledger.number,
            pin=ledger.pin,
            code=lookup.code.reveal(),
            handset=talk.tokens.get("number_hash", ""),
            by=f"{talk.id}:{talk.turn}",
        )
        judged = self._book.judge(claim, talk.desk)
        open_callback(unit, claim.handset)  # settled if they pass: looked at, whoever it is
        passed = judged.verdict is Verdict.PASSED
        self._keep(
            talk,
            OfficerLedger(
                talk.id,
                officer=judged.officer if passed else "",
                any_case=judged.any_case,
                roles=judged.roles,
            ),
        )
        log_officer_check(unit, talk, judged.officer, now, passed=passed)
        self._tell(unit, talk, judged, now)
        if passed:
            talk.tokens["officer"] = judged.officer
            return events.OfficerPassed()
        duress = judged.verdict is Verdict.DURESS
        return events.RecordsUnavailable() if duress else events.OfficerFailed()

    @answer.register
    def _(self, lookup: OpenCase, talk: Conversation, unit: UnitOfWork, now: float) -> Event:
        ledger = self._ledger(talk)
        case = self._directory.by_handle(lookup.handle.reveal())
        theirs = case is not None and self._may_open(ledger, case, talk.desk)
        handle = case.handle if case is not None and theirs else ""
        self._keep(talk, replace(ledger, case=handle, private=lookup.private))
        if not handle:
            talk.tokens.pop("case", None)
            return events.CaseNotOpened()
        talk.tokens["case"] = handle
        return events.CaseOpened()

    @answer.register
    def _(self, lookup: SeeCaseload, talk: Conversation, unit: UnitOfWork, now: float) -> Event:
        officer = self._ledger(talk).officer
        since, until = self._today(talk.desk, now)
        handles = self._directory.cases_of(officer, MOST_CASES)
        unit.get_all(*(f"open:case:{handle}" for handle in handles))  # in one trip
        owed = sum(open_callback(unit, f"case:{handle}") is not None for handle in handles)
        talk.tokens[spoken_caseload.TOKEN] = spoken_caseload.kept(
            self._directory.visits(officer, since, until),
            owed,
            self._directory.missed_by(officer, since),
        )
        return events.CaseloadSeen()

    @answer.register
    def _(self, lookup: SeePowers, talk: Conversation, unit: UnitOfWork, now: float) -> Event:
        ledger = self._ledger(talk)
        case = self._directory.by_handle(ledger.case)
        roles = [Role(role) for role in ledger.roles]
        powers = self._powers(roles, case.nation if case else "")
        talk.tokens[POWERS] = " ".join(powers)
        return events.PowersSeen() if powers else events.NoPowers()

    @answer.register
    def _(self, lookup: SeeHandset, talk: Conversation, unit: UnitOfWork, now: float) -> Event:
        handset = talk.tokens.get("number_hash", "")
        theirs = self._book.has_handset(self._ledger(talk).officer, handset)
        return events.HandsetTheirs() if handset and theirs else events.HandsetOther()

    @answer.register
    def _(self, lookup: FindTexter, talk: Conversation, unit: UnitOfWork, now: float) -> Event:
        number = self._numbers.keyed(lookup.number.reveal())
        if number is None:
            return events.NotUnderstood()
        number_hash = self._keyring.number_hash(number.e164)
        talk.tokens |= {
            TEXTER: str(number),
            f"{TEXTER}_hash": number_hash,
            f"{TEXTER}_sealed": self._keyring.seal(number.e164, bound_to=NUMBER),
        }
        sender = sender_of(self._directory, number_hash, talk.desk)
        talk.tokens[f"{TEXTER}_case"] = sender.case.handle if sender.case else ""
        return sender.event

    def _ledger(self, talk: Conversation) -> OfficerLedger:
        return self._officers.unseal(talk.tokens.get(TOKEN), talk.id)

    def _keep(self, talk: Conversation, ledger: OfficerLedger) -> None:
        talk.tokens[TOKEN] = self._officers.seal(ledger)

    def _may_open(self, ledger: OfficerLedger, case: Case, desk: str) -> bool:
        """Their own, or any of their desk where their role says so; never another desk's."""
        own = case.officer == ledger.officer or ledger.any_case
        return bool(ledger.officer) and own and case.desk == desk

    def _tell(self, unit: UnitOfWork, talk: Conversation, judged: Judged, now: float) -> None:
        """Whoever must know of it is told; nobody on the line is."""
        if judged.verdict is Verdict.DURESS:
            owe_officer_task(unit, talk, TaskReason.OFFICER_DURESS, judged.manager, now)
        elif judged.locked:
            owe_officer_task(unit, talk, TaskReason.OFFICER_LOCKED, judged.manager, now)


def powers_said(talk: Conversation) -> list[Say]:
    """What the officer of this call may do about the case, a prompt each."""
    return [Say(f"{PROMPT}{power}") for power in talk.tokens.get(POWERS, "").split()]
