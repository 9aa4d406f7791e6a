"""What a desk says of itself inside approved prompts: an item of a release, linted where it stands.

The words come from `policy.toml`, not from a prompt: unlisted they would be spoken without anybody
having approved them, and unlinted they would reach a machine.
"""

import unicodedata
from collections.abc import Iterator

from bot.errors import ConfigError, WordingOffends
from bot.policy import Policy
from bot.wording import Prompt, Wording
from bot.wording_lint import STRANGERS, offences

# The number is made of one that was checked, so it can hold no words: it stays a field.
_WORDS = ("organisation", "desk_hours")


def item_of(desk: str) -> str:
    """The name of this item; no prompt has a colon in its id."""
    return f"desk:{desk}"


def said_by(policy: Policy, desk: str) -> str:
    """The item as an approver reads it: each field of ours with what stands for it, one a line."""
    rules = policy.desk[desk]
    hours = sorted(rules.spoken_hours.items())
    return "\n".join(
        [
            f"organisation = {policy.message.organisation}",
            f"service_number = {rules.spoken_number}",
            *(f"desk_hours, {language} = {words}" for language, words in hours),
        ]
    )


def values_of(policy: Policy, desk: str, language: str) -> dict[str, str]:
    """The fields of ours as this desk says them."""
    return {
        "service_number": policy.desk[desk].spoken_number,
        "desk_hours": policy.desk[desk].hours_in_words(language),
        "organisation": policy.message.organisation,
    }


def refuse_unfit_desks(wording: Wording, policy: Policy) -> None:
    """Raise `ConfigError` where a desk's words make a prompt unfit for the ears it was written for.

    Linted is the filled sentence: words that are harmless alone may offend beside others.
    """
    for key, words in _spoken(policy):
        if not words.strip() or _unspeakable(words):
            reason = "empty" if not words.strip() else f"cannot be spoken: {_unspeakable(words)}"
            raise ConfigError("policy.toml", key, reason)
    for desk in policy.desk:
        found = [*_unfit(wording, policy, desk)]
        if found:
            raise WordingOffends(f"policy.toml, as the desk {desk} says it", found)


def _spoken(policy: Policy) -> Iterator[tuple[str, str]]:
    yield "message.organisation", policy.message.organisation
    for name, desk in policy.desk.items():
        for language, words in desk.spoken_hours.items():
            yield f"desk.{name}.spoken_hours.{language}", words


def _unspeakable(words: str) -> str:
    odd = (one for one in words if unicodedata.category(one).startswith("C") or one in "<>{}")
    return ", ".join(f"U+{ord(one):04X}" for one in odd)


def _unfit(wording: Wording, policy: Policy, desk: str) -> Iterator[tuple[str, str, str]]:
    named = policy.message.name_organisation_on_machines
    for prompt in wording.prompts.values():
        if prompt.audience in STRANGERS:
            text = _filled(prompt, values_of(policy, desk, prompt.language))
            if found := offences(text, prompt.audience, name_organisation=named):
                yield prompt.id, prompt.audience.value, "; ".join(found)


def _filled(prompt: Prompt, ours: dict[str, str]) -> str:
    kept = {name: f"{{{name}}}" for name in prompt.fields}
    return prompt.fill(kept | {name: ours[name] for name in _WORDS if name in kept})
