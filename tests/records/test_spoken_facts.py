"""Amounts and dates as they are spoken."""

from datetime import date
from decimal import Decimal

import pytest

from bot.records.spoken_facts import (
    read_amount,
    spoken_amount,
    spoken_balance,
    spoken_date,
    spoken_payment,
)


@pytest.mark.parametrize(
    ("written", "english", "welsh"),
    [
        ("1234.56", "1,234 pounds and 56 pence", "1,234 o bunnoedd, 56 o geiniogau"),
        ("100", "100 pounds", "100 o bunnoedd"),
        ("100.00", "100 pounds", "100 o bunnoedd"),
        ("1.01", "1 pound and 1 penny", "1 bunt, 1 geiniog"),
        ("0.56", "56 pence", "56 o geiniogau"),
        ("0", "0 pounds", "0 o bunnoedd"),
        ("0.29", "29 pence", "29 o geiniogau"),
        ("999999999.99", "999,999,999 pounds and 99 pence", None),
    ],
)
def test_an_amount(written, english, welsh):
    amount = read_amount(written)

    assert spoken_amount(amount, "en") == english
    assert welsh is None or spoken_amount(amount, "cy") == welsh


def test_a_balance_is_said_with_its_day():
    said = spoken_balance(Decimal("5.00"), date(2026, 3, 1), "en")

    assert said == "5 pounds, as at 1 March 2026"


def test_a_last_payment_and_none():
    assert spoken_payment((date(2026, 12, 31), Decimal(250)), "en") == (
        "250 pounds on 31 December 2026"
    )
    assert spoken_payment(None, "en") == "none recorded"
    assert spoken_payment(None, "cy") == "dim un wedi'i gofnodi"


def test_every_month_has_its_name_in_both_languages():
    days = [date(2026, month, 1) for month in range(1, 13)]

    assert len({spoken_date(day, "en") for day in days}) == 12
    assert len({spoken_date(day, "cy") for day in days}) == 12
