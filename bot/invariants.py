"""What is true at all times (design section 1): the list, and those of it that guard a step.

The engine enforces the functions; the tests and `ringback prove` ask the same ones. What they
raise carries the number of the invariant (`RingbackError.invariant`), so that a breach names
itself.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import ParamSpec

from bot.actions import Apologise, Ask, Connect, HangUp, JoinMeeting, ReadCase, Reply, Say
from bot.errors import NotDisclosable, RingbackError, UnapprovedWording, WrongEars
from bot.proof import AnyProof, Audience, Fact, Listener, OfficerProof, Proof, may_hear
from bot.release import key_of, why_not
from bot.spoken import Spoken
from bot.store import Json
from bot.wording import Prompt, Wording

P = ParamSpec("P")
_FACTS = frozenset(fact.value for fact in Fact)


class Shown(StrEnum):
    """How an invariant is shown to hold."""

    FLOW = "flow"  # on every path of every flow, by `ringback prove`
    ENGINE = "engine"  # by faults, kills and repeats in the tests


@dataclass(frozen=True, slots=True)
class Invariant:
    """One line of the design's list; `shown` says by what, or by what both."""

    number: int
    says: str
    shown: frozenset[Shown]


def _listed(*lines: tuple[int, str, set[Shown]]) -> Mapping[int, Invariant]:
    return {number: Invariant(number, says, frozenset(shown)) for number, says, shown in lines}


_FLOW, _ENGINE, _BOTH = {Shown.FLOW}, {Shown.ENGINE}, {Shown.FLOW, Shown.ENGINE}
INVARIANTS = _listed(
    (1, "no text is answered by text", _FLOW),
    (2, "every leg hears only what is for its ears", _FLOW),
    (3, "no case detail leaves without a proof", _FLOW),
    (4, "nobody learns how they stand", _FLOW),
    (5, "an officer's own number is never shown", _FLOW),
    (6, "a callback is never lost and never rung twice", _BOTH),
    (7, "the same event twice is the same as once", _BOTH),
    (8, "what is kept holds no details, answers or numbers", _BOTH),
    (9, "an unapproved or altered wording is not spoken", _BOTH),
    (10, "a live person is never met by silence", _FLOW),
    (11, "whoever cannot be helped reaches a person", _FLOW),
)


def _guards(number: int) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """Have what this function raises name its invariant."""

    def guard(check: Callable[P, None]) -> Callable[P, None]:
        @wraps(check)
        def checked(*args: P.args, **kwargs: P.kwargs) -> None:
            try:
                check(*args, **kwargs)
            except (NotDisclosable, UnapprovedWording, WrongEars) as error:
                _name(error, number)
                raise

        return checked

    return guard


def _name(error: RingbackError, number: int) -> None:
    error.invariant = number


def prompts_of(replies: Iterable[Reply], wording: Wording) -> list[Prompt]:
    """The prompts that these replies say, in order."""
    return [
        wording.prompt(reply.prompt) for reply in replies if isinstance(reply, (Say, Ask, ReadCase))
    ]


@_guards(1)
def no_text_is_answered_by_text(spoken: Spoken) -> None:
    """Invariant 1: the answer to a messaging webhook is empty (DMBM511130)."""
    if spoken.items:
        raise WrongEars("a text must not be answered by text")


@_guards(1)
def a_text_is_met_by_no_words(replies: Iterable[Reply]) -> None:
    """Invariant 1: a flow has nothing to say to a text."""
    if list(replies):
        raise WrongEars("a text must not be answered by text")


@_guards(2)
def every_prompt_fits_its_listener(
    listener: Listener, replies: Iterable[Reply], wording: Wording
) -> None:
    """Invariant 2: nobody hears a prompt that was not written for their ears."""
    for prompt in prompts_of(replies, wording):
        if not may_hear(listener, prompt.audience):
            raise WrongEars(f"{prompt.id} is for {prompt.audience}, the listener is {listener}")


@_guards(3)
def no_detail_without_a_proof(
    replies: Iterable[Reply],
    wording: Wording,
    proof: AnyProof | None,
    *,
    call: str,
    case: str | None,
) -> None:
    """Invariant 3: words that carry case details need this call's proof, for this case.

    An officer hears words for officers on a proof of this call; facts only of the case that they
    opened in it, and only where nobody overhears them.
    """
    for prompt in prompts_of(replies, wording):
        if prompt.audience not in (Audience.VERIFIED, Audience.OFFICER):
            continue
        kind = Proof if prompt.audience is Audience.VERIFIED else OfficerProof
        if not isinstance(proof, kind) or proof.call != call:
            raise NotDisclosable(f"{prompt.id} without a proof for this call")
        facts = _FACTS.intersection(prompt.fields)
        if isinstance(proof, Proof) and proof.case != case:
            raise NotDisclosable(f"{prompt.id} without a proof for this case")
        if isinstance(proof, OfficerProof) and facts and not proof.fits_case(case):
            raise NotDisclosable(f"{prompt.id} without this case opened, in private")


@_guards(3)
def nobody_joins_unknown(replies: Iterable[Reply], proof: AnyProof | None, *, call: str) -> None:
    """Invariant 3: into a conference come those alone who have shown who they are in this call."""
    joins = any(isinstance(reply, JoinMeeting) for reply in replies)
    if joins and (proof is None or proof.call != call):
        raise NotDisclosable("a conference without a proof for this call")


@_guards(9)
def every_word_is_approved(
    replies: Iterable[Reply],
    wording: Wording,
    approved: Json | None,
    release: str | None,
    texts: frozenset[str],
) -> None:
    """Invariant 9: what is said is of this release, which is wholly approved, and none withdrawn.

    `texts` are the keys of the release (`bot.release`).
    """
    if reason := why_not(approved, release, texts):
        raise UnapprovedWording(reason)
    for prompt in prompts_of(replies, wording):
        if key_of(prompt.id, prompt.language, prompt.hash) not in texts:
            raise UnapprovedWording(f"{prompt.id}: no text of this release")


@_guards(10)
def nobody_is_met_by_silence(replies: Iterable[Reply]) -> None:
    """Invariant 10: whoever did something on a call is answered with words, a wait or an end."""
    if not list(replies):
        raise WrongEars("a live caller would be met by silence")


@_guards(10)
def a_call_begins_with_words(replies: Iterable[Reply]) -> None:
    """Invariant 10: the bot speaks at once; an apology is words too."""
    if not isinstance(next(iter(replies), None), (Say, Ask, Apologise)):
        raise WrongEars("the call begins without words")


@_guards(10)
def nobody_is_left_hanging(replies: Iterable[Reply]) -> None:
    """Invariant 10: after the words the call waits for somebody, or is ended on purpose."""
    last = [*replies][-1:]
    if last and not isinstance(last[0], (Ask, Connect, JoinMeeting, HangUp, Apologise)):
        raise WrongEars("after these words nothing is awaited, and nothing ends the call")
