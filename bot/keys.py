"""The department's keys: they seal what is stored and hash what is searched.

Several keys may be live while one is rotated: the first seals, all of them open. Names (the hashes
under which records are filed and searched) are made with one key only, the one that the records
say (`bot.records.naming`); so that a record is found whichever key comes first (docs/keys.md).
"""

import base64
import binascii
import copy
import hashlib
import hmac
import os
import re
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.errors import BadSeal, ConfigError

_NONCE = 12
_KEY_BYTES = 32
_BETWEEN = re.compile(r"[\s,]+")  # a file of secrets has one on each line
_FORM = "each key is written id:base64, id alphanumeric; commas or new lines between them"


class Keyring:
    """Named 32-byte keys, from `RINGBACK_KEYS`: `id:base64`, commas or white space between.

    The first of them seals (`newest`).
    """

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
        self.live = tuple(keys)
        self.newest, self.oldest = self.live[0], self.live[-1]
        self.names = self.oldest
        self._random_bytes = random_bytes

    @classmethod
    def parse(cls, text: str) -> "Keyring":
        """Read `id:base64,id:base64`. Raises `ConfigError` naming the key that is malformed."""
        keys: dict[str, bytes] = {}
        for part in filter(None, _BETWEEN.split(text)):
            key_id, colon, encoded = part.partition(":")
            if not colon:  # it may be a key that lacks its id: never shown
                raise ConfigError("environment", "RINGBACK_KEYS", _FORM)
            if key_id in keys:
                raise ConfigError("environment", "RINGBACK_KEYS", f"two keys are called {key_id}")
            keys[key_id] = _key_bytes(key_id, encoded)
        return cls(keys)

    def named_by(self, key_id: str) -> "Keyring":
        """The same keys, this one making the names. Raises `ConfigError` if it is not held."""
        if not self.holds(key_id):
            reason = f"the records are named with the key {key_id}, which is not given"
            raise ConfigError("environment", "RINGBACK_KEYS", reason)
        named = copy.copy(self)
        named.names = key_id
        return named

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
        """The keyed hash under which a number is filed and searched (32 hex digits)."""
        key = self._derived[self.names, "number"]
        return hmac.new(key, e164.encode(), hashlib.sha256).hexdigest()[:32]

    def name_of(self, *parts: str) -> str:
        """The keyed hash under which anything else is filed and searched (32 hex digits)."""
        return self.mac(*parts, key_id=self.names)[:32]


def key_of(sealed: str) -> str:
    """The id of the key that a value says it was sealed with; "" if it says none."""
    key_id, colon, _ = sealed.partition(":")
    return key_id if colon else ""


def fresh_key(key_id: str, random_bytes: Callable[[int], bytes] = os.urandom) -> str:
    """A new key as `RINGBACK_KEYS` takes it. Raises `ConfigError` for an id that cannot be one."""
    _refuse_id(key_id)
    return f"{key_id}:{base64.b64encode(random_bytes(_KEY_BYTES)).decode()}"


def _framed(parts: tuple[str, ...]) -> bytes:
    encoded = [part.encode() for part in parts]
    return b"".join(len(part).to_bytes(4, "big") + part for part in encoded)


def _refuse_id(key_id: str) -> None:
    if not (key_id.isascii() and key_id.isalnum()):
        raise ConfigError("environment", "RINGBACK_KEYS", _FORM)


def _key_bytes(key_id: str, encoded: str) -> bytes:
    where = "environment"
    _refuse_id(key_id)
    try:
        key = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        raise ConfigError(where, "RINGBACK_KEYS", f"key {key_id}: not base64") from None
    if len(key) != _KEY_BYTES:
        raise ConfigError(where, "RINGBACK_KEYS", f"key {key_id}: needs 32 bytes, has {len(key)}")
    return key
