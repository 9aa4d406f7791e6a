"""`config/texts.toml`: what people write, in English and in Welsh, and what is made of it."""

from collections.abc import Iterator
from datetime import time
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from bot.config_files import Layers, Strict, read_layers, validated
from bot.desk import RuleGroup
from bot.text_reading.phrases import is_phrase
from bot.text_reading.words import folded

Phrases = Annotated[tuple[str, ...], Field(strict=False)]
Reads = Literal["person", "no_contact", "show", "vague"]

LONGEST_PHRASE = 200
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAYS = {"today": 0, "tomorrow": 1, "day_after_tomorrow": 2}
DayName = Literal[
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    "today", "tomorrow", "day_after_tomorrow", "next_week", "past",
]  # fmt: skip
CueName = Literal["wish", "rang", "missed", "busy", "counts", "then", "beside"]
TermName = Literal[
    "after", "before", "until", "between", "and", "at", "onwards", "in", "not", "or",
    "this", "next", "last", "on", "am", "pm", "noon", "midnight", "oclock", "ish", "past", "to",
    "half", "half_past", "quarter_past", "quarter_to", "minutes", "hours", "days", "ordinal",
]  # fmt: skip


class Words(Strict):
    """Ways to say something, in both languages: each is tried on every text."""

    en: Phrases
    cy: Phrases

    @property
    def both(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.en, *self.cy)


class Sign(RuleGroup, Words):
    """Phrases that say what a text asks for; none of them counts inside one of `unless`."""

    reads: Reads
    unless: Phrases = ()


class Part(RuleGroup, Words):
    """A part of the day, by the wall."""

    from_: time = Field(alias="from")
    until: time

    @model_validator(mode="after")
    def _not_empty(self) -> "Part":
        if self.from_ >= self.until:
            raise ValueError("`from` must be before `until`")
        return self


class Times(RuleGroup):
    """How long a time lasts that is given as one moment, and how far ahead one may be."""

    at_minutes: int = Field(ge=15, le=240)
    most_days: int = Field(ge=7, le=60)


class TextRules(Strict):
    """All of it, read once at the start; `TextRules.load` is the way in."""

    times: Times
    signs: dict[str, Sign]
    parts: dict[str, Part]
    days: dict[DayName, Words]
    months: dict[str, Words] = Field(min_length=12, max_length=12)
    durations: dict[str, Words]
    cues: dict[CueName, Words]
    terms: dict[TermName, Words]
    numbers: dict[Literal["en", "cy"], dict[str, int]]
    spellings: dict[Literal["en", "cy"], dict[str, str]]

    @classmethod
    def load(cls, config_dir: Path | None = None) -> "TextRules":
        """The packaged words with the operator's over them, list by list. Raises `ConfigError`."""
        layers = read_layers("texts.toml", config_dir)
        rules = validated(cls, layers)
        for where, phrases in rules._lists():
            _require_plain(layers, where, phrases, patterns=where[0] == "signs")
        return rules

    def _lists(self) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
        for table in ("signs", "parts", "days", "months", "durations", "cues", "terms"):
            for name, words in getattr(self, table).items():
                yield (table, name, "en"), words.en
                yield (table, name, "cy"), words.cy
        for name, sign in self.signs.items():
            yield ("signs", name, "unless"), sign.unless
        for language, numbers in self.numbers.items():
            yield ("numbers", language), tuple(numbers)


def _require_plain(
    layers: Layers, where: tuple[str, ...], phrases: tuple[str, ...], *, patterns: bool
) -> None:
    for phrase in phrases:
        plain = folded(phrase).replace("'", "") == phrase and phrase == " ".join(phrase.split())
        fits = is_phrase(phrase) if patterns else not set(phrase) & set("|?*<>.")
        if not (phrase and plain and fits and len(phrase) <= LONGEST_PHRASE):
            reason = f"{phrase!r}: small letters, no accents or apostrophes, single spaces"
            raise layers.refusal(where, f"{reason}, at most {LONGEST_PHRASE} characters")
