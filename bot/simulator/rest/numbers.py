"""The IncomingPhoneNumbers resource: which numbers are ours, and where they are announced [oai].

Numbers are given by the network, not bought: create and delete are not there.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, jsonify, request

from bot.simulator.carrier import Carrier
from bot.simulator.numbers import OwnNumber
from bot.simulator.rest import checks, errors
from bot.simulator.rest.checks import Form
from bot.simulator.rest.errors import Refused, not_found
from bot.simulator.rest.paging import page
from bot.simulator.rest.place import base_uri, the_carrier
from bot.simulator.webhooks.parameters import API_VERSION, rfc2822

LONGEST_NAME = 64
URLS = {
    "VoiceUrl": "voice_url",
    "VoiceFallbackUrl": "voice_fallback_url",
    "SmsUrl": "sms_url",
    "SmsFallbackUrl": "sms_fallback_url",
    "StatusCallback": "status_callback",
}
METHODS = {
    "VoiceMethod": "voice_method",
    "VoiceFallbackMethod": "voice_fallback_method",
    "SmsMethod": "sms_method",
    "SmsFallbackMethod": "sms_fallback_method",
    "StatusCallbackMethod": "status_callback_method",
}
APPLICATIONS = ("VoiceApplicationSid", "SmsApplicationSid")
NOT_HEEDED = frozenset({"TrunkSid", "VoiceReceiveMode", "VoiceCallerIdLookup", "EmergencyStatus"})

blueprint = Blueprint("incoming_phone_numbers", __name__)


@blueprint.get("/IncomingPhoneNumbers.json")
def list_numbers() -> Response:
    """Ours, by their filters."""
    carrier, args = the_carrier(), request.args
    with carrier.lock:
        found = [own for own in carrier.numbers.values() if _wanted(own, args)]
        shown = page(
            request.path, "incoming_phone_numbers", found, args, lambda own: to_json(carrier, own)
        )
        return jsonify(shown)


@blueprint.get("/IncomingPhoneNumbers/<sid>.json")
def fetch_number(sid: str) -> Response:
    """One of them."""
    carrier = the_carrier()
    with carrier.lock:
        return jsonify(to_json(carrier, _known(carrier, sid)))


@blueprint.post("/IncomingPhoneNumbers/<sid>.json")
def update_number(sid: str) -> Response:
    """Announce its calls and texts elsewhere from now on."""
    carrier, form = the_carrier(), request.form
    with carrier.lock:
        own = _known(carrier, sid)
        changes: Mapping[str, Any] = {**_changes(carrier, form), "updated_at": carrier.clock.now()}
        changed = replace(own, **changes)
        carrier.numbers[own.number] = changed
        return jsonify(to_json(carrier, changed))


def _changes(carrier: Carrier, form: Form) -> dict[str, str]:
    if any(form.get(name) for name in APPLICATIONS):
        carrier.warn(0, "the simulator has no applications: give the URLs themselves")
        raise Refused(errors.BAD_NUMBER_APPLICATION)
    for name in sorted(form.keys() & NOT_HEEDED):
        carrier.warn(0, f"the simulator does not heed {name} of a number")
    changes = {
        field: checks.url(form, name, errors.BAD_NUMBER_URL)
        for name, field in URLS.items()
        if name in form
    }
    for name, field in METHODS.items():
        if name in form:
            changes[field] = checks.method(form, name, errors.BAD_NUMBER_METHOD)
    if "FriendlyName" in form:
        if len(form["FriendlyName"]) > LONGEST_NAME:
            raise Refused(errors.BAD_PARAMETER, "FriendlyName is longer than 64 characters")
        changes["friendly_name"] = form["FriendlyName"]
    return changes


def _wanted(own: OwnNumber, args: Form) -> bool:
    """Part of a number will do, `*` stands for any digit. Ours are neither beta nor hosted."""
    asked = args.get("PhoneNumber", "")
    pattern = "".join(r"\d" if sign == "*" else re.escape(sign) for sign in asked)
    return (
        bool(re.search(pattern, own.number))
        and args.get("FriendlyName", _name(own)) == _name(own)
        and args.get("Origin", "twilio") == "twilio"
    )


def _known(carrier: Carrier, sid: str) -> OwnNumber:
    for own in carrier.numbers.values():
        if own.sid == sid:
            return own
    raise not_found()


def _name(own: OwnNumber) -> str:
    return own.friendly_name or own.number


def to_json(carrier: Carrier, own: OwnNumber) -> dict[str, Any]:
    """The resource as the API shows it."""
    created = own.created_at or carrier.opened_at
    return {
        "sid": own.sid,
        "account_sid": carrier.account_sid,
        "phone_number": own.number,
        "friendly_name": _name(own),
        **{field: getattr(own, field) for field in (*URLS.values(), *METHODS.values())},
        "capabilities": {"voice": True, "sms": True, "mms": False, "fax": False},
        "date_created": rfc2822(created),
        "date_updated": rfc2822(own.updated_at or created),
        "beta": False,
        "origin": "twilio",
        "status": "in-use",
        "type": "local",
        "voice_receive_mode": "voice",
        "voice_caller_id_lookup": False,
        "voice_application_sid": None,
        "sms_application_sid": None,
        "trunk_sid": None,
        "address_requirements": "none",
        "address_sid": None,
        "bundle_sid": None,
        "identity_sid": None,
        "emergency_status": "Inactive",
        "emergency_address_sid": None,
        "emergency_address_status": "unregistered",
        "api_version": API_VERSION,
        "uri": f"{base_uri(carrier)}/IncomingPhoneNumbers/{own.sid}.json",
        "subresource_uris": {},
    }
