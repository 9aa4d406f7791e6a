"""The Accounts resource, as far as one asks for one's own: is it active?"""

from flask import Blueprint, Response, jsonify

from bot.simulator.rest.place import base_uri, the_carrier
from bot.simulator.webhooks.parameters import rfc2822

PARTS = ("calls", "conferences", "incoming_phone_numbers", "messages", "outgoing_caller_ids")

blueprint = Blueprint("accounts", __name__)


@blueprint.get("/<account>.json")
def fetch_account() -> Response:
    """The account itself."""
    carrier = the_carrier()
    uri = base_uri(carrier)
    return jsonify(
        {
            "sid": carrier.account_sid,
            "owner_account_sid": carrier.account_sid,
            "friendly_name": "The simulator's account",
            "status": "active",
            "type": "Full",
            "auth_token": carrier.auth_token,
            "date_created": rfc2822(carrier.opened_at),
            "date_updated": rfc2822(carrier.opened_at),
            "uri": f"{uri}.json",
            "subresource_uris": {
                part: f"{uri}/{part.title().replace('_', '')}.json" for part in PARTS
            },
        }
    )
