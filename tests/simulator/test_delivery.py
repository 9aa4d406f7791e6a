"""Webhooks over real HTTP, and into a WSGI app."""

import socket
import threading
from contextlib import contextmanager

import pytest
from flask import Flask, Response, request
from twilio.request_validator import RequestValidator
from werkzeug.serving import make_server

from bot.simulator import DeliveryError, HttpDelivery, PhoneNetwork, VirtualClock, WsgiDelivery
from bot.simulator.webhooks import Limits, signed_request
from tests.simulator.scene import ALICE, BASE, DESK, SID, TOKEN, TUESDAY_AT_TEN


@pytest.fixture
def desk():
    """A small Flask service that notes what it was asked, and checks signatures itself."""
    app = Flask("desk")
    app.config["seen"] = []

    @app.post("/text/<what>")
    def text(what):
        base = app.config.get("base", BASE)
        url = f"{base}{request.environ['REQUEST_URI'].removeprefix(base)}"
        good = RequestValidator(TOKEN).validate(
            url, request.form, request.headers["X-Twilio-Signature"]
        )
        app.config["seen"].append((what, good, request.query_string, request.form["Body"]))
        return Response("<Response/>", mimetype="text/xml")

    return app


@contextmanager
def served(app):
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


QUERY = "?name=%7Euser%2F%C3%BC"


def network_with(deliver, base):
    network = PhoneNetwork(SID, TOKEN, VirtualClock(TUESDAY_AT_TEN), deliver)
    network.own(DESK, sms_url=f"{base}/text/received{QUERY}#rc=1")
    return network


def test_into_a_wsgi_app(desk):
    network = network_with(WsgiDelivery(desk, BASE), BASE)

    assert network.text(ALICE, DESK, "Grüße 100 %").status == 200
    assert desk.config["seen"] == [
        ("received", True, b"name=%7Euser%2F%C3%BC", "Grüße 100 %"),
    ]


def test_a_wsgi_app_lives_only_at_its_base(desk):
    network = network_with(WsgiDelivery(desk, BASE), "https://elsewhere.example")

    assert network.text(ALICE, DESK, "Hello").status is None
    assert [event.code for event in network.events] == [11205]


def test_over_http(desk):
    with served(desk) as base:
        desk.config["base"] = base
        network = network_with(HttpDelivery(), base)

        assert network.text(ALICE, DESK, "Grüße 100 %").status == 200
    assert desk.config["seen"] == [
        ("received", True, b"name=%7Euser%2F%C3%BC", "Grüße 100 %"),
    ]


def test_nobody_listens():
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    network = network_with(HttpDelivery(), f"http://127.0.0.1:{port}")

    assert network.text(ALICE, DESK, "Hello").status is None
    assert [event.code for event in network.events] == [11205]
    assert len(network.webhooks) == 2


@pytest.mark.parametrize(("sent", "kind"), [(b"", "broken"), (None, "rt")])
def test_a_connection_that_is_cut_or_stays_silent(sent, kind):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        request = signed_request(TOKEN, "POST", url, [("a", "b")], {}, Limits(1.0, 0.1))
        accepted = []

        def cut():
            accepted.append(listening.accept()[0])
            if sent is not None:
                accepted[0].recv(4096)
                accepted[0].close()

        thread = threading.Thread(target=cut)
        thread.start()
        with pytest.raises(DeliveryError) as failed:
            HttpDelivery()(request)
        thread.join()
        for connection in accepted:
            connection.close()

    assert failed.value.kind == kind
