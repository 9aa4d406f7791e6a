"""What a text asks for: to be left alone, or (anything else) to be rung."""

import pytest

from bot.policy import Policy
from bot.text_reading import Reads, TextReader, TextRules

READER = TextReader(TextRules.load(), Policy.load().calling_hours.week)
TUESDAY_AT_TEN = 1_789_462_800.0  # 15 September 2026, in London


def wants_no_contact(text: str) -> bool:
    return READER.read(text, TUESDAY_AT_TEN).reads is Reads.NO_CONTACT


@pytest.mark.parametrize(
    "text",
    [
        "STOP",
        "stop.",
        "Unsubscribe",
        "please stop",
        "Stop calling me",
        "Don't ring me again",
        "dont call",
        "Do not contact me",
        "never phone me again!",
        "leave me alone",
        "take me off your list",
        "Remove my number",
        "opt out",
        "I don't want to be rung",
        "I do not wish to be called",
        "I don't want any more calls",
        "Don’t ever ring this number",
    ],
)
def test_whoever_wants_to_be_left_alone(text: str) -> None:
    assert wants_no_contact(text)


@pytest.mark.parametrize(
    "text",
    [
        "Sorry I missed you",
        "ring me please",
        "Who is this?",
        "I could not stop, was driving. Call me at 5",
        "Please call back, I can't end my shift early",
        "the bus stop is noisy, ring later",
        "I don't know who rang",
        "",
        "Please ring me, dont text",
        "👍",
        "cancel my other appointment and ring me",
    ],
)
def test_whoever_may_be_rung(text: str) -> None:
    assert not wants_no_contact(text)
