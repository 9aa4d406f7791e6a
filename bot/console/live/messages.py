"""A message of server-sent events, as it goes over the wire."""

RETRY = b"retry: 2000\n\n"  # milliseconds until a browser comes back


def message(event: str, html: str, id: str = "") -> bytes:
    """One message; lines of `html` are lines of its data."""
    data = "".join(f"data: {line}\n" for line in html.splitlines() or [""])
    place = f"id: {id}\n" if id else ""
    return f"{place}event: {event}\n{data}\n".encode()


def heartbeat(id: str) -> bytes:
    """Nothing new, up to here: shows that both are there still, and moves on where they stand."""
    return f":\nid: {id}\n\n".encode()
