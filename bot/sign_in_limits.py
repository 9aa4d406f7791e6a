"""How often somebody may try to sign in, so that a stranger neither guesses nor locks others out.

A browser that signed this person in before has tries of its own (OWASP, "device cookies"); all
others share those of their address, of the account and of everybody. So whoever hammers an account
from many places shuts out other strangers, and new browsers, but not its owner's own. A try counts
before its password is looked at, in a commit: two at once are two.
"""

from dataclasses import dataclass, field

from bot.policy_rules import SignInRules
from bot.store import Json
from bot.tokens import hash_of
from bot.unit_of_work import UnitOfWork

PARTITION = "staff"  # of the store: everything about sign-in, so that one commit holds all of it
EVERYWHERE = "tries:everywhere"
UNIDENTIFIED = "tries:unidentified"


@dataclass(frozen=True, slots=True)
class Where:
    """Where a try comes from: whose account, which network address, and which known browser."""

    number: str
    address: str = field(repr=False)
    device: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether it may be tried now; `told` that this refusal is the first of its kind for a while.

    Only the first is written down: whoever hammers must not fill the log.
    """

    allowed: bool
    told: bool = False


def try_now(unit: UnitOfWork, where: Where, now: float, rules: SignInRules) -> Verdict:
    """Count a try, if there is one left in every budget that it touches."""
    return _spend(unit, _budgets(where, rules), now, rules)


def unidentified_now(unit: UnitOfWork, now: float, rules: SignInRules) -> Verdict:
    """The same for those whom the identity provider does not name: whoever comes back from it."""
    return _spend(unit, {UNIDENTIFIED: rules.tries_per_account}, now, rules)


def _spend(unit: UnitOfWork, budgets: dict[str, int], now: float, rules: SignInRules) -> Verdict:
    found = dict(zip(budgets, unit.get_all(*budgets), strict=True))
    window = rules.window_minutes * 60.0
    tries = {key: _within(data, now - window) for key, data in found.items()}
    spent = [key for key in budgets if not _left(key, tries[key], budgets[key], now, rules)]
    for key in [key for key in spent if not (found[key] or {}).get("told")]:
        unit.put(key, {"tries": tries[key], "told": True}, keep=window)
    if spent:
        return Verdict(allowed=False, told=unit.changed)
    for key in budgets:
        unit.put(key, {"tries": [*tries[key], now], "told": False}, keep=window)
    return Verdict(allowed=True)


def forget(unit: UnitOfWork, where: Where) -> None:
    """After a success the tries of this browser, or of this address, begin anew."""
    key = _own(where)
    if unit.get(key) is not None:
        unit.put(key, None)


def _own(where: Where) -> str:
    if where.device is not None:
        return f"tries:device:{where.device}"
    return f"tries:from:{hash_of(f'{where.number} {where.address}')}"


def _budgets(where: Where, rules: SignInRules) -> dict[str, int]:
    """The records that a try touches, and how many tries each holds."""
    if where.device is not None:
        return {_own(where): rules.tries_per_device}
    return {
        _own(where): rules.tries_per_address,
        f"tries:account:{where.number}": rules.tries_per_account,
        EVERYWHERE: rules.tries_everywhere,
    }


def _within(data: Json | None, since: float) -> list[float]:
    return [at for at in (data or {}).get("tries", []) if at > since]


def _left(key: str, tries: list[float], most: int, now: float, rules: SignInRules) -> bool:
    """Whether one is left. Of few tries each waits for the one before, twice as long every time."""
    if len(tries) >= most:
        return False
    beyond = len(tries) - rules.tries_without_wait
    if beyond < 0 or key == EVERYWHERE:
        return True
    return now >= tries[-1] + min(2.0**beyond, rules.longest_wait_seconds)
