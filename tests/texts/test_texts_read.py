"""What invented texts are read as: tables that anybody can review, in `tests/texts/*.txt`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.hours import Week
from bot.policy import Policy
from bot.text_reading import Reading, Reads, TextReader, TextRules

HERE = Path(__file__).parent
TABLES = sorted(HERE.glob("*.txt"))
TUESDAY_AT_TEN = 1_789_462_800.0  # 15 September 2026, in London
ENOUGH = 300


def rows_of(table: Path) -> Iterator[tuple[str, str]]:
    """Every text of a table, with what it is read as."""
    read_as = ""
    for line in table.read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            read_as = line.removeprefix("== ").strip()
        elif line and not line.startswith("#"):
            yield line, read_as


ROWS = [row for table in TABLES for row in rows_of(table)]


@pytest.fixture(scope="module")
def week() -> Week:
    return Policy.load().calling_hours.week


@pytest.fixture(scope="module")
def reader(week: Week) -> TextReader:
    return TextReader(TextRules.load(), week)


def told(reading: Reading, week: Week) -> str:
    """A reading as the tables tell it."""
    if reading.reads is Reads.PERSON:
        return f"person {reading.sign}"
    if reading.window is None:
        return reading.reads.value
    ends = (reading.window.start, reading.window.until)
    wall = [f"{week.local(end):%a %d %H:%M}" if end is not None else "" for end in ends]
    return " - ".join(wall).strip()


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.stem)
def test_every_text_of_the_table_is_read_so(table: Path, reader: TextReader, week: Week) -> None:
    wrong = []
    for text, expected in rows_of(table):
        got = told(reader.read(text, TUESDAY_AT_TEN), week)
        if got != expected and not (expected == "person" and got.startswith("person ")):
            wrong.append(f"{text!r}: {got}, not {expected}")

    assert wrong == []


def test_there_are_enough_of_every_kind() -> None:
    kinds = [expected.split()[0] for _, expected in ROWS]

    assert len({text for text, _ in ROWS}) > 2 * ENOUGH
    assert all(kinds.count(kind) > 50 for kind in ("call", "doubt", "no_contact", "person"))
    assert sum(" - " in expected or expected.endswith(" -") for _, expected in ROWS) > 200


@pytest.mark.parametrize(("text", "_"), ROWS)
def test_what_led_to_a_reading_stands_in_the_text(text: str, _: str, reader: TextReader) -> None:
    reading = reader.read(text, TUESDAY_AT_TEN)

    assert reading.span is not None or reading.reads is Reads.CALL
    for start, end in filter(None, (reading.span, *reading.leads)):
        assert 0 <= start < end <= len(text)


def test_a_reading_holds_no_word_of_the_text(reader: TextReader) -> None:
    reading = reader.read("My husband Bertram has died, ring 07700 900789", TUESDAY_AT_TEN)

    assert "Bertram" not in repr(reading)
    assert "900789" not in repr(reading)
    assert reading.in_words == "reads: person"


def test_what_the_carrier_took_for_an_opt_out_is_one(reader: TextReader) -> None:
    reading = reader.read("arrêt", TUESDAY_AT_TEN, opted_out=True)

    assert (reading.reads, reading.sign) == (Reads.NO_CONTACT, "opt_out")


def test_a_death_weighs_more_than_stop(reader: TextReader) -> None:
    assert reader.read("Stop. She has died", TUESDAY_AT_TEN, opted_out=True).sign == "death"


def test_a_time_beside_another_number_is_kept_and_the_text_is_shown(reader: TextReader) -> None:
    text = "Ring me after 5 on 07700 900789"
    reading = reader.read(text, TUESDAY_AT_TEN)

    assert reading.window is not None
    assert reading.show
    assert [text[slice(*lead)] for lead in reading.leads] == ["07700 900789"]
    assert reading.in_words == "reads: window, another number"
