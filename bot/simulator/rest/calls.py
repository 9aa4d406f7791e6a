"""The Calls resource: create, fetch, update, list (twilio.md section 6)."""

from typing import Any, cast

from flask import Blueprint, Response, current_app, jsonify, request
from werkzeug.datastructures import MultiDict

from bot.simulator import parameters
from bot.simulator.amd import AmdPlan
from bot.simulator.calling import LONGEST_CALL_SECONDS, LONGEST_RING_SECONDS, Plan, place_call
from bot.simulator.calling import redirect_call as redirect
from bot.simulator.carrier import Carrier
from bot.simulator.handsets.base import AmdMode
from bot.simulator.leg import Leg
from bot.simulator.notices import Notices, asked_events
from bot.simulator.numbers import MAGIC_CALL_FROM, MAGIC_CALL_TO, MAGIC_FROM_GOOD, is_e164
from bot.simulator.player import GoTo
from bot.simulator.records import Call
from bot.simulator.rest import errors
from bot.simulator.rest.errors import Refused
from bot.simulator.rest.paging import in_time, page

MOST_TWIML = 4000
NOT_HEEDED = frozenset({"ApplicationSid", "SendDigits", "Record", "CallToken", "Byoc", "CallerId"})

blueprint = Blueprint("calls", __name__)

Form = MultiDict[str, str]


def the_carrier() -> Carrier:
    """The network that this app speaks for."""
    return cast(Carrier, current_app.extensions["carrier"])


@blueprint.post("/Calls.json")
def create_call() -> tuple[Response, int]:
    """Queue a call."""
    carrier, form = the_carrier(), request.form
    with carrier.lock:
        _check_numbers(carrier, form)
        plan = _plan(form)
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


def _check_numbers(carrier: Carrier, form: Form) -> None:
    """Who may ring whom, the test credentials' magic numbers included."""
    to, from_ = form.get("To", ""), form.get("From", "")
    if not to:
        raise Refused(errors.NO_TO)
    if not from_:
        raise Refused(errors.NO_FROM)
    if magic := MAGIC_CALL_FROM.get(from_):
        raise Refused(magic)
    if from_ not in carrier.numbers and from_ != MAGIC_FROM_GOOD:
        raise Refused(errors.FROM_NOT_OURS if is_e164(from_) else errors.BAD_FROM)
    if magic := MAGIC_CALL_TO.get(to):
        raise Refused(magic)
    if not is_e164(to):
        raise Refused(errors.BAD_TO)


def _plan(form: Form) -> Plan:
    events = asked_events(form.getlist("StatusCallbackEvent"))
    callback_method = form.get("StatusCallbackMethod", "POST")
    return Plan(
        start=_start(form),
        fallback=(form.get("FallbackUrl", ""), form.get("FallbackMethod", "POST")),
        notices=Notices(form.get("StatusCallback", ""), callback_method, events),
        timeout=min(form.get("Timeout", 60.0, type=float), LONGEST_RING_SECONDS),
        time_limit=form.get("TimeLimit", LONGEST_CALL_SECONDS, type=float),
        amd=_amd(form),
    )


def _start(form: Form) -> GoTo:
    """Url, which beats Twiml."""
    url, twiml = form.get("Url", ""), form.get("Twiml")
    if url:
        if not url.startswith(("http://", "https://")):
            raise Refused(errors.NO_URL)
        return GoTo(url, form.get("Method", "POST"))
    if not twiml:
        raise Refused(errors.NO_URL)
    if len(twiml) > MOST_TWIML:
        raise Refused(errors.TWIML_TOO_LONG)
    return GoTo("", twiml=twiml)


def _amd(form: Form) -> AmdPlan | None:
    """Machine detection, unless SendDigits switches it off (twilio.md section 2)."""
    mode = form.get("MachineDetection", "")
    if mode not in ("Enable", "DetectMessageEnd") or form.get("SendDigits"):
        return None
    return AmdPlan(
        mode=cast(AmdMode, mode),
        timeout=form.get("MachineDetectionTimeout", 30.0, type=float),
        asynchronous=form.get("AsyncAmd", "").lower() == "true",
        url=form.get("AsyncAmdStatusCallback", ""),
        method=form.get("AsyncAmdStatusCallbackMethod", "POST"),
    )


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
    going = _start(form)
    if form.get("FallbackUrl"):
        leg.fallback = (form["FallbackUrl"], form.get("FallbackMethod", "POST"))
    redirect(leg, going)


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
