"""Answers that are nobody's: for the walk over every path, for play and for tests."""

from bot.answers.choice import names_of
from bot.answers.kind import Question

_TWO_OF_EACH = {
    "amount": ("66.60", "88.00"),
    "date": ("1999-12-31", "1980-02-29"),
    "month_year": ("1966-12", "1980-02"),
    "number": ("6", "8"),
    "postcode": ("ZE66ZZ", "ZE88ZZ"),
    "postcode_digits": ("66", "88"),
    "year": ("1966", "1980"),
}


def made_up(question: Question, *, another: bool = False) -> str:
    """An answer of this kind in canonical form, or `another` one."""
    if question.kind == "choice":
        names = names_of(question)
        return names[-1 if another else 0]
    two = _TWO_OF_EACH.get(question.kind) or [digit * (question.length or 1) for digit in "68"]
    return two[another]
