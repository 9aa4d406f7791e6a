"""What is true at all times (design section 1), as functions.

The engine enforces those that guard a step; the tests call the same ones.
Each raises `InvariantBroken` with the number of the invariant, so that a breach names itself.
"""

from collections.abc import Iterable

from bot.actions import Ask, ReadCase, Reply, Say
from bot.errors import NotDisclosable, UnapprovedWording, WrongEars
from bot.proof import Audience, Listener, Proof, may_hear
from bot.spoken import Spoken
from bot.wording import Prompt, Wording


def prompts_of(replies: Iterable[Reply], wording: Wording) -> list[Prompt]:
    """The prompts that these replies say, in order."""
    return [
        wording.prompt(reply.prompt) for reply in replies if isinstance(reply, (Say, Ask, ReadCase))
    ]


def no_text_is_answered_by_text(spoken: Spoken) -> None:
    """Invariant 1: the answer to a messaging webhook is empty (DMBM511130)."""
    if spoken.items:
        raise WrongEars("a text must not be answered by text")


def every_prompt_fits_its_listener(
    listener: Listener, replies: Iterable[Reply], wording: Wording
) -> None:
    """Invariant 2: nobody hears a prompt that was not written for their ears."""
    for prompt in prompts_of(replies, wording):
        if not may_hear(listener, prompt.audience):
            raise WrongEars(f"{prompt.id} is for {prompt.audience}, the listener is {listener}")


def no_detail_without_a_proof(
    replies: Iterable[Reply], wording: Wording, proof: Proof | None, *, call: str, case: str | None
) -> None:
    """Invariant 3: words that carry case details need this call's proof, for this case."""
    for prompt in prompts_of(replies, wording):
        if prompt.audience in (Audience.VERIFIED, Audience.OFFICER) and (
            proof is None or proof.call != call or proof.case != case
        ):
            raise NotDisclosable(f"{prompt.id} without a proof for this call and this case")


def every_word_is_approved(
    replies: Iterable[Reply],
    wording: Wording,
    approved: "dict[str, object] | None",
    release: str | None,
) -> None:
    """Invariant 9: what is said is in the approved release, unaltered, and not withdrawn."""
    if release is None or approved is None or approved.get("digest") != release:
        raise UnapprovedWording("the wording is not the approved set")
    withdrawn = approved.get("withdrawn") or ()
    for prompt in prompts_of(replies, wording):
        if prompt.id in withdrawn:  # type: ignore[operator]
            raise UnapprovedWording(f"{prompt.id}: its approval was withdrawn")


def nobody_is_met_by_silence(replies: Iterable[Reply]) -> None:
    """Invariant 10: whoever did something on a call is answered with words, a wait or an end."""
    if not list(replies):
        raise WrongEars("a live caller would be met by silence")
