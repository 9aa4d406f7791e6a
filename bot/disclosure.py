"""The gate: case details open here, against a proof and a committed record, and nowhere else.

`decide` makes the record that is committed with the decision to speak: to whom, which kinds of
fact, on which checks, when; never the fact (IDG40210). `open` is the one way in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.cases import _GATE, CaseDetails
from bot.errors import NotDisclosable
from bot.proof import ContactType, Fact, Proof

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class DisclosureRecord:
    """That kinds of fact about a case were told, on what grounds, when (seconds since 1970)."""

    id: str
    call: str
    case: str
    contact: ContactType
    facts: tuple[Fact, ...]
    checks: tuple[str, ...]
    at: float

    def to_json(self) -> Json:
        """For the conversation that commits it."""
        return {
            "id": self.id,
            "call": self.call,
            "case": self.case,
            "contact": self.contact.value,
            "facts": [fact.value for fact in self.facts],
            "checks": list(self.checks),
            "at": self.at,
        }

    @classmethod
    def from_json(cls, data: Json) -> "DisclosureRecord":
        """The record as it was committed."""
        return cls(
            id=data["id"],
            call=data["call"],
            case=data["case"],
            contact=ContactType(data["contact"]),
            facts=tuple(Fact(fact) for fact in data["facts"]),
            checks=tuple(data["checks"]),
            at=data["at"],
        )


def decide(
    proof: Proof | None,
    facts: tuple[Fact, ...],
    *,
    call: str,
    case: str | None,
    turn: int,
    now: float,
) -> DisclosureRecord:
    """The record of telling these facts. Raises `NotDisclosable` without a proof that fits."""
    if proof is None or proof.call != call or proof.case != case:
        raise NotDisclosable("no live proof for this call and this case")
    return DisclosureRecord(
        id=f"{call}:{turn}",
        call=call,
        case=proof.case,
        contact=proof.contact,
        facts=facts,
        checks=proof.checks,
        at=now,
    )


def open(  # noqa: A001 - the verb of the design: disclosure.open(details, proof, record)
    details: CaseDetails, proof: Proof | None, record: DisclosureRecord | None
) -> Mapping[str, str]:
    """The facts that the record names, ready to be spoken.

    `record` is the one read back from the committed conversation. Raises `NotDisclosable` unless
    proof, record and details are of one call, one case and one kind of contact.
    """
    if proof is None or record is None:
        raise NotDisclosable("no live proof, or no committed record")
    if not proof.fits(call=record.call, case=record.case, contact=record.contact):
        raise NotDisclosable("the proof is for another call, case or kind of contact")
    if details.case != record.case:
        raise NotDisclosable("the details are of another case")
    values = details._opened_by(_GATE)
    return {fact.value: values[fact] for fact in record.facts}
