"""Event: something that happened, by the word under which tables know it."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """Something that happened. `trigger` is the word by which tables know it."""

    trigger: ClassVar[str] = ""
