"""What the sample files refer to, and when it is."""

from dataclasses import dataclass

from bot.records import Known

NOW = 1_789_466_400.0  # 15 September 2026, a Tuesday, 10:00 in London


@dataclass(frozen=True)
class Asks:
    kind: str
    length: int | None = None


QUESTIONS = {
    "birth_date": Asks("date"),
    "postcode_digits": Asks("number", 4),
    "house_number": Asks("number", 5),
    "insurance_digits": Asks("digits", 6),
    "account_last4": Asks("digits", 4),
    "registered_year": Asks("year"),
    "letter_code": Asks("digits", 6),
    "phone_last4": Asks("digits", 4),
}
KNOWN = Known(desks={"main"}, officers={"omar"}, restrictions={"breathing_space", "deceased"})
