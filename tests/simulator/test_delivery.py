"""Webhooks over real HTTP, and into a WSGI app."""

import socket
import ssl
import threading
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from flask import Flask, Response, request
from twilio.request_validator import RequestValidator
from werkzeug.serving import make_server

from bot.simulator import DeliveryError, HttpDelivery, PhoneNetwork, VirtualClock, WsgiDelivery
from bot.simulator.webhooks.request import Limits, signed_request
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
def served(app, certificate=None):
    server = make_server("127.0.0.1", 0, app, threaded=True, ssl_context=certificate)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http{'s' if certificate else ''}://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


PATIENCE_SECONDS = 15
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"
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


@contextmanager
def answering(script):
    """A server of one connection that does with it what the script says."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve():
            connection = listening.accept()[0]
            with connection, suppress(OSError):
                script(connection, over)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        finally:
            over.set()
            thread.join()


def cut(connection, over):
    connection.recv(4096)


def stays_silent(connection, over):
    over.wait(PATIENCE_SECONDS)


def speaks_no_http(connection, over):
    connection.recv(4096)
    connection.sendall(b"220 mail.example ready\r\n\r\n")


def stops_in_the_middle(connection, over):
    connection.recv(4096)
    connection.sendall(HEAD + b"Content-Length: 400\r\n\r\n<Response>")


def drips(connection, over, before=HEAD + b"Content-Length: 40000\r\n\r\n"):
    connection.recv(4096)
    connection.sendall(before)
    while not over.wait(0.05):
        connection.sendall(b" ")


def drips_headers(connection, over):
    drips(connection, over, HEAD + b"X-Long: ")


def never_ends(connection, over):
    connection.recv(4096)
    connection.sendall(HEAD + b"\r\n")
    while not over.is_set():
        connection.sendall(b" " * 4096)


@pytest.mark.parametrize(
    ("script", "kind", "code"),
    [
        (cut, "broken", 11206),
        (speaks_no_http, "broken", 11206),
        (stops_in_the_middle, "broken", 11206),
        (stays_silent, "rt", 11205),
        (drips, "rt", 11205),
        (drips_headers, "rt", 11205),
    ],
)
def test_a_service_that_does_not_answer_properly(script, kind, code):
    with answering(script) as url, pytest.raises(DeliveryError) as failed:
        deliver(url, Limits(1.0, 0.2, 0.3))

    assert (failed.value.kind, failed.value.code) == (kind, code)


def test_no_more_is_read_than_needed_to_refuse_it():
    with answering(never_ends) as url:
        assert len(deliver(url).body) == 64 * 1024 + 1


def deliver(url, limits=Limits(), authorities=None):  # noqa: B008  frozen
    request = signed_request(TOKEN, "POST", url, [("a", "b")], {}, limits)
    return HttpDelivery(authorities)(request)


@pytest.mark.parametrize(
    ("name", "days", "trusted", "code"),
    [
        ("127.0.0.1", 1, True, 0),
        ("127.0.0.1", 1, False, 11237),
        ("127.0.0.2", 1, True, 11235),
        ("127.0.0.1", -1, True, 11236),
    ],
)
def test_certificates(tmp_path, desk, name, days, trusted, code):
    certificate, key = made_certificate(tmp_path, name, days)
    authorities = ssl.create_default_context(cafile=certificate if trusted else None)
    with served(desk, (str(certificate), str(key))) as base:
        if not code:
            assert deliver(f"{base}/nothing", authorities=authorities).status == 404
            return
        with pytest.raises(DeliveryError) as failed:
            deliver(f"{base}/nothing", authorities=authorities)
    assert (failed.value.kind, failed.value.code) == ("ct", code)


def test_no_tls_at_all_and_no_such_host(desk):
    with served(desk) as base, pytest.raises(DeliveryError) as plain:
        deliver(base.replace("http:", "https:"))
    with pytest.raises(DeliveryError) as unknown:
        deliver("http://nobody.invalid/")

    assert [failed.value.code for failed in (plain, unknown)] == [11220, 11210]


def made_certificate(folder, name, days):
    """A certificate of one's own making for that address, valid until so many days from now."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "desk")])
    until = datetime.now(UTC) + timedelta(days=days)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(until - timedelta(days=10))
        .not_valid_after(until)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(name))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "certificate").write_bytes(certificate.public_bytes(Encoding.PEM))
    (folder / "key").write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    return folder / "certificate", folder / "key"
