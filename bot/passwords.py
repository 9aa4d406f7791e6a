"""Passwords: which may be chosen, how they are hashed, and whether one is right.

NIST SP 800-63B, 3.1.1.2: long, not among those that everybody tries, no rules of composition, no
expiry. Argon2id with the parameters of RFC 9106 for little memory; a hash made with older ones is
made anew when its owner signs in.
"""

from functools import cached_property

from argon2 import PasswordHasher, profiles
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12
LONGEST = 128
LEAST_SCORE = 3  # of 4: "safely unguessable, moderate protection from offline attacks"
_ESTIMATED = 72  # characters that the estimate looks at: it takes long over more


class Passwords:
    """Hashes and checks passwords, always at the same cost."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher.from_parameters(profiles.RFC_9106_LOW_MEMORY)

    def hash(self, password: str) -> str:
        """The hash of a password: salted, with its parameters in it."""
        return self._hasher.hash(password[:LONGEST])

    def right(self, password: str, hashed: str | None) -> bool:
        """Whether it is the one. Where there is none (None), the work is done all the same."""
        nobodys = self._nobodys  # asked for in every case: the first to ask waits for its hash
        try:
            self._hasher.verify(hashed or nobodys, password[:LONGEST])
        except (VerificationError, InvalidHashError):
            return False
        return hashed is not None

    @cached_property
    def _nobodys(self) -> str:
        return self._hasher.hash("nobody signs in with this")

    def outdated(self, hashed: str) -> bool:
        """Whether a hash was made with other parameters than ours are now."""
        return self._hasher.check_needs_rehash(hashed)


def why_not(password: str, about: tuple[str, ...] = ()) -> str:
    """Why nobody should choose this password, as they are told; "" if it may be chosen.

    `about` are words of their own (name, number) that a stranger would try first.
    """
    if len(password) < SHORTEST:
        return f"Enter a password of at least {SHORTEST} characters"
    if len(password) > LONGEST:
        return f"Enter a password of at most {LONGEST} characters"
    if any(len(word) > 2 and word.lower() in password.lower() for word in about):
        return "Choose a password without your name or staff number in it"
    from zxcvbn import zxcvbn  # long lists of words: only who enrols needs them

    found = zxcvbn(password[:_ESTIMATED])
    if found["score"] < LEAST_SCORE:
        return "Choose a password that is harder to guess: three words that do not belong together"
    return ""
