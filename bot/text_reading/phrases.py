"""Phrases of `config/texts.toml`: what they match in the words of a text.

A phrase is words. `a|b` is either, `word?` may be missing, `word*` is any word that begins so,
`..` stands for up to three words, `<child>` for an age under 16, `<hour>` for a number. Nothing
reaches over the end of a sentence. The first word is always there, and a phrase is found by it.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.text_reading.words import COMMA, DASH, STOP, Word

_WAY = r"(?:<hour>|[^\W_]+\*?)"
_ELEMENT = re.compile(rf"\.\.|<child>|{_WAY}(?:\|{_WAY})*\??")
_FIRST = re.compile(r"[^\W_]+(?:\|[^\W_]+)*")
_AGES = {"six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen"}
CHILD = _AGES | {"fifteen"} | {str(age) for age in range(5, 16)}
HOURS = frozenset(_AGES | {"one", "two", "three", "four", "five"} - {"thirteen", "fourteen"})
MOST_BETWEEN = 3

Found = tuple[int, int]  # from, up to: words


def is_phrase(text: str) -> bool:
    """Whether this can be read as a phrase."""
    first, *others = text.split(" ")
    return bool(_FIRST.fullmatch(first)) and all(_ELEMENT.fullmatch(each) for each in others)


def bare(words: Iterable[Word]) -> list[Word]:
    """The words without the marks inside a sentence, which no phrase is about."""
    return [word for word in words if word.text not in (COMMA, DASH)]


@dataclass(frozen=True, slots=True)
class _Element:
    words: frozenset[str]
    begins: tuple[str, ...] = ()
    optional: bool = False
    gap: bool = False
    figures: bool = False

    @classmethod
    def of(cls, text: str) -> "_Element":
        if text == "..":
            return cls(frozenset(), gap=True)
        if text == "<child>":
            return cls(frozenset(CHILD))
        ways = text.removesuffix("?").split("|")
        hours = HOURS if "<hour>" in ways else frozenset[str]()
        return cls(
            frozenset(way for way in ways if not way.endswith("*")) | hours,
            tuple(way[:-1] for way in ways if way.endswith("*")),
            optional=text.endswith("?"),
            figures="<hour>" in ways,
        )

    def takes(self, word: str) -> bool:
        if word in self.words or (self.figures and word[0].isdigit()):
            return True
        return bool(self.begins and word.startswith(self.begins))


class Phrases:
    """Several phrases, found by their first word."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_first: dict[str, list[list[_Element]]] = defaultdict(list)
        for phrase in phrases:
            first, *others = phrase.split(" ")
            for word in first.split("|"):
                self._by_first[word].append([_Element.of(each) for each in others])

    def found(self, words: list[Word]) -> Iterator[Found]:
        """Where they stand in these (bare) words, the longest from each place."""
        for at, word in enumerate(words):
            ends = [_end(rest, words, at + 1) for rest in self._by_first.get(word.text, ())]
            if longest := max(ends, default=0):
                yield at, longest


def _end(elements: list[_Element], words: list[Word], at: int) -> int:
    """Where the longest match of these elements ends that begins here; 0 for none."""
    places = {at}
    for element in elements:
        places = {end for place in places for end in _steps(element, words, place)}
        if not places:
            return 0
    return max(places)


def _steps(element: _Element, words: list[Word], place: int) -> Iterator[int]:
    if element.gap:
        for end in range(place, min(place + MOST_BETWEEN, len(words)) + 1):
            if any(word.text == STOP for word in words[place:end]):
                return
            yield end
        return
    if element.optional:
        yield place
    if place < len(words) and element.takes(words[place].text):
        yield place + 1
