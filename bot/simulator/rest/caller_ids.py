"""The OutgoingCallerIds resource: verified numbers that calls may show, read only."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, jsonify, request

from bot.simulator.carrier import Carrier
from bot.simulator.rest.errors import not_found
from bot.simulator.rest.paging import page
from bot.simulator.rest.place import base_uri, the_carrier
from bot.simulator.webhooks.parameters import rfc2822

blueprint = Blueprint("caller_ids", __name__)


@dataclass(frozen=True)
class CallerId:
    """A verified number."""

    sid: str
    number: str


@blueprint.get("/OutgoingCallerIds.json")
def list_caller_ids() -> Response:
    """All of them, or the one with that number."""
    carrier, args = the_carrier(), request.args
    with carrier.lock:
        found = [
            CallerId(sid, number)
            for number, sid in carrier.caller_ids.items()
            if args.get("PhoneNumber", number) == number
            and args.get("FriendlyName", number) == number
        ]
        shown = page(request.path, "outgoing_caller_ids", found, args, lambda c: _json(carrier, c))
        return jsonify(shown)


@blueprint.get("/OutgoingCallerIds/<sid>.json")
def fetch_caller_id(sid: str) -> Response:
    """One of them."""
    carrier = the_carrier()
    with carrier.lock:
        for number, known in carrier.caller_ids.items():
            if known == sid:
                return jsonify(_json(carrier, CallerId(sid, number)))
    raise not_found()


def _json(carrier: Carrier, caller_id: CallerId) -> dict[str, Any]:
    return {
        "sid": caller_id.sid,
        "account_sid": carrier.account_sid,
        "friendly_name": caller_id.number,
        "phone_number": caller_id.number,
        "date_created": rfc2822(carrier.opened_at),
        "date_updated": rfc2822(carrier.opened_at),
        "uri": f"{base_uri(carrier)}/OutgoingCallerIds/{caller_id.sid}.json",
    }
