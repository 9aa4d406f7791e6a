"""The Messages resource: send, fetch, list, redact, cancel, delete (twilio.md section 6)."""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from bot.simulator.carrier import Carrier
from bot.simulator.records import Text
from bot.simulator.rest import errors
from bot.simulator.rest.checks import Form
from bot.simulator.rest.errors import Refused, not_found
from bot.simulator.rest.message_form import NOT_HEEDED, check, order_of, sender_of
from bot.simulator.rest.paging import in_time, listed, page
from bot.simulator.rest.place import base_uri, the_carrier
from bot.simulator.texts.sending import FINAL, TROUBLES, TextOrder, new_text, send_text
from bot.simulator.webhooks import parameters

blueprint = Blueprint("messages", __name__)


@blueprint.post("/Messages.json")
def create_message() -> tuple[Response, int]:
    """Send a text."""
    carrier, form = the_carrier(), request.form
    with carrier.lock:
        from_, service = sender_of(carrier, form)
        check(carrier, form, from_)
        order = order_of(form, carrier.clock.now())
        status = _first_status(service, order)
        text = new_text(carrier, from_, form["To"], form.get("Body", ""), "outbound-api", status)
        text.messaging_service_sid = service
        for name in sorted(form.keys() & NOT_HEEDED):
            carrier.warn(0, f"the simulator does not heed {name} of a text", text.sid)
        send_text(carrier, text, order)
        return jsonify(to_json(carrier, text)), 201


def _first_status(service: str | None, order: TextOrder) -> str:
    """d:messaging/guides/outbound-message-status-in-status-callbacks."""
    if order.send_at is not None:
        return "scheduled"
    return "accepted" if service else "queued"


@blueprint.get("/Messages/<sid>.json")
def fetch_message(sid: str) -> Response:
    """One text."""
    carrier = the_carrier()
    with carrier.lock:
        return jsonify(to_json(carrier, _known(carrier, sid)))


@blueprint.post("/Messages/<sid>.json")
def update_message(sid: str) -> Response:
    """An empty Body takes the words out of the carrier's books; Status=canceled takes a scheduled
    text back; both at once, or anything else, is refused (d:api/errors/30400)."""
    carrier, form = the_carrier(), request.form
    with carrier.lock:
        text = _known(carrier, sid)
        asked = {name: form[name] for name in ("Body", "Status") if name in form}
        if asked == {"Body": ""}:
            _redact(carrier, text)
        elif asked == {"Status": "canceled"}:
            _cancel(carrier, text)
        else:
            raise Refused(errors.BAD_UPDATE)
        return jsonify(to_json(carrier, text))


def _redact(carrier: Carrier, text: Text) -> None:
    """Only a text whose way is at its end ("post-flight", [oai])."""
    if text.status not in FINAL:
        raise Refused(errors.UNFINISHED, "Cannot redact this message before it is complete")
    text.body = ""
    text.updated_at = carrier.clock.now()


def _cancel(carrier: Carrier, text: Text) -> None:
    """Only before its time (d:api/errors/30409)."""
    cancel = carrier.scheduled.get(text.sid)
    if cancel is None:
        raise Refused(errors.NOT_CANCELABLE)
    cancel()


@blueprint.delete("/Messages/<sid>.json")
def delete_message(sid: str) -> tuple[str, int]:
    """Forget a text that is no longer on its way (d:api/errors/20009)."""
    carrier = the_carrier()
    with carrier.lock:
        text = _known(carrier, sid)
        if text.status not in FINAL:
            raise Refused(errors.UNFINISHED)
        del carrier.texts[sid]
    return "", 204


@blueprint.get("/Messages.json")
def list_messages() -> Response:
    """Texts, received ones too, newest first."""
    carrier, args = the_carrier(), request.args
    with carrier.lock:
        found = [text for text in listed(carrier, carrier.texts) if _wanted(text, args)]
        shown = page(request.path, "messages", found, args, lambda t: to_json(carrier, t))
        return jsonify(shown)


def _wanted(text: Text, args: Form) -> bool:
    return (
        args.get("To", text.to) == text.to
        and args.get("From", text.from_) == text.from_
        and in_time(args, "DateSent", text.sent_at)
    )


def _known(carrier: Carrier, sid: str) -> Text:
    try:
        return carrier.texts[sid]
    except KeyError:
        raise not_found() from None


def to_json(carrier: Carrier, text: Text) -> dict[str, Any]:
    """The resource as the API shows it."""
    uri = f"{base_uri(carrier)}/Messages/{text.sid}"
    code = text.error_code
    return {
        "sid": text.sid,
        "account_sid": carrier.account_sid,
        "messaging_service_sid": text.messaging_service_sid,
        "to": text.to,
        "from": text.from_,
        "body": text.body,
        "status": text.status,
        "direction": text.direction,
        "num_segments": str(text.segments),
        "num_media": "0",
        "date_created": parameters.rfc2822(text.created_at),
        "date_updated": parameters.rfc2822(text.updated_at or text.created_at),
        "date_sent": parameters.rfc2822(text.sent_at) if text.sent_at else None,
        "error_code": code,
        "error_message": TROUBLES.get(code, "") if code else None,
        "price": None,
        "price_unit": "USD",
        "api_version": parameters.API_VERSION,
        "uri": f"{uri}.json",
        "subresource_uris": {"media": f"{uri}/Media.json"},
    }
