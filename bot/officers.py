"""An officer on the line: what they keyed, who they are once it was judged, and the proof of it.

What was keyed is kept sealed in the conversation until the last of it is there, and judged as a
whole (`OfficerBook`). An `OfficerProof` is derived from the sealed ledger anew at each turn.
"""

import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from bot.errors import BadSeal
from bot.keys import Keyring
from bot.proof import _MINT, OfficerProof

TOKEN = "officer_sealed"  # noqa: S105 - the name of a conversation's token
_PADDED = 300  # characters: the length of what is sealed tells nobody anything


class Verdict(StrEnum):
    """What was found of what somebody keyed."""

    PASSED = "passed"
    FAILED = "failed"
    DURESS = "duress"  # the right ones, with the PIN for when somebody stands over them


@dataclass(frozen=True, slots=True)
class Claim:
    """What was keyed in one call, and where. `by` is the same for a repeat of the same event.

    `handset` is the keyed hash of the number rung from, or blank: a hint, and no proof.
    """

    number: str = field(repr=False)
    pin: str = field(repr=False)
    code: str = field(repr=False)
    handset: str
    by: str


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdict; `officer` is the staff number, blank where it is nobody's.

    `locked` tells that this very try has locked them out. `any_case` that their role may work on
    cases of others; `roles` are the names of their roles.
    """

    verdict: Verdict
    officer: str = ""
    manager: str = ""
    any_case: bool = False
    locked: bool = False
    roles: tuple[str, ...] = ()


class OfficerBook(Protocol):
    """Who may be let in by telephone. Judging the same claim twice is judging it once."""

    def judge(self, claim: Claim, desk: str) -> Judged:
        """Count the try, and judge it. Raises `StoreDown`."""

    def has_handset(self, officer: str, handset: str) -> bool:
        """Whether this telephone (its keyed hash) is one of theirs. Raises `StoreDown`."""


@dataclass(frozen=True, slots=True)
class OfficerLedger:
    """What is known of an officer in one call. Stored sealed, never shown.

    `number` and `pin` are what was keyed, gone once it was judged; `officer` stands there from then
    on, if it was right. `case` is the one that they have opened, `private` that nobody overhears.
    """

    call: str
    number: str = field(default="", repr=False)
    pin: str = field(default="", repr=False)
    officer: str = ""
    any_case: bool = False
    case: str = ""
    private: bool = False
    roles: tuple[str, ...] = ()


def bound_to(call: str) -> str:
    """What the sealed ledger of a call is bound to."""
    return f"{TOKEN}:{call}"


class Officers:
    """Seals and opens these ledgers, and derives the proof."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def seal(self, ledger: OfficerLedger) -> str:
        """For the conversation's record: readable by us alone, bound to its call."""
        keyed = [ledger.number, ledger.pin]
        known = [ledger.officer, int(ledger.any_case), ledger.case, int(ledger.private)]
        known.append(" ".join(ledger.roles))
        text = json.dumps([ledger.call, *keyed, *known])
        return self._keyring.seal(text.ljust(_PADDED), bound_to=bound_to(ledger.call))

    def unseal(self, sealed: str | None, call: str) -> OfficerLedger:
        """The ledger; an empty one where there is none, it was altered, or is another call's."""
        try:
            text = self._keyring.open(sealed or "", bound_to=bound_to(call))
        except BadSeal:
            return OfficerLedger(call)
        of_call, number, pin, officer, any_case, case, private, roles = json.loads(text)
        return OfficerLedger(
            of_call, number, pin, officer, bool(any_case), case, bool(private), tuple(roles.split())
        )

    def proof(self, sealed: str | None, call: str) -> OfficerProof | None:
        """The proof that this ledger gives, or None. The only maker of an `OfficerProof`."""
        ledger = self.unseal(sealed, call) if sealed else None
        if ledger is None or ledger.call != call or not ledger.officer:
            return None
        return OfficerProof(call, ledger.officer, ledger.case or None, ledger.private, _MINT)
