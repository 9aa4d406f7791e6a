"""The JSON pages of the simulator's own process, under /simulator: its hands and its books."""

from typing import Any, cast

from flask import Blueprint, Flask, Response, current_app, jsonify, request

from bot.simulator.control.asked import Asked
from bot.simulator.control.shapes import call_json, exchange_json, text_json
from bot.simulator.faults.pages import blueprint as faults
from bot.simulator.handsets.kinds import handset_from_json
from bot.simulator.network import Engaged, NotConnected, PhoneNetwork

LONGEST_WAIT_SECONDS = 10.0
# As PhoneNetwork.own takes them.
URLS = ("voice_url", "sms_url", "status_callback", "voice_fallback_url", "sms_fallback_url")

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


@blueprint.errorhandler(Engaged)
def engaged(error: Engaged) -> tuple[Response, int]:
    """They are in a call already."""
    return jsonify({"error": str(error)}), 409


@blueprint.errorhandler(ValueError)
def wrong(error: ValueError) -> tuple[Response, int]:
    """Something makes no sense, or was left out."""
    return jsonify({"error": str(error)}), 400


def _network() -> PhoneNetwork:
    return cast(PhoneNetwork, current_app.extensions["network"])


def _json() -> object:
    data: object = request.get_json(force=True, silent=True)
    return {} if data is None else data


def _asked() -> Asked:
    return Asked(_json())


@blueprint.post("/numbers")
def own_number() -> Response:
    """Give the service a number."""
    return jsonify(add_number(_network(), _json()))


def add_number(network: PhoneNetwork, data: object) -> dict[str, Any]:
    """A number from plain data, as in a scenario file."""
    asked = Asked(data)
    return dict(vars(network.own(asked.words("number"), *(asked.words(url, "") for url in URLS))))


@blueprint.post("/handsets")
def add_handset() -> Response:
    """Connect a handset."""
    handset = handset_from_json(_json())
    _network().add(handset)
    return jsonify({"name": handset.name, "number": handset.number})


@blueprint.put("/handsets/<number>")
def change_handset(number: str) -> Response:
    """Put another handset in its place."""
    handset = handset_from_json(_json(), number)
    _network().add(handset)
    return jsonify({"name": handset.name, "number": handset.number})


@blueprint.post("/handsets/<number>/press")
def press_keys(number: str) -> Response:
    """Press keys in the call it is in."""
    _network().press(number, _asked().words("digits"))
    return jsonify({})


@blueprint.post("/handsets/<number>/speak")
def speak(number: str) -> Response:
    """Say something in the call it is in."""
    _network().speak(number, _asked().words("words"))
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
    _network().detect(number, _asked().words("answered_by"))
    return jsonify({})


@blueprint.post("/handsets/<number>/hang-up")
def hang_up(number: str) -> Response:
    """Put the phone down."""
    _network().hang_up(number)
    return jsonify({})


@blueprint.get("/handsets/<number>/voicemails")
def list_voicemails(number: str) -> Response:
    """What its voicemail kept."""
    network = _network()
    with network.carrier.lock:
        kept = list(network.voicemails(number))
    return jsonify(
        [{"at": k.at.isoformat(), "call_sid": k.call_sid, "words": k.words} for k in kept]
    )


@blueprint.post("/texts")
def send_text() -> Response:
    """A handset texts the service."""
    asked = _asked()
    sender, to, body = (asked.words(name) for name in ("from", "to", "body"))
    sent = _network().text(sender, to, body, **asked.all_words("extra"))
    return jsonify(vars(sent))


@blueprint.post("/texts/soon")
def send_text_soon() -> Response:
    """A handset texts the service, and nobody waits for what comes of it."""
    asked = _asked()
    sender, to, body = (asked.words(name) for name in ("from", "to", "body"))
    return jsonify({"message_sid": _network().text_soon(sender, to, body)})


@blueprint.get("/texts")
def list_texts() -> Response:
    """Every text."""
    network = _network()
    with network.carrier.lock:
        return jsonify([text_json(text) for text in network.texts])


@blueprint.post("/calls")
def dial() -> Response:
    """A handset rings the service."""
    asked = _asked()
    withheld = asked.truth_or_words("withheld", False)
    return jsonify({"sid": _network().dial(asked.words("from"), asked.words("to"), withheld)})


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
    told = _network().happenings_after(after, wait)
    return jsonify([happening.to_json() for happening in told])


@blueprint.get("/webhooks")
def list_webhooks() -> Response:
    """Every webhook with its answer, in order."""
    return jsonify([exchange_json(each) for each in list(_network().webhooks)])


@blueprint.get("/events")
def list_events() -> Response:
    """The carrier's errors and warnings."""
    events = [event._asdict() | {"at": event.at.isoformat()} for event in list(_network().events)]
    return jsonify(events)


@blueprint.get("/busy")
def tell_whether_busy() -> Response:
    """How many calls are up by now, how many of them answered, and is a webhook on its way?"""
    carrier = _network().carrier
    with carrier.lock:
        up = [leg.call for leg in carrier.legs.values()]
        answered = sum(call.answered_at is not None for call in up)
        webhooks = not carrier.courier.idle
    return jsonify({"calls": len(up), "answered": answered, "webhooks": webhooks})


@blueprint.put("/settings")
def change_settings() -> Response:
    """Let the service's voice be faster or slower from now on."""
    rate = _asked().number("characters_per_second")
    if not rate:
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
    _network().advance(_asked().number("seconds"))
    return read_clock()
