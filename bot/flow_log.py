"""One line of the flow log: its fields, and what is masked.

Operations staff read it; it is committed with the step that it tells of. By construction it holds
no case detail, no answer and no full number: its fields are ids, names of states and prompts,
masks and keyed hashes.
"""

from dataclasses import dataclass
from enum import StrEnum


class LineKind(StrEnum):
    """What a line tells of."""

    STEP = "step"  # a move of a flow
    NOTE = "note"  # an event that moved nothing
    VERIFICATION = "verification"  # the checks are over: which set, and the note for the record
    DISCLOSURE = "disclosure"  # kinds of fact told to a verified person
    CALLBACK = "callback"  # a step in a callback's life
    TASK = "task"  # a person must do something
    WORDING = "wording"  # a text was approved or withdrawn, or a release began or ceased to stand
    STAFF = "staff"  # one of the department's staff did something, or looked at something
    DIALLING = "dialling"  # a desk stopped ringing customers, or began again
    FAULT = "fault"  # something of ours went wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowLogLine:
    """One line. Empty fields are left out of the store."""

    at: float
    kind: LineKind
    desk: str
    conversation: str = ""  # none, where a line tells of no call and no text
    flow: str = ""
    event: str = ""
    before: str = ""
    after: str = ""
    turn: str = ""
    listener: str = ""
    said: str = ""  # prompt ids with the first 12 hex digits of their template's hash
    disposition: str = ""
    reason: str = ""
    case: str = ""
    number: str = ""  # the mask
    number_hash: str = ""
    callback: str = ""
    staff: str = ""  # the staff number of who did it
    detail: str = ""  # kinds of fact, names of rules: words of ours, never of a customer

    def to_fields(self) -> dict[str, str]:
        """As stored: text fields, without the empty ones."""
        # Not `asdict`: it copies deeply, which takes ten times as long.
        values = ((name, getattr(self, name)) for name in self.__slots__)
        fields = {name: str(value) for name, value in values if value != ""}
        fields["at"] = f"{self.at:.3f}"
        return fields

    @classmethod
    def from_fields(cls, fields: dict[str, str]) -> "FlowLogLine":
        """The line as it was stored."""
        known = {name: fields[name] for name in cls.__slots__ if name in fields}
        return cls(**{**known, "at": float(fields["at"]), "kind": LineKind(fields["kind"])})  # type: ignore[arg-type]
