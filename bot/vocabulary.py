"""The words of `config/speech.*.toml`: what people say when they mean a choice of a menu."""

import unicodedata
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field, PrivateAttr

from bot.config_files import Layers, Strict, read_layers, validated
from bot.errors import ConfigError

# Beside a choice they would turn it round: "not yes" is no yes.
_NEGATIONS = frozenset({"no", "not", "nor", "none", "never", "nothing", "cannot", "dont", "isnt"})
_CLEAR = ("wants_person", "wants_repeat")  # offered everywhere, so a phrase of theirs is no other's
MOST_HINTS, LONGEST_PHRASE = 500, 100  # as Twilio takes them (its error 13330)

_PERSON, _OFFICER = "wants_person", "wants_officer"

Phrases = Annotated[tuple[str, ...], Field(strict=False, min_length=1)]


class Vocabulary(Strict):
    """Ways to say a choice, by the choice; `keys` are the names of a key, by the key.

    `pressing` are ways to say that a key is meant ("press" one). `beside` are words that may stand
    beside a choice and mean nothing by themselves. What follows one of `reasons` is not read.
    """

    choices: Mapping[str, Phrases]
    keys: Mapping[str, Phrases]
    pressing: Phrases
    beside: Phrases
    reasons: Phrases
    _menus: dict[object, tuple[dict[str, str], int]] = PrivateAttr(default_factory=dict)

    @classmethod
    def load(cls, config_dir: Path | None = None, language: str = "en") -> "Vocabulary":
        """The packaged words with the operator's over them. Raises `ConfigError`."""
        layers = read_layers(f"speech.{language}.toml", config_dir)
        vocabulary = validated(cls, layers)
        for where, phrases in vocabulary._lists():
            _require_plain(layers, where, phrases)
        for name in ("beside", "pressing", "reasons"):
            _refuse_negations(layers, name, getattr(vocabulary, name))
        vocabulary._refuse_two_meanings(layers)
        return vocabulary

    def require(self, choices: Collection[str]) -> None:
        """Raise `ConfigError` for words of a choice that no menu offers."""
        if unknown := sorted(set(self.choices) - set(choices)):
            raise ConfigError("speech.en.toml", f"choices.{unknown[0]}", "no flow offers it")

    def hints(self, keys: Mapping[str, str], *, number: bool = False) -> tuple[str, ...]:
        """What is likely to be said where these are offered: choices, and the names of keys."""
        ways = self._choices(keys) | ({} if number else self._names(keys))
        return tuple(ways)[:MOST_HINTS]

    def meant(self, words: str, keys: Mapping[str, str], *, number: bool = False) -> set[str]:
        """The choices that somebody means who says this; none where a word of it is not known.

        `keys` offers the choices, by key; where a `number` is awaited, a bare number is no key.
        Every word must be accounted for, so that a "not" is never passed over. Of several ways
        that begin at one word the longest counts: "not me" is not "me".
        """
        known, longest = self._menu(keys, number=number)
        found, spoken, at = set(), plain(words).split(), 0
        while at < len(spoken):
            ends = range(min(len(spoken), at + longest), at, -1)
            end = next((end for end in ends if " ".join(spoken[at:end]) in known), None)
            if end is None and spoken[at] not in self.reasons:
                return set()
            if end is None:
                break
            found.add(known[" ".join(spoken[at:end])])
            at = end
        return {choice for several in found for choice in several.split()}

    def _menu(self, keys: Mapping[str, str], *, number: bool) -> tuple[dict[str, str], int]:
        """By phrase what it means, and the words of the longest: of each menu made once."""
        offered = (*keys.items(), number)
        if offered not in self._menus:
            ways = self._choices(keys) | self._pressed(keys)
            known = dict.fromkeys(self.beside, "") | ways | ({} if number else self._names(keys))
            self._menus[offered] = known, max(len(phrase.split()) for phrase in known)
        return self._menus[offered]

    def _choices(self, keys: Mapping[str, str]) -> dict[str, str]:
        """By phrase what it means: a phrase that stands in two lists means both."""
        ways: dict[str, str] = {}
        offered = {choice: choice for choice in keys.values()}
        if _PERSON in offered:  # an officer is a person, wherever none is offered
            offered.setdefault(_OFFICER, _PERSON)
        for said, choice in sorted(offered.items()):
            for phrase in self.choices.get(said, ()):
                ways[phrase] = f"{ways.get(phrase, '')} {choice}"
        return ways

    def _names(self, keys: Mapping[str, str]) -> dict[str, str]:
        return {name: choice for key, choice in keys.items() for name in self.keys.get(key, ())}

    def _pressed(self, keys: Mapping[str, str]) -> dict[str, str]:
        names = self._names(keys).items()
        return {f"{press} {name}": choice for press in self.pressing for name, choice in names}

    def _refuse_two_meanings(self, layers: Layers) -> None:
        for clear in _CLEAR:
            for choice, phrases in self.choices.items():
                both = set(phrases).intersection(self.choices.get(clear, ()))
                if both and choice != clear:
                    reason = f"{min(both)!r} also stands in choices.{choice}"
                    raise layers.refusal(("choices", clear), reason)

    def _lists(self) -> list[tuple[tuple[str, ...], Phrases]]:
        return [
            *((("choices", name), phrases) for name, phrases in self.choices.items()),
            *((("keys", name), phrases) for name, phrases in self.keys.items()),
            *(((name,), getattr(self, name)) for name in ("pressing", "beside", "reasons")),
        ]


def plain(words: str) -> str:
    """Words as they are compared: small letters, no marks, single spaces."""
    folded = unicodedata.normalize("NFKC", words).casefold().replace("’", "'")
    spaced = "".join(each if each.isalnum() or each == "'" else " " for each in folded)
    return " ".join(bare for word in spaced.split() if (bare := word.strip("'")))


def _require_plain(layers: Layers, where: tuple[str, ...], phrases: Phrases) -> None:
    for phrase in phrases:
        if not phrase or plain(phrase) != phrase or len(phrase) > LONGEST_PHRASE:
            reason = f"{phrase!r}: small letters and single spaces, at most {LONGEST_PHRASE}"
            raise layers.refusal(where, reason)


def _refuse_negations(layers: Layers, where: str, phrases: Phrases) -> None:
    for phrase in phrases:
        if any(word in _NEGATIONS or word.endswith("n't") for word in phrase.split()):
            raise layers.refusal((where,), f"{phrase!r}: it would turn round what is said with it")
