"""Addresses as the environment writes them."""

import ipaddress
from urllib.parse import urlsplit


def is_base_url(text: str) -> bool:
    """Whether it is `https://host[:port][/path]`, or the same with http, and nothing more."""
    try:
        url = urlsplit(text)
        plain = not (url.query or url.fragment or url.username or url.password)
        _ = url.port
    except ValueError:
        return False
    printable = text.isascii() and text.isprintable() and " " not in text
    return url.scheme in ("http", "https") and bool(url.hostname) and plain and printable


def networks(text: str) -> tuple[str, ...]:
    """IP addresses and networks, separated by commas. Raises `ValueError` for whatever is none.

    Everywhere is no network: whoever believed it would believe everybody.
    """
    found = []
    for part in filter(None, (each.strip() for each in text.split(","))):
        try:
            network = ipaddress.ip_network(part)
        except ValueError:
            raise ValueError(f"{part!r} is no IP address or network") from None
        if network.prefixlen == 0:
            raise ValueError(f"{part} is everybody")
        found.append(part)
    return tuple(found)
