"""The invented people in the records: what the demo and `ringback play` begin with."""

from typing import Any

from bot.dial_rules import RESTRICTIONS
from bot.policy import Policy
from bot.question_set import QuestionSet
from bot.records import (
    SAMPLE_CASES,
    SAMPLE_MISSED_CALLS,
    SAMPLE_STAFF,
    Known,
    import_cases,
    import_missed_calls,
    import_staff,
)
from bot.runtime import Runtime


def known_of(policy: Policy, questions: QuestionSet | None = None) -> Known:
    """What a row of an import may refer to; `questions` where it may name a unit."""
    officers = [officer for desk in policy.desk.values() for officer in desk.officers]
    units = questions.unit if questions else ()
    return Known(desks=policy.desk, officers=officers, restrictions=RESTRICTIONS, units=units)


def import_samples(records: Any, runtime: Runtime) -> int:
    """Write the invented cases, missed calls and staff; those there are replaced. How many cases.

    `records` is what `bot.records.connect` returns (its type is SQLAlchemy's own).
    Raises `BadImport` if they do not fit the desks or questions of this configuration.
    """
    house, keyring, now = runtime.house, runtime.keyring, runtime.clock.now()
    known, questions = known_of(house.policy, house.questions), house.questions.questions
    cases = import_cases(records, keyring, questions, SAMPLE_CASES, known=known, now=now)
    import_missed_calls(records, keyring, SAMPLE_MISSED_CALLS, known=known, now=now)
    for person in runtime.records.staff.all(left=True):  # whoever left in an earlier run is back
        runtime.records.staff.come_back(person.number, now)
    import_staff(records, keyring, SAMPLE_STAFF, desks=house.policy.desk, now=now)
    return cases
