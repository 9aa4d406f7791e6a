"""What tests of the dial rules share: Alice's number, a Tuesday in London, what happened before."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.actions import Disposition
from bot.dial_rules import Past, Question, may_ring
from bot.phone import PhoneNumber
from bot.policy import Policy

LONDON = ZoneInfo("Europe/London")
POLICY = Policy.load()
ALICE = Question(number=PhoneNumber("+447700900123"), rehearsal=True)
HOUR = 3600.0


def london(*moment: int) -> float:
    return datetime(*moment, tzinfo=LONDON).timestamp()


TUESDAY_TEN = london(2027, 1, 26, 10)


def ago(hours: float, disposition: Disposition | None, *, now: float = TUESDAY_TEN) -> Past:
    return Past(now - hours * HOUR, disposition)


def rule(question: Question, now: float = TUESDAY_TEN) -> str:
    return may_ring(question, POLICY, now).rule
