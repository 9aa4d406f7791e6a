"""What the dial rules say of a number now: gathers what they need to know, and asks them.

The case is looked up at the last moment, so that what was paid, written or said meanwhile counts.
"""

from collections.abc import Iterator
from dataclasses import replace

from bot import number_history
from bot.callbacks import Callback
from bot.cases import Case
from bot.desk import CallerLine
from bot.dial_question import RESTRICTIONS, Question
from bot.dial_rules import Finding, Refusal, Verdict, findings, may_ring
from bot.halts import is_left_alone, is_on_the_line
from bot.opening import NUMBER
from bot.phone import PhoneNumber
from bot.runtime import Runtime
from bot.store import Json
from bot.unit_of_work import UnitOfWork
from bot.written_hours import read_week

LOOK_AGAIN_SECONDS = 30.0  # at a number that is on the telephone: it may be free long before
NOT_APPROVED_SECONDS = 600.0  # until it is looked again whether words were approved
LONGEST_RESERVATION = 6 * 3600.0  # no call may last as long (`[dialling]` in policy.toml)

# What stands in one case and says nothing of the others of this person.
_OF_ONE_CASE = frozenset({"paid", "unit_rules"})


def not_approved(runtime: Runtime, desk: str, now: float) -> Verdict | None:
    """What the service itself has against ringing anybody: it lacks approved words; or None."""
    if runtime.may_speak(desk):
        return None
    return Verdict(False, "not_approved", "invariant 9", now + NOT_APPROVED_SECONDS)


def verdict_on(
    runtime: Runtime,
    callback: Callback,
    number: PhoneNumber,
    record: Json | None,
    now: float,
    *,
    left_alone: bool,
    on_the_line: bool,
) -> Verdict:
    """May this callback's number be rung now? `record` is the number's history, as it is kept.

    `left_alone` says that somebody there asked not to be rung, and no person has lifted it;
    `on_the_line` that they are ringing us at this moment.
    """
    case = runtime.directory.by_handle(callback.case or "")
    asking = _Asking(runtime, case, callback, number, record, left_alone, on_the_line)
    return asking.verdict(now)


def verdict_on_officer(runtime: Runtime, callback: Callback) -> Verdict:
    """May an officer be rung on this telephone? The rules about customers are not theirs.

    As long as it is theirs, they work here, and it is not lost.
    """
    if runtime.officers.has_handset(callback.asked_by, callback.number_hash):
        return Verdict(True)
    return Verdict(False, "handset_gone", "DMBM511130 (lost phone)")


def verdict_now(runtime: Runtime, callback: Callback) -> Verdict:
    """What the dial rules say of it at this moment; a worker asks them again before it rings.

    Raises `BadSeal` if the key of its number is held no longer.
    """
    if callback.line == CallerLine.OFFICERS:
        return verdict_on_officer(runtime, callback)
    partition = number_history.partition(callback.number_hash)
    record = runtime.store.read(partition, (number_history.RECORD,))[number_history.RECORD].data
    number = PhoneNumber(runtime.keyring.open(callback.number_sealed, bound_to=NUMBER))
    unit, now = UnitOfWork(runtime.store, callback.desk), runtime.clock.now()
    return verdict_on(
        runtime,
        callback,
        number,
        record,
        now,
        left_alone=is_left_alone(unit, callback.number_hash, callback.case),
        on_the_line=is_on_the_line(unit, callback.number_hash, now),
    )


def explained(
    runtime: Runtime,
    case: Case | None,
    callback: Callback | None,
    number: PhoneNumber,
    record: Json | None,
    now: float,
    *,
    left_alone: bool,
    on_the_line: bool = False,
) -> tuple[Verdict, list[Finding]]:
    """The same for somebody who asks why: the verdict, and what each rule says.

    `callback` is the call that is owed there, if one is.
    """
    asking = _Asking(runtime, case, callback, number, record, left_alone, on_the_line)
    return asking.verdict(now), asking.findings(now)


def restrictions(runtime: Runtime, case: Case) -> frozenset[str]:
    """What stands against ringing this person, whichever of their cases says so.

    Where the record says Welsh, nobody is rung in English (TCM0138160). What was paid is about one
    case; a letter that nobody has dealt with may be about all of them.
    """
    held = case.held | (runtime.directory.restrictions(case.customer) - _OF_ONE_CASE)
    if case.settled:
        held |= {"paid"}
    if case.correspondence_at is not None:
        held |= {"correspondence"}
    if not runtime.house.questions.by_phone(case.unit):
        held |= {"unit_rules"}
    spoken = case.language in runtime.house.wording.languages
    return held if spoken else held | {"welsh_without_words"}


class _Asking:
    """Everything that bears on one number, looked up once."""

    def __init__(
        self,
        runtime: Runtime,
        case: Case | None,
        callback: Callback | None,
        number: PhoneNumber,
        record: Json | None,
        left_alone: bool,
        on_the_line: bool,
    ) -> None:
        self._on_the_line = on_the_line
        self._policy = runtime.house.policy
        self._known = number_history.with_attempts(record, callback.attempts if callback else ())
        self._attempt = callback.next_attempt if callback else ""
        self._has_case = case is not None
        question = Question(
            number=number,
            held=frozenset({"do_not_ring"}) if left_alone else frozenset(),
            history=number_history.past(self._known),
            rehearsal=not runtime.settings.production,
        )
        if case is not None:
            question = _for_case(runtime, case, question)
        self._question = _for_callback(callback, question) if callback else question

    def verdict(self, now: float) -> Verdict:
        for found in self._before_the_rules(now):
            if found.refusal is not None:
                return Verdict(False, found.rule, found.source, found.refusal.again_at)
        return may_ring(self._question, self._policy, now)

    def findings(self, now: float) -> list[Finding]:
        found = [*self._before_the_rules(now), *findings(self._question, self._policy, now)]
        if self._has_case:
            return found
        return [one for one in found if one.refusal or one.rule not in RESTRICTIONS]

    def _before_the_rules(self, now: float) -> Iterator[Finding]:
        until = number_history.reserved_until(self._known, self._attempt, now)
        again_at = None if until is None else min(until, now + LOOK_AGAIN_SECONDS)
        if until is not None and until > now + LONGEST_RESERVATION:
            again_at = None  # a clock ran ahead when it was reserved: it might last for years
        waits = Refusal(again_at) if until is not None else None
        yield Finding("being_rung", "design section 2", waits)
        soon = Refusal(now + LOOK_AGAIN_SECONDS) if self._on_the_line else None
        yield Finding("on_the_line", "they ring us at this moment", soon)
        blindly = "nobody is rung blindly (design section 6)"
        yield Finding("no_case", blindly, None if self._has_case else Refusal())


def _for_case(runtime: Runtime, case: Case, question: Question) -> Question:
    held = question.held | restrictions(runtime, case)
    preferred = None
    if case.ring_hours:
        try:
            preferred = read_week(case.ring_hours, runtime.house.policy.calling_hours.zone)
        except ValueError:  # a wish that nobody can read is nobody's to guess
            held |= {"ring_hours"}
    return replace(question, nation=case.nation, held=held, preferred=preferred)


def _for_callback(callback: Callback, question: Question) -> Question:
    begins = callback.ring_from
    return replace(
        question,
        case_attempts=callback.tries_since_asked,
        express_request=callback.is_express,
        asked_from=begins,
        asked_until=callback.ring_until if begins is not None else None,
        held_until=callback.held_until,
    )
