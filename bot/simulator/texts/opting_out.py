"""STOP, START and HELP: what the carrier itself does for long numbers, besides the webhook.

Source: twilio.md section 3 (d:messaging/tutorials/advanced-opt-out): one single word, in any case.
The wording of the carrier's own answers is near to Twilio's, not equal [mem].
"""

from bot.simulator.carrier import Carrier
from bot.simulator.records import Text
from bot.simulator.texts.sending import new_text

STOP = frozenset(["STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL"])
START = frozenset({"START", "UNSTOP"})
YES = "YES"  # opts in whoever was out, and is an ordinary word from everybody else [mem]
HELP = frozenset({"HELP", "INFO"})

STOPPED = "You have successfully been unsubscribed. Reply START to resubscribe."
STARTED = "You have successfully been re-subscribed. Reply STOP to unsubscribe."
HELPED = "Reply STOP to unsubscribe. Msg&Data Rates May Apply."


def mind_keywords(carrier: Carrier, text: Text) -> str:
    """Opt the sender out of or into texts from that number, or from all numbers of its service, and
    answer, as the carrier. Returns what Advanced Opt-Out calls it: STOP, START, HELP, or ""."""
    pair = carrier.opting(text.to, text.from_)
    word = text.body.strip().upper()
    out = pair in carrier.opted_out
    if word in STOP:
        carrier.opted_out.add(pair)
        _answer(carrier, text, STOPPED)
        return "STOP"
    if word in START or (word == YES and out):
        carrier.opted_out.discard(pair)
        _answer(carrier, text, STARTED)
        return "START"
    if word in HELP:
        if not out:
            _answer(carrier, text, HELPED)
        return "HELP"
    return ""


def _answer(carrier: Carrier, text: Text, words: str) -> None:
    """A text of the carrier's own: the service neither asked for it nor is told of it."""
    answer = new_text(carrier, text.to, text.from_, words, "outbound-reply", "delivered")
    answer.sent_at = answer.created_at
    carrier.note("text_sent", "carrier", carrier.named(text.from_), words, text.sid)
