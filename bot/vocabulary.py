"""The words of `config/speech.*.toml`: what people say when they mean a choice of a menu."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field

from bot.config_files import Strict, read_layers, validated
from bot.errors import ConfigError

MOST_HINTS = 500  # as Twilio takes them, of at most 100 characters (`twilio.md` section 7)
_NOT_WORDS = re.compile(r"[^\w']+")

Phrases = Annotated[tuple[str, ...], Field(strict=False, min_length=1)]


class Vocabulary(Strict):
    """Ways to say a choice, by the choice; `keys` are the ways to say a key by its name."""

    choices: Mapping[str, Phrases]
    keys: Mapping[str, Phrases]

    @classmethod
    def load(cls, config_dir: Path | None = None, language: str = "en") -> "Vocabulary":
        """The packaged words with the operator's over them. Raises `ConfigError`."""
        layers = read_layers(f"speech.{language}.toml", config_dir)
        vocabulary = validated(cls, layers)
        for name, phrases in (*vocabulary.choices.items(), *vocabulary.keys.items()):
            for phrase in phrases:
                if not phrase or plain(phrase) != phrase or len(phrase) > 100:
                    raise layers.refusal(
                        ("choices" if name in vocabulary.choices else "keys", name),
                        f"{phrase!r}: small letters and single spaces, at most 100 of them",
                    )
        return vocabulary

    def require(self, choices: Collection[str]) -> None:
        """Raise `ConfigError` for words of a choice that no menu offers."""
        if unknown := sorted(set(self.choices) - set(choices)):
            raise ConfigError("speech.en.toml", f"choices.{unknown[0]}", "no flow offers it")

    def hints(self, choices: Collection[str]) -> tuple[str, ...]:
        """What is likely to be said where these are offered."""
        return tuple(self._phrases_of(choices))[:MOST_HINTS]

    def meant(self, words: str, keys: Mapping[str, str]) -> set[str]:
        """The choices that somebody means who says this. `keys` offers them, by key.

        Longer ways to say something win over shorter ones in them: who says "not that person"
        does not ask for a person.
        """
        offered = set(keys.values())
        ways = {phrase: choice for choice in offered for phrase in self.choices.get(choice, ())}
        ways |= {
            phrase: choice for key, choice in keys.items() for phrase in self.keys.get(key, ())
        }
        if not ways:
            return set()
        longest_first = sorted(ways, key=len, reverse=True)
        pattern = "|".join(re.escape(phrase) for phrase in longest_first)
        found = re.findall(rf"(?<![\w'])(?:{pattern})(?![\w'])", plain(words))
        return {ways[phrase] for phrase in found}

    def _phrases_of(self, choices: Collection[str]) -> Iterator[str]:
        for choice in sorted(choices):
            yield from self.choices.get(choice, ())


def plain(words: str) -> str:
    """Words as they are compared: small letters, no marks, single spaces."""
    folded = unicodedata.normalize("NFKC", words).casefold().replace("’", "'")
    return " ".join(_NOT_WORDS.sub(" ", folded).split())
