"""A webhook as it goes over the wire, and the signature that Twilio puts on it."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator  # type: ignore[import-untyped,unused-ignore]
from werkzeug.datastructures import MultiDict

from bot.simulator.error_numbers import CONNECTION_FAILED, HTTP_BROKEN
from bot.simulator.webhooks.addresses import as_signed

Params = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Limits:
    """How long one delivery may take: to connect, between packets, and altogether
    (twilio.md section 5)."""

    connect_seconds: float = 5.0
    read_seconds: float = 15.0
    total_seconds: float = 15.0


@dataclass(frozen=True)
class WebhookRequest:
    """One HTTP request of the carrier, exactly as sent: no fragment, escapes untouched."""

    method: str
    url: str
    params: Params
    headers: Mapping[str, str]
    limits: Limits = Limits()

    @property
    def body(self) -> bytes:
        """The form, encoded; empty for a GET, whose parameters are in the URL."""
        return b"" if self.method == "GET" else urlencode(list(self.params)).encode()

    def value(self, name: str, default: str = "") -> str:
        """The first value of a parameter."""
        return next((value for key, value in self.params if key == name), default)


@dataclass(frozen=True)
class WebhookResponse:
    """What the service answered. `seconds` is how long it took in the network's time; `cookies`
    are the Set-Cookie lines, of which there may be several."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    seconds: float = 0.0
    cookies: tuple[str, ...] = ()

    def header(self, name: str, default: str = "") -> str:
        """A header by its name in any case."""
        lowered = name.lower()
        return next((v for k, v in self.headers.items() if k.lower() == lowered), default)

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")


CODES = {"ct": CONNECTION_FAILED, "rt": CONNECTION_FAILED, "broken": HTTP_BROKEN}


class DeliveryError(Exception):
    """No answer came: `kind` is ct (no connection), rt (no answer in time) or broken (cut off).

    `code` is the number in the event list: that of the kind, unless a nearer one is known.
    """

    def __init__(self, kind: str, words: str, seconds: float = 0.0, code: int = 0) -> None:
        """Say what went wrong, and how long it took in the network's time."""
        super().__init__(words)
        self.kind = kind
        self.seconds = seconds
        self.code = code or CODES[kind]


Deliver = Callable[[WebhookRequest], WebhookResponse]


def signature(token: str, url: str, params: Params) -> str:
    """X-Twilio-Signature over the URL as requested and the form (twilio.md section 4)."""
    validator = RequestValidator(token)
    computed: str = validator.compute_signature(url, MultiDict(list(params)))
    return computed


def json_signature(token: str, url: str, body: bytes) -> tuple[str, str]:
    """For a JSON body: the URL with its hash in the query, and the signature over that URL alone
    (d:usage/security). Voice and messaging webhooks are forms; others, as Studio's, are not."""
    hashed = with_query(url, [("bodySHA256", hashlib.sha256(body).hexdigest())])
    return hashed, signature(token, hashed, [])


def signed_request(
    token: str,
    method: str,
    url: str,
    params: Params,
    headers: Mapping[str, str],
    limits: Limits,
    voice: bool = True,
) -> WebhookRequest:
    """The request as it goes out. A GET has its parameters in the query, and signs only the URL."""
    if method == "GET":
        url = with_query(url, params)
        signed = signature(token, as_signed(url, voice), [])
    else:
        signed = signature(token, as_signed(url, voice), params)
        headers = {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8", **headers}
    headers = {**headers, "X-Twilio-Signature": signed}
    return WebhookRequest(method, url, tuple(params), headers, limits)


def with_query(url: str, params: Params) -> str:
    """The URL with the parameters added to its query."""
    if not params:
        return url
    return f"{url}{'&' if '?' in url else '?'}{urlencode(list(params))}"
