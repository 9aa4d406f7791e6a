"""How often a token may be used: counted in the store, for all processes together."""

from bot.api.problems import Refused
from bot.api_tokens import ApiToken
from bot.errors import Conflict
from bot.runtime import Runtime
from bot.sign_in_limits import PARTITION
from bot.unit_of_work import UnitOfWork

WINDOW_SECONDS = 60
MOST_CONFLICTS = 20


def count(runtime: Runtime, token: ApiToken) -> None:
    """Count a request of this minute. Raises `Refused` when there were too many."""
    now, most = runtime.clock.now(), runtime.house.policy.api.requests_per_minute
    rest = WINDOW_SECONDS - int(now) % WINDOW_SECONDS
    key = f"api_rate:{token.name}:{int(now) // WINDOW_SECONDS}"
    for _ in range(MOST_CONFLICTS):
        unit = UnitOfWork(runtime.store, PARTITION)
        so_far = (unit.get(key) or {"count": 0})["count"]
        if so_far >= most:
            break
        unit.put(key, {"count": so_far + 1}, keep=2 * WINDOW_SECONDS)
        try:
            unit.commit()
        except Conflict:
            continue
        return
    raise Refused(
        429,
        "too_many_requests",
        "Too many requests with this token",
        f"At most {most} a minute. Wait for as long as Retry-After says, then go on.",
        headers={"Retry-After": str(rest)},
    )
