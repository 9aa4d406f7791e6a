"""Texts: one that a handset sends to the service, and one that the service sends."""

from bot.simulator.carrier import Carrier
from bot.simulator.fetching import RETRIEVAL_FAILED, Answer, Errand
from bot.simulator.grammar import MESSAGING
from bot.simulator.numbers import OwnNumber
from bot.simulator.opting_out import mind_keywords
from bot.simulator.parameters import Pairs, of_text, with_changes
from bot.simulator.records import Text, TextOutcome
from bot.simulator.twiml import TwimlFault, Verb, read_answer

DELIVERY_SECONDS = 1.0


def receive_text(carrier: Carrier, own: OwnNumber, sender: str, body: str) -> Text:
    """A text reaches one of our numbers: it is listed whether or not its webhook gets through."""
    now = carrier.clock.now()
    text = Text(carrier.sids.new("SM"), sender, own.number, body, "inbound", now)
    carrier.texts[text.sid] = text
    carrier.note("text_received", carrier.named(sender), own.number, body, text.sid)
    mind_keywords(carrier, text)
    return text


def text_errand(carrier: Carrier, own: OwnNumber, text: Text, extra: dict[str, str]) -> Errand:
    """The webhook that announces it."""
    pairs = with_changes(of_text(carrier.account_sid, text), extra)
    return carrier.errand(own.sms_url, "POST", pairs, "text", text.sid)


def fallback_errand(carrier: Carrier, own: OwnNumber, errand: Errand, code: int) -> Errand | None:
    """The second chance, if the number has one."""
    if not own.sms_fallback_url:
        return None
    pairs: Pairs = [*errand.params, ("ErrorCode", str(code)), ("ErrorUrl", errand.url)]
    return carrier.errand(own.sms_fallback_url, "POST", pairs, "fallback", errand.sid)


def read_replies(carrier: Carrier, text: Text, answer: Answer) -> int:
    """Keep the replies that the answer asks for; returns the error number if it is none."""
    try:
        if answer.error or answer.response is None:
            raise TwimlFault(answer.error or RETRIEVAL_FAILED, answer.words)

        def warn(code: int, words: str) -> None:
            carrier.warn(code, words, text.sid, answer.url)

        document = read_answer(answer.url, answer.response, MESSAGING, warn)
    except TwimlFault as fault:
        carrier.warn(fault.code, str(fault), text.sid, answer.url)
        return fault.code
    for verb in document.verbs:
        if verb.name == "Message":
            _reply(carrier, text, verb)
        else:
            carrier.warn(0, f"the simulator does not follow {verb.name} in messaging", text.sid)
    return 0


def _reply(carrier: Carrier, text: Text, verb: Verb) -> None:
    body = verb.text or " ".join(child.text for child in verb.children if child.name == "Body")
    reply = Text(
        carrier.sids.new("SM"),
        text.to,
        text.from_,
        body,
        "outbound-reply",
        carrier.clock.now(),
        "delivered",
    )
    carrier.texts[reply.sid] = reply
    text.replies.append(body)
    carrier.note("text_replied", text.to, carrier.named(text.from_), body, text.sid)


def outcome(text: Text, answer: Answer) -> TextOutcome:
    """What a test wants to know of it."""
    response = answer.response
    return TextOutcome(
        text.sid,
        response.status if response else None,
        response.text if response else "",
        tuple(text.replies),
    )


def send_text(carrier: Carrier, text: Text, status_callback: str) -> None:
    """A text of the service goes out, and is delivered after a moment."""
    carrier.texts[text.sid] = text
    carrier.note("text_sent", text.from_, carrier.named(text.to), text.body, text.sid)

    def delivered() -> None:
        text.status = "delivered"
        if not status_callback:
            return
        pairs = [
            ("MessageSid", text.sid),
            ("MessageStatus", text.status),
            ("AccountSid", carrier.account_sid),
            ("From", text.from_),
            ("To", text.to),
        ]
        errand = carrier.errand(status_callback, "POST", pairs, "notice", text.sid)
        carrier.courier.send(errand, lambda answer: None)

    carrier.timeline.after(DELIVERY_SECONDS, delivered)
