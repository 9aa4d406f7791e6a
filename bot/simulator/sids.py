"""Twilio's identifiers: two letters and 32 hex digits, the same again for the same seed."""

import random
import uuid


class Sids:
    """Makes identifiers."""

    def __init__(self, seed: int) -> None:
        """The same seed gives the same identifiers, in the same order."""
        self._random = random.Random(seed)  # noqa: S311  repeatable on purpose, guards nothing

    def new(self, prefix: str) -> str:
        """A new identifier, such as CA0123... for a call."""
        return f"{prefix}{self._random.getrandbits(128):032x}"

    def token(self) -> str:
        """A new idempotency token for one webhook and its retries."""
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))
