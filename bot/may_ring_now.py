"""What the dial rules say of a callback now: gathers what they need to know, and asks them."""

from dataclasses import replace

from bot import number_history
from bot.callbacks import Callback
from bot.cases import Case
from bot.dial_rules import Question, Verdict, may_ring
from bot.phone import PhoneNumber
from bot.runtime import Runtime
from bot.store import Json

ASKED_FOR = "DMBM510920; CONC 7.9 (reasonable requests on when to be rung)"
LOOK_AGAIN_SECONDS = 30.0  # at a number that is being rung: it may be free long before


def verdict_on(
    runtime: Runtime, callback: Callback, number: PhoneNumber, record: Json | None, now: float
) -> Verdict:
    """May this callback's number be rung now? `record` is the number's history, as it is kept."""
    known = number_history.with_attempts(record, callback.attempts)
    busy_until = number_history.reserved_until(known, callback.next_attempt, now)
    if busy_until is not None:
        again_at = min(busy_until, now + LOOK_AGAIN_SECONDS)
        return Verdict(False, "being_rung", "design section 2", again_at)
    case = runtime.directory.by_handle(callback.case or "")
    if case is None:
        return Verdict(False, "no_case", "nobody is rung blindly (design section 6)")
    question = Question(
        number=number,
        nation=case.nation,
        held=restrictions(runtime, case),
        history=number_history.past(known),
        case_attempts=callback.tries,
        express_request=callback.is_express,
        rehearsal=not runtime.settings.production,
    )
    return in_time(callback, may_ring(question, runtime.house.policy, now), now)


def in_time(callback: Callback, verdict: Verdict, now: float) -> Verdict:
    """The verdict, where a text asked for a time: not before it, and not after it.

    Where the rules allow no call in that time, a person decides at once what else to offer.
    """
    begins, until = callback.ring_from, callback.ring_until
    never = not verdict.allowed and verdict.again_at is None
    if never or begins is None:
        return verdict
    if now < begins:
        return Verdict(False, "asked_for_later", ASKED_FOR, begins)
    if until is None:
        return verdict
    if now >= until:
        return Verdict(False, "asked_time_over", ASKED_FOR)
    if verdict.again_at is not None and verdict.again_at >= until:
        return replace(verdict, again_at=None)
    return verdict


def restrictions(runtime: Runtime, case: Case) -> frozenset[str]:
    """What stands against ringing this person, whichever of their cases says so.

    Where the record says Welsh, nobody is rung in English (TCM0138160).
    """
    held = case.held | runtime.directory.restrictions(case.customer)
    spoken = case.language in runtime.house.wording.languages
    return held if spoken else held | {"welsh_without_words"}
