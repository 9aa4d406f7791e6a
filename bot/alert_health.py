"""How the telling of tasks goes at a desk: what fails, and what was given up, for doctor to say."""

from contextlib import suppress

from bot.alerts import Channel
from bot.desk import Desk
from bot.errors import Conflict
from bot.escalation import tells_anybody
from bot.store import Json, Store
from bot.unit_of_work import UnitOfWork

RECORD = "alerts"
KEEP_SECONDS = 90 * 86400
REMEMBERED_SECONDS = 7 * 86400.0  # what was given up is told for a week
_TRIES = 5  # other workers note too


def note_failure(store: Store, desk: str, channel: Channel, reason: str, now: float) -> None:
    """It fails there, since now or before."""
    _note(store, desk, channel, {"reason": reason}, {"failing_since": now})


def note_success(store: Store, desk: str, channel: Channel) -> None:
    """It works there (again)."""
    known = _known(UnitOfWork(store, desk)).get(channel.value, {})
    if "failing_since" in known:
        _note(store, desk, channel, {"failing_since": None}, {})


def note_given_up(store: Store, desk: str, channel: Channel, reason: str, now: float) -> None:
    """One alert will not be tried again."""
    _note(store, desk, channel, {"reason": reason, "given_up_at": now}, {"failing_since": now})


def troubles(store: Store, desk: str, rules: Desk, now: float) -> list[str]:
    """What people should know of this desk, a sentence each."""
    found = []
    if not tells_anybody(rules):
        found.append(f"nobody is told of those of the desk {desk}: it has no address")
    for channel, known in sorted(_known(UnitOfWork(store, desk)).items()):
        told = f"the desk {desk}, {channel}"
        if "failing_since" in known:
            minutes = (now - known["failing_since"]) / 60
            found.append(f"{told}: fails since {minutes:.0f} min ago ({known['reason']})")
        if now - known.get("given_up_at", 0.0) < REMEMBERED_SECONDS:
            found.append(f"{told}: an alert was given up within the last week ({known['reason']})")
    return found


def known_of(store: Store, desk: str) -> Json:
    """By channel: `failing_since` and `given_up_at`, where there is something to tell."""
    return _known(UnitOfWork(store, desk))


def _note(store: Store, desk: str, channel: Channel, values: Json, if_new: Json) -> None:
    """Write these values (None takes one away); those of `if_new` only where there is none yet.

    After many conflicts it is left: others note the same.
    """
    for _ in range(_TRIES):
        unit = UnitOfWork(store, desk)
        all_known = _known(unit)
        known = {**if_new, **all_known.get(channel.value, {}), **values}
        kept = {name: value for name, value in known.items() if value is not None}
        if kept == all_known.get(channel.value):
            return
        unit.put(RECORD, {**all_known, channel.value: kept}, keep=KEEP_SECONDS)
        with suppress(Conflict):
            unit.commit()
            return


def _known(unit: UnitOfWork) -> Json:
    return dict(unit.get(RECORD) or {})
