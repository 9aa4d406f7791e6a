"""Calls, texts and webhooks as plain data, for the control pages."""

from typing import Any

from bot.simulator.records import Call, Exchange, Text


def call_json(call: Call) -> dict[str, Any]:
    """A call with what was heard and pressed at its far end."""
    moments = {
        name: moment.isoformat() if moment else None
        for name, moment in vars(call).items()
        if name.endswith("_at")
    }
    return moments | {
        "sid": call.sid,
        "parent_sid": call.parent_sid,
        "from": call.from_,
        "to": call.to,
        "direction": call.direction,
        "url": call.url,
        "status": call.status,
        "answered_by": call.answered_by,
        "seconds": call.seconds,
        "heard": [[h.at.isoformat(), h.who, h.words] for h in call.heard],
        "pressed": [[p.at.isoformat(), p.key] for p in call.pressed],
        "spoken": [[s.at.isoformat(), s.words] for s in call.spoken],
    }


def text_json(text: Text) -> dict[str, Any]:
    """A text with any replies, and how each try to announce it was answered (None: not at all)."""
    return {
        "sid": text.sid,
        "from": text.from_,
        "to": text.to,
        "body": text.body,
        "direction": text.direction,
        "status": text.status,
        "created_at": text.created_at.isoformat(),
        "replies": text.replies,
        "answers": [
            [each.at.isoformat(), each.response.status if each.response else None]
            for each in text.webhooks
        ],
    }


def exchange_json(exchange: Exchange) -> dict[str, Any]:
    """A webhook with its answer."""
    response = exchange.response
    return {
        "at": exchange.at.isoformat(),
        "kind": exchange.kind,
        "sid": exchange.sid,
        "method": exchange.request.method,
        "url": exchange.request.url,
        "params": [list(pair) for pair in exchange.request.params],
        "headers": dict(exchange.request.headers),
        "status": response.status if response else None,
        "body": response.text if response else "",
        "failure": exchange.failure,
    }
