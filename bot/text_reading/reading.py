"""What a text was read as: kinds, times and places in it, and never a word of it."""

from dataclasses import dataclass, field
from enum import StrEnum

Span = tuple[int, int]  # from, up to: characters of the text


class Reads(StrEnum):
    """What a text asks for, the weightiest first."""

    PERSON = "person"  # a sign that somebody should see it at once: nobody is rung for it
    NO_CONTACT = "no_contact"  # a wish to be left alone: a person decides
    WINDOW = "window"  # a call, at a time that it gives
    DOUBT = "doubt"  # a call at the ordinary time, and somebody looks at the text
    CALL = "call"  # a call as soon as it is allowed


@dataclass(frozen=True, slots=True)
class Window:
    """When to ring: not before `start`, and not at or after `until` (None: any time from then).

    Seconds since 1970, UTC. Calling hours are no business of it: the dial rules come later.
    """

    start: float
    until: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A text, read. `sign` names the group of `config/texts.toml` that decided, if one did.

    `span` is where that stands; `leads` are where other telephone numbers stand, which are never
    rung. `show` says that somebody should look at the text, beside the call that is owed.
    """

    reads: Reads
    sign: str = ""
    span: Span | None = None
    window: Window | None = None
    leads: tuple[Span, ...] = field(default_factory=tuple)
    show: bool = False

    @property
    def in_words(self) -> str:
        """For the flow log: kinds only. What sign it was is the customer's affair."""
        return f"reads: {self.reads}{', another number' if self.leads else ''}"
