"""The best number: which keys are a telephone number on which a customer may be rung (DMBM512810).

Judged by the keys and the policy alone: what is not taken is asked again.
"""

import re

from bot import answers
from bot.answers import Digits
from bot.desk import Desk
from bot.errors import BadNumber
from bot.numbers import kind_to_ring
from bot.phone import PhoneNumber
from bot.policy import Policy

TOKEN = "best_number_sealed"  # noqa: S105 - where a call keeps the number that was keyed in it
# As people key it at home or from abroad, perhaps with the prefix of Relay UK (policy 9.9).
_KEYED = re.compile(r"(?:1800[12])?(?:0|0044)[1237][0-9]{8,9}")
_LENGTHS = (11, 10, 16, 15, 14)  # of what may be said: the commonest first


def bound_to(call: str) -> str:
    """What a keyed number is sealed to: it opens in the call in which it was keyed."""
    return f"best_number:{call}"


class BestNumbers:
    """The numbers that are taken. `rehearsal` (demo only) admits Ofcom's drama numbers."""

    def __init__(self, policy: Policy, *, rehearsal: bool) -> None:
        self._policy = policy
        self._rehearsal = rehearsal

    def keyed(self, keys: str) -> PhoneNumber | None:
        """The number that these keys are, or None: it is asked for again."""
        if not _KEYED.fullmatch(keys):
            return None
        try:
            number = PhoneNumber.parse(keys)
        except BadNumber:
            return None
        return number if self.may_be_rung(number) else None

    def said(self, words: str) -> PhoneNumber | None:
        """The number that these words are, or None."""
        found = (answers.said(Digits(length), words) for length in _LENGTHS)
        return self.keyed(next(filter(None, found), ""))

    def may_be_rung(self, number: PhoneNumber) -> bool:
        """Whether it is of a kind that we ring, and none of our own."""
        rule = self._policy.numbers
        kind = kind_to_ring(number, rehearsal=self._rehearsal, islands=rule.islands)
        return kind in rule.kinds and not self._is_ours(number)

    def _is_ours(self, number: PhoneNumber) -> bool:
        return any(number.e164 in _numbers_of(desk) for desk in self._policy.desk.values())


def _numbers_of(desk: Desk) -> set[str]:
    return {desk.phone, desk.caller_id, *desk.lines.customers, *desk.lines.officers}
