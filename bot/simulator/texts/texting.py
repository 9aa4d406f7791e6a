"""A text to the service: its webhook, the replies that are asked for, and where else they lead.

Source: d:messaging/twiml, d:messaging/twiml/redirect; the action of Message as twilio-python's
`twiml/messaging_response.py` has it and the older page of the verb told it.
"""

from collections.abc import Callable
from functools import partial

from bot.simulator.carrier import Carrier
from bot.simulator.error_numbers import RETRIEVAL_FAILED
from bot.simulator.numbers import OwnNumber, is_alphanumeric, is_e164
from bot.simulator.records import Text, TextOutcome
from bot.simulator.texts.opting_out import mind_keywords
from bot.simulator.texts.sending import TextOrder, new_text, send_text
from bot.simulator.twiml.grammar import MESSAGING
from bot.simulator.twiml.reading import Document, TwimlFault, Verb, read_answer
from bot.simulator.webhooks.addresses import join
from bot.simulator.webhooks.fetching import Answer, Errand
from bot.simulator.webhooks.parameters import Pairs, of_status, of_text, with_changes

# Twilio names no limit for Redirects of a text either; a simulator must have one.
MOST_DOCUMENTS = 20
MOST_CHARACTERS = 1600
BAD_TO, BAD_FROM, BAD_BODY, BAD_METHOD = 14101, 14102, 14103, 14104
OPTED_OUT = 21610

GoesWrong = Callable[[Errand, Callable[[Answer], None]], bool]


def receive_text(
    carrier: Carrier, own: OwnNumber, sender: str, body: str, extra: dict[str, str] | None = None
) -> "Conversation":
    """A text reaches one of our numbers: it is listed whether or not its webhook gets through.
    `extra` adds parameters to the webhook or replaces them."""
    text = new_text(carrier, sender, own.number, body, "inbound", "received")
    text.sent_at = text.created_at
    text.messaging_service_sid = carrier.service_of(own.number)
    carrier.note("text_received", carrier.named(sender), own.number, body, text.sid)
    keyword = mind_keywords(carrier, text)
    changes = dict(extra or {})
    if keyword and carrier.settings.advanced_opt_out:
        changes.setdefault("OptOutType", keyword)
    return Conversation(carrier, own, text, changes)


def arrive(carrier: Carrier, own: OwnNumber, sender: str, body: str) -> Text:
    """A text to the service whose sender does not wait for what comes of it."""
    conversation = receive_text(carrier, own, sender, body)
    conversation.carry(conversation.first())
    return conversation.text


