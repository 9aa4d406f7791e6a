"""Who may hear what, and what shows it: the one small module that the whole gate rests on."""

from dataclasses import InitVar, dataclass
from enum import StrEnum
from typing import NoReturn, final


class Audience(StrEnum):
    """For whose ears a prompt was written (design section 1, invariant 2)."""

    ANY_EARS = "any_ears"
    MACHINE = "machine"
    UNVERIFIED = "unverified"
    VERIFIED = "verified"
    OFFICER = "officer"


class Listener(StrEnum):
    """Who is on a leg, as far as we know; derived by the engine and never by a flow."""

    UNKNOWN = "unknown"
    MACHINE = "machine"
    PERSON = "person"
    VERIFIED = "verified"
    OFFICER = "officer"


MAY_HEAR: dict[Listener, frozenset[Audience]] = {
    Listener.UNKNOWN: frozenset({Audience.ANY_EARS}),
    Listener.MACHINE: frozenset({Audience.MACHINE}),
    Listener.PERSON: frozenset({Audience.ANY_EARS, Audience.UNVERIFIED}),
    Listener.VERIFIED: frozenset({Audience.ANY_EARS, Audience.UNVERIFIED, Audience.VERIFIED}),
    Listener.OFFICER: frozenset({Audience.ANY_EARS, Audience.OFFICER}),
}


def may_hear(listener: Listener, audience: Audience) -> bool:
    """Whether words for this audience may be said to this listener."""
    return audience in MAY_HEAR[listener]


class ContactType(StrEnum):
    """The kinds of contact, each with its own number of questions and pass mark (DMBM512810)."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
    OFFICER_PRESENT = "officer_present"


class Fact(StrEnum):
    """The kinds of fact a case holds: what a disclosure record may name (never the fact itself)."""

    BALANCE = "balance"
    LAST_PAYMENT = "last_payment"
    NEXT_ACTION = "next_action"
    LAST_CONTACT = "last_contact"


_MINT = object()  # only `bot.verification` and `bot.officers` may use it: tests/test_house.py


@final
@dataclass(frozen=True, slots=True)
class Proof:
    """Shows that in this call, for this case, enough questions were answered rightly.

    Built by `bot.verification` alone, from the call's ledger, anew at each turn; never stored.
    """

    call: str
    case: str
    contact: ContactType
    checks: tuple[str, ...]
    _mint: InitVar[object]  # not kept: `dataclasses.replace` has none to build another with

    def __post_init__(self, _mint: object) -> None:
        if _mint is not _MINT:
            raise TypeError("a Proof is derived by bot.verification from a ledger, never built")

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Proof does not outlive its turn")

    __getstate__ = __reduce__

    def fits(self, *, call: str, case: str, contact: ContactType | None) -> bool:
        """Whether this proof is for that call, that case and that kind of contact."""
        return (self.call, self.case, self.contact) == (call, case, contact)


@final
@dataclass(frozen=True, slots=True)
class OfficerProof:
    """Shows that an officer has shown who they are in this call.

    `case` is the one that they opened in it, if any; `private` that nobody overhears them, or that
    the customer agreed. Built by `bot.officers` alone, anew at each turn; never stored.
    """

    call: str
    officer: str
    case: str | None
    private: bool
    _mint: InitVar[object]

    checks = ("staff_number", "pin", "code")  # what every officer has passed

    def __post_init__(self, _mint: object) -> None:
        if _mint is not _MINT:
            raise TypeError("an OfficerProof is derived by bot.officers from a check, never built")

    def __reduce__(self) -> NoReturn:
        raise TypeError("an OfficerProof does not outlive its turn")

    __getstate__ = __reduce__

    def fits(self, *, call: str, case: str, contact: ContactType | None) -> bool:
        """Whether this proof is for that call and that case, where nobody overhears it.

        An officer is no contact of a kind: what fits a customer's never fits this.
        """
        return self.call == call and contact is None and self.fits_case(case)

    def fits_case(self, case: str | None) -> bool:
        """Whether this is the case that they opened, and nobody overhears them."""
        return self.private and self.case is not None and self.case == case


AnyProof = Proof | OfficerProof
