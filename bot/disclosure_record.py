"""What is written down of every telling of case facts: to whom, what kinds, on what grounds.

Never the fact itself (IDG40210): its fields are ids, names of kinds, keyed hashes, and words of
`config/`. It stands in the conversation, in the outbox, and for years in the records.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.proof import ContactType, Fact

Json = dict[str, Any]

NOT_TOLD = ":not_told"  # how the id ends of what says that a telling did not happen after all


class Recipient(StrEnum):
    """To whom facts may be told."""

    VERIFIED_CUSTOMER = "verified_customer"
    OFFICER = "officer"


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosureRecord:
    """That kinds of fact about a case were told, to whom, on what grounds, in which words.

    One whose id ends in `NOT_TOLD`, and which names no fact, says that the words of that turn were
    never heard.

    `id` is the call and its turn, `at` seconds since 1970. `officer` is the staff number where it
    was told to one, and blank else; `contact` is None for an officer. `checks` are the questions
    that were asked in this call, and passed as a whole. `wordings` are the prompts that carried the
    facts, each with the hash that was approved; `release` the digest of all that was approved with
    them.
    """

    id: str
    at: float
    desk: str
    call: str
    case: str
    recipient: Recipient
    contact: ContactType | None
    number_hash: str
    facts: tuple[Fact, ...]
    checks: tuple[str, ...]
    wordings: tuple[str, ...]
    release: str
    purpose: str
    authority: str
    restriction: str
    officer: str = ""

    def to_json(self) -> Json:
        """For the conversation and the outbox that are committed with the words."""
        # Not `asdict`: it copies deeply, which takes ten times as long.
        values = {name: getattr(self, name) for name in self.__slots__}
        return values | {
            "recipient": self.recipient.value,
            "contact": self.contact.value if self.contact else None,
            "facts": [fact.value for fact in self.facts],
            "checks": list(self.checks),
            "wordings": list(self.wordings),
        }

    @classmethod
    def from_json(cls, data: Json) -> "DisclosureRecord":
        """The record as it was committed."""
        contact = data["contact"]
        return cls(
            **{
                **data,
                "recipient": Recipient(data["recipient"]),
                "contact": ContactType(contact) if contact else None,
                "facts": tuple(Fact(fact) for fact in data["facts"]),
                "checks": tuple(data["checks"]),
                "wordings": tuple(data["wordings"]),
            }
        )
