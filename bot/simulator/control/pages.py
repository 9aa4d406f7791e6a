"""The JSON pages of the simulator's own process, under /simulator: its hands and its books."""

import math
from collections.abc import Mapping
from typing import Any, cast

from flask import Blueprint, Flask, Response, current_app, jsonify, request

from bot.simulator.control.shapes import call_json, exchange_json, text_json
from bot.simulator.faults.pages import blueprint as faults
from bot.simulator.handsets.kinds import handset_from_json
from bot.simulator.network import NotConnected, PhoneNetwork

LONGEST_WAIT_SECONDS = 10.0

blueprint = Blueprint("control", __name__, url_prefix="/simulator")


def add_control(app: Flask, network: PhoneNetwork) -> None:
    """Put these pages into an app."""
    app.extensions["network"] = network
    app.register_blueprint(blueprint)
    app.register_blueprint(faults)


@blueprint.errorhandler(NotConnected)
def not_connected(error: NotConnected) -> tuple[Response, int]:
    """Nobody has that number, or they are not in a call."""
    return jsonify({"error": str(error)}), 404


@blueprint.errorhandler(KeyError)
def missing(error: KeyError) -> tuple[Response, int]:
    """Something was left out."""
    return jsonify({"error": f"missing: {error}"}), 400


@blueprint.errorhandler(ValueError)
def wrong(error: ValueError) -> tuple[Response, int]:
    """Something makes no sense."""
    return jsonify({"error": str(error)}), 400


def _network() -> PhoneNetwork:
    return cast(PhoneNetwork, current_app.extensions["network"])


def _body() -> dict[str, Any]:
    return dict(request.get_json(force=True, silent=True) or {})


@blueprint.post("/numbers")
def own_number() -> Response:
    """Give the service a number."""
    own = add_number(_network(), _body())
    return jsonify(own)


def add_number(network: PhoneNetwork, data: Mapping[str, Any]) -> dict[str, Any]:
    """A number from plain data, as in a scenario file."""
    own = network.own(
        data["number"],
        data.get("voice_url", ""),
        data.get("sms_url", ""),
        data.get("status_callback"),
        data.get("voice_fallback_url"),
        data.get("sms_fallback_url"),
    )
    return dict(vars(own))


@blueprint.post("/handsets")
def add_handset() -> Response:
    """Connect a handset."""
    handset = handset_from_json(_body())
    _network().add(handset)
    return jsonify({"name": handset.name, "number": handset.number})


@blueprint.put("/handsets/<number>")
def change_handset(number: str) -> Response:
    """Put another handset in its place."""
    handset = handset_from_json(_body() | {"number": number})
    _network().add(handset)
    return jsonify({"name": handset.name, "number": handset.number})


@blueprint.post("/handsets/<number>/press")
def press_keys(number: str) -> Response:
    """Press keys in the call it is in."""
    _network().press(number, str(_body()["digits"]))
    return jsonify({})


@blueprint.post("/handsets/<number>/speak")
def speak(number: str) -> Response:
    """Say something in the call it is in."""
    _network().speak(number, str(_body()["words"]))
    return jsonify({})


@blueprint.post("/handsets/<number>/answer")
def answer_call(number: str) -> Response:
    """Pick up the ringing telephone."""
    _network().answer(number)
    return jsonify({})


@blueprint.post("/handsets/<number>/decline")
def decline_call(number: str) -> Response:
    """Turn the call down."""
    _network().decline(number)
    return jsonify({})


@blueprint.post("/handsets/<number>/divert")
def divert_call(number: str) -> Response:
    """Let the voicemail answer."""
    _network().divert(number)
    return jsonify({})


@blueprint.post("/handsets/<number>/detect")
def detect(number: str) -> Response:
    """Machine detection makes up its mind."""
    _network().detect(number, str(_body()["answered_by"]))
    return jsonify({})


@blueprint.post("/handsets/<number>/hang-up")
def hang_up(number: str) -> Response:
    """Put the phone down."""
    _network().hang_up(number)
    return jsonify({})


@blueprint.get("/handsets/<number>/voicemails")
def list_voicemails(number: str) -> Response:
    """What its voicemail kept."""
    kept = _network().voicemails(number)
    return jsonify(
        [{"at": k.at.isoformat(), "call_sid": k.call_sid, "words": k.words} for k in kept]
    )


@blueprint.post("/texts")
def send_text() -> Response:
    """A handset texts the service."""
    body = _body()
    sent = _network().text(body["from"], body["to"], body["body"], **body.get("extra", {}))
    return jsonify(vars(sent))


@blueprint.get("/texts")
def list_texts() -> Response:
    """Every text."""
    return jsonify([text_json(text) for text in _network().texts])


@blueprint.post("/calls")
def dial() -> Response:
    """A handset rings the service."""
    body = _body()
    return jsonify({"sid": _network().dial(body["from"], body["to"], body.get("withheld", False))})


@blueprint.get("/calls")
def list_calls() -> Response:
    """Every call."""
    network = _network()
    with network.carrier.lock:
        return jsonify([call_json(call) for call in network.calls.values()])


@blueprint.get("/calls/<sid>")
def show_call(sid: str) -> Response:
    """One call with its webhooks."""
    network = _network()
    with network.carrier.lock:
        if sid not in network.calls:
            raise NotConnected(f"no call {sid}")
        call = network.calls[sid]
        return jsonify(
            call_json(call) | {"webhooks": [exchange_json(each) for each in call.webhooks]}
        )


@blueprint.get("/happenings")
def list_happenings() -> Response:
    """What happened after a number; waits a little when there is nothing yet."""
    after = request.args.get("after", 0, type=int)
    wait = min(request.args.get("wait", 0.0, type=float), LONGEST_WAIT_SECONDS)
    journal = _network().carrier.journal
    return jsonify([happening.to_json() for happening in journal.after(after, wait)])


@blueprint.get("/webhooks")
def list_webhooks() -> Response:
    """Every webhook with its answer, in order."""
    return jsonify([exchange_json(each) for each in list(_network().webhooks)])


@blueprint.get("/events")
def list_events() -> Response:
    """The carrier's errors and warnings."""
    events = [event._asdict() | {"at": event.at.isoformat()} for event in list(_network().events)]
    return jsonify(events)


@blueprint.put("/settings")
def change_settings() -> Response:
    """Let the service's voice be faster or slower from now on."""
    rate = float(_body()["characters_per_second"])
    if not 0 < rate < math.inf:
        raise ValueError("characters_per_second must be more than nothing")
    _network().settings.characters_per_second = rate
    return jsonify({"characters_per_second": rate})


@blueprint.get("/clock")
def read_clock() -> Response:
    """What time it is."""
    return jsonify({"now": _network().clock.now().isoformat()})


@blueprint.post("/clock")
def move_clock() -> Response:
    """Let time pass at once."""
    _network().advance(float(_body()["seconds"]))
    return read_clock()
