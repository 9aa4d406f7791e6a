"""May this number be rung now? A table of rules, each with its source; the first that refuses wins.

Pure: the question, the policy and the time are handed in. Rules for which time is no cure come
first, so that a refusal which could end by itself is never told of a number nobody may ring.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from bot.actions import Disposition
from bot.hours import is_bank_holiday
from bot.numbers import kind_to_ring
from bot.phone import PhoneNumber
from bot.policy import Policy

_HOUR = 3600.0

# What a case may be held for (`Case.held`), and where that comes from. Only a person lifts these.
RESTRICTIONS: dict[str, str] = {
    "deceased": "DMBM511677",
    "breathing_space": "GOV.UK creditor guidance on breathing space",
    "do_not_ring": "DMBM510330 (objects to talking by telephone)",
    "letters_only": "CONC 7.9 (reasonable requests on how to be contacted)",
    "unsafe": "DMBM511310, DMBM510420 (abuse by telephone is a risk)",
    "welsh_without_words": "TCM0138160 (no English where the record says Welsh)",
    "complaint": "CHG505",
    "paid": "DMBM510180 (still unpaid and overdue), DMBM565090",
    "correspondence": "DMBM510180 (no correspondence that changes things)",
}

# Endings of attempts that rang nobody: they do not count as a call to that number.
_RANG_NOBODY = frozenset({Disposition.CANCELLED, Disposition.SETTLED_BY_CUSTOMER})
# Calls that were had: they are not what a cap on attempts is for.
_CALLS_HAD = frozenset({Disposition.CONNECTED, Disposition.DETAILS_READ})
# Somebody who answered and pressed no key is treated as a machine (design section 6).
_MACHINES = frozenset({Disposition.LEFT_MESSAGE, Disposition.NO_RESPONSE, Disposition.FAX})


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier attempt at a number: when it was placed, and how it ended (None: under way)."""

    at: float
    disposition: Disposition | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the rules need to know.

    `history` is all that is held of this number, over all desks and cases; `case_attempts` counts
    since a person last asked for this case to be rung. `express_request` says that the customer
    asked for a call after our last one; `rehearsal` (demo only) admits Ofcom's drama numbers.
    """

    number: PhoneNumber
    nation: str = "england"
    held: frozenset[str] = frozenset()
    history: tuple[Past, ...] = ()
    case_attempts: int = 0
    express_request: bool = False
    rehearsal: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether it may be rung; if not, by which rule, and when again (None: a person decides)."""

    allowed: bool
    rule: str = ""
    source: str = ""
    again_at: float | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a rule says against it: its source, and the first instant at which it may not object."""

    source: str
    again_at: float | None = None


Rule = Callable[[Question, Policy, float], Refusal | None]
ALLOWED = Verdict(allowed=True)


def may_ring(question: Question, policy: Policy, now: float) -> Verdict:
    """Whether this number may be rung at `now`.

    `again_at` is an instant after `now` at which, if nothing new happens, it may be.
    """
    refused = _first_refusal(question, policy, now)
    if refused is None:
        return ALLOWED
    rule, refusal = refused
    again_at = refusal.again_at
    while again_at is not None:
        later = _first_refusal(question, policy, again_at)
        if later is None:
            break
        again_at = later[1].again_at
    return Verdict(False, rule, refusal.source, again_at)


def _first_refusal(question: Question, policy: Policy, now: float) -> tuple[str, Refusal] | None:
    for name, rule in RULES.items():
        refusal = rule(question, policy, now)
        if refusal is not None:
            return name, refusal
    return None


def _number_kind(question: Question, policy: Policy, now: float) -> Refusal | None:
    kind = kind_to_ring(question.number, rehearsal=question.rehearsal)
    return None if kind in policy.numbers.kinds else Refusal(policy.numbers.source)


def _restriction(name: str) -> Rule:
    def rule(question: Question, policy: Policy, now: float) -> Refusal | None:
        return Refusal(RESTRICTIONS[name]) if name in question.held else None

    return rule


def _unknown_restriction(question: Question, policy: Policy, now: float) -> Refusal | None:
    # Whatever the word means, somebody wrote it down to stop something: fail closed.
    unknown = question.held - RESTRICTIONS.keys()
    return Refusal("a restriction that we do not know") if unknown else None


def _hard_cap(question: Question, policy: Policy, now: float) -> Refusal | None:
    since = now - policy.attempts.hard_cap_days * 24 * _HOUR
    in_vain = [
        past for past in _rung(question) if past.at > since and past.disposition not in _CALLS_HAD
    ]
    attempts = max(question.case_attempts, len(in_vain))
    spent = attempts >= policy.attempts.hard_cap
    return Refusal(policy.attempts.source) if spent else None


def _case_cap(question: Question, policy: Policy, now: float) -> Refusal | None:
    spent = question.case_attempts >= policy.attempts.per_case
    return Refusal(policy.attempts.source) if spent else None


def _after_abandoned(question: Question, policy: Policy, now: float) -> Refusal | None:
    group = policy.after_abandoned
    abandoned = [past.at for past in _rung(question) if past.disposition is Disposition.ABANDONED]
    return _wait(abandoned, group.hours, group.source, now)


def _after_machine(question: Question, policy: Policy, now: float) -> Refusal | None:
    if question.express_request and policy.express_request.lifts_waits:
        return None
    group = policy.after_machine
    machines = [past.at for past in _rung(question) if past.disposition in _MACHINES]
    return _wait(machines, group.hours, group.source, now)


def _once_a_day(question: Question, policy: Policy, now: float) -> Refusal | None:
    if question.express_request and policy.express_request.lifts_waits:
        return None
    week = policy.calling_hours.week
    today = week.local(now).date()
    rung_today = sum(week.local(past.at).date() == today for past in _rung(question))
    if rung_today < policy.attempts.per_number_per_day:
        return None
    return Refusal(policy.attempts.source, week.next_day(now))


def _calling_hours(question: Question, policy: Policy, now: float) -> Refusal | None:
    group = policy.calling_hours

    def closed(day: date) -> bool:
        return not group.bank_holidays and is_bank_holiday(day, question.nation)

    if group.week.is_open(now, closed):
        return None
    return Refusal(group.source, group.week.next_opening(now, closed))


def _rung(question: Question) -> list[Past]:
    return [past for past in question.history if past.disposition not in _RANG_NOBODY]


def _wait(times: list[float], hours: int, source: str, now: float) -> Refusal | None:
    until = max(times, default=float("-inf")) + hours * _HOUR
    return Refusal(source, until) if now < until else None


RULES: dict[str, Rule] = {
    # for which time is no cure
    "number_kind": _number_kind,
    **{name: _restriction(name) for name in RESTRICTIONS},
    "unknown_restriction": _unknown_restriction,
    "hard_cap": _hard_cap,
    "case_cap": _case_cap,
    # that end by themselves
    "after_abandoned": _after_abandoned,
    "after_machine": _after_machine,
    "once_a_day": _once_a_day,
    "calling_hours": _calling_hours,
}
