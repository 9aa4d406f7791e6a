"""The columns of an import file of cases, and of missed calls: what each must hold.

Cases: `reference` (the handle), `customer` (any identifier, the same on all cases of one person),
`full_name`, `phone` (one or more separated by `;`, the best first), `desk`, `officer`, `nation`,
`language` (blank is `en`), `held` (restrictions separated by `,` or `;`, or blank), `balance`
(`1234.56`) with `as_at` (`2026-03-01`), `last_payment` (`2026-03-01 250.00`; blank is none),
`next_action` (as it will be spoken) and `answer.<id>` for every question, as its kind is written
(`docs/answers.md`; blank is not held). Those that may be absent: `settled` (the date on which all
was paid; blank is unpaid), `correspondence_at` (when something came that nobody has dealt with yet;
blank once it is), `ring_hours` (`mon-fri 17:00-20:00; sat 10:00-12:00`; blank is any hour),
`unit` (one of `[unit]` in verification.toml; blank is a case of none), `visit_at` (when the officer
means to be there: `2026-03-01T10:30:00Z`) and `last_contact` (a date; blank is none recorded).
Missed calls: `phone`, `officer`, and if there are any `id`, `reference`, `at` (blank is now).
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import phonenumbers

from bot import answers
from bot.answers import Question
from bot.cases import is_case_handle
from bot.errors import BadNumber
from bot.phone import WITHHELD, PhoneNumber, has_relay_prefix
from bot.records.sheets import Reader
from bot.records.spoken_facts import LANGUAGES, read_amount, read_date
from bot.written_hours import read_week

NATIONS = frozenset({"england", "wales", "scotland", "northern_ireland"})
ANSWER = "answer."

_LONGEST = 500  # characters in a name or in words to be spoken


@dataclass(frozen=True, slots=True)
class Known:
    """What a row may refer to: anything else in these columns is refused as a mistake.

    `restrictions` are the words that `held` may contain: one misspelt would get somebody rung.
    """

    desks: Collection[str]
    officers: Collection[str]
    restrictions: Collection[str] = frozenset()
    units: Collection[str] = frozenset()


def case_readers(questions: Mapping[str, Question], known: Known, now: float) -> dict[str, Reader]:
    """A reader for every column of a file of cases."""
    return {
        "reference": _handle,
        "customer": _words,
        "full_name": _words,
        "phone": _numbers,
        "desk": _one_of(known.desks, "desk"),
        "officer": _one_of(known.officers, "officer"),
        "nation": _one_of(NATIONS, "nation"),
        "language": lambda cell: _one_of(LANGUAGES, "language")(cell or "en"),
        "held": _restrictions(known.restrictions),
        "settled": lambda cell: _past(read_date(cell), now).isoformat() if cell else None,
        "correspondence_at": lambda cell: _moment(cell, now) if cell else None,
        "ring_hours": lambda cell: _hours(cell) if cell else None,
        "unit": lambda cell: _one_of(known.units, "unit")(cell) if cell else None,
        "visit_at": lambda cell: _when(cell) if cell else None,
        "last_contact": lambda cell: _past(read_date(cell), now) if cell else None,
        "balance": read_amount,
        "last_payment": lambda cell: _payment(cell, now) if cell else None,
        "next_action": _words,
        "as_at": lambda cell: _past(read_date(cell), now),
        **{ANSWER + id: _answer_to(question) for id, question in questions.items()},
    }


def missed_call_readers(known: Known, now: float) -> dict[str, Reader]:
    """A reader for every column of a file of missed calls."""
    return {
        "id": lambda cell: _words(cell) if cell else None,
        "phone": _number,
        "reference": lambda cell: _handle(cell) if cell else None,
        "officer": _one_of(known.officers, "officer"),
        "at": lambda cell: _moment(cell, now) if cell else now,
    }


CASE_OPTIONAL = frozenset(
    {"settled", "correspondence_at", "ring_hours", "unit", "visit_at", "last_contact"}
)
MISSED_CALL_OPTIONAL = frozenset({"id", "reference", "at"})


def _handle(cell: str) -> str:
    if not re.fullmatch(r"[0-9]{9}", cell):
        raise ValueError("not nine digits")
    if not is_case_handle(cell):
        raise ValueError("wrong check digit")
    return cell


def _words(cell: str) -> str:
    if not cell:
        raise ValueError("missing")
    if len(cell) > _LONGEST or not cell.isprintable():
        raise ValueError(f"over {_LONGEST} characters, or characters that cannot be spoken")
    return " ".join(cell.split())


def _number(cell: str) -> str:
    try:
        e164 = PhoneNumber.parse(cell).e164
    except BadNumber:
        raise ValueError("not a telephone number") from None
    if e164 in WITHHELD or not _has_right_length(e164):
        raise ValueError("not a telephone number that exists")
    return e164


def _has_right_length(e164: str) -> bool:
    """By length alone: the library calls the numbers kept for drama invalid (Ofcom)."""
    if e164.startswith("+447"):
        return len(e164) == 13  # the library lets a mobile number with a digit missing pass
    return phonenumbers.is_possible_number(phonenumbers.parse(e164))


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of a case (E.164), each once, and what they tell against ringing."""

    e164s: list[str]
    restrictions: frozenset[str]


def _numbers(cell: str) -> Numbers:
    """All numbers of the cell. One written with 18001 or 18002 is of somebody who uses text relay.

    Without that prefix they would be met by silence, and the bot cannot dial it (DMBM510500).
    """
    parts = cell.split(";")
    relay = any(has_relay_prefix(part) for part in parts)
    return Numbers(
        e164s=list(dict.fromkeys(_number(part) for part in parts)),
        restrictions=frozenset({"relay_user"}) if relay else frozenset(),
    )


def _hours(cell: str) -> str:
    read_week(cell, "Europe/London")
    return cell


def _one_of(known: Collection[str], what: str) -> Reader:
    def read(cell: str) -> str:
        if cell not in known:
            raise ValueError(f"not a known {what}")
        return cell

    return read


def _restrictions(known: Collection[str]) -> Reader:
    one = _one_of(known, "restriction")
    return lambda cell: sorted({one(word) for word in re.split(r"[,;\s]+", cell) if word})


def _past(day: date, now: float) -> date:
    tomorrow = datetime.fromtimestamp(now, UTC).date() + timedelta(days=1)
    if day > tomorrow:  # a day of slack: summer time is ahead of UTC
        raise ValueError("lies in the future")
    return day


def _payment(cell: str, now: float) -> tuple[date, Decimal]:
    day, _, amount = cell.partition(" ")
    return _past(read_date(day), now), read_amount(amount.strip())


def _moment(cell: str, now: float) -> float:
    at = _when(cell)
    if at > now:
        raise ValueError("lies in the future")
    return at


def _when(cell: str) -> float:
    try:
        moment = datetime.fromisoformat(cell)
    except ValueError:
        raise ValueError("not a time such as 2026-03-01T10:30:00Z") from None
    if moment.tzinfo is None:
        raise ValueError("a time without its zone; write 2026-03-01T10:30:00Z")
    return moment.timestamp()


def _answer_to(question: Question) -> Reader:
    def read(cell: str) -> str | None:
        if not cell:
            return None
        answer = answers.written(question, cell)
        if answer is None:
            wanted = answers.kind_named(question.kind).in_file
            raise ValueError(f"not understood as {question.kind}: {wanted}")
        return answer

    return read
