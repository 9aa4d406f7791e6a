"""Times by the clock in a row of items: half ten, twenty to six, 5pm, 1400, noon."""

from collections.abc import Sequence

from bot.text_reading.lexicon import HOUR, Clock, Item

NOON = 12 * HOUR
_TO_IS_A_TIME = (10, 20, 25)  # "five to six" may be an hour's window


def tagged(items: Sequence[Item], at: int, *tags: str) -> bool:
    """Whether the item in this place may be one of these."""
    return at < len(items) and any(tag in items[at] for tag in tags)


def clock_at(items: Sequence[Item], at: int, *, bare: bool = False) -> tuple[Clock, int] | None:
    """The time that begins here, and where it ends.

    `bare` also takes what is only a number: where something before it says that it is a time.
    """
    if tagged(items, at, "noon", "midnight"):
        return Clock(NOON if "noon" in items[at] else 0, True), at + 1
    found = _spoken(items, at) or _figures(items, at)
    if found is None:
        return None
    clock, end, plain = found
    clock, marked_end = _marked(items, clock, end)
    if plain and marked_end == end and not bare:
        return None
    return clock, marked_end


def _spoken(items: Sequence[Item], at: int) -> tuple[Clock, int, bool] | None:
    """Half past, quarter to, half ten, twenty to six."""
    minutes = {"half_past": 30, "quarter_past": 15, "quarter_to": -15, "half": 30}
    for tag, minute in minutes.items():
        if tagged(items, at, tag) and (hour := _hour(items, at + 1)) is not None:
            return Clock((hour * HOUR + minute) % (24 * HOUR)), at + 2, False
    if tagged(items, at, "number") and (hour := _hour(items, at + 2)) is not None:
        number = _int(items[at], "number")
        if tagged(items, at + 1, "past") and number in (5, *_TO_IS_A_TIME):
            return Clock(hour * HOUR + number), at + 3, False
        if tagged(items, at + 1, "to") and number in _TO_IS_A_TIME and _is_spelt(items[at]):
            return Clock((hour * HOUR - number) % (24 * HOUR)), at + 3, False
    return None


def _figures(items: Sequence[Item], at: int) -> tuple[Clock, int, bool] | None:
    if tagged(items, at, "clock"):
        return _clock(items[at], "clock"), at + 1, False
    if tagged(items, at, "run_together"):
        clock = _clock(items[at], "run_together")
        return clock, at + 1, True
    if not tagged(items, at, "number") or not 0 < (number := _int(items[at], "number")) < 24:
        return None
    if tagged(items, at + 1, "minutes", "days", "ordinal", "duration"):
        return None
    if tagged(items, at + 1, "number") and _int(items[at + 1], "number") in (15, 30, 45):
        minute = _int(items[at + 1], "number")  # "five thirty"
        return Clock(number * HOUR + minute, number > 12), at + 2, False
    return Clock(number * HOUR, number > 12), at + 1, True


def _marked(items: Sequence[Item], clock: Clock, at: int) -> tuple[Clock, int]:
    """With the marks that may follow: o'clock, -ish, am, pm."""
    for mark in ("oclock", "ish"):
        at += tagged(items, at, mark)
    half = next((half for half in ("am", "pm") if tagged(items, at, half)), "")
    # Welsh "am" is "at": "5 am 6" means nothing.
    if not half or tagged(items, at + 1, "number"):
        return clock, at
    minute = clock.minute
    if half == "pm" and minute < NOON:
        minute += NOON
    elif half == "am" and NOON <= minute < NOON + HOUR:
        minute -= NOON
    return Clock(minute, True), at + 1


def _hour(items: Sequence[Item], at: int) -> int | None:
    if not tagged(items, at, "number"):
        return None
    hour = _int(items[at], "number")
    return hour if 0 < hour <= 12 and not tagged(items, at + 1, "minutes", "ordinal") else None


def _is_spelt(item: Item) -> bool:
    """Whether it is a word: "ten to six" is ten minutes to, "10 to 6" may be a window."""
    return item.span[1] - item.span[0] > 2  # noqa: PLR2004 - two figures


def _int(item: Item, tag: str) -> int:
    value = item.tags[tag]
    return value if isinstance(value, int) else 0


def _clock(item: Item, tag: str) -> Clock:
    value = item.tags[tag]
    return value if isinstance(value, Clock) else Clock(0)
