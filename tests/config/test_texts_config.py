"""`config/texts.toml`: what is refused, with file, key and reason; and what an operator adds."""

from pathlib import Path

import pytest

from bot.errors import ConfigError
from bot.policy import Policy
from bot.text_reading import Reads, TextReader, TextRules

WEEK = Policy.load().calling_hours.week
NOW = 1_789_462_800.0


def written(tmp_path: Path, toml: str) -> Path:
    (tmp_path / "texts.toml").write_text(toml, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("toml", "key", "reason"),
    [
        ("[signs.death]\nen = ['Died']", "signs.death.en", "small letters"),
        ('[signs.death]\nen = ["don\'t"]', "signs.death.en", "apostrophes"),
        ("[signs.death]\ncy = ['profedigaeth ..fawr']", "signs.death.cy", "small letters"),
        ("[signs.death]\nen = ['rip? mum']", "signs.death.en", "small letters"),
        ("[signs.death]\nen = ['']", "signs.death.en", "small letters"),
        ("[signs.death]\nreads = 'persn'", "signs.death.reads", "person"),
        ("[signs.flood]\nreads = 'person'\nen = []\ncy = []", "signs.flood.source", "missing"),
        ("[signs.death]\nfr = ['mort']", "signs.death.fr", "unknown key"),
        ("[parts.morning]\nfrom = 13:00:00", "parts.morning", "before"),
        ("[times]\nat_minutes = 5", "times.at_minutes", "15"),
        ("[cues.wihs]\nen = []\ncy = []", "cues.wihs", "wish"),
        ("[days]\nmonday = { en = ['a|b'], cy = [] }", "days.monday.en", "small letters"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, toml: str, key: str, reason: str) -> None:
    with pytest.raises(ConfigError) as refusal:
        TextRules.load(written(tmp_path, toml))

    assert refusal.value.where.endswith("texts.toml")
    assert refusal.value.key.startswith(key)
    assert reason in refusal.value.reason


def test_an_operator_adds_a_sign(tmp_path: Path) -> None:
    toml = """
        [signs.flood]
        reads = "person"
        source = "our own"
        evidence = "default"
        en = ["flooded|flood"]
        cy = ["llifogydd"]
    """
    reader = TextReader(TextRules.load(written(tmp_path, toml)), WEEK)

    assert reader.read("We have been flooded, ring after 5", NOW).sign == "flood"
    assert reader.read("llifogydd", NOW).reads is Reads.PERSON


def test_every_group_names_its_source() -> None:
    rules = TextRules.load()

    for group in (rules.times, *rules.signs.values(), *rules.parts.values()):
        assert group.source
        assert group.evidence
