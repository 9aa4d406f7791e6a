"""Which lines of the flow log somebody watches.

In an address a filter stands sealed: a case handle or a staff number is read there by nobody.
"""

import json
from dataclasses import asdict, dataclass, fields

from bot.errors import BadSeal
from bot.flow_log import FlowLogLine
from bot.keys import Keyring

_BOUND_TO = "what somebody watches"
LONGEST = 60  # characters of a field


@dataclass(frozen=True, slots=True)
class LiveFilter:
    """What is empty asks for nothing. `state` is one that a step came to."""

    desk: str = ""
    flow: str = ""
    state: str = ""
    disposition: str = ""
    staff: str = ""
    case: str = ""

    def __bool__(self) -> bool:
        return any(getattr(self, each.name) for each in fields(self))

    def takes(self, line: FlowLogLine) -> bool:
        """Whether this line is wanted."""
        return (
            self.desk in ("", line.desk)
            and self.flow in ("", line.flow)
            and self.state in ("", line.after)
            and self.disposition in ("", line.disposition)
            and self.staff in ("", line.staff)
            and self.case in ("", line.case)
        )

    def sealed(self, keyring: Keyring) -> str:
        """For an address; "" for the one that asks for nothing."""
        return keyring.seal(json.dumps(asdict(self)), bound_to=_BOUND_TO) if self else ""

    @classmethod
    def opened(cls, keyring: Keyring, text: str) -> "LiveFilter | None":
        """The filter of an address; None if it is none of ours."""
        if not text:
            return cls()
        try:
            return cls(**json.loads(keyring.open(text, bound_to=_BOUND_TO)))
        except (BadSeal, ValueError, TypeError):
            return None
