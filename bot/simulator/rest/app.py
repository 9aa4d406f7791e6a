"""The REST API as a WSGI app, for a port or for a client in the same process."""

import hmac

from flask import Flask, request

from bot.simulator.faults.rest import FaultyRest
from bot.simulator.network import PhoneNetwork
from bot.simulator.rest import calls, errors, messages
from bot.simulator.rest.errors import Refused, refusal

RESOURCES = (calls.blueprint, messages.blueprint)  # a new resource is a new file and a name here


def rest_app(network: PhoneNetwork) -> Flask:
    """An app that answers as api.twilio.com does for this one account."""
    app = Flask("bot.simulator.rest")
    add_rest(app, network)
    return app


def add_rest(app: Flask, network: PhoneNetwork) -> None:
    """Put the API into an app that may have other pages too."""
    carrier = network.carrier
    app.extensions["carrier"] = carrier
    for blueprint in RESOURCES:
        app.register_blueprint(blueprint, url_prefix="/2010-04-01/Accounts/<account>")
    app.register_error_handler(Refused, refusal)
    app.register_error_handler(404, lambda _: refusal(Refused(errors.NOT_FOUND)))

    def drop_account(endpoint: str | None, values: dict[str, str] | None) -> None:
        account = (values or {}).pop("account", None)
        if account is None:
            return
        given = request.authorization
        password = (given.password if given else "") or ""
        known = given is not None and given.username == carrier.account_sid
        if not known or not hmac.compare_digest(password.encode(), carrier.auth_token.encode()):
            raise Refused(errors.UNAUTHORISED)
        if account != carrier.account_sid:
            raise Refused(errors.NOT_FOUND)

    app.url_value_preprocessor(drop_account)
    app.wsgi_app = FaultyRest(app.wsgi_app, network.faults)  # type: ignore[method-assign]
