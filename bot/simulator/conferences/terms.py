"""On what terms somebody joins a conference."""

import re
from dataclasses import dataclass
from typing import Literal

from bot.simulator.calls.player import GoTo

MOST_PARTICIPANTS = 250  # d:voice/twiml/conference#attributes-max-participants
LONGEST_LABEL = 128
CALL_SID = re.compile("CA[0-9a-f]{32}")

# What somebody hears who waits: the carrier's own music, nothing, or a document.
Music = GoTo | Literal["hold music", "silence"]


@dataclass(frozen=True)
class Terms:
    """The attributes of Conference, or the same of the Participants resource."""

    muted: bool = False
    starts: bool = True
    ends: bool = False
    beep: str = "true"
    label: str = ""
    most: int = MOST_PARTICIPANTS
    wait: Music = "hold music"

    @property
    def bad_label(self) -> bool:
        """Is the label too long, or could it be taken for something else (d:api/errors/16023)?"""
        label = self.label.replace("%2F", "/")
        too_long = len(label) > LONGEST_LABEL
        return too_long or "/" in label or CALL_SID.fullmatch(label) is not None