class Conversation:
    """What comes of one received text."""

    def __init__(
        self, carrier: Carrier, own: OwnNumber, text: Text, changes: dict[str, str]
    ) -> None:
        """Nothing is sent yet."""
        self._carrier, self._own, self.text = carrier, own, text
        self._pairs = with_changes(of_text(carrier.account_sid, text), changes)
        self._documents = 0
        self._fallback = own.sms_fallback_url

    def carry(self, errand: Errand | None) -> None:
        """See it through from there by courier; nobody waits for it."""
        if errand is not None:
            self._carrier.courier.send(errand, lambda answer: self._carry_on(errand, answer))

    def _carry_on(self, errand: Errand, answer: Answer) -> None:
        self.carry(self.after(errand, answer))

    def hold(self, fetch: Callable[[Errand], Answer], goes_wrong: GoesWrong) -> TextOutcome:
        """See it through at once, without the lock while the service is asked; unless something
        was ordered to go wrong with the webhook, which takes its own course then."""
        answer = Answer("")
        with self._carrier.lock:
            errand = self.first()
            if errand and goes_wrong(errand, partial(self._carry_on, errand)):
                return _outcome(self.text, answer)
        while errand is not None:
            answer = fetch(errand)
            with self._carrier.lock:
                errand = self.after(errand, answer)
        return _outcome(self.text, answer)

    def first(self) -> Errand | None:
        """The webhook that announces the text, if anybody wants to know."""
        own = self._own
        return self._errand(own.sms_url, own.sms_method, self._pairs) if own.sms_url else None

    def after(self, errand: Errand, answer: Answer) -> Errand | None:
        """Do what the answer asks for. Returns what is to be requested next."""
        try:
            return self._play(self._read(answer))
        except TwimlFault as fault:
            self._warn(fault.code, str(fault), answer.url)
            return self._second_chance(errand, fault.code)

    def _read(self, answer: Answer) -> Document:
        if answer.error or answer.response is None:
            raise TwimlFault(answer.error or RETRIEVAL_FAILED, answer.words)

        def warn(code: int, words: str) -> None:
            self._warn(code, words, answer.url)

        return read_answer(answer.url, answer.response, MESSAGING, warn)

    def _play(self, document: Document) -> Errand | None:
        """What stands after a Redirect, or after a Message with an action, is never reached."""
        for verb in document.verbs:
            if verb.name == "Redirect":
                return self._go(document, verb, verb.text, self._pairs)
            if reply := self._reply(document, verb):
                pairs = of_status(self._carrier.account_sid, reply)
                if "action" in verb.attributes:
                    return self._go(document, verb, verb.get("action"), pairs, "action")
        return None

    def _reply(self, document: Document, verb: Verb) -> Text | None:
        """Send what a Message says; to whoever texted, unless it names somebody else."""
        carrier = self._carrier
        words = [child.text for child in verb.children if child.name == "Body"]
        body = verb.text or " ".join(words)
        from_, to = verb.get("from", self._own.number), verb.get("to", self.text.from_)
        if any(child.name == "Media" for child in verb.children):
            self._warn(0, "the simulator sends no media, only words", document.url)
            body = body or "[media]"
        if code := self._wrong(from_, to, body):
            self._warn(code, f"no reply from {from_} to {to}", document.url)
            return None
        reply = new_text(carrier, from_, to, body, "outbound-reply", "queued")
        self.text.replies.append(body)
        carrier.note("text_replied", from_, carrier.named(to), body, self.text.sid)
        callback = verb.get("statusCallback")
        send_text(carrier, reply, TextOrder(join(document.url, callback) if callback else ""))
        return reply

    def _wrong(self, from_: str, to: str, body: str) -> int:
        """Why that text cannot be sent, if so (d:api/errors/14101 to 14103)."""
        if not is_e164(to):
            return BAD_TO
        if from_ not in self._carrier.numbers and not is_alphanumeric(from_):
            return BAD_FROM
        if not body or len(body) > MOST_CHARACTERS:
            return BAD_BODY
        return OPTED_OUT if self._carrier.opting(from_, to) in self._carrier.opted_out else 0

    def _go(
        self, document: Document, verb: Verb, url: str, pairs: Pairs, kind: str = "text"
    ) -> Errand | None:
        """On to another document; no address is that of the present one."""
        method = verb.get("method", "POST").upper()
        if method not in ("GET", "POST"):
            self._warn(BAD_METHOD, f"method {method!r} of {verb.name}", document.url)
            method = "POST"
        return self._errand(join(document.url, url), method, pairs, kind)

    def _second_chance(self, errand: Errand, code: int) -> Errand | None:
        """The fallback URL, once, if the number has one."""
        url, self._fallback = self._fallback, ""
        if not url:
            return None
        told: Pairs = [*self._pairs, ("ErrorCode", str(code)), ("ErrorUrl", errand.url)]
        return self._errand(url, self._own.sms_fallback_method, told, "fallback")

    def _errand(self, url: str, method: str, pairs: Pairs, kind: str = "text") -> Errand | None:
        self._documents += 1
        if self._documents > MOST_DOCUMENTS:
            self._warn(0, f"more than {MOST_DOCUMENTS} documents for one text", url)
            return None
        return self._carrier.errand(url, method, pairs, kind, self.text.sid)

    def _warn(self, code: int, words: str, url: str) -> None:
        self._carrier.warn(code, words, self.text.sid, url)


def _outcome(text: Text, answer: Answer) -> TextOutcome:
    """What a test wants to know of it."""
    response = answer.response
    return TextOutcome(
        text.sid,
        response.status if response else None,
        response.text if response else "",
        tuple(text.replies),
    )
