"""How strong the checks are: how often a stranger passes, exactly, from the question set.

A question is the chance that one guess at it is right. Guesses at different questions are
independent, so the right answers of one call are a Poisson-binomial number. Everything is a
`Fraction`; docs/strength.md reckons an example by hand.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb

from bot.proof import ContactType
from bot.question_set import Budget, Question, QuestionSet

NEXT_STEP = "Ask what is harder to guess: `ringback verification strength` shows each question"

# The manual's marks: DMBM512920, DMBM512930, DMBM512940.
MARKS = {
    ContactType.INBOUND: 5,
    ContactType.OUTBOUND: 4,
    ContactType.OFFICER_PRESENT: 3,
}

_BILLION = 10**9
_HOURS_A_DAY = 24
_IN_A_YEAR = {"date": 365, "month_year": 12, "year": 1}


@dataclass(frozen=True, slots=True)
class Chance:
    """How often a stranger passes: over all draws of questions on average, and with the worst.

    The worst is what counts: the questions of a case can be heard without spending a try, since
    whoever hangs up before the last answer gets it back, so a stranger can look for it.
    """

    mean: Fraction
    worst: Fraction

    def within(self, tries: int) -> "Chance":
        """With so many tries, each with other guesses at the same questions."""
        return Chance(*(min(Fraction(1), tries * one) for one in (self.mean, self.worst)))


@dataclass(frozen=True, slots=True)
class Strength:
    """What one kind of contact lets through for one who knows `knowing` of the answers.

    `limit` is the most that a day may let through, where a rule says so.
    """

    contact: ContactType
    knowing: int
    call: Chance
    day: Chance
    limit: Fraction | None

    @property
    def too_weak(self) -> bool:
        """Whether a day lets more through than it may."""
        return self.limit is not None and self.day.worst > self.limit


@dataclass(frozen=True, slots=True)
class Weakness:
    """A limit that is not kept: the file and the rule, and why."""

    file: str
    key: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.reason}"


def strengths(questions: QuestionSet) -> list[Strength]:
    """Every kind of contact, for strangers who know none of the answers, one, and so on."""
    return [
        _strength(questions, contact, knowing)
        for contact, rule in questions.contacts.items()
        for knowing in range(rule.passes + 1)
    ]


def weaknesses(questions: QuestionSet) -> list[Weakness]:
    """The marks and limits that these questions do not keep. Production then receives only."""
    limited = (
        _strength(questions, contact, knowing)
        for contact, rule in questions.contacts.items()
        for knowing in range(rule.passes + 1)
        if _limit(questions, knowing, rule.passes) is not None
    )
    return [
        *_low_marks(questions),
        *(_weakness(one, questions.file) for one in limited if one.too_weak),
    ]


def one_in(question: Question, questions: QuestionSet) -> int:
    """One guess in so many is right: as stated, else by the kind of answer."""
    if question.one_in is not None:
        return question.one_in
    if question.kind == "choice":
        return len(question.choices)
    if question.kind in _IN_A_YEAR:
        return _IN_A_YEAR[question.kind] * questions.strength.years_guessed_among
    return int("1" + "0" * (question.length or 0))


def chance(guesses: Sequence[int], *, ask: int, passes: int, knowing: int = 0) -> Chance:
    """Of passing one call that asks `ask` of these questions, each draw as likely as any other.

    `guesses`: of each question, one guess in so many is right.
    Known are the `knowing` questions of a draw that are hardest to guess: the most useful ones.
    """
    hardest_first = sorted(guesses, reverse=True)
    return Chance(
        mean=_over_all_draws(hardest_first, ask, passes, knowing),
        worst=_over_all_draws(hardest_first[-ask:], ask, passes, knowing),
    )


def tries_a_day(budget: Budget) -> int:
    """The failed tries that the budget lets through in any one day, rounded up."""
    return budget.failed * -(-_HOURS_A_DAY // budget.hours)


def _over_all_draws(hardest_first: Sequence[int], ask: int, passes: int, knowing: int) -> Fraction:
    """The mean over all draws of `ask` questions, without walking through each of them.

    `right[drawn][n]` sums, over all draws of `drawn` questions so far, the chance of n right.
    """
    right = [[Fraction(0)] * (ask + 1) for _ in range(ask + 1)]
    right[0][0] = Fraction(1)
    for guesses in hardest_first:
        for drawn in reversed(range(ask)):
            hit = Fraction(1) if drawn < knowing else Fraction(1, guesses)
            for n in range(drawn + 1):
                right[drawn + 1][n + 1] += right[drawn][n] * hit
                right[drawn + 1][n] += right[drawn][n] * (1 - hit)
    return sum(right[ask][passes:], Fraction(0)) / comb(len(hardest_first), ask)


def _low_marks(questions: QuestionSet) -> Iterator[Weakness]:
    for contact, least in MARKS.items():
        passes = questions.contacts[contact].passes
        if passes < least:
            reason = f"{passes} right answers are enough; the manual wants {least}"
            yield Weakness(questions.file, f"contact.{contact.value}.pass", reason)


def _strength(questions: QuestionSet, contact: ContactType, knowing: int) -> Strength:
    rule = questions.contacts[contact]
    guesses = [one_in(question, questions) for question in questions.question]
    call = chance(guesses, ask=rule.ask, passes=rule.passes, knowing=knowing)
    return Strength(
        contact=contact,
        knowing=knowing,
        call=call,
        day=call.within(tries_a_day(questions.budget)),
        limit=_limit(questions, knowing, rule.passes),
    )


def _limit(questions: QuestionSet, knowing: int, passes: int) -> Fraction | None:
    """The rule for one who knows so many; a pass mark that is no more than that never keeps it."""
    rule = questions.strength
    if knowing == 0:
        return Fraction(1, rule.guessing_one_in)
    return Fraction(1, rule.knowing_one_in) if knowing == min(rule.knowing, passes) else None


def _weakness(found: Strength, file: str) -> Weakness:
    key = "strength.knowing_one_in" if found.knowing else "strength.guessing_one_in"
    who = f"{found.knowing} of the answers" if found.knowing else "no answer"
    reason = (
        f"who knows {who} passes {found.contact.value} {odds(found.day.worst)} a day; "
        f"the most is {odds(found.limit or Fraction(0))}"
    )
    return Weakness(file, key, reason)


def odds(chance: Fraction) -> str:
    """`1 in 12,345,678`: rounded down, so that nothing looks stronger than it is."""
    if chance <= 0:
        return "never"
    if chance == 1:
        return "always"
    guesses = 1 / chance
    if guesses >= _BILLION:
        return f"1 in {int(guesses / _BILLION):,} billion"
    if guesses >= 10:
        return f"1 in {int(guesses):,}"
    return f"1 in {int(guesses * 10) / 10:g}"
