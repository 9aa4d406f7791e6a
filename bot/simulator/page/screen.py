"""What the phone page shows, as plain data: every telephone with its call, and the webhooks."""

from dataclasses import dataclass
from typing import Any

from bot.simulator.control.shapes import exchange_json
from bot.simulator.handsets.base import Handset
from bot.simulator.handsets.held import Held
from bot.simulator.handsets.machine import Machine
from bot.simulator.network import PhoneNetwork
from bot.simulator.page.found import Found
from bot.simulator.page.lines import lines_of
from bot.simulator.page.pretty import pretty
from bot.simulator.records import Call, Exchange, Text

Json = dict[str, Any]
LATEST = 50  # texts and voicemails of a telephone


@dataclass(frozen=True)
class Seen:
    """How far a page has got: so many happenings, webhooks and events."""

    happenings: int = 0
    webhooks: int = 0
    events: int = 0


def screen(network: PhoneNetwork, seen: Seen) -> Json:
    """The telephones as they are, and the webhooks and events that are new."""
    last = network.carrier.journal.last  # read first: it may tell of less than is seen, not of more
    with network.carrier.lock:
        found = Found.of(network.carrier)
        webhooks, last_webhook = network.carrier.webhooks.after(seen.webhooks)
        events, last_event = network.carrier.events.after(seen.events)
        sids = {each.sid for each in webhooks} | {each.sid for each in events}
        return {
            "seen": {"happenings": last, "webhooks": last_webhook, "events": last_event},
            "now": network.clock.now().isoformat(),
            "numbers": list(network.carrier.numbers),
            "handsets": [
                _handset(network, handset, found) for handset in network.carrier.handsets.values()
            ],
            "conversations": _conversations(network, sids),
            "webhooks": [_webhook(each) for each in webhooks],
            "events": [event._asdict() | {"at": event.at.isoformat()} for event in events],
        }


def _handset(network: PhoneNetwork, handset: Handset, found: Found) -> Json:
    number = handset.number
    call = _shown(found.calls[number])
    return {
        "name": handset.name,
        "number": number,
        "held": isinstance(handset, Held),
        "has_voicemail": handset.voicemail() is not None,
        "notes": [list(note) for note in handset.notes.items()],
        "call": call and _call(network, call, found.other_end(call)),
        "texts": [_text(text, number) for text in found.texts[number][-LATEST:]],
        "voicemails": [
            {"at": kept.at.isoformat(), "sid": kept.call_sid, "words": kept.words}
            for kept in network.voicemails(number)[-LATEST:]
        ],
    }


def _shown(calls: list[Call]) -> Call | None:
    """The call that its owner is in, else the one that rings, else the last one."""
    live = [call for call in calls if not call.over]
    answered = [call for call in live if call.answered_at]
    return next(iter(answered or live or calls[-1:]), None)


def _call(network: PhoneNetwork, call: Call, other: Call | None) -> Json:
    return {
        "sid": call.sid,
        "phase": _phase(network, call),
        "incoming": call.direction != "inbound",  # to this telephone
        "other": call.to if call.direction == "inbound" else call.from_,
        "status": call.status,
        "answered_at": call.answered_at and call.answered_at.isoformat(),
        "seconds": call.seconds,
        "through_to": other and _name(network, other),
        "lines": lines_of(call),
    }


def _phase(network: PhoneNetwork, call: Call) -> str:
    """What its owner sees: `waiting` is a call that has not reached the telephone yet."""
    if call.over:
        return "over"
    if call.answered_at:
        leg = network.carrier.legs.get(call.sid)
        return "voicemail" if leg and isinstance(leg.handset, Machine) else "talking"
    if call.direction == "inbound":
        return "calling"
    return "ringing" if call.status == "ringing" else "waiting"


def _name(network: PhoneNetwork, call: Call) -> str:
    return network.carrier.named(call.handset_number)


def _text(text: Text, number: str) -> Json:
    mine = text.from_ == number
    return {
        "sid": text.sid,
        "at": text.created_at.isoformat(),
        "mine": mine,
        "body": text.words,
        "forgotten": text.words != text.body,
        "outcome": _outcome(text) if mine else "",
    }


def _outcome(text: Text) -> str:
    """What came of a text to the service."""
    if not text.webhooks:
        return "sent"
    response = text.webhooks[-1].response
    if response is None or response.status >= 400:
        return "failed"
    return "replied" if text.replies else "no reply"


def _webhook(exchange: Exchange) -> Json:
    shown = exchange_json(exchange)
    return shown | {"body": pretty(shown["body"])}


def _conversations(network: PhoneNetwork, sids: set[str]) -> list[Json]:
    """The calls and texts that the news are about: what they can be sorted by."""
    calls, texts = network.carrier.calls, network.carrier.texts
    found = [
        (call.created_at, sid, _name(network, call), _direction(call))
        for sid in sids
        if (call := calls.get(sid))
    ] + [
        (text.created_at, sid, network.carrier.named(text.from_), "texts")
        for sid in sids
        if (text := texts.get(sid))
    ]
    return [
        {"sid": sid, "name": name, "what": what, "at": at.isoformat()}
        for at, sid, name, what in sorted(found)
    ]


def _direction(call: Call) -> str:
    return "rings" if call.direction == "inbound" else "is rung"
