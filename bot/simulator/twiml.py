"""Reading an answer as TwiML: a fault in the whole is an error, in a part only a warning."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

from bot.simulator.grammar import NOT_HEEDED, NOT_PLAYED, Rule
from bot.simulator.webhooks import WebhookResponse

MOST_BYTES = 64 * 1024
TOO_LARGE, NOT_XML, UNKNOWN_PART, BAD_TYPE = 11750, 12100, 12200, 12300
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
        return _empty(url, rules)
    kind = response.header("Content-Type").split(";")[0].strip().lower()
    if kind in XML_TYPES:
        return read_twiml(url, response.body, rules, warn)
    if kind.startswith("audio/"):
        return Document(url, (Verb("Play", {}, url),))
    if kind == "text/plain":
        return _plain(url, response, rules, warn)
    raise TwimlFault(BAD_TYPE, f"content type {kind or '(none)'}")


def _empty(url: str, rules: Mapping[str, Rule]) -> Document:
    """Nothing at all is no reply to a text [ai]; for a call it is no document [mem]."""
    if "Message" in rules:
        return Document(url, ())
    raise TwimlFault(NOT_XML, "the answer is empty")


def read_twiml(url: str, body: bytes | str, rules: Mapping[str, Rule], warn: Warn) -> Document:
    """Parse a document. Its root must be Response, and nothing may stand before it."""
    try:
        # The answer comes from the service under test; expat itself bounds entity expansion.
        root = ElementTree.fromstring(body)  # noqa: S314
    except (ElementTree.ParseError, ValueError) as broken:
        raise TwimlFault(NOT_XML, f"not XML: {broken}") from broken
    if root.tag != "Response":
        raise TwimlFault(NOT_XML, f"the root is {root.tag}, not Response")
    allowed = frozenset(name for name in rules if name not in _NESTED_ONLY)
    return Document(url, _children(root, allowed, rules, warn))


_NESTED_ONLY = frozenset({"Number", "Body", "Media"})


def _plain(url: str, response: WebhookResponse, rules: Mapping[str, Rule], warn: Warn) -> Document:
    """text/plain is run if it is TwiML, else read out, or for a text sent as a reply [mem]."""
    try:
        return read_twiml(url, response.body, rules, warn)
    except TwimlFault:
        return Document(url, (Verb("Message" if "Message" in rules else "Say", {}, response.text),))


def _children(
    parent: ElementTree.Element,
    allowed: frozenset[str],
    rules: Mapping[str, Rule],
    warn: Warn,
) -> tuple[Verb, ...]:
    kept = []
    for element in parent:
        if element.tag in NOT_PLAYED:
            warn(0, f"the simulator does not play {element.tag}; it is passed over")
        elif element.tag not in allowed or element.tag not in rules:
            warn(UNKNOWN_PART, f"{element.tag} is not allowed in {parent.tag}")
        else:
            kept.append(_verb(element, rules, warn))
    return tuple(kept)


def _verb(element: ElementTree.Element, rules: Mapping[str, Rule], warn: Warn) -> Verb:
    rule = rules[element.tag]
    for name in element.attrib.keys() - rule.attributes:
        warn(UNKNOWN_PART, f"{element.tag} has no attribute {name}")
    for name in element.attrib.keys() & NOT_HEEDED.get(element.tag, frozenset()):
        warn(0, f"the simulator does not heed {name} of {element.tag}")
    attributes = {name: value for name, value in element.attrib.items() if name in rule.attributes}
    if rule.children is None:
        return Verb(element.tag, attributes, " ".join("".join(element.itertext()).split()))
    nested = _children(element, rule.children, rules, warn)
    return Verb(element.tag, attributes, (element.text or "").strip(), nested)
