"""When a text asked to be rung, as it travels: two tokens of the conversation, read by no flow."""

from collections.abc import Mapping

FROM, UNTIL = "ring_from", "ring_until"


def tokens(start: float, until: float | None) -> dict[str, str]:
    """The window as tokens: seconds since 1970, UTC."""
    return {FROM: repr(start)} | ({UNTIL: repr(until)} if until is not None else {})


def is_over(until: float | None, now: float) -> bool:
    """Whether a window with that end has gone by; one without an end never has."""
    return until is not None and until <= now


def asked_for(tokens: Mapping[str, str]) -> tuple[float, float | None] | None:
    """The window that these tokens tell; None if a text asked for no time."""
    if FROM not in tokens:
        return None
    return float(tokens[FROM]), float(tokens[UNTIL]) if UNTIL in tokens else None
