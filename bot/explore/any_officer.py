"""The book of officers of a walk: whoever keys whatever is judged as the walk chooses."""

from bot.explore.choices import Choices
from bot.officers import Claim, Judged, Verdict
from bot.staff import Role

OFFICER = "walked"  # whose cases some of them are
KEYED = "481516234269"  # a staff number, a PIN or a code: as many of these digits as are asked for
THE_PIN, THE_CODES, THE_TRIES = "the PIN", "the codes", "the tries"
KNOWN = (THE_PIN, THE_TRIES)  # no secret to whoever keys them: how often they have, and which PIN


class AnyOfficer:
    """`bot.officers.OfficerBook` with every verdict open."""

    def __init__(self, choices: Choices) -> None:
        self._choices = choices

    def judge(self, claim: Claim, desk: str) -> Judged:
        """Passed, failed, perhaps locked by it, or under duress.

        Of their own cases only: whoever may open any case goes the same ways with more cases.
        """
        pin = {"their own": Verdict.PASSED, "for duress": Verdict.DURESS}
        if self._choices.choose(THE_PIN, pin) is Verdict.DURESS:
            return Judged(Verdict.DURESS, OFFICER, "manager")
        codes = {
            "right": Judged(Verdict.PASSED, OFFICER, "manager", roles=(Role.OFFICER.value,)),
            "wrong": Judged(Verdict.FAILED),
        }
        judged = self._choices.choose(THE_CODES, codes)
        if judged.verdict is Verdict.PASSED:
            return judged
        locked = self._choices.choose(THE_TRIES, {"some are left": False, "used up": True})
        return Judged(Verdict.FAILED, locked=locked)

    def has_handset(self, officer: str, handset: str) -> bool:
        """Theirs, or another's."""
        return self._choices.choose("the handset", {"theirs": True, "another's": False})
