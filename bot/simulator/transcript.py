"""A readable transcript of what happens, line by line, while it happens."""

from collections.abc import Callable, Mapping

from bot.simulator.happenings import Happening, Kind

LINES: Mapping[Kind, str] = {
    "text_received": "{who} texts {to}: {words!r}",
    "text_replied": "{who} REPLIES BY TEXT to {to}: {words!r}",
    "text_sent": "{who} texts {to}: {words!r}",
    "call_placed": "{who} calls {to}",
    "call_received": "{who} rings {to}",
    "ringing": "{who}: the phone rings",
    "answered": "{who}: the call is answered",
    "said": "{who} -> {to}: {words}",
    "pressed": "{who} presses {words}",
    "spoke": "{who} says: {words!r}",
    "joined": "{who} is through to {to}",
    "machine_detected": "{who} takes {to} for: {words}",
    "hung_up": "{who} hangs up",
    "ended": "{who}: the call is over ({words})",
    "voicemail_recorded": "{who}'s voicemail has kept: {words!r}",
    "carrier_event": "{who} notes {words}",
}


class Transcript:
    """A listener for `PhoneNetwork.on` that writes a line for each happening.

    Webhooks are left out unless they are asked for: they are for the carrier's screen.
    """

    def __init__(self, write: Callable[[str], object], webhooks: bool = False) -> None:
        """Write with that callable, one line at a time."""
        self._write, self._webhooks = write, webhooks

    def __call__(self, happening: Happening) -> None:
        """Write one happening."""
        line = line_of(happening, self._webhooks)
        if line:
            self._write(line)


def line_of(happening: Happening, webhooks: bool = False) -> str:
    """One happening as a line; empty if it is not for this transcript."""
    form = LINES.get(happening.kind)
    if form is None:
        form = "  webhook {words} {to}" if webhooks and happening.kind == "webhook" else ""
    clock = happening.at.strftime("%H:%M:%S")
    words = form.format(who=happening.who, to=happening.to, words=happening.words)
    return f"{clock}  {words}" if words else ""
