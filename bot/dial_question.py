"""What the dial rules are asked: a number, what is held against it, and what happened there."""

from dataclasses import dataclass

from bot.actions import Disposition
from bot.hours import Week
from bot.phone import PhoneNumber

# What a case may be held for (`Case.held`), and where that comes from. Only a person lifts these.
RESTRICTIONS: dict[str, str] = {
    "deceased": "DMBM511677",
    "breathing_space": "GOV.UK creditor guidance on breathing space",
    "do_not_ring": "DMBM510330 (objects to talking by telephone)",
    "letters_only": "CONC 7.9 (reasonable requests on how to be contacted)",
    "unsafe": "DMBM511310, DMBM510420 (abuse by telephone is a risk)",
    "relay_user": "DMBM510500 (deaf or speech-impaired: a person rings through 18002)",
    "welsh_without_words": "TCM0138160 (no English where the record says Welsh)",
    "complaint": "CHG505",
    "paid": "DMBM510180 (still unpaid and overdue), DMBM565090",
    "unit_rules": "DMBM512906 (a unit with rules of its own, which are not public)",
    "correspondence": "DMBM510180 (no correspondence that changes things)",
}


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier attempt at a number: when it was placed, and how it ended (None: under way).

    An ending that is plain text is one that this version does not know.
    """

    at: float
    disposition: Disposition | str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the rules need to know.

    `history` is all that is held of this number, over all desks and cases; `case_attempts` counts
    since a person last asked for this case to be rung. `express_request` says that the customer
    asked for a call after our last one; `asked_from` and `asked_until` are the time that they asked
    for, `preferred` their usual hours; before `held_until` one of the staff wants nobody to ring.
    `rehearsal` (demo only) admits Ofcom's drama numbers.
    """

    number: PhoneNumber
    nation: str = "england"
    held: frozenset[str] = frozenset()
    history: tuple[Past, ...] = ()
    case_attempts: int = 0
    express_request: bool = False
    asked_from: float | None = None
    asked_until: float | None = None
    preferred: Week | None = None
    held_until: float | None = None
    rehearsal: bool = False
