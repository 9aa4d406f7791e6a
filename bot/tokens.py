"""Tokens that nobody can guess, and the hashes under which they are kept.

A token is 32 random bytes (256 bits), a recovery code 15 (120 bits): what is hashed is random
enough that a plain hash tells nothing (NIST SP 800-63B, look-up secrets: at least 112 bits).
"""

import base64
import hashlib
import os
from collections.abc import Callable

RandomBytes = Callable[[int], bytes]

_TOKEN_BYTES = 32
_CODE_BYTES = 15
_GROUP = 4  # characters of a recovery code between two hyphens


def new_token(random_bytes: RandomBytes = os.urandom) -> str:
    """A token as it stands in a cookie or a link: 43 characters, safe in URLs."""
    return base64.urlsafe_b64encode(random_bytes(_TOKEN_BYTES)).rstrip(b"=").decode()


def new_recovery_code(random_bytes: RandomBytes = os.urandom) -> str:
    """A code as people write it down: 24 letters and digits in groups of four."""
    code = base64.b32encode(random_bytes(_CODE_BYTES)).decode()
    return "-".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))


def hash_of(token: str) -> str:
    """What is kept of a token: SHA-256, in hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()


def recovery_hash(number: str, written: str) -> str:
    """What is kept of a recovery code of this person, however they write it."""
    plain = "".join(written.split()).replace("-", "").upper()
    return hash_of(f"{number}:{plain}")
