"""Reading an answer as TwiML: a fault in the whole is an error, in a part only a warning."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

from bot.simulator.error_numbers import RETRIEVAL_FAILED, UNKNOWN_PART
from bot.simulator.twiml.attribute_values import fault_in
from bot.simulator.twiml.grammar import NOT_HEEDED, NOT_PLAYED, WORDLESS, Rule
from bot.simulator.twiml.ssml import length_with_tags, words_of
from bot.simulator.webhooks.request import WebhookResponse

MOST_BYTES = 64 * 1024
TOO_LARGE, NO_BODY, NOT_XML, BAD_TYPE = 11750, 11770, 12100, 12300
XML_TYPES = frozenset({"text/xml", "application/xml", "text/html"})

Warn = Callable[[int, str], None]


class TwimlFault(Exception):
    """An answer that cannot be played at all, with Twilio's error number."""

    def __init__(self, code: int, words: str) -> None:
        """Say which error and why."""
        super().__init__(words)
        self.code = code


@dataclass(frozen=True)
class Verb:
    """One instruction: its name, attributes, text, and what is nested in it."""

    name: str
    attributes: Mapping[str, str]
    text: str = ""
    children: tuple["Verb", ...] = ()
    length_with_tags: int = 0  # of a Say

    def get(self, name: str, default: str = "") -> str:
        """An attribute, or its default."""
        return self.attributes.get(name, default)


@dataclass(frozen=True)
class Document:
    """The instructions of one answer, and the URL that they came from."""

    url: str
    verbs: tuple[Verb, ...]


def read_answer(
    url: str, response: WebhookResponse, rules: Mapping[str, Rule], warn: Warn
) -> Document:
    """The TwiML in an answer, by size and content type (d:voice/twiml, d:api/errors/12300)."""
    if len(response.body) > MOST_BYTES:
        raise TwimlFault(TOO_LARGE, f"{len(response.body)} bytes; {MOST_BYTES} are allowed")
    if not response.body.strip():
        return _empty(url, response, rules)
    kind = response.header("Content-Type").split(";")[0].strip().lower()
    if kind in XML_TYPES:
        return read_twiml(url, response.body, rules, warn)
    if kind.startswith("audio/") and "Message" not in rules:
        return Document(url, (Verb("Play", {}, url),))
    if kind == "text/plain":
        return _plain(url, response, rules, warn)
    if not kind:
        raise TwimlFault(RETRIEVAL_FAILED, "no content type: 502 Bad Gateway")
    raise TwimlFault(BAD_TYPE, f"content type {kind}")


def _empty(url: str, response: WebhookResponse, rules: Mapping[str, Rule]) -> Document:
    """Nothing at all is no reply to a text [ai]; for a call it is no document: its own number if
    it came in chunks (d:api/errors/11770), else that of any other document without a root."""
    if "Message" in rules:
        return Document(url, ())
    chunked = response.header("Transfer-Encoding").lower() == "chunked"
    raise TwimlFault(NO_BODY if chunked else NOT_XML, "the answer is empty")


def read_twiml(url: str, body: bytes | str, rules: Mapping[str, Rule], warn: Warn) -> Document:
    """Parse a document. Its root must be Response, and nothing may stand before it
    (d:api/errors/12100)."""
    try:
        # The answer comes from the service under test; expat itself bounds entity expansion.
        root = ElementTree.fromstring(body)  # noqa: S314
    except (ElementTree.ParseError, ValueError, LookupError) as broken:
        raise TwimlFault(NOT_XML, f"not XML: {broken}") from broken
    if root.tag != "Response":
        raise TwimlFault(NOT_XML, f"the root is {root.tag}, not Response")
    return Document(url, _Reader(rules, warn).verb(root).children)


def _plain(url: str, response: WebhookResponse, rules: Mapping[str, Rule], warn: Warn) -> Document:
    """text/plain is run if it is TwiML, else read out (d:voice/twiml); the answer to a text is
    sent back as it stands (docs/api/twiml/sms/your_response)."""
    if "Message" in rules:
        return Document(url, (Verb("Message", {}, response.text),))
    try:
        return read_twiml(url, response.body, rules, warn)
    except TwimlFault:
        return Document(url, (Verb("Say", {}, response.text),))


@dataclass(frozen=True)
class _Reader:
    """Turns XML into verbs: what is unknown, or stands in the wrong place, is a warning."""

    rules: Mapping[str, Rule]
    warn: Warn

    def verb(self, element: ElementTree.Element, parent: str = "") -> Verb:
        """One verb with what is in it. Depth is bounded by the rules: nothing nests in itself."""
        name, rule = element.tag, self.rules[element.tag]
        attributes = self._attributes(element, rule, parent)
        if rule.children is None:
            length = length_with_tags(element)
            return Verb(name, attributes, words_of(element, self._misplaced), (), length)
        self._check_text(element)
        children = tuple(self._children(element, rule.children))
        return Verb(name, attributes, (element.text or "").strip(), children)

    def _children(self, parent: ElementTree.Element, allowed: frozenset[str]) -> Iterator[Verb]:
        for element in parent:
            if element.tag not in allowed:
                self._misplaced(element.tag, parent.tag)
            elif element.tag in NOT_PLAYED:
                yield Verb(element.tag, {})
            else:
                yield self.verb(element, parent.tag)

    def _misplaced(self, tag: str, parent: str) -> None:
        self.warn(UNKNOWN_PART, f"{tag} is not allowed in {parent}")

    def _attributes(
        self, element: ElementTree.Element, rule: Rule, parent: str
    ) -> Mapping[str, str]:
        kept = {}
        for name, value in element.attrib.items():
            if name not in rule.attributes:
                self.warn(UNKNOWN_PART, f"{element.tag} has no attribute {name}")
            elif code := fault_in(element.tag, name, value, parent):
                self.warn(code, f"{element.tag} cannot have {name}={value[:100]!r}")
            else:
                kept[name] = value
                if name in NOT_HEEDED.get(element.tag, frozenset()):
                    self.warn(0, f"the simulator does not heed {name} of {element.tag}")
        return kept

    def _check_text(self, element: ElementTree.Element) -> None:
        """No text where none belongs, nor after what is nested."""
        texts = [child.tail or "" for child in element]
        if element.tag in WORDLESS:
            texts.append(element.text or "")
        if any(text.strip() for text in texts):
            self.warn(UNKNOWN_PART, f"text is not allowed in {element.tag}")
