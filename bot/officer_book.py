"""Who is let in by telephone: an officer's number, PIN and one-time code, judged together."""

from bot.officers import Claim, Judged, Verdict


class NobodyYet:
    """A book in which nobody stands."""

    def judge(self, claim: Claim, desk: str) -> Judged:
        """Nobody is let in."""
        return Judged(Verdict.FAILED)
