"""Who is who in the tests: invented people, their numbers and what they would answer.

Alice and Bob are customers, Erin has two cases, Frank and Grace share a telephone, Dave is unknown
to us, Omar is an officer, Mallory pretends to be Alice. What they know is read from the sample
cases that the demo imports, so it is written down once.
"""

import csv
from dataclasses import dataclass, field

from bot import answers
from bot.question_set import QuestionSet
from bot.records.sample import SAMPLE_CASES

SERVICE = "+443069990100"
OFFICERS_LINE = "+443069990200"
NOBODYS_NUMBER = "+443069990999"
UNKNOWN_REFERENCE = "100000090"  # its check digit is right, and it is nobody's

_QUESTIONS = QuestionSet.load().questions


@dataclass(frozen=True)
class Person:
    """Somebody with a telephone; customers have a reference, answers and details of a case."""

    name: str
    phone: str
    reference: str = UNKNOWN_REFERENCE
    full_name: str = ""
    answers: dict[str, str] = field(default_factory=dict, repr=False)
    details: tuple[str, ...] = field(default=(), repr=False)

    def right(self, question: str) -> str:
        """The keys of the right answer; of somebody without a case, any that can be understood."""
        return self.answers.get(question) or STRANGE[question]

    def tells(self, text: str) -> list[str]:
        """The details of this person's case that are in a text."""
        return [piece for piece in self.details if piece in text]

    def wrong(self, question: str) -> str:
        """Keys that are an answer of the right kind, and nobody's."""
        return STRANGE[question]


def _keyed(question: str, written: str) -> str:
    """What stands in the import file, as it is keyed on a telephone."""
    rule = _QUESTIONS[question]
    canonical = answers.written(rule, written)
    keys = answers.as_keyed(rule, canonical) if canonical else None
    assert keys is not None, (question, written)
    return keys


def _people() -> dict[str, Person]:
    with SAMPLE_CASES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found: dict[str, Person] = {}
    for row in rows:
        found.setdefault(
            row["customer"],
            Person(
                name=row["customer"].capitalize(),
                phone=row["phone"].split(";")[0].strip(),
                reference=row["reference"],
                full_name=row["full_name"],
                answers={
                    column.removeprefix("answer."): _keyed(column.removeprefix("answer."), value)
                    for column, value in row.items()
                    if column.startswith("answer.")
                },
                details=_told(row),
            ),
        )
    return found


def _told(row: dict[str, str]) -> tuple[str, ...]:
    """Pieces that would show, in any answer of ours, that a detail of this case was told."""
    amounts = [row["balance"], *row["last_payment"].split()[1:]]
    sums = [piece for amount in amounts for piece in _written(amount)]
    return (*sums, row["next_action"])


def _written(amount: str) -> tuple[str, ...]:
    """An amount in the ways in which it may be written or said."""
    pounds, pence = f"{float(amount):.2f}".split(".")
    grouped = f"{int(pounds):,}"
    return (
        f"{pounds}.{pence}",
        f"{grouped}.{pence}",
        f"{pounds} pounds",
        f"{grouped} pounds",
    )


STRANGE = {
    "birth_date": "31121999",
    "postcode_digits": "66",
    "house_number": "666",
    "insurance_digits": "666666",
    "account_last4": "6666",
    "registered_year": "1966",
    "letter_code": "666666",
    "phone_last4": "6666",
    "moved_in": "121966",
}
# Of the right length and no answer: the thirty-ninth of the thirteenth month, and so on.
MEANINGLESS = "39131"

CUSTOMERS = _people()
ALICE = CUSTOMERS["alice"]
BOB = CUSTOMERS["bob"]
CARYS = CUSTOMERS["carys"]
ERIN = CUSTOMERS["erin"]
FRANK = CUSTOMERS["frank"]
DAVE = Person("Dave", "+447700900888")
IVAN = Person("Ivan", "+447700900909")  # rung and missed, and on no case
MALLORY = Person("Mallory", "+447700900666")
OMAR = Person("Omar", "+447700900201")  # s1001 of the sample staff, as those below
MARY = Person("Mary", "+447700900203")  # s1002, his manager
CARLA = Person("Carla", "+447700900204")  # s1008, a collector
OFFICERS = {"Omar": "s1001", "Mary": "s1002", "Carla": "s1008"}
WITHHELD = Person("A withheld caller", "+266696687")

PEOPLE = {
    person.name: person
    for person in (
        *CUSTOMERS.values(),
        DAVE,
        IVAN,
        MALLORY,
        OMAR,
        MARY,
        CARLA,
        Person("Somebody", "anonymous"),
    )
}
