"""`ringback play`: one flow alone in the terminal, on a phone network of its own.

What is typed happens to a telephone; what comes of it went through the real signed webhooks. The
modules below load the simulator: whoever may run in production imports them only when asked to.
"""

from collections.abc import Callable
from typing import Any

CreateApp = Callable[..., Any]  # the door's factory: given `runtime=`, the WSGI app

ALICE = "+447700900123"
WITHHELD = "withheld"

# What somebody who plays can begin: the event, and the line.
PLAYED = {
    ("text_received", "customers"),
    ("call_received", "customers"),
    ("call_received", "officers"),
    ("call_answered", "callback"),
}
