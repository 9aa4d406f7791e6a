"""The REST API as a WSGI app, for a port or for a client in the same process."""

from flask import Flask

from bot.simulator.faults.rest import FaultyRest
from bot.simulator.network import PhoneNetwork
from bot.simulator.rest import (
    accounts,
    caller_ids,
    calls,
    conferences,
    messages,
    numbers,
    participants,
)
from bot.simulator.rest.gate import Gate

ACCOUNTS = "/2010-04-01/Accounts"

# A new resource is a new file and a name here.
RESOURCES = (
    calls.blueprint,
    messages.blueprint,
    numbers.blueprint,
    caller_ids.blueprint,
    conferences.blueprint,
    participants.blueprint,
)


def rest_app(network: PhoneNetwork) -> Flask:
    """An app that answers as api.twilio.com does for this one account."""
    app = Flask("bot.simulator.rest")
    add_rest(app, network)
    return app


def add_rest(app: Flask, network: PhoneNetwork) -> None:
    """Put the API into an app that may have other pages too."""
    app.extensions["carrier"] = network.carrier
    app.register_blueprint(accounts.blueprint, url_prefix=ACCOUNTS)
    for blueprint in RESOURCES:
        app.register_blueprint(blueprint, url_prefix=f"{ACCOUNTS}/<account>")
    Gate(network.carrier).guard(app)
    app.wsgi_app = FaultyRest(app.wsgi_app, network.faults)  # type: ignore[method-assign]
