"""Whether a request is Twilio's: its signature over our public URL and the posted form."""

import hashlib
import hmac
from urllib.parse import parse_qs, urlsplit

from twilio.request_validator import (
    SIGNATURE_HEADER,
    SIGNATURE_SETTINGS_HEADER,
    RequestValidator,
    get_signature_algorithm,
)
from werkzeug.datastructures import Headers, MultiDict

Form = MultiDict[str, str]


class _Lists(dict[str, list[str]]):
    """A form as Twilio's validator reads it fastest (12 µs instead of 24 for twenty fields)."""

    getall = dict.__getitem__


class SignatureCheck:
    """Checks `X-Twilio-Signature` with the primary token, and the secondary while tokens change.

    The URL is built on the configured public address, never on what the request says of itself: the
    host it names is the caller's choice, and Flask unescapes the path (`twilio.md` 1.1).
    """

    def __init__(self, public_url: str, primary: str, secondary: str | None = None) -> None:
        if not primary:
            raise ValueError("an empty token would let everybody sign")
        self._bases = _with_and_without_port(public_url.rstrip("/"))
        self._validators = [RequestValidator(token) for token in (primary, secondary) if token]

    def accepts(
        self, path_and_raw_query: str, form: Form, headers: Headers, body: bytes = b""
    ) -> bool:
        """Whether a holder of a token signed exactly this request.

        `path_and_raw_query` is the path under the public address and the query as it came, escapes
        included; `body` is the raw body where it is no form (JSON), else empty.
        """
        given = headers.get(SIGNATURE_HEADER)
        if not given:
            return False
        algorithm = get_signature_algorithm(headers.get(SIGNATURE_SETTINGS_HEADER))
        fields = _Lists(form.lists())
        try:
            return _body_is_hashed(path_and_raw_query, body) and self._is_signed(
                path_and_raw_query, fields, given.encode(), algorithm
            )
        except ValueError:  # an algorithm nobody knows, or half a character
            return False

    def _is_signed(self, path: str, fields: _Lists, given: bytes, algorithm: str) -> bool:
        # Lazily: nearly always the first signature fits, and no other is computed.
        return any(
            hmac.compare_digest(
                validator.compute_signature(base + path, fields, algorithm).encode(), given
            )
            for validator in self._validators
            for base in self._bases
        )


def _body_is_hashed(path_and_raw_query: str, body: bytes) -> bool:
    """A body that is no form is not in the signature: its hash, in the query, must be."""
    if not body:
        return True
    query = parse_qs(path_and_raw_query.partition("?")[2])
    given = query.get("bodySHA256", [""])[0]
    return hmac.compare_digest(hashlib.sha256(body).hexdigest().encode(), given.encode())


def _with_and_without_port(base: str) -> list[str]:
    """The public address as configured, and its twin: Twilio signs with the port or without it."""
    parts = urlsplit(base)
    if parts.port:
        bare = parts.netloc.removesuffix(f":{parts.port}")
    else:
        bare = f"{parts.netloc}:{443 if parts.scheme == 'https' else 80}"
    return [base, parts._replace(netloc=bare).geturl()]
