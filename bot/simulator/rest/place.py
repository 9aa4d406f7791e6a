"""Where a request arrived: the network that the app speaks for, and its account's address."""

from typing import cast

from flask import current_app

from bot.simulator.carrier import Carrier
from bot.simulator.webhooks.parameters import API_VERSION


def the_carrier() -> Carrier:
    """The network that this app speaks for."""
    return cast(Carrier, current_app.extensions["carrier"])


def base_uri(carrier: Carrier) -> str:
    """The account's address, relative to the API's."""
    return f"/{API_VERSION}/Accounts/{carrier.account_sid}"
