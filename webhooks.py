"""The door: every URL that Twilio calls, and the one place where the engine and the flows meet.

A route is a sentence: translate, hand over, answer. The signature is checked for the whole
blueprint before any route runs; what goes wrong is answered in one place, `safely`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import structlog
from flask import Blueprint, Flask, Response, abort, current_app, request
from werkzeug.exceptions import HTTPException

from bot import application_log, start
from bot.commands import run
from bot.engine import Answer, Engine
from bot.errors import BadEvent, OtherCall, StorageRefused, StoreDown, UnknownWord
from bot.events import CarrierEvent
from bot.invariants import no_text_is_answered_by_text
from bot.policy import Policy
from bot.runtime import Flows, Runtime
from bot.settings import Settings
from bot.signals.door import tell_whose, watch
from bot.speaker import Speaker, apology
from bot.spoken import Spoken
from bot.twilio import inbound, twiml
from bot.twilio.signature import SignatureCheck
from bot.twilio.urls import Urls
from flows import FLOWS, OPENS

log = structlog.get_logger()

OUR_FLOWS = Flows(opens=OPENS, all=FLOWS)
MOST_BYTES = 256 * 1024  # of a request: Twilio's own are a few kilobytes

twilio = Blueprint("twilio", __name__)
health = Blueprint("health", __name__)


# Texts


@twilio.post("/text/received")
def text_received() -> Response:
    """A customer texts us: kept, and never answered by text (DMBM511130)."""
    return keep(inbound.text_received(request.form, door().desks, door().token))


@twilio.post("/text/delivery")
def text_delivery() -> Response:
    """News of a text that we sent."""
    event = inbound.text_delivery(request.form, door().desks)
    return keep(event) if event else acknowledge()


# Calls


@twilio.post("/call/received")
def call_received() -> Response:
    """Somebody rings us."""
    return speak(inbound.call_received(request.form, door().desks))


@twilio.post("/call/answered/<desk>/<id>")
def call_answered(desk: str, id: str) -> Response:
    """A call that we placed is picked up."""
    return speak(inbound.call_answered(request.form, known(desk), id))


@twilio.post("/call/digits-pressed/<desk>/<id>/<turn>")
def digits_pressed(desk: str, id: str, turn: str) -> Response:
    """Keys, spoken words, or silence, in answer to the words of a turn."""
    return speak(inbound.digits_pressed(request.form, known(desk), id, turn))


@twilio.post("/call/leg-ended/<desk>/<id>/<turn>")
def leg_ended(desk: str, id: str, turn: str) -> Response:
    """A leg that we added to a call is over."""
    return speak(inbound.leg_ended(request.form, known(desk), id, turn))


@twilio.post("/call/again/<desk>/<id>")
def call_again(desk: str, id: str) -> Response:
    """The target of a live redirect: the current replies, without an event."""
    return answer_with(inbound.call_answered(request.form, known(desk), id), door().engine.again)


@twilio.post("/call/machine-heard/<desk>/<id>")
def machine_heard(desk: str, id: str) -> Response:
    """The verdict of answering-machine detection."""
    return keep(inbound.machine_heard(request.form, known(desk), id))


@twilio.post("/call/status")
@twilio.post("/call/status/<desk>/<id>")
def call_status(desk: str | None = None, id: str | None = None) -> Response:
    """Where a call stands: in any order, and repeated."""
    desk = known(desk) if desk is not None else None
    return keep(inbound.call_status(request.form, desk, id, door().desks))


# Health: asked by the department's own machines, and telling nothing but yes or no


@health.get("/healthz")
def alive() -> Response:
    """The process answers."""
    return Response("alive\n", mimetype="text/plain")


@health.get("/readyz")
def ready() -> Response:
    """Redis and the records answer too."""
    try:
        door().runtime.store.ping()
        door().runtime.tasks.ping()
    except (StoreDown, StorageRefused) as error:
        log.warning("not_ready", error=type(error).__name__)
        return Response("not ready\n", 503, mimetype="text/plain")
    return Response("ready\n", mimetype="text/plain")


# What the routes say


def speak(event: CarrierEvent) -> Response:
    """Hand a voice event to the engine, and say what it answers."""
    return answer_with(event, door().engine.receive)


def answer_with(event: CarrierEvent, ask: Callable[[CarrierEvent], Answer]) -> Response:
    """Words for a live call. If they cannot be found, the apology, a task and a line in the log."""
    answer = ask(event)
    try:
        spoken = door().speaker.speak(answer)
    except Exception as error:  # `StoreDown` too: what was committed is heard by nobody
        log.exception("words_not_found", route=request.endpoint)
        unheard = None if answer.repeated else answer.told
        spoken = door().speaker.speak(door().engine.give_up(event, error, unheard=unheard))
    return xml(spoken)


def keep(event: CarrierEvent) -> Response:
    """Hand a text or a notice to the engine; the answer is empty, always."""
    door().engine.receive(event)
    return acknowledge()


def acknowledge() -> Response:
    """The empty answer: nothing is said and nothing is sent."""
    spoken = Spoken("", "", 0)
    no_text_is_answered_by_text(spoken)
    return xml(spoken)


def xml(spoken: Spoken) -> Response:
    """The answer in Twilio's language."""
    text = twiml.render(spoken, door().urls, door().voices)
    return Response(text, content_type=twiml.CONTENT_TYPE)


