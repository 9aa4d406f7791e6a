"""The Conferences resource: fetch, list, end, announce (d:voice/api/conference-resource)."""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from bot.simulator.calls.player import GoTo
from bot.simulator.carrier import Carrier
from bot.simulator.conferences.announcements import announce
from bot.simulator.conferences.rooms import Conference
from bot.simulator.rest import checks, errors
from bot.simulator.rest.checks import Form
from bot.simulator.rest.errors import Refused
from bot.simulator.rest.paging import in_time, listed, page
from bot.simulator.rest.place import base_uri, the_carrier
from bot.simulator.webhooks import parameters

blueprint = Blueprint("conferences", __name__)


@blueprint.get("/Conferences/<sid>.json")
def fetch_conference(sid: str) -> Response:
    """One conference, also when it is over."""
    carrier = the_carrier()
    with carrier.lock:
        return jsonify(to_json(carrier, known(carrier, sid)))


@blueprint.get("/Conferences.json")
def list_conferences() -> Response:
    """Conferences by their filters, newest first."""
    carrier = the_carrier()
    with carrier.lock:
        found = [
            conference
            for conference in listed(carrier, carrier.conferences)
            if _wanted(conference, request.args)
        ]
        shown = page(
            request.path, "conferences", found, request.args, lambda c: to_json(carrier, c)
        )
        return jsonify(shown)


def _wanted(conference: Conference, args: Form) -> bool:
    same = {"Status": conference.status, "FriendlyName": conference.name}
    return (
        all(args.get(name, value) == value for name, value in same.items())
        and in_time(args, "DateCreated", conference.created_at)
        and in_time(args, "DateUpdated", conference.updated_at)
    )


@blueprint.post("/Conferences/<sid>.json")
def update_conference(sid: str) -> Response:
    """End it, or play something to everybody in it."""
    carrier, form = the_carrier(), request.form
    with carrier.lock:
        conference = active(carrier, sid)
        if "Status" in form:
            if form["Status"] != "completed":
                raise Refused(errors.BAD_PARAMETER)
            conference.end("conference-ended-via-api")
        elif going := announcement(form):
            announce(conference, going)
        return jsonify(to_json(carrier, conference))


def announcement(form: Form) -> GoTo | None:
    """What is to be announced, if anything."""
    url = checks.url(form, "AnnounceUrl")
    return GoTo(url, checks.method(form, "AnnounceMethod"), kind="announcement") if url else None


def known(carrier: Carrier, sid: str) -> Conference:
    """The conference with that sid."""
    try:
        return carrier.conferences[sid]
    except KeyError:
        raise Refused(errors.NOT_FOUND) from None


def active(carrier: Carrier, sid: str) -> Conference:
    """The same, if it is not over: nothing can be done to it any more [mem]."""
    conference = known(carrier, sid)
    if conference.status == "completed":
        raise Refused(errors.NOT_FOUND)
    return conference


def to_json(carrier: Carrier, conference: Conference) -> dict[str, Any]:
    """The resource as the API shows it."""
    uri = f"{base_uri(carrier)}/Conferences/{conference.sid}"
    return {
        "sid": conference.sid,
        "account_sid": carrier.account_sid,
        "friendly_name": conference.name,
        "status": conference.status,
        "region": "us1",
        "reason_conference_ended": conference.reason,
        "call_sid_ending_conference": conference.ended_by,
        "date_created": parameters.rfc2822(conference.created_at),
        "date_updated": parameters.rfc2822(conference.updated_at),
        "api_version": parameters.API_VERSION,
        "uri": f"{uri}.json",
        "subresource_uris": {
            "participants": f"{uri}/Participants.json",
            "recordings": f"{uri}/Recordings.json",
        },
    }
