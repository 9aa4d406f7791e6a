"""The record of a disclosure, in the commit that decides to speak: to whom, what kinds, why."""

from collections.abc import Sequence

from bot import disclosure
from bot.actions import ReadCase, Reply
from bot.conversation import Conversation
from bot.disclosure import Grounds, Telling
from bot.invariants import prompts_of
from bot.owing import owe_disclosure
from bot.proof import AnyProof, ContactType, OfficerProof
from bot.unit_of_work import UnitOfWork
from bot.wording import Wording


class Disclosing:
    """Writes down what replies tell; on other grounds to an officer than to a customer."""

    def __init__(
        self,
        wording: Wording,
        release: str | None,
        *,
        to_customers: Grounds,
        to_officers: Grounds,
    ) -> None:
        self._wording = wording
        self._release = release
        self._to_customers = to_customers
        self._to_officers = to_officers

    def write_down(
        self,
        unit: UnitOfWork,
        talk: Conversation,
        proof: AnyProof | None,
        replies: Sequence[Reply],
        now: float,
    ) -> None:
        """Put the record of what these replies tell into the conversation, and owe it.

        Raises `NotDisclosable` if they tell facts, and the proof does not fit.
        """
        told = [reply for reply in replies if isinstance(reply, ReadCase)]
        talk.disclosure = None
        if not told:
            return
        to_officer = isinstance(proof, OfficerProof)
        telling = Telling(
            call=talk.id,
            turn=talk.turn,
            desk=talk.desk,
            case=talk.tokens.get("case"),
            contact=None if to_officer else _contact(talk),
            number_hash=talk.tokens.get("number_hash", ""),
            facts=tuple(fact for reply in told for fact in reply.facts),
            wordings=tuple(f"{p.id}@{p.hash}" for p in prompts_of(told, self._wording)),
            release=self._release or "",
        )
        grounds = self._to_officers if to_officer else self._to_customers
        record = disclosure.decide(proof, telling, grounds, now=now)
        talk.disclosure = record.to_json()
        owe_disclosure(unit, talk, record)


def _contact(talk: Conversation) -> ContactType:
    return ContactType.OUTBOUND if "callback" in talk.tokens else ContactType.INBOUND
