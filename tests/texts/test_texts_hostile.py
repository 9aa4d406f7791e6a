"""Texts that somebody made to break the reader: never an error, and no more time than any other."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.policy import Policy
from bot.text_reading import Reads, TextReader, TextRules
from bot.text_reading.words import LONGEST

RULES = TextRules.load()
READER = TextReader(RULES, Policy.load().calling_hours.week)
TUESDAY_AT_TEN = 1_789_462_800.0

KNOWN = sorted(
    {word for _, phrases in RULES._lists() for phrase in phrases for word in phrase.split()}
    | {"5", "14:30", "1400", "32nd", "0", "00", "99", "-", "@", "£", ".", ",", "07700900456"}
)
TEXTS = st.one_of(
    st.text(max_size=2 * LONGEST),
    st.lists(st.sampled_from(KNOWN), max_size=60).map(" ".join),
    st.lists(st.sampled_from(KNOWN), max_size=60).map("".join),
)
MOMENTS = st.floats(min_value=0.0, max_value=4e9)


@settings(max_examples=400)
@given(TEXTS, MOMENTS, st.booleans())
def test_whatever_is_written_is_read_as_something(text: str, now: float, opted_out: bool) -> None:
    reading = READER.read(text, now, opted_out=opted_out)

    for start, end in filter(None, (reading.span, *reading.leads)):
        assert 0 <= start <= end <= len(text)
    if reading.window is not None:
        assert reading.window.start >= now
        assert reading.window.start < now + 35 * 86400
        assert reading.window.until is None or reading.window.until > reading.window.start
    if opted_out:
        assert reading.reads in (Reads.PERSON, Reads.NO_CONTACT)


HOSTILE = (
    "not ", "no no ", "on the ", "at ", "in ", "this ", "5 ", "5.", "0", "0 (0) ", "+44 ", "(", "-",
    "between 2 and ", "after ", "dont ring ", "he will ", "stop ", "tomorrow ", "a", "'", "ô", "´a",
    "5 past ", "half ", "twenty to ", "ring me then ", "the 3rd of ", "my phone died ", "\u200b",
    "ﷺ",
)  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE, ids=repr)
def test_the_time_it_takes_grows_with_the_length_and_no_faster(piece: str) -> None:
    short, long = LONGEST // 8, LONGEST

    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        took = []
        for _ in range(3):
            began = time.process_time()
            READER.read(text, TUESDAY_AT_TEN)
            took.append(time.process_time() - began)
        return min(took)

    # Eight times the length: eight times the time, and slack for a machine that is busy.
    assert seconds(long) < 30 * max(seconds(short), 0.001)


def test_what_is_too_long_is_read_to_a_limit_and_shown_to_somebody() -> None:
    reading = READER.read("ring me " * 10_000, TUESDAY_AT_TEN)

    assert (reading.reads, reading.show) == (Reads.DOUBT, True)


def test_what_stands_beyond_the_limit_is_not_read() -> None:
    assert READER.read("x" * LONGEST + " stop ringing me", TUESDAY_AT_TEN).reads is Reads.DOUBT
