"""What an examination finds: one line each, how much it matters, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How much a finding matters. A note is what cannot be seen from here."""

    OK = "ok"
    NOTE = "note"
    WARN = "warn"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, what was found, and what to do about it."""

    level: Level
    about: str
    found: str
    next_step: str = ""


def ok(about: str, found: str) -> Finding:
    """All is well."""
    return Finding(Level.OK, about, found)


def note(about: str, found: str, next_step: str = "") -> Finding:
    """To be known; nothing that we can check."""
    return Finding(Level.NOTE, about, found, next_step)


def warn(about: str, found: str, next_step: str = "") -> Finding:
    """It works, but not as it should, or not in production."""
    return Finding(Level.WARN, about, found, next_step)


def problem(about: str, found: str, next_step: str = "") -> Finding:
    """It does not work."""
    return Finding(Level.PROBLEM, about, found, next_step)
