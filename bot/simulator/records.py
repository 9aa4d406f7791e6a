"""What the network keeps of calls, texts and webhooks: plain facts for REST, tests and screens."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

from bot.simulator.webhooks.request import WebhookRequest, WebhookResponse

Direction = Literal["inbound", "outbound-api", "outbound-dial"]
TextDirection = Literal["inbound", "outbound-api", "outbound-reply"]
CallStatus = Literal[
    "queued",
    "initiated",
    "ringing",
    "in-progress",
    "completed",
    "busy",
    "failed",
    "no-answer",
    "canceled",
]
FINAL: frozenset[str] = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})


class Heard(NamedTuple):
    """Words that reached the far end of a call, and when they began."""

    at: datetime
    who: str
    words: str


class Pressed(NamedTuple):
    """One key pressed at the far end of a call."""

    at: datetime
    key: str


class Spoken(NamedTuple):
    """Words that the far end of a call said."""

    at: datetime
    words: str
    seconds: float = 0.0  # how long it took to say them


class CallRecording(NamedTuple):
    """What a Record took down of one call."""

    sid: str
    at: datetime
    words: str
    seconds: int


class Recording(NamedTuple):
    """What a voicemail kept of one call."""

    at: datetime
    call_sid: str
    words: str


class CarrierEvent(NamedTuple):
    """One line of the carrier's debugger: a Twilio error or warning number and what it is about.

    Code 0 is a word of the simulator's own: something that it does not do.
    """

    at: datetime
    code: int
    words: str
    sid: str = ""
    url: str = ""


@dataclass
class Exchange:
    """One webhook as it went out, and what came back."""

    at: datetime
    kind: str
    sid: str
    request: WebhookRequest
    response: WebhookResponse | None = None
    failure: str = ""


@dataclass
class Call:
    """One call resource, with what was heard and pressed at its far end."""

    sid: str
    from_: str
    to: str
    direction: Direction
    created_at: datetime
    status: CallStatus = "queued"
    parent_sid: str | None = None
    started_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    updated_at: datetime | None = None
    answered_by: str | None = None
    queue_seconds: float = 0.0
    recording_sid: str = ""  # of the whole call, if that was asked for
    handset_number: str = ""  # whose telephone it is, also when that is withheld
    url: str = ""  # where its first words were to be fetched, if REST placed it
    saying: Heard | None = None  # the words under way
    heard: list[Heard] = field(default_factory=list)
    pressed: list[Pressed] = field(default_factory=list)
    spoken: list[Spoken] = field(default_factory=list)
    recordings: list[CallRecording] = field(default_factory=list)
    webhooks: list[Exchange] = field(default_factory=list)

    @property
    def over(self) -> bool:
        """Has it ended, one way or another?"""
        return self.status in FINAL

    @property
    def far_number(self) -> str:
        """The number at the other end of the line from the service."""
        return self.from_ if self.direction == "inbound" else self.to

    @property
    def seconds(self) -> int:
        """How long the two ends were connected."""
        if self.answered_at is None or self.ended_at is None:
            return 0
        return round((self.ended_at - self.answered_at).total_seconds())

    @property
    def words(self) -> str:
        """Everything the far end heard, in order."""
        return " ".join(heard.words for heard in self.heard)

    @property
    def keys(self) -> str:
        """Every key the far end pressed, in order."""
        return "".join(pressed.key for pressed in self.pressed)


@dataclass
class Text:
    """One message resource, with any replies that its webhook asked for."""

    sid: str
    from_: str
    to: str
    body: str
    direction: TextDirection
    created_at: datetime
    status: str = "received"
    segments: int = 1  # stays when the words are taken out
    sent_at: datetime | None = None
    updated_at: datetime | None = None
    messaging_service_sid: str | None = None
    error_code: int | None = None
    replies: list[str] = field(default_factory=list)
    webhooks: list[Exchange] = field(default_factory=list)
    words: str = field(init=False)  # what the telephone keeps when the carrier is to forget them

    def __post_init__(self) -> None:
        self.words = self.body


@dataclass(frozen=True)
class TextOutcome:
    """What came of a text that a handset sent to the service."""

    message_sid: str
    status: int | None
    twiml: str
    replies: tuple[str, ...]
