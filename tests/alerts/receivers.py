"""Those who are told: a real HTTP server and a real mail server, in this process."""

import base64
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

USER, PASSWORD = "ringback", "p@ss:word/7"


@dataclass
class Posted:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """A web server that answers as it is told: a status, `drip`, `hang` or `drop`; then 204."""

    answers: list[int | str] = field(default_factory=list)
    posted: list[Posted] = field(default_factory=list)
    url: str = ""
    over: threading.Event = field(default_factory=threading.Event)


class _Web(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    receiver: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.receiver.posted.append(Posted(self.path, dict(self.headers), body))
        answer = self.receiver.answers.pop(0) if self.receiver.answers else 204
        self.close_connection = True
        if answer == "hang":
            self.receiver.over.wait(20)
        elif answer == "drip":
            while not self.receiver.over.wait(0.05):
                self.wfile.write(b"H")
        elif isinstance(answer, int):
            self.send_response(answer)
            self.send_header("Location", self.receiver.url + "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        return


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        return  # whoever is cut off, or refuses our certificate, is part of the test


@contextmanager
def web(tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """A web server on a free port, until the end of the block."""
    receiver = Receiver()
    server = _Server(("127.0.0.1", 0), type("Web", (_Web,), {"receiver": receiver}))
    if tls:
        server.socket = tls.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    receiver.url = f"{'https' if tls else 'http'}://localhost:{server.server_address[1]}"
    with _serving(server):
        yield receiver
        receiver.over.set()


@dataclass
class Mailbox:
    """A mail server: what it took, and how it behaves."""

    tls: ssl.SSLContext | None = None
    refuses: str = ""  # the command to which it says 451
    drips: bool = False  # greets a byte at a time, for ever
    letters: list[EmailMessage] = field(default_factory=list)
    said: list[str] = field(default_factory=list)  # commands, `(tls)` before those under TLS
    port: int = 0
    over: threading.Event = field(default_factory=threading.Event)


class _Mail(socketserver.StreamRequestHandler):
    box: Mailbox

    def handle(self) -> None:
        if self.box.drips:
            while not self.box.over.wait(0.05):
                self.wfile.write(b"2")
            return
        self.secure = False
        self._say("220 mail.example")
        while (line := self.rfile.readline().decode().strip()) and self._command(line):
            pass

    def finish(self) -> None:
        self.rfile.close()
        self.connection.close()  # the one under TLS is not the server's to close

    def _command(self, line: str) -> bool:
        word = line.split()[0].upper()
        self.box.said.append(("(tls) " if self.secure else "") + line)
        if word == self.box.refuses:
            self._say("451 not now, said the server of Mallory")
        elif word == "EHLO":
            offers = ["250-STARTTLS"] if self.box.tls and not self.secure else []
            self._say("250-mail.example", *offers, "250 AUTH PLAIN")
        elif word == "STARTTLS" and self.box.tls:
            self._say("220 go on")
            self._secure()
        elif word == "AUTH":
            given = base64.b64decode(line.split()[2]).decode()
            self._say("235 you are" if given == f"\0{USER}\0{PASSWORD}" else "535 you are not")
        elif word == "DATA":
            self._say("354 go on")
            self._take()
        else:
            self._say("221 bye" if word == "QUIT" else "250 well")
        return word != "QUIT"

    def _take(self) -> None:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line)
        letter = message_from_bytes(b"".join(lines), policy=policy.default)
        self.box.letters.append(letter)
        self._say("250 taken")

    def _secure(self) -> None:
        self.connection = self.box.tls.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", buffering=0)
        self.secure = True

    def _say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())


class _MailServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        return


@contextmanager
def mail(box: Mailbox) -> Iterator[Mailbox]:
    """This mail server on a free port, until the end of the block."""
    server = _MailServer(("127.0.0.1", 0), type("Mail", (_Mail,), {"box": box}))
    box.port = server.server_address[1]
    with _serving(server):
        yield box
        box.over.set()


@contextmanager
def _serving(server: socketserver.TCPServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def closed_port() -> int:
    """A port at which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def certificate(folder: Path, name: str = "localhost") -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Its own maker's certificate for this name: the server's side, and who trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    names = [x509.DNSName(name), x509.IPAddress(ip_address("127.0.0.9"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = folder / f"{name}.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    pem.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pem)
    return server, ssl.create_default_context(cafile=str(pem))
