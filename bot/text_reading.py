"""What a text asks for. So far: to be left alone, which is nobody's wish to be rung.

The carrier heeds its own opt-out keywords for texts only; a voice call to somebody who texted STOP,
and "please stop", are our own duty (`twilio.md` section 3). Anything else is a wish to be rung.
"""

import re

# The carrier's opt-out keywords: only the single word counts.
KEYWORDS = frozenset(
    ("stop", "unsubscribe", "end", "quit", "stopall", "revoke", "optout", "cancel")
)

_LEAVE_ME_ALONE = re.compile(
    r"""
    \b(?: don.?t | do\s+not | never | no\s+more | stop ) \s+
      (?: ever \s+ )? (?: again \s+ )?
      (?: ring(?:ing)? | call | calls | calling | phon(?:e|ing) | contact(?:ing)?
        | bother(?:ing)? | harass(?:ing)? )\b
    | \b(?: don.?t | do \s+ not | never ) \s+ (?: want | wish | like ) \s+
      (?: to \s+ be \s+ (?: rung | called | phoned | contacted )
        | you \s+ to \s+ (?: ring | call | phone | contact )
        | (?: any \s+ )? (?: more \s+ )? calls )\b
    | \bleave \s+ me \s+ alone\b
    | \b(?: please \s+ stop | stop \s+ please | stop \s+ this | stop \s+ it )\b
    | \btake \s+ me \s+ off\b
    | \bremove \s+ (?: me | my \s+ number )\b
    | \bopt (?: \s+ | - )? (?: me \s+ )? out\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_NOT_A_LETTER = re.compile(r"[^a-z]+")


def wants_no_contact(text: str) -> bool:
    """Whether this text asks to be left alone. Errs towards yes: then a person decides."""
    word = _NOT_A_LETTER.sub("", text.lower())
    return word in KEYWORDS or _LEAVE_ME_ALONE.search(text) is not None
