"""Known browsers: a signed cookie that says this browser has signed this person in before.

It signs nobody in; it only has tries of its own (`bot.sign_in_limits`). Signed with the newest of
the department's keys, and good until it is too old or that key is dropped.
"""

import hmac

from bot.errors import BadSeal
from bot.keys import Keyring
from bot.tokens import hash_of

_PARTS = 5


def device_cookie(keyring: Keyring, number: str, nonce: str, now: float) -> str:
    """The cookie for a browser that has just signed this person in; `nonce` is a fresh token."""
    parts = (number, nonce, str(int(now)))
    signature = keyring.mac("device", *parts, key_id=keyring.newest)
    return ":".join((*parts, keyring.newest, signature))


def device_of(keyring: Keyring, cookie: str, number: str, now: float, longest: float) -> str | None:
    """Under which name this browser is known for this person; None if it is not.

    `longest` is how many seconds a cookie is good for.
    """
    parts = cookie.split(":")
    if len(parts) != _PARTS or parts[0] != number or not parts[2].isdecimal():
        return None
    try:
        right = keyring.mac("device", *parts[:3], key_id=parts[3])
    except BadSeal:
        return None
    if not _same(right, parts[4]) or int(parts[2]) + longest <= now:
        return None
    return hash_of(parts[1])


def _same(right: str, given: str) -> bool:
    return hmac.compare_digest(right.encode(), given.encode())
