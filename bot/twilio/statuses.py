"""Twilio's words for how things stand, each with ours; a word in no table is an `UnknownWord`.

A notice with such a word is acknowledged all the same and logged (by `webhooks.py`): refusing it
would only make it come back.
"""

from collections.abc import Mapping
from typing import TypeVar

from bot.errors import UnknownWord
from bot.events import AnsweredBy, CallOutcome, LegOutcome

Ours = TypeVar("Ours")

ANSWERED_BY = {
    "human": AnsweredBy.PERSON,
    "machine_start": AnsweredBy.MACHINE,
    "machine_end_beep": AnsweredBy.MACHINE,
    "machine_end_silence": AnsweredBy.MACHINE,
    "machine_end_other": AnsweredBy.MACHINE,
    "fax": AnsweredBy.FAX,
    "unknown": AnsweredBy.UNKNOWN,
}

# A call's status is a stage of one that is not over, or an outcome.
CALL_STAGES = {
    "queued": "queued",
    "initiated": "initiated",
    "ringing": "ringing",
    "in-progress": "in_progress",
}
CALL_OUTCOMES = {
    "completed": CallOutcome.COMPLETED,
    "busy": CallOutcome.BUSY,
    "no-answer": CallOutcome.NO_ANSWER,
    "failed": CallOutcome.FAILED,
    "canceled": CallOutcome.CANCELED,
}

LEG_OUTCOMES = {
    "completed": LegOutcome.ANSWERED,
    "answered": LegOutcome.ANSWERED,
    "busy": LegOutcome.BUSY,
    "no-answer": LegOutcome.NO_ANSWER,
    "canceled": LegOutcome.NO_ANSWER,  # taken back before anybody answered it
    "failed": LegOutcome.FAILED,
}

# True arrived, False did not, None is still on its way.
TEXT_ARRIVED: dict[str, bool | None] = {
    "accepted": None,
    "scheduled": None,
    "queued": None,
    "sending": None,
    "sent": None,
    "delivered": True,
    "read": True,
    "undelivered": False,
    "failed": False,
    "canceled": False,
}


def ours(table: Mapping[str, Ours], field: str, word: str) -> Ours:
    """Our word for Twilio's. Raises `UnknownWord`."""
    try:
        return table[word]
    except KeyError:
        raise UnknownWord(field, word) from None


def call_status(word: str) -> str:
    """Our word for a call's status, stage or outcome; `unknown` where there is none."""
    outcome = CALL_OUTCOMES.get(word)
    return outcome.value if outcome else CALL_STAGES.get(word, "unknown")
