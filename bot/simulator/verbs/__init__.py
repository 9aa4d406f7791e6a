"""The verbs of voice TwiML, one file each. A new verb is a new file and a line here."""

from collections.abc import Mapping

from bot.simulator.calls.player import PlayVerb
from bot.simulator.verbs.dial import dial
from bot.simulator.verbs.gather import gather
from bot.simulator.verbs.leaving import hangup, redirect, reject
from bot.simulator.verbs.record import record
from bot.simulator.verbs.speaking import pause, play, say

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
