"""How long a prompt takes to say, about: estimated from its text, and refused where too long.

A machine's message is cut off by the mailbox, or by its listener, so the rule is
`message.longest_seconds`. The rates were measured with espeak-ng 1.51 at its usual pace: over every
packaged English prompt the estimate is between 9 % below and 13 % above the real length, over ten
Welsh sentences between 9 % below and 8 % above. The carrier's own voices may be quicker or slower.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.desk_words import values_of
from bot.errors import ConfigError
from bot.policy import Policy
from bot.proof import Audience
from bot.wording import Prompt, Wording


@dataclass(frozen=True, slots=True)
class _Pace:
    """Seconds that each takes: a letter of a word; a digit, or a letter that is spelt; a pause."""

    letter: float
    single: float
    short_pause: float
    long_pause: float


_PACES = {"en": _Pace(0.065, 0.31, 0.23, 0.28), "cy": _Pace(0.07, 0.31, 0.3, 0.3)}
_SIGN = 0.5  # seconds: a pound sign is a word

_SPELT = re.compile(r"\b[A-Z]{2,}\b")  # HMRC, letter by letter
_LETTER = re.compile(r"[^\W\d_]")
_DIGIT = re.compile(r"\d")
_SIGNS = re.compile(r"[£$€%&@+=#*]")
_SHORT_PAUSE = re.compile(r"[,;:](?!\d)")  # not within 1,234 or 09:30
_LONG_PAUSE = re.compile(r"[.?!…](?!\w)")  # not within 1.50 or GOV.UK
_FIELD = re.compile(r"\{([a-z_]+)\}")

# What stands for a field: invented, and about as long as it gets.
STAND_INS: Mapping[str, str] = {
    "service_number": "0 3 0 6, 9 9 9, 0 1 0 0",
    "desk_hours": "Monday to Friday, nine in the morning to five in the afternoon",
    "organisation": "HM Revenue and Customs",
    "best_number": "0 7 7 0 0, 9 0 0, 1 2 3",
    "full_name": "Alexandra Margaret Fitzgerald-Example",
    "balance": "1,234 pounds and 56 pence, as at 1 March 2025",
    "last_payment": "250 pounds on 1 February 2025",
    "last_contact": "1 February 2025",
    "visits": "09:30, case 1 0 0, 0 0 0, 0 1 7; 11:00, case 1 0 0, 0 0 0, 0 2 5",
    "open_callbacks": "3",
    "missed_calls": "2",
    "case_handle": "1 0 0, 0 0 0, 0 1 7",
    "next_action": "an officer will ring you in the coming week",
}


def seconds_of(text: str, language: str = "en") -> float:
    """How long these words take to say; a `{field}` that is not filled has its stand-in.

    Digits are spoken one by one, and so are the letters of a word in capitals. A language that was
    not measured goes as English.
    """
    pace = _PACES.get(language, _PACES["en"])
    text = _FIELD.sub(lambda field: _stand_in(field.group(1)), text)
    spelt = sum(len(word) for word in _SPELT.findall(text))
    letters = len(_LETTER.findall(text)) - spelt
    return (
        letters * pace.letter
        + (len(_DIGIT.findall(text)) + spelt) * pace.single
        + len(_SIGNS.findall(text)) * _SIGN
        + len(_SHORT_PAUSE.findall(text)) * pace.short_pause
        + len(_LONG_PAUSE.findall(text)) * pace.long_pause
    )


def sample_values(prompt: Prompt, policy: Policy, desk: str) -> dict[str, str]:
    """Its fields as this desk says them; invented where only a case or a caller could tell."""
    ours = values_of(policy, desk, prompt.language)
    return {name: ours.get(name) or _stand_in(name) for name in prompt.fields}


def longest_seconds(prompt: Prompt, policy: Policy) -> float:
    """How long it takes to say at the desk where it takes longest."""
    return max(
        seconds_of(prompt.fill(sample_values(prompt, policy, desk)), prompt.language)
        for desk in policy.desk
    )


def refuse_long_messages(wording: Wording, policy: Policy) -> None:
    """Raise `ConfigError` for a message to a machine that takes longer than the rule allows."""
    most = policy.message.longest_seconds
    for prompt in _for_machines(wording):
        takes = longest_seconds(prompt, policy)
        if takes > most:
            reason = f"takes about {takes:.0f} s to say; message.longest_seconds is {most}"
            raise ConfigError(f"wording.{prompt.language}.toml", f"{prompt.id}.text", reason)


def _stand_in(field: str) -> str:
    return STAND_INS.get(field, field.replace("_", " "))


def _for_machines(wording: Wording) -> Iterable[Prompt]:
    return (prompt for prompt in wording.prompts.values() if prompt.audience is Audience.MACHINE)
