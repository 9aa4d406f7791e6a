"""Amounts and dates of a case as they will be spoken, in the language of the case."""

import re
from datetime import date
from decimal import Decimal

LANGUAGES = frozenset({"en", "cy"})

_AMOUNT = re.compile(r"[0-9]{1,9}(\.[0-9]{2})?")
_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "cy": "Ionawr Chwefror Mawrth Ebrill Mai Mehefin Gorffennaf Awst Medi Hydref Tachwedd Rhagfyr",
}
_POUNDS = {"en": ("1 pound", "{} pounds"), "cy": ("1 bunt", "{} o bunnoedd")}
_PENCE = {"en": ("1 penny", "{} pence"), "cy": ("1 geiniog", "{} o geiniogau")}
_AND = {"en": " and ", "cy": ", "}  # Welsh "a" or "ac" would depend on how the figure is read
_AS_AT = {"en": "{}, as at {}", "cy": "{}, ar {}"}
_PAID = {"en": "{} on {}", "cy": "{} ar {}"}
_NONE_RECORDED = {"en": "none recorded", "cy": "dim un wedi'i gofnodi"}


def read_amount(text: str) -> Decimal:
    """Pounds and pence as `1234.56` or `1234`. Raises `ValueError`."""
    if not _AMOUNT.fullmatch(text):
        raise ValueError("not pounds and pence such as 1234.56")
    return Decimal(text)


def read_date(text: str) -> date:
    """A day as `2026-03-01`. Raises `ValueError`."""
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise ValueError("not a date such as 2026-03-01")


def spoken_amount(amount: Decimal, language: str) -> str:
    """`1,234 pounds and 56 pence`."""
    pounds, pence = divmod(int(amount * 100), 100)
    parts = [_counted(pounds, _POUNDS[language])] if pounds or not pence else []
    if pence:
        parts.append(_counted(pence, _PENCE[language]))
    return _AND[language].join(parts)


def spoken_date(day: date, language: str) -> str:
    """`1 March 2026`."""
    return f"{day.day} {_MONTHS[language].split()[day.month - 1]} {day.year}"


def spoken_balance(amount: Decimal, as_at: date, language: str) -> str:
    """`1,234 pounds and 56 pence, as at 1 March 2026`: a balance is never said without its day."""
    return _AS_AT[language].format(spoken_amount(amount, language), spoken_date(as_at, language))


def spoken_payment(payment: tuple[date, Decimal] | None, language: str) -> str:
    """`250 pounds on 1 March 2026`, or that none is recorded."""
    if payment is None:
        return _NONE_RECORDED[language]
    day, amount = payment
    return _PAID[language].format(spoken_amount(amount, language), spoken_date(day, language))


def spoken_contact(day: date | None, language: str) -> str:
    """`1 March 2026`, or that none is recorded."""
    return _NONE_RECORDED[language] if day is None else spoken_date(day, language)


def _counted(number: int, forms: tuple[str, str]) -> str:
    one, many = forms
    return one if number == 1 else many.format(f"{number:,}")
