"""What an officer keys on the officers' line: a PIN, one for duress, and codes printed on a list.

All are made here, none is chosen: so none is a birthday. A PIN is kept as its Argon2id hash,
sealed; printed codes sealed, each for one use. Whoever has an app for codes may use that instead.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

PIN_DIGITS = 6
PRINTED_DIGITS = 8
PRINTED = 30  # codes on a list: a month of calls
_PINS, _CODES = 10**PIN_DIGITS, 10**PRINTED_DIGITS

Below = Callable[[int], int]  # a number from 0 to below that one


@dataclass(frozen=True, slots=True)
class Issued:
    """What an officer is given, shown once."""

    pin: str = field(repr=False)
    duress: str = field(repr=False)
    printed: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class PhoneCodes:
    """What is held of it: the hashes of both PINs."""

    pin_hash: str = field(repr=False)
    duress_hash: str = field(repr=False)


def issue(below: Below = secrets.randbelow) -> Issued:
    """Fresh ones: two PINs that nobody would try first and that differ, and a list of codes."""
    pin = _pin(below)
    duress = next(one for one in iter(lambda: _pin(below), None) if one != pin)
    printed: dict[str, None] = {}
    while len(printed) < PRINTED:
        printed[f"{below(_CODES):0{PRINTED_DIGITS}}"] = None
    return Issued(pin, duress, tuple(printed))


def is_weak(pin: str) -> bool:
    """Whether somebody would try it among the first: few different digits, or counting."""
    steps = {int(after) - int(before) for before, after in zip(pin, pin[1:], strict=False)}
    return len(set(pin)) < 3 or len(steps) == 1


def _pin(below: Below) -> str:
    pins = iter(lambda: f"{below(_PINS):0{PIN_DIGITS}}", None)
    return next(pin for pin in pins if not is_weak(pin))
