"""Expressions of time in a text: each a day, a part of it, hours by the clock, or several of them.

Only what stands side by side is one expression; whatever could be two is marked as in doubt.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.text_reading.clocks import clock_at, tagged
from bot.text_reading.expression import Day, Said, joined
from bot.text_reading.lexicon import HOUR, Clock, Item

_MINUTES = {"minutes": 1, "hours": HOUR, "days": 24 * HOUR}
_FEWEST_MINUTES = 10  # "in 20" is minutes; "in 2" may be hours
_BETWEEN_PIECES = 2  # items that may stand between two pieces of one expression


def expressions(items: Sequence[Item], weekdays: Sequence[str]) -> list[Said]:
    """Every expression of time in these items, in their order."""
    found, at = [], 0
    reader = _Pieces(items, weekdays)
    while at < len(items):
        said = reader.expression(at)
        if said is not None:
            found.append(said)
        at = said.end if said else at + 1
    return found


class _Pieces:
    """Reads pieces of an expression: each method tells what begins in a place, or None."""

    def __init__(self, items: Sequence[Item], weekdays: Sequence[str]) -> None:
        self._items = items
        self._weekdays = weekdays

    def expression(self, at: int) -> Said | None:
        said = self._piece(at, None)
        while said is not None:
            more = self._next(said)
            if more is None:
                return said
            said = more
        return None

    def _next(self, said: Said) -> Said | None:
        """The expression with the piece that follows, if they are one."""
        at = said.end
        for _ in range(_BETWEEN_PIECES + 1):
            piece = self._piece(at, said)
            if piece is not None:
                return joined(said, piece)
            if not self._is(at, "on", "comma"):
                return None
            at += 1
        return None

    def _piece(self, at: int, said: Said | None) -> Said | None:
        if self._is(at, "not") and (piece := self._after_glue(at + 1)) is not None:
            return replace(piece, first=at, negative=True)
        return self._plain_piece(at, said)

    def _plain_piece(self, at: int, said: Said | None) -> Said | None:
        ways = (self._relative, self._range, self._related, self._clock, self._day, self._part)
        found = (way(at) for way in ways)
        piece = next((each for each in found if each is not None), None)
        if piece is None and said is not None and said.day and self._is(at, "am", "pm"):
            part = "morning" if self._is(at, "am") else "afternoon"
            return Said(at, at + 1, part=part)
        if piece is None and self._may_be_bare(at, said):
            clock = clock_at(self._items, at, bare=True)
            return self._onwards(Said(at, clock[1], at=clock[0])) if clock else None
        return piece

    def _after_glue(self, at: int) -> Said | None:
        for start in range(at, at + _BETWEEN_PIECES + 1):
            piece = self._plain_piece(start, None)
            if piece is not None or not self._is(start, "on", "at"):
                return piece
        return None

    def _relative(self, at: int) -> Said | None:
        """In 20 minutes, in half an hour, in two days; "20 mins" where that is all."""
        if not self._is(at, "in", "after"):
            return self._minutes_alone(at)
        if self._is(at + 1, "duration"):
            return Said(at, at + 2, minutes=self._value(at + 1, "duration"))
        if not self._is(at + 1, "number"):
            return None
        number = self._value(at + 1, "number")
        unit = next((unit for unit in _MINUTES if self._is(at + 2, unit)), None)
        if unit is None:
            minutes = number >= _FEWEST_MINUTES and self._is(at, "in") and self._ends_well(at + 2)
            return Said(at, at + 2, minutes=number) if minutes else None
        if unit == "days":
            return Said(at, at + 3, day=Day(ahead=number))
        return Said(at, at + 3, minutes=number * _MINUTES[unit])

    def _minutes_alone(self, at: int) -> Said | None:
        alone = self._begins_clause(at) and self._ends_clause(at + 2)
        if not (alone and self._is(at, "number") and self._is(at + 1, "minutes")):
            return None
        return Said(at, at + 2, minutes=self._value(at, "number"))

    def _range(self, at: int) -> Said | None:
        """Between 2 and 4, from 2 to 4, 2-4pm."""
        led = self._is(at, "between")
        start = clock_at(self._items, at + led, bare=True)
        if start is None or not self._is(start[1], "dash", "to", "until", *(("and",) * led)):
            return None
        end = clock_at(self._items, start[1] + 1, bare=True)
        if end is None:
            return None
        known = led or self._ends_well(end[1])
        return Said(at, end[1], after=start[0], before=end[0], doubtful=not known)

    def _related(self, at: int) -> Said | None:
        """After 5, before noon, until 3, at about 4."""
        for word in ("after", "before", "until", "at"):
            if not self._is(at, word):
                continue
            start = at + 1 + self._is(at + 1, "at")
            clock = clock_at(self._items, start, bare=True)
            if clock is None:
                day = self._day(start + self._is(start, "on")) if word != "at" else None
                if day is not None:
                    return replace(day, first=at, doubtful=True)
                continue
            return self._related_to(word, at, *clock)
        return None

    def _related_to(self, word: str, at: int, clock: Clock, end: int) -> Said | None:
        if not self._ends_well(end):
            return None  # "about 5 people", "at 9 High Street"
        if word == "at":
            return self._onwards(Said(at, end, at=clock))
        if word == "after":
            return Said(at, end, after=clock)
        return Said(at, end, before=clock, until=word == "until")

    def _clock(self, at: int) -> Said | None:
        clock = clock_at(self._items, at)
        return self._onwards(Said(at, clock[1], at=clock[0])) if clock else None

    def _onwards(self, said: Said) -> Said:
        if self._is(said.end, "onwards"):
            return replace(said, end=said.end + 1, at=None, after=said.at)
        return said

    def _may_be_bare(self, at: int, said: Said | None) -> bool:
        """Whether a number that nothing marks can be a time: "ring me 5", "tomorrow 5", "5?"."""
        led = said is not None or self._begins_clause(at) or self._is(at - 1, "cue:wish")
        clock = clock_at(self._items, at, bare=True)
        return led and clock is not None and self._ends_well(clock[1])

    def _begins_clause(self, at: int) -> bool:
        return at == 0 or self._is(at - 1, "stop", "comma")

    def _ends_clause(self, at: int) -> bool:
        return at >= len(self._items) or self._is(at, "stop", "comma")

    def _ends_well(self, at: int) -> bool:
        """Whether what follows a number does not count something else."""
        return at >= len(self._items) or (
            bool(self._items[at].tags) and not self._is(at, "minutes", "ordinal", "number")
        )

    def _day(self, at: int) -> Said | None:
        led = next((lead for lead in ("this", "next", "last") if self._is(at, lead)), "")
        start = at + bool(led)
        if self._is(start, "day"):
            name = str(self._items[start].tags["day"])
            if name in self._weekdays:
                weekday = Day(weekday=self._weekdays.index(name))
                return self._weekday(Said(at, start + 1, day=weekday), led)
            week_later = self._is(start + 1, "next")  # "tomorrow week"
            said = Said(at, start + 1, day=Day(name=name), doubtful=week_later)
            return None if led else said
        return None if led else self._date(at)

    def _weekday(self, said: Said, led: str) -> Said:
        if led == "last":
            return replace(said, day=Day(name="past"))
        week_later = led == "next" or self._is(said.end, "next")
        # "Next Thursday" is this week's for some, next week's for others.
        return replace(said, end=said.end + self._is(said.end, "next"), doubtful=week_later)

    def _date(self, at: int) -> Said | None:
        """The 21st, 21st of March, 3 March."""
        if not self._is(at, "number"):
            return None
        day, end = self._value(at, "number"), at + 1
        ordinal = self._is(end, "ordinal")
        end += ordinal
        end += self._is(end, "on") and self._is(end + 1, "month")
        if self._is(end, "month"):
            return Said(at, end + 1, day=Day(date=(day, self._value(end, "month"))))
        return Said(at, end, day=Day(date=(day, None))) if ordinal else None

    def _part(self, at: int) -> Said | None:
        ways = range(at, at + _BETWEEN_PIECES + 1)
        led = next((led for led in ways if not self._is(led, "this", "on")), at)
        led = next((each for each in range(at, led) if self._is(each, "part")), led)
        if not self._is(led, "part"):
            return None
        day = Day(name="today") if any(self._is(each, "this") for each in range(at, led)) else None
        return Said(at, led + 1, day=day, part=str(self._items[led].tags["part"]))

    def _is(self, at: int, *tags: str) -> bool:
        return at >= 0 and tagged(self._items, at, *tags)

    def _value(self, at: int, tag: str) -> int:
        value = self._items[at].tags[tag]
        return value if isinstance(value, int) else 0


def clauses(items: Sequence[Item], said: Sequence[Said]) -> Iterator[tuple[Said, range, range]]:
    """Each expression with the items of its clause before it (nearest first) and after it."""
    for index, each in enumerate(said):
        before = said[index - 1].end if index else 0
        after = said[index + 1].first if index + 1 < len(said) else len(items)
        left = each.first
        while left > before and not tagged(items, left - 1, "stop", "comma"):
            left -= 1
        right = each.end
        while right < after and not tagged(items, right, "stop", "comma"):
            right += 1
        yield each, range(each.first - 1, left - 1, -1), range(each.end, right)
