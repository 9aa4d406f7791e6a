"""The Calls resource: create, fetch, update, list (twilio.md section 6)."""

from typing import Any, cast

from flask import Blueprint, Response, current_app, jsonify, request

from bot.simulator import parameters
from bot.simulator.calling import LONGEST_CALL_SECONDS, place_call, redirect_call
from bot.simulator.carrier import Carrier
from bot.simulator.leg import Leg
from bot.simulator.notices import Notices
from bot.simulator.records import Call
from bot.simulator.rest import errors
from bot.simulator.rest.call_form import NOT_HEEDED, Form, check_numbers, plan_of, start_of
from bot.simulator.rest.errors import Refused
from bot.simulator.rest.paging import in_time, page

blueprint = Blueprint("calls", __name__)


def the_carrier() -> Carrier:
    """The network that this app speaks for."""
    return cast(Carrier, current_app.extensions["carrier"])


@blueprint.post("/Calls.json")
def create_call() -> tuple[Response, int]:
    """Queue a call."""
    carrier, form = the_carrier(), request.form
    with carrier.lock:
        check_numbers(carrier, form)
        plan = plan_of(form)
        now = carrier.clock.now()
        call = Call(carrier.sids.new("CA"), form["From"], form["To"], "outbound-api", now)
        for name in sorted(form.keys() & NOT_HEEDED):
            carrier.warn(0, f"the simulator does not heed {name} of a call", call.sid)
        place_call(carrier, call, plan)
        return jsonify(to_json(carrier, call)), 201


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
        if "Status" in form:
            _end(leg, form["Status"])
        else:
            _send_elsewhere(leg, form)
        call.updated_at = carrier.clock.now()
        return jsonify(to_json(carrier, call))


@blueprint.get("/Calls.json")
def list_calls() -> Response:
    """Calls by their filters, newest first."""
    carrier = the_carrier()
    with carrier.lock:
        now = carrier.clock.now()
        lag = carrier.settings.list_lag_seconds
        found = [
            call
            for call in reversed(carrier.calls.values())
            if (now - call.created_at).total_seconds() >= lag and _wanted(call, request.args)
        ]
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
        raise Refused(errors.NOT_FOUND) from None


def _end(leg: Leg, status: str) -> None:
    """`canceled` only before the answer, `completed` at any time [oai]. Canceled while still
    queued: no callback at all (d:voice/twiml)."""
    if status not in ("canceled", "completed") or (
        status == "canceled" and leg.call.status == "in-progress"
    ):
        raise Refused(errors.NOT_LIVE)
    if leg.call.status == "queued":
        leg.notices = Notices()
    leg.end("completed" if leg.call.answered_at else "canceled")


def _send_elsewhere(leg: Leg, form: Form) -> None:
    if "TimeLimit" in form:
        leg.limit(form.get("TimeLimit", LONGEST_CALL_SECONDS, type=float))
        if not form.get("Url") and not form.get("Twiml"):
            return
    if leg.call.status != "in-progress":
        raise Refused(errors.NOT_LIVE)
    going = start_of(form)
    if form.get("FallbackUrl"):
        leg.fallback = (form["FallbackUrl"], form.get("FallbackMethod", "POST"))
    redirect_call(leg, going)


def _rest_status(call: Call) -> str:
    """The resource knows no `initiated`: that is still queued."""
    return "queued" if call.status == "initiated" else call.status


def to_json(carrier: Carrier, call: Call) -> dict[str, Any]:
    """The resource as the API shows it."""
    base = f"/2010-04-01/Accounts/{carrier.account_sid}"
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
        "uri": f"{base}/Calls/{call.sid}.json",
        "subresource_uris": {},
    }
