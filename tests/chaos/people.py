"""Who texts in a chaos run: invented customers, their cases and their telephones, drawn by seed.

Their numbers are from the ranges that Ofcom keeps for drama: a thousand mobiles, then a thousand
lines in each of the towns.
"""

import csv
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from bot.cases import check_digit
from bot.demo.people import BOB_CASE, BOB_KNOWS, MALLORY_GUESSES
from bot.records import SAMPLE_CASES

TOWNS = ("7700900", "1134960", "1144960", "1154960", "1164960", "1174960", "1184960", "1214960")
EACH = 1000  # lines in a range
MOST = 5000  # people in one run
QUICK_TO_ACT = {"reaction_seconds": 0.05, "rings_seconds": 0.3}

Handset = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody who texts. `known` says that we have their case; `again` that they text twice.

    `undecidable` says that what becomes of their first call nobody can find out: no answer to the
    order, no notice of the call, and a list that cannot be read. `only_listed` says that of their
    first call nothing but that list tells.
    """

    name: str
    number: str
    reference: str
    telephone: str
    known: bool
    again: bool
    undecidable: bool
    only_listed: bool


def _talks(answers: dict[str, str]) -> Handset:
    script = [
        {"press": "5", "when": "press any key"},
        {"press": "1", "when": "safe and private"},
        {"answers": answers},
        {"press": "1", "when": "best one to reach you"},
        {"press": "1", "when": "To hear how your case stands"},
        {"press": "9", "when": "To hear that again"},
    ]
    return {"kind": "person", "script": script, **QUICK_TO_ACT}


# What a telephone does, how often it is met among a hundred, and whether that takes long.
TELEPHONES: dict[str, tuple[Handset, int, bool]] = {
    "answers and passes": (_talks(BOB_KNOWS), 14, True),
    "answers and fails": (_talks(MALLORY_GUESSES), 5, True),
    "machine": ({"kind": "machine", "rings_seconds": 0.3, "greeting_seconds": 1.0}, 36, False),
    "busy": ({"kind": "busy"}, 12, False),
    "unreachable": ({"kind": "unreachable"}, 8, False),
    "fax": ({"kind": "fax", "rings_seconds": 0.3}, 6, False),
    "hangs up": ({"kind": "person", "script": [{"hang_up": True}], **QUICK_TO_ACT}, 7, False),
    "no answer": ({"kind": "no-answer"}, 8, True),
    "presses nothing": ({"kind": "person", "script": [], **QUICK_TO_ACT}, 4, True),
}
UNKNOWN, AGAIN = 0.03, 0.08  # so many more whose case we do not have; who text twice
UNDECIDABLE = 0.01  # the share of people about whose first call nobody can find out
ONLY_LISTED = 0.01  # and of those of whose first call only the list tells; two more come early
FIRST_FEW = ["answers and passes", "machine", "fax", "busy", "unreachable", "hangs up"]


def draw(count: int, seed: int, *, patient: bool) -> list[Customer]:
    """So many people who are owed a call, and a few more of whom we have no case.

    Who comes first is fixed, so that all kinds of work are met at once. Without patience, few of
    the others have telephones that take long.
    """
    dice = random.Random(f"people/{seed}")
    kinds = [name for name, (_, _, slow) in TELEPHONES.items() if patient or not slow]
    weights = [TELEPHONES[name][1] for name in kinds]
    strangers = math.ceil(count * UNKNOWN)
    numbers = dice.sample(list(islice(_numbers(), MOST + strangers)), count + strangers)
    unknown = set(dice.sample(numbers[len(FIRST_FEW) :], strangers))
    found = []
    for place, number in enumerate(numbers):
        early, known = place < len(FIRST_FEW), number not in unknown
        telephone = FIRST_FEW[place] if early else dice.choices(kinds, weights)[0]
        only_listed = known and 0 <= place - len(FIRST_FEW) < 2 or dice.random() < ONLY_LISTED
        only_listed = only_listed and not early
        undecidable = known and not early and not only_listed and dice.random() < UNDECIDABLE
        found.append(
            Customer(
                name=f"Customer {place + 1}",
                number=number,
                reference=_reference(place),
                telephone="busy" if undecidable or only_listed else telephone,
                known=known,
                again=not (early or undecidable or only_listed) and dice.random() < AGAIN,
                undecidable=undecidable,
                only_listed=only_listed,
            )
        )
    return found


def handset(customer: Customer) -> Handset:
    """Their telephone, as the simulator's control page takes it."""
    plain = TELEPHONES[customer.telephone][0]
    return {**plain, "name": customer.name, "number": customer.number}


def write_cases(people: list[Customer], path: Path) -> None:
    """The import file of all whose case we have: Bob's case under other names and numbers."""
    with SAMPLE_CASES.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        fields = list(rows.fieldnames or ())
        pattern = next(row for row in rows if row["reference"] == BOB_CASE)
    with path.open("w", encoding="utf-8", newline="") as file:
        sheet = csv.DictWriter(file, fields)
        sheet.writeheader()
        sheet.writerows({**pattern, **_own(person)} for person in people if person.known)


def _own(person: Customer) -> dict[str, str]:
    return {
        "reference": person.reference,
        "customer": person.reference,
        "full_name": person.name.replace("Customer", "Casey"),
        "phone": person.number,
    }


def _numbers() -> Iterator[str]:
    for town in TOWNS:
        yield from (f"+44{town}{line:03d}" for line in range(EACH))


def _reference(place: int) -> str:
    eight = f"2{place:07d}"
    return f"{eight}{check_digit(eight)}"
