"""A text that leaves the service: queued, sending, sent, and then delivered or not.

Source: d:messaging/guides/outbound-message-status-in-status-callbacks. No notice tells of the
first status, nor of `sending`.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.simulator.carrier import Carrier
from bot.simulator.handsets.lines import Fax, Unreachable
from bot.simulator.records import Text, TextDirection
from bot.simulator.texts.segments import segments
from bot.simulator.webhooks.fetching import Answer
from bot.simulator.webhooks.parameters import of_status

SENDING_SECONDS, DELIVERY_SECONDS = 0.5, 0.5
LONGEST_VALIDITY_SECONDS = 36000
UNREACHABLE, UNKNOWN_HANDSET, LANDLINE, NOT_IN_TIME = 30003, 30005, 30006, 30036

# What the resource says of an error number (d:api/errors).
TROUBLES = {
    UNREACHABLE: "Unreachable destination handset",
    UNKNOWN_HANDSET: "Unknown destination handset",
    LANDLINE: "Landline or unreachable carrier",
    30007: "Message filtered",
    30008: "Unknown error",
    NOT_IN_TIME: "Validity Period Expired",
    30450: "Message delivery blocked",
}
FINAL = frozenset({"delivered", "undelivered", "failed", "canceled", "received"})


@dataclass(frozen=True)
class TextOrder:
    """What somebody who sends a text asks for beside its words."""

    status_callback: str = ""
    validity_seconds: int = LONGEST_VALIDITY_SECONDS
    send_at: datetime | None = None


def new_text(
    carrier: Carrier, from_: str, to: str, body: str, direction: TextDirection, status: str
) -> Text:
    """A text in the carrier's books."""
    now = carrier.clock.now()
    text = Text(carrier.sids.new("SM"), from_, to, body, direction, now, status)
    text.segments = segments(body)
    text.updated_at = now
    carrier.texts[text.sid] = text
    return text


def send_text(carrier: Carrier, text: Text, order: TextOrder) -> None:
    """Let a text go its way; one that was accepted or scheduled is queued first."""
    sending = Sending(carrier, text, order)
    if order.send_at is not None:
        carrier.scheduled[text.sid] = sending.cancel
        wait = (order.send_at - carrier.clock.now()).total_seconds()
        carrier.timeline.after(wait, sending.queue)
    elif text.status == "accepted":
        carrier.timeline.after(0, sending.queue)
    else:
        sending.take_turn()


def trouble_with(carrier: Carrier, text: Text) -> int:
    """Why that text will not be delivered, if so."""
    number = text.to
    if number in carrier.text_troubles:
        return carrier.text_troubles[number]
    handset = carrier.handsets.get(number)
    if isinstance(handset, Unreachable):
        return UNREACHABLE
    if isinstance(handset, Fax):
        return LANDLINE
    # Whoever texted us has a telephone, whether or not a handset was described to us.
    known = handset or number in carrier.numbers or text.direction == "outbound-reply"
    return 0 if known else UNKNOWN_HANDSET


class Sending:
    """One text on its way."""

    def __init__(self, carrier: Carrier, text: Text, order: TextOrder) -> None:
        """Nothing happens yet."""
        self._carrier, self._text, self._order = carrier, text, order

    def queue(self) -> None:
        """Its time has come, or its sender was found."""
        self._carrier.scheduled.pop(self._text.sid, None)
        if self._text.status != "canceled":
            self._become("queued")
            self.take_turn()

    def cancel(self) -> None:
        """It will not be sent after all."""
        self._carrier.scheduled.pop(self._text.sid, None)
        self._become("canceled")

    def take_turn(self) -> None:
        """Wait until this sender may send again."""
        text, most = self._text, self._order.validity_seconds
        wait = self._carrier.take_text_slot(text.from_, text.segments)
        if wait > most:
            self._carrier.timeline.after(most, lambda: self._fail("failed", NOT_IN_TIME))
        else:
            self._carrier.timeline.after(wait, self._hand_over)

    def _hand_over(self) -> None:
        self._text.status = "sending"
        self._carrier.timeline.after(SENDING_SECONDS, self._sent)

    def _sent(self) -> None:
        self._text.sent_at = self._carrier.clock.now()
        self._become("sent")
        self._carrier.timeline.after(DELIVERY_SECONDS, self._arrive)

    def _arrive(self) -> None:
        carrier, text = self._carrier, self._text
        if code := trouble_with(carrier, text):
            self._fail("undelivered", code)
            return
        self._become("delivered")
        if text.direction == "outbound-api":
            carrier.note("text_sent", text.from_, carrier.named(text.to), text.body, text.sid)
        if own := carrier.numbers.get(text.to):
            carrier.arrive(carrier, own, text.from_, text.body)

    def _fail(self, status: str, code: int) -> None:
        self._text.error_code = code
        self._carrier.warn(code, TROUBLES.get(code, status), self._text.sid)
        self._become(status)

    def _become(self, status: str) -> None:
        self._text.status = status
        self._text.updated_at = self._carrier.clock.now()
        self._tell()

    def _tell(self) -> None:
        if not self._order.status_callback:
            return
        carrier, text = self._carrier, self._text
        pairs = of_status(carrier.account_sid, text)
        errand = carrier.errand(self._order.status_callback, "POST", pairs, "notice", text.sid)
        carrier.courier.send(errand, self._told)

    def _told(self, answer: Answer) -> None:
        if answer.error:
            words = f"status callback: {answer.words}"
            self._carrier.warn(answer.error, words, self._text.sid, answer.url)