def known(desk: str) -> str:
    """The desk of the path, if it is one of ours."""
    if desk not in door().runtime.house.policy.desk:
        raise BadEvent("desk")
    return desk


# What is checked, and what is answered when something goes wrong

SPEAKING = frozenset(
    f"twilio.{route}"
    for route in ("call_received", "call_answered", "digits_pressed", "leg_ended", "call_again")
)


@twilio.before_request
def check_signature() -> None:
    """Only Twilio may speak to these routes: 403, and nothing done, for anybody else."""
    query = request.query_string.decode("ascii", "replace")
    path = request.path + (f"?{query}" if query else "")
    body = b"" if request.form else request.get_data()
    if not door().signature.accepts(path, request.form, request.headers, body):
        log.warning("signature_refused", path=request.path, fields=sorted(request.form))
        abort(403)
    tell_whose(request.form)


@twilio.errorhandler(BadEvent)
@twilio.errorhandler(UnknownWord)
def not_understood(error: BadEvent | UnknownWord) -> Response:
    """A webhook that lacks something: acknowledged, so that it does not come back."""
    log.warning("webhook_not_understood", route=request.endpoint, reason=str(error))
    return xml(apology("", "")) if request.endpoint in SPEAKING else acknowledge()


@twilio.errorhandler(OtherCall)
def of_another_call(error: OtherCall) -> Response:
    """A call that speaks for another one hears the apology, and is over; a notice: nothing."""
    log.warning("webhook_of_another_call", route=request.endpoint, conversation=str(error))
    return xml(apology("", "")) if request.endpoint in SPEAKING else acknowledge()


@twilio.errorhandler(Exception)
def safely(error: Exception) -> Response | HTTPException | tuple[str, int]:
    """A fault of ours: a caller hears the apology; what was to be kept is asked for again."""
    if isinstance(error, HTTPException):
        return error  # a refusal, as it was meant: 403, 413
    log.error("fault", route=request.endpoint, exc_info=error)
    if request.endpoint in SPEAKING:
        return xml(apology("", ""))
    return "", 503


# The app


@dataclass(frozen=True, slots=True)
class Door:
    """What the routes need."""

    runtime: Runtime
    urls: Urls
    signature: SignatureCheck
    voices: dict[str, str]

    @classmethod
    def of(cls, runtime: Runtime) -> "Door":
        """The door of this runtime."""
        settings = runtime.settings
        voices = runtime.house.policy.voice.values()
        return cls(
            runtime=runtime,
            urls=Urls(settings.public_url),
            signature=SignatureCheck(
                settings.public_url,
                settings.twilio_auth_token or "",
                settings.twilio_auth_token_secondary,
            ),
            voices={voice.language: voice.name for voice in voices},
        )

    @property
    def token(self) -> str:
        """The carrier account's."""
        return self.runtime.settings.twilio_auth_token or ""

    @property
    def engine(self) -> Engine:
        """The only loop."""
        return self.runtime.engine

    @property
    def speaker(self) -> Speaker:
        """Finds the words."""
        return self.runtime.speaker

    @property
    def desks(self) -> Policy:
        """Which desk and line a service number belongs to."""
        return self.runtime.house.policy


def door() -> Door:
    """The door of the app that handles this request."""
    found: Door = current_app.extensions["ringback"]
    return found


def create_app(settings: Settings | None = None, runtime: Runtime | None = None) -> Flask:
    """The WSGI app. Granian and gunicorn take `webhooks:create_app` as a factory.

    Raises `ConfigError` (`SettingsRefused`) naming everything that must be mended first.
    """
    application_log.configure("web")
    runtime = runtime or connect(settings or Settings.from_env())
    start.refuse_unready(runtime.settings, runtime.store.ping())
    app = Flask("ringback", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    app.extensions["ringback"] = Door.of(runtime)
    app.register_blueprint(twilio)
    app.register_blueprint(health)
    watch(app, runtime.settings)
    return app


def connect(settings: Settings) -> Runtime:
    """The runtime of these settings, with our flows."""
    settings = start.prepared(settings)
    return Runtime.connect(settings, OUR_FLOWS, start.the_clock(settings))


def main() -> None:
    """The `ringback` command."""
    run(connect, OUR_FLOWS, create_app)


if __name__ == "__main__":
    main()
