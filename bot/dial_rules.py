"""May this number be rung now? A table of rules, each with its source; the first that refuses wins.

Pure: the question, the policy and the time are handed in. Rules for which time is no cure come
first, so that a refusal which could end by itself is never told of a number nobody may ring.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from bot.actions import Disposition
from bot.callbacks import CLOCKS_DIFFER_SECONDS, FURTHEST_AHEAD_SECONDS
from bot.dial_question import RESTRICTIONS, Past, Question
from bot.hours import is_bank_holiday
from bot.numbers import kind_to_ring
from bot.policy import Policy

__all__ = [
    "ALLOWED",
    "RESTRICTIONS",
    "RULES",
    "Finding",
    "Past",
    "Question",
    "Refusal",
    "Verdict",
    "findings",
    "may_ring",
]

ASKED_FOR = "DMBM510920; CONC 7.9 (reasonable requests on when to be rung)"
VARYING_TIMES = "SAM70060 (attempts at varying times)"
CLOCK_IN_DOUBT = "an attempt of ours lies in the future"

_HOUR = 3600.0

# Endings of attempts that rang nobody: they do not count as a call to that number.
_RANG_NOBODY = frozenset({Disposition.CANCELLED, Disposition.SETTLED_BY_CUSTOMER})
# Calls that were had: they are not what a cap on attempts is for.
_CALLS_HAD = frozenset({Disposition.CONNECTED, Disposition.DETAILS_READ})
# Somebody who answered and pressed no key is treated as a machine (design section 6).
_MACHINES = frozenset({Disposition.LEFT_MESSAGE, Disposition.NO_RESPONSE, Disposition.FAX})


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether it may be rung; if not, by which rule, and when again (None: a person decides)."""

    allowed: bool
    rule: str = ""
    source: str = ""
    again_at: float | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A rule objects: the first instant at which it may not (None: time is no cure)."""

    again_at: float | None = None


Check = Callable[[Question, Policy, float], Refusal | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """A check and where it comes from; whether the customer's own request lifts it."""

    check: Check
    source: Callable[[Policy], str]
    request_lifts: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says: whether it objects and until when, or objected but for a request."""

    rule: str
    source: str
    refusal: Refusal | None = None
    lifted: bool = False


ALLOWED = Verdict(allowed=True)


def may_ring(question: Question, policy: Policy, now: float) -> Verdict:
    """Whether this number may be rung at `now`.

    `again_at` is the first instant after `now` at which, if nothing new happens, it may be;
    whatever may not be rung within a year is for a person.
    """
    objection = _first_objection(question, policy, now)
    if objection is None:
        return ALLOWED
    again_at = _first_instant(question, policy, objection.refusal, now + FURTHEST_AHEAD_SECONDS)
    return Verdict(False, objection.rule, objection.source, again_at)


def findings(question: Question, policy: Policy, now: float) -> Iterator[Finding]:
    """What each rule says of this number at `now`, in the order in which they are asked."""
    for name, rule in RULES.items():
        refusal = rule.check(question, policy, now)
        if refusal and rule.request_lifts and _asks_for_it(question, policy):
            yield Finding(name, policy.express_request.source, lifted=True)
        else:
            yield Finding(name, rule.source(policy), refusal)


def _first_instant(
    question: Question, policy: Policy, refusal: Refusal | None, horizon: float
) -> float | None:
    """The first instant to which no rule objects, once this refusal may be over."""
    again_at = None
    while refusal is not None:
        again_at = refusal.again_at
        if again_at is None or again_at > horizon:
            return None
        later = _first_objection(question, policy, again_at)
        refusal = later.refusal if later else None
    return again_at


def _first_objection(question: Question, policy: Policy, now: float) -> Finding | None:
    return next((found for found in findings(question, policy, now) if found.refusal), None)


def _asks_for_it(question: Question, policy: Policy) -> bool:
    return question.express_request and policy.express_request.lifts_waits


# For which time is no cure


def _number_kind(question: Question, policy: Policy, now: float) -> Refusal | None:
    kind = kind_to_ring(
        question.number, rehearsal=question.rehearsal, islands=policy.numbers.islands
    )
    return None if kind in policy.numbers.kinds else Refusal()


def _restriction(name: str) -> Rule:
    def check(question: Question, policy: Policy, now: float) -> Refusal | None:
        return Refusal() if name in question.held else None

    return Rule(check, lambda policy: RESTRICTIONS[name])


def _unknown_restriction(question: Question, policy: Policy, now: float) -> Refusal | None:
    # Whatever the word means, somebody wrote it down to stop something: fail closed.
    return Refusal() if question.held - RESTRICTIONS.keys() else None


def _clock_in_doubt(question: Question, policy: Policy, now: float) -> Refusal | None:
    # A clock ran ahead, then or now. No wait can be reckoned from it, and it might last for years.
    ahead = now + CLOCKS_DIFFER_SECONDS
    return Refusal() if any(past.at > ahead for past in question.history) else None


def _asked_time_over(question: Question, policy: Policy, now: float) -> Refusal | None:
    until = question.asked_until
    return Refusal() if until is not None and now >= until else None


def _hard_cap(question: Question, policy: Policy, now: float) -> Refusal | None:
    attempts = max(question.case_attempts, len(_in_vain(question, policy, now)))
    return Refusal() if attempts >= policy.attempts.hard_cap else None


def _case_cap(question: Question, policy: Policy, now: float) -> Refusal | None:
    return Refusal() if question.case_attempts >= policy.attempts.per_case else None


# That end by themselves


def _asked_for_later(question: Question, policy: Policy, now: float) -> Refusal | None:
    begins = question.asked_from
    return Refusal(begins) if begins is not None and now < begins else None


def _held_by_staff(question: Question, policy: Policy, now: float) -> Refusal | None:
    until = question.held_until
    return Refusal(until) if until is not None and now < until else None


def _after_abandoned(question: Question, policy: Policy, now: float) -> Refusal | None:
    abandoned = [past.at for past in _rung(question) if past.disposition is Disposition.ABANDONED]
    return _wait(abandoned, policy.after_abandoned.hours, now)


def _unknown_ending(question: Question, policy: Policy, now: float) -> Refusal | None:
    # A newer or older version wrote it: it may have been the worst, so it waits the longest.
    unknown = [
        past.at
        for past in question.history
        if past.disposition is not None and not isinstance(past.disposition, Disposition)
    ]
    return _wait(unknown, max(policy.after_abandoned.hours, policy.after_machine.hours), now)


def _after_machine(question: Question, policy: Policy, now: float) -> Refusal | None:
    machines = [past.at for past in _rung(question) if past.disposition in _MACHINES]
    return _wait(machines, policy.after_machine.hours, now)


def _once_a_day(question: Question, policy: Policy, now: float) -> Refusal | None:
    week = policy.calling_hours.week
    today = week.local(now).date()
    rung_today = sum(week.local(past.at).date() == today for past in _rung(question))
    spent = rung_today >= policy.attempts.per_number_per_day
    return Refusal(week.next_day(now)) if spent else None


def _calling_hours(question: Question, policy: Policy, now: float) -> Refusal | None:
    week, closed = policy.calling_hours.week, _closed(question, policy)
    return None if week.is_open(now, closed) else Refusal(week.next_opening(now, closed))


def _preferred_hours(question: Question, policy: Policy, now: float) -> Refusal | None:
    week = question.preferred
    if week is None or question.asked_from is not None:
        return None  # the time that they asked for last counts
    if week.is_open(now, lambda day: False):
        return None
    return Refusal(week.next_opening(now, lambda day: False))


def _same_time_of_day(question: Question, policy: Policy, now: float) -> Refusal | None:
    # It waits for another hour of this day and never for another day; so it starves nobody.
    if question.asked_from is not None:
        return None  # the time that they asked for last counts
    week, apart = policy.calling_hours.week, policy.attempts.hours_of_day_apart * _HOUR
    today = week.local(now).date()
    clocks = [week.local(past.at).time() for past in _in_vain(question, policy, now)]
    rung_at = sorted(datetime.combine(today, at, week.zone).timestamp() for at in clocks)
    again_at = now
    for at in rung_at:
        if abs(again_at - at) < apart:
            again_at = at + apart
    still_hers = again_at > now and _may_be_rung_then(question, policy, again_at, today)
    return Refusal(again_at) if still_hers else None


def _may_be_rung_then(question: Question, policy: Policy, at: float, day: date) -> bool:
    """Whether our hours and their own allow it at that instant, and it is that day there."""
    on_that_day = policy.calling_hours.week.local(at).date() == day
    hours = (_calling_hours(question, policy, at), _preferred_hours(question, policy, at))
    return on_that_day and hours == (None, None)


def _closed(question: Question, policy: Policy) -> Callable[[date], bool]:
    """The days on which we ring nobody of that nation."""
    holidays_too = policy.calling_hours.bank_holidays
    return lambda day: not holidays_too and is_bank_holiday(day, question.nation)


def _in_vain(question: Question, policy: Policy, now: float) -> list[Past]:
    since = now - policy.attempts.hard_cap_days * 24 * _HOUR
    return [
        past for past in _rung(question) if past.at > since and past.disposition not in _CALLS_HAD
    ]


def _rung(question: Question) -> list[Past]:
    return [past for past in question.history if past.disposition not in _RANG_NOBODY]


def _wait(times: list[float], hours: int, now: float) -> Refusal | None:
    until = max(times, default=float("-inf")) + hours * _HOUR
    return Refusal(until) if now < until else None


def _attempts(policy: Policy) -> str:
    return policy.attempts.source


RULES: dict[str, Rule] = {
    # for which time is no cure
    "number_kind": Rule(_number_kind, lambda policy: policy.numbers.source),
    **{name: _restriction(name) for name in RESTRICTIONS},
    "unknown_restriction": Rule(_unknown_restriction, lambda _: "a restriction we do not know"),
    "clock_in_doubt": Rule(_clock_in_doubt, lambda _: CLOCK_IN_DOUBT),
    "hard_cap": Rule(_hard_cap, _attempts),
    "case_cap": Rule(_case_cap, _attempts),
    "asked_time_over": Rule(_asked_time_over, lambda _: ASKED_FOR),
    # that end by themselves
    "held_by_staff": Rule(_held_by_staff, lambda _: "a hold by one of the staff"),
    "asked_for_later": Rule(_asked_for_later, lambda _: ASKED_FOR),
    "after_abandoned": Rule(_after_abandoned, lambda policy: policy.after_abandoned.source),
    "unknown_ending": Rule(_unknown_ending, lambda _: "an ending we do not know: the longest wait"),
    "after_machine": Rule(_after_machine, lambda p: p.after_machine.source, request_lifts=True),
    "once_a_day": Rule(_once_a_day, _attempts, request_lifts=True),
    "calling_hours": Rule(_calling_hours, lambda policy: policy.calling_hours.source),
    "preferred_hours": Rule(_preferred_hours, lambda _: "CONC 7.9 (when, where and how)"),
    "same_time_of_day": Rule(_same_time_of_day, lambda _: VARYING_TIMES, request_lifts=True),
}
