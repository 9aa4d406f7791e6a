"""A webhook's answer as it is shown: each element of TwiML on a line of its own."""

from xml.etree import ElementTree


def pretty(text: str) -> str:
    """The same XML, indented; what is no XML is left as it came."""
    try:
        document = ElementTree.fromstring(text.encode())  # noqa: S314  our own service's answer
    except ElementTree.ParseError:
        return text
    ElementTree.indent(document)
    return ElementTree.tostring(document, encoding="unicode")
