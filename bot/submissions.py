"""A text that somebody submitted for approval, and how a text of ours stands in that book."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.release import Text, key_of


class State(StrEnum):
    """How a text stands. Only the first is spoken."""

    APPROVED = "approved"
    SUBMITTED = "submitted"
    ALTERED = "altered"  # other words were submitted under its name, these were not
    WITHDRAWN = "withdrawn"
    NEVER = "never submitted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One version of one text: who wrote it, who approved it, who withdrew it, and when.

    Times are seconds since 1970. `version` counts from 1 for each item and language; `profile` is
    the one it was submitted under: what a demo approves is never approved in production.
    """

    number: int
    item: str
    language: str
    audience: str
    text: str
    hash: str
    version: int
    profile: str
    author: str
    submitted_at: float
    approver: str | None = None
    approved_at: float | None = None
    withdrawn_by: str | None = None
    withdrawn_at: float | None = None

    @property
    def key(self) -> str:
        """How the approved set names its text."""
        return key_of(self.item, self.language, self.hash)

    @property
    def state(self) -> State:
        """How far it has come."""
        if self.withdrawn_by is not None:
            return State.WITHDRAWN
        return State.SUBMITTED if self.approver is None else State.APPROVED

    @property
    def last(self) -> tuple[str, float]:
        """Who did the last thing to it, and when."""
        if self.withdrawn_by is not None:
            return self.withdrawn_by, self.withdrawn_at or 0.0
        if self.approver is not None:
            return self.approver, self.approved_at or 0.0
        return self.author, self.submitted_at


@dataclass(frozen=True, slots=True)
class Standing:
    """How a text stands, by which submission; None if there never was one of its item."""

    text: Text
    state: State
    by: Submission | None = None


def standing_of(text: Text, book: Iterable[Submission]) -> Standing:
    """How this text stands in the book."""
    of_item = [one for one in book if (one.item, one.language) == (text.item, text.language)]
    if same := [one for one in of_item if one.hash == text.hash]:
        newest = max(same, key=lambda one: one.version)
        return Standing(text, newest.state, newest)
    if of_item:
        approved = [one for one in of_item if one.state is State.APPROVED]
        return Standing(text, State.ALTERED, max(approved or of_item, key=lambda one: one.version))
    return Standing(text, State.NEVER)


def decided(book: Iterable[Submission]) -> Mapping[str, Submission]:
    """By its key, the newest version of every text that was approved or withdrawn."""
    known = [one for one in book if one.state is not State.SUBMITTED]
    return {one.key: one for one in sorted(known, key=lambda one: one.version)}
