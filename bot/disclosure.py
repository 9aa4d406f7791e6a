"""The gate: case details open here, against a proof and a committed record, and nowhere else.

`decide` makes the record that is committed with the decision to speak: to whom, which kinds of
fact, on which checks, in which words, when; never the fact (IDG40210). `committed` reads it back
once the commit is done, and `open` is the one way in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.cases import _GATE, CaseDetails
from bot.disclosure_record import DisclosureRecord, Json, Recipient
from bot.errors import NotDisclosable
from bot.proof import AnyProof, ContactType, Fact, OfficerProof

_READ_BACK = object()  # only `committed` may use it


class Grounds(Protocol):
    """What a record says besides: why, by what right, and under which restriction (IDG40210)."""

    @property
    def purpose(self) -> str:
        """Why facts are told."""

    @property
    def authority(self) -> str:
        """By what right."""

    @property
    def restriction(self) -> str:
        """What the recipient may not do with them, or that there is none."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What is about to be told, and where: the call as the engine knows it, and the words.

    `case` is None where the call is about none. `contact` is the kind of contact that this call
    is, whatever its questions were drawn for; None where we speak to an officer.
    """

    call: str
    turn: int
    desk: str
    case: str | None
    contact: ContactType | None
    number_hash: str
    facts: tuple[Fact, ...]
    wordings: tuple[str, ...]
    release: str


@dataclass(frozen=True, slots=True)
class Committed:
    """A record that stands in a committed conversation: what `open` wants to see."""

    record: DisclosureRecord
    _mint: Any = field(repr=False, compare=False)

    def __post_init__(self) -> None:
        if self._mint is not _READ_BACK:
            raise TypeError("a record counts once it is read back from a committed conversation")


def decide(
    proof: AnyProof | None, telling: Telling, grounds: Grounds, *, now: float
) -> DisclosureRecord:
    """The record of this telling. Raises `NotDisclosable` without a proof that fits.

    Saying the same again on another turn is another telling, with a record of its own; a repeat of
    the webhook makes no step, and so no record.
    """
    if (
        proof is None
        or telling.case is None
        or not proof.fits(call=telling.call, case=telling.case, contact=telling.contact)
    ):
        raise NotDisclosable("no live proof for this call, this case and this kind of contact")
    officer = proof.officer if isinstance(proof, OfficerProof) else ""
    return DisclosureRecord(
        id=_id(telling.call, telling.turn),
        at=now,
        desk=telling.desk,
        call=telling.call,
        case=telling.case,
        recipient=Recipient.OFFICER if officer else Recipient.VERIFIED_CUSTOMER,
        contact=telling.contact,
        number_hash=telling.number_hash,
        facts=tuple(dict.fromkeys(telling.facts)),
        checks=proof.checks,
        wordings=telling.wordings,
        release=telling.release,
        purpose=grounds.purpose,
        authority=grounds.authority,
        restriction=grounds.restriction,
        officer=officer,
    )


def committed(stored: Json | None, *, call: str, turn: int) -> Committed | None:
    """The record of what this turn tells, or None. For the engine alone, after its commit.

    One of another call, or of an earlier turn, is no record of these words.
    """
    if stored is None or stored["id"] != _id(call, turn):
        return None
    return Committed(DisclosureRecord.from_json(stored), _READ_BACK)


def open(  # noqa: A001 - the verb of the design: disclosure.open(details, proof, record)
    details: CaseDetails, proof: AnyProof | None, told: Committed | None
) -> Mapping[str, str]:
    """The facts that the committed record names, ready to be spoken.

    Raises `NotDisclosable` unless proof, record and details are of one call, one case and one kind
    of contact; `TypeError` for a record that was only decided.
    """
    if proof is None or told is None:
        raise NotDisclosable("no live proof, or no committed record")
    if not isinstance(told, Committed):
        raise TypeError("a record that is not committed opens nothing")
    record = told.record
    if not proof.fits(call=record.call, case=record.case, contact=record.contact):
        raise NotDisclosable("the proof is for another call, case or kind of contact")
    if details.case != record.case:
        raise NotDisclosable("the details are of another case")
    values = details._opened_by(_GATE)
    return {fact.value: values[fact] for fact in record.facts}


def _id(call: str, turn: int) -> str:
    return f"{call}:{turn}"
