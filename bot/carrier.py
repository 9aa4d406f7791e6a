"""What the workers need of a telephone carrier; `bot.twilio.client` is the real one."""

from dataclasses import dataclass
from typing import Protocol

from bot.phone import PhoneNumber
from bot.secret import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOrder:
    """A call to be placed. `attempt` rides in the call's URLs, so that its first webhook says whose
    it is even when the answer to the order was lost (design section 6)."""

    to: PhoneNumber
    caller_id: str
    desk: str
    attempt: str
    ring_seconds: int
    time_limit_seconds: int
    detect_seconds: int = 30
    speech_threshold_ms: int = 2400
    speech_end_threshold_ms: int = 1200
    silence_timeout_ms: int = 5000


@dataclass(frozen=True, slots=True)
class ListedCall:
    """A call as the carrier lists it; `created` in seconds since 1970, by the carrier's clock.

    `status` is queued, initiated, ringing, in_progress, completed, busy, no_answer, failed,
    canceled, or unknown.
    """

    call: str
    status: str
    created: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedText:
    """A text that came in, as the carrier lists it; `at` in seconds since 1970, by its clock.

    `sender` is None where it is no number, as on another channel. `body` is empty once the words
    were taken out of the carrier's books.
    """

    text: str
    at: float
    sender: PhoneNumber | None
    body: Secret
    pictures: int = 0
    other_channel: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedCall:
    """A call that came in, as the carrier lists it; `status` as in `ListedCall`."""

    call: str
    at: float
    caller: PhoneNumber | None
    status: str


class Carrier(Protocol):
    """Places, changes and lists calls, and lists texts. Safe to share between threads.

    Every method raises `CarrierError`: `unclear` when the request may have been carried out
    although no answer said so, `retryable` when trying again can help.
    """

    def place_call(self, order: CallOrder) -> str:
        """Have the number rung; the carrier's id of the call. Ordering twice rings twice."""

    def redirect(self, call: str, *, desk: str, conversation: str) -> bool:
        """Have a live call fetch its conversation's current replies; False when it is over."""

    def end_call(self, call: str) -> bool:
        """End a call, answered or not; False when it was over already."""

    def cancel(self, call: str) -> bool:
        """Take back a call that nobody has answered; False when it is past that."""

    def calls_to(self, number: PhoneNumber, caller_id: str, since: float) -> list[ListedCall]:
        """Calls that were ordered as `place_call` does, to a number, since then, newest first.

        The list may lag behind by some seconds. A call of which the carrier does not yet say when
        it was made is among them.
        """

    def status_of(self, call: str) -> str | None:
        """How a call stands (see `ListedCall.status`); None when the carrier knows no such call."""

    def redact_text(self, text: str) -> None:
        """Remove the words of a received text from the carrier's records."""

    def texts_received(self, number: PhoneNumber, since: float) -> list[ListedText]:
        """The texts to a number of ours since then, in any order, every page of them.

        The list may lag behind by some seconds. It does not say whether the carrier took a text
        for one of its opt-out keywords.
        """

    def calls_received(self, number: PhoneNumber, since: float) -> list[ReceivedCall]:
        """The calls to a number of ours since then, in any order, every page of them."""
