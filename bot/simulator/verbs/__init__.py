"""The verbs of voice TwiML, one file each. A new verb is a new file and a line here."""

from collections.abc import Callable, Mapping

from bot.simulator.calls.leg import Leg
from bot.simulator.calls.player import Next
from bot.simulator.calls.process import Steps
from bot.simulator.twiml.reading import Document, Verb
from bot.simulator.verbs.dial import dial
from bot.simulator.verbs.gather import gather
from bot.simulator.verbs.leaving import hangup, redirect, reject
from bot.simulator.verbs.record import record
from bot.simulator.verbs.speaking import pause, play, say

PlayVerb = Callable[[Leg, Document, Verb], Steps[Next]]

VERBS: Mapping[str, PlayVerb] = {
    "Say": say,
    "Play": play,
    "Pause": pause,
    "Gather": gather,
    "Record": record,
    "Redirect": redirect,
    "Hangup": hangup,
    "Reject": reject,
    "Dial": dial,
}
