"""What each word of a text may mean for a time: the words of `config/` and figures, tagged."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.text_reading.reading import Span
from bot.text_reading.rules import TextRules
from bot.text_reading.words import COMMA, DASH, STOP, Word

_CLOCK = re.compile(r"(\d{1,2})[.:](\d{2})")
_RUN_TOGETHER = re.compile(r"(\d{1,2})(\d{2})")
_FIGURE = re.compile(r"\d{1,2}")
HOUR = 60


@dataclass(frozen=True, slots=True)
class Clock:
    """A time by the clock: minutes after midnight; `sure` whether that half of the day is meant."""

    minute: int
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One or more words of a text, and all that they may mean, by its name.

    The names are those of `config/texts.toml` (`cue:` before those of a cue), and `number`,
    `clock`, `run_together`, `comma`, `stop`, `dash`. Nothing: a word that is not known.
    """

    span: Span
    tags: Mapping[str, object] = field(default_factory=dict)

    def __contains__(self, tag: str) -> bool:
        return tag in self.tags

    @property
    def cue(self) -> str:
        """What it says of a time that stands by: a cue, `beside` for nothing, or "" (unknown)."""
        for name in ("counts", "busy", "missed", "rang", "wish"):
            if f"cue:{name}" in self.tags:
                return name
        return "beside" if self.tags else ""


class Lexicon:
    """All words of `config/texts.toml` that have to do with times."""

    def __init__(self, rules: TextRules) -> None:
        self._meanings: dict[tuple[str, ...], dict[str, object]] = {}
        self._put("part", {name: part.both for name, part in rules.parts.items()})
        self._put("day", {name: words.both for name, words in rules.days.items()})
        self._put("month", {int(name): words.both for name, words in rules.months.items()})
        self._put("duration", {int(name): words.both for name, words in rules.durations.items()})
        for name, words in rules.cues.items():
            self._put(f"cue:{name}", {name: words.both})
        for term, words in rules.terms.items():
            self._put(term, {term: words.both})
        for numbers in rules.numbers.values():
            for word, number in numbers.items():
                self._put("number", {number: (word,)})
        self._longest = max(len(words) for words in self._meanings)

    def _put(self, tag: str, ways: Mapping[Any, Iterable[str]]) -> None:
        for value, phrases in ways.items():
            for phrase in phrases:
                self._meanings.setdefault(tuple(phrase.split()), {})[tag] = value

    def items(self, words: list[Word]) -> list[Item]:
        """The words as items; of several phrases that begin at one word the longest counts."""
        return list(self._items(words))

    def _items(self, words: list[Word]) -> Iterator[Item]:
        at = 0
        while at < len(words):
            end = self._longest_from(words, at)
            known = self._meanings.get(tuple(word.text for word in words[at:end]))
            tags = known or _of_figures(words[at].text)
            yield Item((words[at].span[0], words[end - 1].span[1]), tags)
            at = end

    def _longest_from(self, words: list[Word], at: int) -> int:
        for end in range(min(len(words), at + self._longest), at + 1, -1):
            if tuple(word.text for word in words[at:end]) in self._meanings:
                return end
        return at + 1


def _of_figures(word: str) -> Mapping[str, object]:
    """What figures may be: a time, a number up to 99; amounts, references and such are unknown."""
    if mark := {STOP: "stop", COMMA: "comma", DASH: "dash"}.get(word):
        return {mark: True}
    if found := _CLOCK.fullmatch(word):
        return _clock("clock", *found.groups())
    if _FIGURE.fullmatch(word):
        return {"number": int(word)}
    if (found := _RUN_TOGETHER.fullmatch(word)) and int(found.group(2)) % 5 == 0:
        return _clock("run_together", *found.groups())
    return {}


def _clock(tag: str, hours: str, minutes: str) -> Mapping[str, object]:
    hour, minute = int(hours), int(minutes)
    if hour > 23 or minute > 59:
        return {}
    # "09:00" is in the morning; whoever writes "05:30" means tea time all the same.
    sure = hour > 12 or hour == 0 or (hours.startswith("0") and hour > 6)
    return {tag: Clock(hour * HOUR + minute, sure)}
