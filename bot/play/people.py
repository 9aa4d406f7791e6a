"""Who can be played: the invented people of the sample sheet, and a few strangers."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from bot import answers
from bot.errors import BadNumber
from bot.phone import PhoneNumber
from bot.question_set import Question
from bot.records import SAMPLE_CASES

NOBODYS_REFERENCE = "100000090"  # its check digit is right, and it is nobody's
WITHHELD_NAME = "A withheld caller"
WITHHELD_NUMBER = "+266696687"  # as the carrier shows one who withholds theirs
OFFICER = "Omar"
OFFICERS_PHONE = "+447700900201"  # his handset on the sample staff list
STRANGERS = {"Dave": "+447700900888", "Mallory": "+447700900666", WITHHELD_NAME: WITHHELD_NUMBER}
STRANGERS[OFFICER] = OFFICERS_PHONE
SOMEBODY = "Somebody"


class Caller(Protocol):
    """Somebody with a telephone, as a path names them."""

    @property
    def name(self) -> str:
        """The name in the path."""

    @property
    def phone(self) -> str:
        """The number of the telephone."""

    @property
    def reference(self) -> str:
        """What stands on their letter."""

    def right(self, question: str) -> str:
        """The keys of the right answer; of somebody without a case, any that can be understood."""

    def wrong(self, question: str) -> str:
        """Keys that are an answer of the right kind, and nobody's."""


@dataclass(frozen=True)
class Person:
    """An invented person: of the sample sheet, or a stranger without answers."""

    name: str
    phone: str
    questions: Mapping[str, Question] = field(repr=False)
    reference: str = NOBODYS_REFERENCE
    answers: Mapping[str, str] = field(default_factory=dict, repr=False)

    def right(self, question: str) -> str:
        """As the sheet has it."""
        return self.answers.get(question) or self.wrong(question)

    def wrong(self, question: str) -> str:
        """By the kind of the question alone."""
        asked = self.questions[question]
        return answers.as_keyed(asked, answers.made_up(asked)) or ""


def number_of(caller: str) -> str:
    """The number of somebody who can be played, by name or number. Raises `BadNumber`."""
    named = {row["customer"].lower(): _first_phone(row) for row in _sheet()}
    named |= {name.lower(): phone for name, phone in STRANGERS.items()}
    if caller.lower() in named:
        return named[caller.lower()]
    try:
        return PhoneNumber.parse(caller).e164
    except BadNumber:
        there_are = ", ".join(name.capitalize() for name in named)
        raise BadNumber(f"nobody's name here, and no number; there are {there_are}") from None


def the_people(questions: Mapping[str, Question]) -> list[Person]:
    """One person for each case of the sheet, then the strangers."""
    found = [_person(row, questions) for row in _sheet()]
    return found + [Person(name, phone, questions) for name, phone in STRANGERS.items()]


def _person(row: dict[str, str], questions: Mapping[str, Question]) -> Person:
    answers = {
        name: keys_of(question, row.get(f"answer.{name}", "")) or ""
        for name, question in questions.items()
    }
    phone = _first_phone(row)
    return Person(row["customer"].capitalize(), phone, questions, row["reference"], answers)


def _sheet() -> list[dict[str, str]]:
    with SAMPLE_CASES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _first_phone(row: dict[str, str]) -> str:
    return row["phone"].split(";")[0].strip()


def keys_of(question: Question, written: str) -> str | None:
    """A written answer as it is keyed: `1980-02-01` is 01021980."""
    canonical = answers.written(question, written)
    return answers.as_keyed(question, canonical) if canonical else None
