"""Reads a text: what it asks for, by signs first and times after them.

Nothing is guessed. What cannot be decided is owed a call at the ordinary time, and shown to
somebody; what could be a wish to be left alone, or a need for care, is not rung.
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.hours import Week
from bot.text_reading.expression import Said
from bot.text_reading.judging import Use, judged
from bot.text_reading.lexicon import Item, Lexicon
from bot.text_reading.numbers import leads_in
from bot.text_reading.phrases import Phrases, bare
from bot.text_reading.reading import Reading, Reads, Span, Window
from bot.text_reading.rules import WEEKDAYS, TextRules
from bot.text_reading.said import expressions
from bot.text_reading.windows import Calendar
from bot.text_reading.words import LONGEST, Word, words_of

# The carrier's opt-out keywords: only the single word counts (`twilio.md` section 3). It heeds them
# for texts alone; a voice call to somebody who texted STOP is our own duty.
KEYWORDS = frozenset(
    ("stop", "unsubscribe", "end", "quit", "stopall", "revoke", "optout", "cancel")
)
OPT_OUT = "opt_out"
_GREETINGS = frozenset(("morning", "afternoon", "evening"))


class TextReader:
    """Reads texts by the words of `config/texts.toml` and the hours in which we ring."""

    def __init__(self, rules: TextRules, week: Week) -> None:
        self._spellings = {**rules.spellings["en"], **rules.spellings["cy"]}
        self._signs = [
            (name, sign.reads, Phrases(sign.both), Phrases(sign.unless))
            for name, sign in rules.signs.items()
        ]
        self._lexicon = Lexicon(rules)
        self._calendar = Calendar(rules, week)

    def read(self, text: str, now: float, *, opted_out: bool = False) -> Reading:
        """What this text asks for, as written at `now`.

        `opted_out` says that the carrier took it for an opt-out.
        """
        words = words_of(text, self._spellings)
        plain = bare(words)
        for reads in (Reads.PERSON, Reads.NO_CONTACT):
            if sign := self._sign(plain, reads):
                return Reading(reads=reads, sign=sign[0], span=sign[1])
        if opted_out or _is_keyword(plain):
            span = (0, min(len(text), LONGEST))
            return Reading(reads=Reads.NO_CONTACT, sign=OPT_OUT, span=span)
        return self._call(text, words, plain, now)

    def _call(self, text: str, words: list[Word], plain: list[Word], now: float) -> Reading:
        leads = leads_in(text[:LONGEST])
        window, span, clear = self._time(words, now)
        sign = self._sign(plain, "show")
        if sign is None and window is None and clear:
            sign = self._sign(plain, "vague")
        show = bool(leads or sign or not clear or len(text) > LONGEST)
        name, where = sign or ("", span or (leads[0] if leads else None))
        reads = Reads.WINDOW if window else Reads.DOUBT if show else Reads.CALL
        return Reading(reads=reads, sign=name, span=where, window=window, leads=leads, show=show)

    def _sign(self, words: list[Word], reads: str) -> tuple[str, Span] | None:
        """The first sign of this kind that is not inside something that only sounds like it."""
        for name, kind, phrases, unless in self._signs:
            if kind != reads:
                continue
            near = {place for found in unless.found(words) for place in range(*found)}
            for start, end in phrases.found(words):
                if near.isdisjoint(range(start, end)):
                    return name, (words[start].span[0], words[end - 1].span[1])
        return None

    def _time(self, words: list[Word], now: float) -> tuple[Window | None, Span | None, bool]:
        """The window that the text asks for, where it stands, and whether all of it is clear."""
        items = self._lexicon.items(words)
        found = judged(items, _without_greeting(items, expressions(items, WEEKDAYS)))
        said = [each.said for each in found if each.use is Use.WISH]
        wishes = _positive(said)
        unclear = any(each.use is Use.UNCLEAR for each in found) or len(wishes) > 1
        unclear |= any(each.negative and each.day is None for each in said) and len(said) > 1
        busy = any(each.use is Use.BUSY for each in found)
        if unclear or (busy and not wishes):
            # Whatever else it says: a day that they ruled out is ruled out.
            ruled_out = next((each.said for each in found if each.said.is_not_today), None)
            window = self._calendar.window(ruled_out, now) if ruled_out else None
            return window, _span(items, found[0].said, found[-1].said), False
        if not wishes or _is_any_time(wishes[0]):
            return None, None, True
        window = self._calendar.window(wishes[0], now)
        return window, _span(items, wishes[0], wishes[0]), window is not None


def _is_keyword(words: list[Word]) -> bool:
    return len(words) > 0 and "".join(word.text for word in words).strip(".") in KEYWORDS


def _positive(wishes: list[Said]) -> list[Said]:
    """What they wish for; what they cannot, only where they say nothing else."""
    not_today = any(each.is_not_today for each in wishes)
    return [
        replace(each, day=replace(each.day, not_today=not_today)) if each.day else each
        for each in wishes
        if not each.negative
    ] or wishes


def _is_any_time(said: Said) -> bool:
    return said.part == "any_time" and said.day is None and not said.by_clock


def _span(items: Sequence[Item], first: Said, last: Said) -> Span:
    return items[first.first].span[0], items[last.end - 1].span[1]


def _without_greeting(items: Sequence[Item], said: list[Said]) -> list[Said]:
    """Leave out a greeting: "morning, ring me at 5" is one, "morning is best" is a time."""
    if not said or said[0].first != 0 or said[0].end != 1 or said[0].part not in _GREETINGS:
        return said
    stands_alone = len(items) > 1 and ("comma" in items[1] or "stop" in items[1])
    return said[1:] if len(said) > 1 or stands_alone else said
