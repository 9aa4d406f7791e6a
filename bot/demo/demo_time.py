"""What time it is in the demo: a Tuesday at ten, at least a week after the newest event.

So the story plays at any hour of any day, again and again: nobody is rung on a Sunday night, and
nothing that happened in an earlier run stands in the way (design section 2, *Time*).
"""

import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.hours import is_bank_holiday
from bot.start import CLOCK_FILE

ZONE = ZoneInfo("Europe/London")
TUESDAY = 1
A_WEEK = timedelta(days=7)
NATIONS = ("england", "wales", "scotland", "northern_ireland")


def set_the_clock(data_dir: Path, wall: float) -> float:
    """Choose this run's offset (seconds), keep it in the data directory, and return it."""
    path = data_dir / CLOCK_FILE
    newest = wall
    if path.exists():
        newest = max(wall, wall + json.loads(path.read_text(encoding="utf-8"))["offset_seconds"])
    begins = next_tuesday_at_ten(datetime.fromtimestamp(newest, UTC) + A_WEEK)
    return _keep(path, begins.timestamp() - wall)


def move_the_clock(data_dir: Path, seconds: float) -> float:
    """Set this run's clock forward; the new offset. Whoever starts from now on lives by it."""
    path = data_dir / CLOCK_FILE
    before: float = json.loads(path.read_text(encoding="utf-8"))["offset_seconds"]
    return _keep(path, before + seconds)


def _keep(path: Path, offset: float) -> float:
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps({"offset_seconds": offset}), encoding="utf-8")
    draft.replace(path)
    return offset


def next_tuesday_at_ten(after: datetime) -> datetime:
    """The first Tuesday at ten in the morning, London time, that is no bank holiday anywhere."""
    local = after.astimezone(ZONE)
    day = local.date() + timedelta(days=(TUESDAY - local.weekday()) % 7)
    while _at_ten(day) < after or any(is_bank_holiday(day, nation) for nation in NATIONS):
        day += A_WEEK
    return _at_ten(day)


def _at_ten(day: date) -> datetime:
    return datetime.combine(day, time(10), ZONE)
