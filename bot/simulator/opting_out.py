"""STOP, START and HELP: what the carrier itself does for long numbers, besides the webhook.

Source: twilio.md section 3 (d:messaging/tutorials/advanced-opt-out): one single word, in any case.
The wording of the carrier's own answers is near to Twilio's, not equal [mem].
"""

from bot.simulator.carrier import Carrier
from bot.simulator.records import Text

STOP = frozenset(["STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL"])
START = frozenset({"START", "UNSTOP"})
HELP = frozenset({"HELP", "INFO"})

STOPPED = "You have successfully been unsubscribed. Reply START to resubscribe."
STARTED = "You have successfully been re-subscribed. Reply STOP to unsubscribe."
HELPED = "Reply STOP to unsubscribe. Msg&Data Rates May Apply."


def mind_keywords(carrier: Carrier, text: Text) -> None:
    """Opt the sender out of or into texts from that number, and answer, as the carrier."""
    pair = (text.to, text.from_)
    word = text.body.strip().upper()
    if word in STOP:
        carrier.opted_out.add(pair)
        _answer(carrier, text, STOPPED)
    elif word in START:
        carrier.opted_out.discard(pair)
        _answer(carrier, text, STARTED)
    elif word in HELP and pair not in carrier.opted_out:
        _answer(carrier, text, HELPED)


def _answer(carrier: Carrier, text: Text, words: str) -> None:
    """A text of the carrier's own: the service neither asked for it nor is told of it."""
    now = carrier.clock.now()
    sid = carrier.sids.new("SM")
    answer = Text(sid, text.to, text.from_, words, "outbound-reply", now, "delivered")
    carrier.texts[sid] = answer
    carrier.note("text_sent", "carrier", carrier.named(text.from_), words, text.sid)
