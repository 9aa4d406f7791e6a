"""The Calls resource: create, fetch, update, list (twilio.md section 6)."""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from bot.simulator.calls.calling import place_call, redirect_call
from bot.simulator.calls.leg import Leg
from bot.simulator.calls.notices import Notices
from bot.simulator.carrier import Carrier
from bot.simulator.records import Call
from bot.simulator.rest import checks, errors
from bot.simulator.rest.call_form import (
    NOT_HEEDED,
    callback_of,
    check_numbers,
    fallback_of,
    plan_of,
    start_of,
)
from bot.simulator.rest.checks import Form
from bot.simulator.rest.errors import Refused, not_found
from bot.simulator.rest.paging import in_time, listed, page
from bot.simulator.rest.place import base_uri, the_carrier
from bot.simulator.webhooks import parameters

SUBRESOURCES = ("events", "notifications", "payments", "recordings", "siprec", "streams")

blueprint = Blueprint("calls", __name__)


@blueprint.post("/Calls.json")
def create_call() -> tuple[Response, int]:
    """Queue a call."""
    carrier, form = the_carrier(), request.form
    with carrier.lock:
        check_numbers(carrier, form)
        plan = plan_of(carrier, form)
        now = carrier.clock.now()
        call = Call(carrier.sids.new("CA"), form["From"], form["To"], "outbound-api", now)
        if checks.truth(form, "Record"):
            call.recording_sid = carrier.sids.new("RE")
        _say_what_is_not_heeded(carrier, form, call)
        place_call(carrier, call, plan)
        return jsonify(to_json(carrier, call)), 201


def _say_what_is_not_heeded(carrier: Carrier, form: Form, call: Call) -> None:
    for name in sorted(form.keys() & NOT_HEEDED):
        carrier.warn(0, f"the simulator does not heed {name} of a call", call.sid)
    if call.to in carrier.numbers:
        carrier.warn(0, "the simulator does not ring a number of the service's own", call.sid)


@blueprint.get("/Calls/<sid>.json")
def fetch_call(sid: str) -> Response:
    """One call."""
    carrier = the_carrier()
    with carrier.lock:
        return jsonify(to_json(carrier, _known(carrier, sid)))


@blueprint.post("/Calls/<sid>.json")
def update_call(sid: str) -> Response:
    """End a call, or send a live one elsewhere."""
    carrier, form = the_carrier(), request.form
    with carrier.lock:
        call = _known(carrier, sid)
        leg = carrier.legs.get(sid)
        if leg is None:
            raise Refused(errors.NOT_LIVE)
        _change(carrier, leg, form)
        call.updated_at = carrier.clock.now()
        return jsonify(to_json(carrier, call))


def _change(carrier: Carrier, leg: Leg, form: Form) -> None:
    """Where it goes or that it ends; how long it may last; where its notices go."""
    if status := form.get("Status"):
        _end(leg, status)
        return
    if form.get("Url") or form.get("Twiml"):
        if leg.call.status != "in-progress":
            raise Refused(errors.NOT_LIVE)
        going, fallback = start_of(carrier, form), fallback_of(form)
        leg.fallback = fallback if fallback[0] else leg.fallback
        redirect_call(leg, going)
    if form.get("TimeLimit"):
        most = checks.time_limit(form)
        up_since = leg.call.answered_at or carrier.clock.now()
        leg.limit(most - (carrier.clock.now() - up_since).total_seconds())
    if form.get("StatusCallback"):
        leg.notices.url, leg.notices.method = callback_of(form)


@blueprint.delete("/Calls/<sid>.json")
def delete_call(sid: str) -> tuple[str, int]:
    """Forget a call that is over (d:api/errors/20009)."""
    carrier = the_carrier()
    with carrier.lock:
        if not _known(carrier, sid).over:
            raise Refused(errors.UNFINISHED)
        del carrier.calls[sid]
    return "", 204


@blueprint.get("/Calls.json")
def list_calls() -> Response:
    """Calls by their filters, newest first."""
    carrier = the_carrier()
    with carrier.lock:
        found = [call for call in listed(carrier, carrier.calls) if _wanted(call, request.args)]
        shown = page(request.path, "calls", found, request.args, lambda c: to_json(carrier, c))
        return jsonify(shown)


def _wanted(call: Call, args: Form) -> bool:
    same = {
        "To": call.to,
        "From": call.from_,
        "Status": _rest_status(call),
        "ParentCallSid": call.parent_sid,
    }
    return (
        all(args.get(name, value) == value for name, value in same.items())
        and in_time(args, "StartTime", call.started_at)
        and in_time(args, "EndTime", call.ended_at)
    )


def _known(carrier: Carrier, sid: str) -> Call:
    try:
        return carrier.calls[sid]
    except KeyError:
        raise not_found() from None


def _end(leg: Leg, status: str) -> None:
    """`canceled` only before the answer, `completed` at any time [oai]. Canceled while still
    queued: no callback at all (d:voice/twiml)."""
    if status not in ("canceled", "completed"):
        raise Refused(errors.BAD_PARAMETER, f"Status {status!r} is none of canceled, completed")
    if status == "canceled" and leg.call.status == "in-progress":
        raise Refused(errors.NOT_LIVE, "Call is in-progress. Cannot cancel.")
    if leg.call.status == "queued":
        leg.notices = Notices()
    leg.end("completed" if leg.call.answered_at else "canceled")


def _rest_status(call: Call) -> str:
    """The resource knows no `initiated`: that is still queued."""
    return "queued" if call.status == "initiated" else call.status


def to_json(carrier: Carrier, call: Call) -> dict[str, Any]:
    """The resource as the API shows it."""
    uri = f"{base_uri(carrier)}/Calls/{call.sid}"
    numbers = carrier.numbers
    own = numbers.get(call.to) or numbers.get(call.from_)
    return {
        "sid": call.sid,
        "account_sid": carrier.account_sid,
        "parent_call_sid": call.parent_sid,
        "to": call.to,
        "to_formatted": call.to,
        "from": call.from_,
        "from_formatted": call.from_,
        "phone_number_sid": own.sid if own else "",
        "status": _rest_status(call),
        "direction": call.direction,
        "date_created": parameters.rfc2822(call.created_at),
        "date_updated": parameters.rfc2822(call.updated_at or call.ended_at or call.created_at),
        "start_time": parameters.rfc2822(call.started_at) if call.started_at else None,
        "end_time": parameters.rfc2822(call.ended_at) if call.ended_at else None,
        "duration": str(call.seconds) if call.over else None,
        "price": None,
        "price_unit": "USD",
        "answered_by": call.answered_by,
        "annotation": None,
        "api_version": parameters.API_VERSION,
        "forwarded_from": None,
        "group_sid": None,
        "caller_name": None,
        "queue_time": str(round(call.queue_seconds * 1000)),
        "trunk_sid": None,
        "stir_verstat": None,
        "uri": f"{uri}.json",
        "subresource_uris": {name: f"{uri}/{name.title()}.json" for name in SUBRESOURCES},
    }
