"""Conversation: one customer's trip through a flow; to and from JSON, with a version."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from bot import actions
from bot.actions import Ask, Reply
from bot.proof import Fact, Listener

Json = dict[str, Any]
FactValue = bool | int | str

_STORED: dict[str, type[Reply]] = {
    kind.__name__: kind
    for kind in (
        actions.Say,
        actions.Ask,
        actions.ReadCase,
        actions.Connect,
        actions.JoinMeeting,
        actions.HangUp,
        actions.Apologise,
    )
}


@dataclass(slots=True)
class Conversation:
    """Where one call or text stands.

    `facts` are finite (bool, enum value, bounded int) and belong to the flow; `tokens` are the
    engine's (the caller's number, sealed; the case; the sealed ledger …) and no flow sees them.
    `turn` rides in the action URLs; `notices` are the notices already taken.
    """

    id: str
    desk: str
    flow: str
    flow_version: int
    state: str
    turn: int = 0
    listener: Listener = Listener.UNKNOWN
    facts: dict[str, FactValue] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    replies: list[Reply] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    disclosure: Json | None = None
    awaits_redirect: bool = False
    ended: bool = False

    @property
    def asked(self) -> Ask | None:
        """What the caller's next keys answer, if they answer anything."""
        last = self.replies[-1] if self.replies else None
        return last if isinstance(last, Ask) else None

    def to_json(self) -> Json:
        """Everything, as plain JSON."""
        return {
            "id": self.id,
            "desk": self.desk,
            "flow": self.flow,
            "flow_version": self.flow_version,
            "state": self.state,
            "turn": self.turn,
            "listener": self.listener.value,
            "facts": self.facts,
            "tokens": self.tokens,
            "replies": [_reply_to_json(reply) for reply in self.replies],
            "notices": self.notices,
            "disclosure": self.disclosure,
            "awaits_redirect": self.awaits_redirect,
            "ended": self.ended,
        }

    @classmethod
    def from_json(cls, data: Json) -> "Conversation":
        """The conversation that `to_json` wrote down."""
        return cls(
            **{
                **data,
                "listener": Listener(data["listener"]),
                "replies": [_reply_from_json(reply) for reply in data["replies"]],
            }
        )


def _reply_to_json(reply: Reply) -> Json:
    # Not `asdict`: it copies deeply, which takes ten times as long. Replies are frozen.
    names: tuple[str, ...] = reply.__slots__
    return {"is": type(reply).__name__} | {name: _plain(getattr(reply, name)) for name in names}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [part.value if isinstance(part, Enum) else part for part in value]
    return value


def _reply_from_json(data: Json) -> Reply:
    kind = _STORED[data["is"]]
    values = {name: value for name, value in data.items() if name != "is"}
    if kind is actions.ReadCase:
        values["facts"] = tuple(Fact(fact) for fact in values["facts"])
    if kind is actions.Ask and values["digits"] is not None:
        values["digits"] = tuple(values["digits"])
    return kind(**values)
