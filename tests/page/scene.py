"""A service of a few lines, a phone network in real time, and the people of these tests."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, Response, request
from twilio.rest import Client
from werkzeug.serving import make_server

from bot.simulator import Held, PhoneNetwork, WallClock
from bot.simulator.server import serve
from tests.simulator.ports import running

SID, TOKEN = "AC" + "1" * 32, "12345"
LINE, DESK = "+443069990100", "+443069990300"
ALICE, BOB, MALLORY = "+447700900123", "+447700900456", "+447700900666"
OMAR = "+447700900789"
FAST = 2000.0  # characters of speech in a second

PAGES = {
    "/text/received": "",
    "/call/received": (
        '<Gather numDigits="4" timeout="60" action="/menu"><Say>Your number, please.</Say></Gather>'
    ),
    "/call/answered": (
        '<Gather numDigits="1" timeout="60" action="/menu">'
        "<Say>This is a call for Alice Example. Press any key.</Say></Gather>"
    ),
    "/menu": '<Say>Thank you.</Say><Wave hands="2"/><Pause length="60"/>',
    "/transfer": f'<Dial callerId="{LINE}"><Number>{DESK}</Number></Dial>',
    "/message": '<Pause length="1"/><Say>This is a message for Alice Example.</Say><Hangup/>',
    "/status": "",
}


class Service:
    """Stands for the bot; every call it makes is for Alice."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.pages = dict(PAGES)

    def ring(self, network_address: str, page: str = "/call/answered", to: str = ALICE) -> None:
        client = Client(SID, TOKEN)
        client.api.base_url = network_address
        client.calls.create(
            to=to, from_=LINE, url=self.address + page, status_callback=f"{self.address}/status"
        )


@contextmanager
def service() -> Iterator[Service]:
    app = Flask("service")

    @app.post("/<path:path>")
    def page(path: str) -> Response:
        assert request.headers["X-Twilio-Signature"]
        return Response(f"<Response>{made.pages['/' + path]}</Response>", mimetype="text/xml")

    with running(make_server("127.0.0.1", 0, app, threaded=True)) as address:
        made = Service(address)
        yield made


@contextmanager
def phone_network(service: Service, port: int = 0) -> Iterator[tuple[PhoneNetwork, str]]:
    """The simulator at a port, with three people and a desk, all by hand."""
    network = PhoneNetwork(SID, TOKEN, WallClock())
    network.settings.setup_seconds = 0
    network.settings.characters_per_second = FAST
    base = service.address
    network.own(LINE, f"{base}/call/received", f"{base}/text/received", f"{base}/status")
    notes = {"Reference": "1234", "Letter": "It asks for 12 pounds."}
    voicemail = {"voicemail_after_seconds": 300, "greeting_seconds": 0.1, "beep": False}
    network.add(
        Held("Alice", ALICE, notes=notes, **voicemail),
        Held("Bob", BOB),
        Held("The desk", DESK),
    )
    with running(serve(network, port)) as address:
        yield network, address
    network.close()
