"""The Messages resource, as far as a service that never replies by text needs it."""

from typing import Any

from flask import Blueprint, Response, jsonify, request
from werkzeug.datastructures import MultiDict

from bot.simulator import parameters
from bot.simulator.carrier import Carrier
from bot.simulator.numbers import MAGIC_FROM_GOOD, MAGIC_TEXT_FROM, MAGIC_TEXT_TO, is_e164
from bot.simulator.records import Text
from bot.simulator.rest import errors
from bot.simulator.rest.calls import the_carrier
from bot.simulator.rest.errors import Refused
from bot.simulator.rest.paging import in_time, page
from bot.simulator.texting import send_text

MOST_CHARACTERS = 1600

blueprint = Blueprint("messages", __name__)


@blueprint.post("/Messages.json")
def create_message() -> tuple[Response, int]:
    """Send a text."""
    carrier, form = the_carrier(), request.form
    with carrier.lock:
        _check(carrier, form)
        text = Text(
            carrier.sids.new("SM"),
            form["From"],
            form["To"],
            form["Body"],
            "outbound-api",
            carrier.clock.now(),
            "queued",
        )
        send_text(carrier, text, form.get("StatusCallback", ""))
        return jsonify(to_json(carrier, text)), 201


@blueprint.get("/Messages/<sid>.json")
def fetch_message(sid: str) -> Response:
    """One text."""
    carrier = the_carrier()
    with carrier.lock:
        return jsonify(to_json(carrier, _known(carrier, sid)))


@blueprint.post("/Messages/<sid>.json")
def redact_message(sid: str) -> Response:
    """An empty Body takes the words out of the carrier's books."""
    carrier = the_carrier()
    with carrier.lock:
        text = _known(carrier, sid)
        if request.form.get("Body") == "":
            text.body = ""
        return jsonify(to_json(carrier, text))


@blueprint.delete("/Messages/<sid>.json")
def delete_message(sid: str) -> tuple[str, int]:
    """Forget a text."""
    carrier = the_carrier()
    with carrier.lock:
        del carrier.texts[_known(carrier, sid).sid]
    return "", 204


@blueprint.get("/Messages.json")
def list_messages() -> Response:
    """Texts, received ones too, newest first."""
    carrier, args = the_carrier(), request.args
    with carrier.lock:
        found = [
            text
            for text in reversed(carrier.texts.values())
            if args.get("To", text.to) == text.to
            and args.get("From", text.from_) == text.from_
            and in_time(args, "DateSent", text.created_at)
        ]
        shown = page(request.path, "messages", found, args, lambda t: to_json(carrier, t))
        return jsonify(shown)


def _known(carrier: Carrier, sid: str) -> Text:
    try:
        return carrier.texts[sid]
    except KeyError:
        raise Refused(errors.NOT_FOUND) from None


def _check(carrier: Carrier, form: MultiDict[str, str]) -> None:
    to, from_, body = form.get("To", ""), form.get("From", ""), form.get("Body", "")
    if magic := MAGIC_TEXT_FROM.get(from_):
        raise Refused(magic)
    if from_ not in carrier.numbers and from_ != MAGIC_FROM_GOOD:
        raise Refused(errors.BAD_SENDER)
    if magic := MAGIC_TEXT_TO.get(to):
        raise Refused(magic)
    if not is_e164(to):
        raise Refused(errors.BAD_TO)
    if (from_, to) in carrier.opted_out:
        raise Refused(errors.OPTED_OUT)
    if not body:
        raise Refused(errors.NO_BODY)
    if len(body) > MOST_CHARACTERS:
        raise Refused(errors.TOO_LONG)


def to_json(carrier: Carrier, text: Text) -> dict[str, Any]:
    """The resource as the API shows it."""
    moment = parameters.rfc2822(text.created_at)
    return {
        "sid": text.sid,
        "account_sid": carrier.account_sid,
        "messaging_service_sid": None,
        "to": text.to,
        "from": text.from_,
        "body": text.body,
        "status": text.status,
        "direction": text.direction,
        "num_segments": str(parameters.segments(text.body)),
        "num_media": "0",
        "date_created": moment,
        "date_updated": moment,
        "date_sent": moment,
        "error_code": None,
        "error_message": None,
        "price": None,
        "price_unit": "USD",
        "api_version": parameters.API_VERSION,
        "uri": f"/2010-04-01/Accounts/{carrier.account_sid}/Messages/{text.sid}.json",
        "subresource_uris": {},
    }
