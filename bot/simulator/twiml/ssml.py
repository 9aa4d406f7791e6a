"""The words of a Say, whose markup the simulator reads but does not sound (d:voice/twiml/say)."""

from collections.abc import Callable
from xml.etree.ElementTree import Element

# twilio-python's twilio/twiml/voice_response.py: the Ssml classes.
TAGS = frozenset(
    {"break", "emphasis", "lang", "p", "phoneme", "prosody", "s", "say-as", "sub", "w"}
)


def words_of(say: Element, refused: Callable[[str, str], None]) -> str:
    """What is said: `sub` by its alias, the rest as written; unknown markup is passed over with
    what is in it. Written without recursion, since markup may be nested deeply."""
    waiting = [say]
    while waiting:
        parent = waiting.pop()
        _drop_unknown(parent, refused)
        waiting.extend(parent)
    for sub in say.iter("sub"):
        sub[:] = []
        sub.text = sub.get("alias", sub.text)
    return " ".join("".join(say.itertext()).split())


def _drop_unknown(parent: Element, refused: Callable[[str, str], None]) -> None:
    kept: list[Element] = []
    for child in parent:
        if child.tag in TAGS:
            kept.append(child)
            continue
        refused(child.tag, parent.tag)
        if kept:
            kept[-1].tail = (kept[-1].tail or "") + (child.tail or "")
        else:
            parent.text = (parent.text or "") + (child.tail or "")
    parent[:] = kept


def length_with_tags(say: Element) -> int:
    """How long the markup is, tags included: Google's voices count them (d:api/errors/13521)."""
    tags = sum(_tag_length(element) for element in say.iter() if element is not say)
    return tags + sum(len(text) for text in say.itertext())


def _tag_length(element: Element) -> int:
    """`<tag name="value"></tag>`."""
    named = sum(len(name) + len(value) + len(' =""') for name, value in element.items())
    return 2 * len(element.tag) + len("<></>") + named
