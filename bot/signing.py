"""The records' key: signs the heads of the archive (Ed25519), and shows who signed.

The private key is only where lines are archived. Former keys sign no more and still verify.
"""

import base64
import binascii
import hashlib
import os
from collections.abc import Callable, Iterable
from dataclasses import replace

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
    load_pem_public_key,
)

from bot.chain import Block
from bot.errors import ConfigError

NAME = "RINGBACK_RECORDS_KEY"
FORM = "not base64 of 32 bytes"
_BYTES = 32
_PEM = b"-----END PUBLIC KEY-----"


class PublicKeys:
    """The keys whose signatures are trusted, by their ids."""

    def __init__(self, keys: Iterable[Ed25519PublicKey]) -> None:
        self._keys = {key_id(key): key for key in keys}

    @property
    def ids(self) -> tuple[str, ...]:
        """Which they are."""
        return tuple(self._keys)

    @classmethod
    def of_pem(cls, pem: bytes) -> "PublicKeys":
        """Those of a file: one key in PEM, or several after each other. Raises `ValueError`."""
        parts = [part + _PEM for part in pem.split(_PEM)[:-1]]
        keys = [load_pem_public_key(part.strip()) for part in parts]
        if not keys or not all(isinstance(key, Ed25519PublicKey) for key in keys):
            raise ValueError("no Ed25519 public key in PEM")
        return cls(key for key in keys if isinstance(key, Ed25519PublicKey))

    @classmethod
    def of_lines(cls, lines: Iterable[str]) -> "PublicKeys":
        """Those of the middle lines of PEM files, as rules hold them. Raises `ValueError`."""
        keys = [load_der_public_key(base64.b64decode(line, validate=True)) for line in lines]
        if not all(isinstance(key, Ed25519PublicKey) for key in keys):
            raise ValueError("not an Ed25519 public key")
        return cls(key for key in keys if isinstance(key, Ed25519PublicKey))

    @property
    def pem(self) -> str:
        """All of them, as PEM."""
        return "".join(
            key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
            for key in self._keys.values()
        )

    def and_those(self, others: "PublicKeys") -> "PublicKeys":
        """These and others."""
        return PublicKeys([*self._keys.values(), *others._keys.values()])

    def signed(self, block: Block) -> bool:
        """Whether one of them signed this block's head."""
        return self.verifies(block.key_id, block.signature, block.signed_text)

    def verifies(self, key_id: str, signature: str, text: bytes) -> bool:
        """Whether that key is one of them, and this its signature (hex) over the text."""
        try:
            self._keys[key_id].verify(bytes.fromhex(signature), text)
        except (KeyError, ValueError, InvalidSignature):
            return False
        return True


class Signer:
    """Signs heads with one private key."""

    def __init__(self, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = self._key.public_key()
        self.key_id = key_id(self.public)

    @classmethod
    def parse(cls, text: str) -> "Signer":
        """The key as the environment has it: base64 of 32 bytes. Raises `ConfigError`."""
        try:
            seed = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            seed = b""
        if len(seed) != _BYTES:
            raise ConfigError("environment", NAME, FORM)
        return cls(seed)

    @property
    def keys(self) -> PublicKeys:
        """What verifies its signatures."""
        return PublicKeys([self.public])

    def signed(self, block: Block) -> Block:
        """The block with a signature over its head."""
        signature = self._key.sign(block.signed_text).hex()
        return replace(block, signature=signature, key_id=self.key_id)


def key_id(key: Ed25519PublicKey) -> str:
    """The name of a public key: the first 16 hex digits of the SHA-256 of its 32 bytes."""
    raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return hashlib.sha256(raw).hexdigest()[:16]


def fresh_seed(random_bytes: Callable[[int], bytes] = os.urandom) -> str:
    """A new private key as `RINGBACK_RECORDS_KEY` takes it."""
    return base64.b64encode(random_bytes(_BYTES)).decode()
