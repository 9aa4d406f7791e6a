"""The codes of an authenticator app: six digits that change every half minute (RFC 6238).

The app goes by real time, so these do too, also in the demo whose own clock is ahead.
"""

import hmac

import pyotp

from bot.clock import Clock

STEP_SECONDS = 30
DRIFT = 1  # steps that a telephone's clock may be ahead or behind
NOBODYS_SECRET = "A" * 32


def new_secret() -> str:
    """A fresh secret: 160 random bits, in base32 as people may have to type it."""
    return pyotp.random_base32()


def app_uri(secret: str, number: str, issuer: str) -> str:
    """What the picture for the app holds: whose account it is, and its secret."""
    return pyotp.TOTP(secret).provisioning_uri(name=number, issuer_name=issuer)


def step_of(secret: str | None, code: str, clock: Clock) -> int | None:
    """The step whose code this is, near now; None if it is none, or there is no secret.

    The same work is done for every code. Each step may be used once: see `bot.sign_in`.
    """
    totp = pyotp.TOTP(secret or NOBODYS_SECRET)
    now = step_at(clock)
    digits = "".join(code.split())
    found = None
    for step in range(now - DRIFT, now + DRIFT + 1):
        right = hmac.compare_digest(totp.generate_otp(step).encode(), digits.encode())
        found = step if right else found
    return found if secret is not None else None


def code_now(secret: str, clock: Clock) -> str:
    """What the app shows at this moment: for the demo and for tests."""
    return pyotp.TOTP(secret).generate_otp(step_at(clock))


def step_at(clock: Clock) -> int:
    """The step that it is by real time."""
    return int(clock.now() - clock.offset_seconds) // STEP_SECONDS
