"""How far the carrier's lists were looked through, and which part of them is next."""

from dataclasses import dataclass

from bot.policy_rules import Reconciling
from bot.store import Json, Store

RECORD = "reconciling"
LEASE_SECONDS = 120.0
AGAIN_SECONDS = 60.0  # after a list that could not be read
LONG_AGO = 3600.0  # without a pass: whoever looks after the house is told
LONGEST_WINDOW = 6 * 3600.0  # of new time in one pass, so that no list is endless


@dataclass(frozen=True, slots=True, kw_only=True)
class Watermark:
    """How far a desk has come; seconds since 1970, by our clock.

    `through` is None before the first pass. `due` is when the next pass may begin, or when the
    lease of the one under way ends; `token` is that pass's. `seen_at` is when the last one ended.
    """

    through: float | None = None
    due: float = 0.0
    token: int = 0
    seen_at: float | None = None

    @classmethod
    def from_json(cls, data: Json | None) -> "Watermark":
        """As `asdict` wrote it down; nothing yet where there is none."""
        return cls(**data) if data else cls()

    def is_due(self, now: float, rule: Reconciling) -> bool:
        """Whether a pass may begin. One that is put off for longer than we ever do is not believed:
        the clock was put back."""
        longest = max(LEASE_SECONDS, AGAIN_SECONDS, rule.minutes * 60.0)
        return self.due <= now or self.due > now + longest


@dataclass(frozen=True, slots=True)
class Window:
    """What to ask for: what came in from `since` on, and to hand over up to `until`.

    `lost_from` tells of a gap: from there to `since` nobody looked, and now it is too long ago.
    """

    since: float
    until: float
    lost_from: float | None = None


def window_of(through: float | None, now: float, rule: Reconciling, lag: float) -> Window:
    """The next window. It ends where the list may lag behind, and begins before the last one ended.

    A watermark in the future is not believed (the clock was wrong): all is looked through again.
    """
    earliest = now - rule.reach_days * 86400.0
    if through is None:
        through = now
    elif through > now:
        through = earliest
    since = max(through - rule.overlap_minutes * 60.0, earliest)
    until = min(max(through, since) + LONGEST_WINDOW, now - lag)
    return Window(since, until, through if through < earliest else None)


def last_look(store: Store, desk: str, now: float) -> tuple[str, str]:
    """When a desk's lists were looked through last, in words; and what to do, if anything.

    Before the first pass there is nothing to do: no worker has run yet.
    """
    mark = Watermark.from_json(store.read(desk, (RECORD,))[RECORD].data)
    told = f"the carrier's, for the desk {desk}: "
    step = "See that `ringback work` runs, and what it logs"
    if mark.seen_at is None or mark.through is None:
        return told + "not looked through yet", step if mark.token else ""
    seen, behind = (round((now - at) / 60) for at in (mark.seen_at, mark.through))
    told += f"looked through {seen} min ago, for what came in until {behind} min ago"
    return told, step if now - min(mark.seen_at, mark.through) > LONG_AGO else ""
