"""The department's keys: they seal what is stored and hash what is searched.

Two keys may be live while one is rotated: the first seals, all of them open.
"""

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.errors import BadSeal, ConfigError

_NONCE = 12


class Keyring:
    """Named 32-byte keys, from `RINGBACK_KEYS`: `id:base64` separated by commas, newest first."""

    def __init__(
        self, keys: dict[str, bytes], random_bytes: Callable[[int], bytes] = os.urandom
    ) -> None:
        if not keys:
            raise ConfigError("environment", "RINGBACK_KEYS", "no key given")
        self._derived = {
            (key_id, purpose): hmac.digest(key, f"ringback/{purpose}".encode(), hashlib.sha256)
            for key_id, key in keys.items()
            for purpose in ("seal", "mac", "number")
        }
        self._sealers = {key_id: AESGCM(self._derived[key_id, "seal"]) for key_id in keys}
        self.newest = next(iter(keys))
        self.oldest = list(keys)[-1]
        self._random_bytes = random_bytes

    @classmethod
    def parse(cls, text: str) -> "Keyring":
        """Read `id:base64,id:base64`. Raises `ConfigError` naming the key that is malformed."""
        keys: dict[str, bytes] = {}
        for part in filter(None, (piece.strip() for piece in text.split(","))):
            key_id, _, encoded = part.partition(":")
            keys[key_id] = _key_bytes(key_id, encoded)
        return cls(keys)

    def holds(self, key_id: str) -> bool:
        """Whether this key is live."""
        return key_id in self._sealers

    def seal(self, text: str, *, bound_to: str) -> str:
        """Encrypt `text` (AES-256-GCM) so that it opens only with the same `bound_to`."""
        nonce = self._random_bytes(_NONCE)
        body = self._sealers[self.newest].encrypt(nonce, text.encode(), bound_to.encode())
        return f"{self.newest}:{base64.urlsafe_b64encode(nonce + body).decode()}"

    def open(self, sealed: str, *, bound_to: str) -> str:
        """Undo `seal`. Raises `BadSeal` for anything altered, foreign or under an unknown key."""
        key_id, _, encoded = sealed.partition(":")
        try:
            raw = base64.urlsafe_b64decode(encoded)
            sealer = self._sealers[key_id]
            return sealer.decrypt(raw[:_NONCE], raw[_NONCE:], bound_to.encode()).decode()
        except (KeyError, InvalidTag, ValueError, binascii.Error):
            raise BadSeal("a sealed value does not open") from None

    def mac(self, *parts: str, key_id: str | None = None) -> str:
        """HMAC-SHA-256 (hex) over the parts, each with its length, under one key.

        Raises `BadSeal` if the key is not held.
        """
        try:
            key = self._derived[key_id or self.newest, "mac"]
        except KeyError:
            raise BadSeal("a hash was made with a key that is not held") from None
        return hmac.new(key, _framed(parts), hashlib.sha256).hexdigest()

    def number_hash(self, e164: str) -> str:
        """The keyed hash under which a number is filed and searched (32 hex digits).

        Made with the oldest live key, so that records stay findable while keys are rotated.
        """
        key = self._derived[self.oldest, "number"]
        return hmac.new(key, e164.encode(), hashlib.sha256).hexdigest()[:32]


def _framed(parts: tuple[str, ...]) -> bytes:
    encoded = [part.encode() for part in parts]
    return b"".join(len(part).to_bytes(4, "big") + part for part in encoded)


def _key_bytes(key_id: str, encoded: str) -> bytes:
    where = "environment"
    if not key_id.isalnum():
        raise ConfigError(where, "RINGBACK_KEYS", "each key is written id:base64, id alphanumeric")
    try:
        key = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        raise ConfigError(where, "RINGBACK_KEYS", f"key {key_id}: not base64") from None
    if len(key) != 32:
        raise ConfigError(where, "RINGBACK_KEYS", f"key {key_id}: needs 32 bytes, has {len(key)}")
    return key
