"""What keys mean, by the question that they answer: `*` repeats, `0` leads to a person, always."""

import re

from bot.actions import Ask
from bot.cases import is_case_handle
from bot.events import AnswerGiven, Chosen, Event, NotUnderstood
from bot.secret import Secret

REPEAT = "wants_repeat"
PERSON = "wants_person"
ANY_KEY = "key_pressed"
_KEYS = re.compile("[0-9][0-9*]*")  # a star may stand for the point in an amount
ALWAYS = {"*": REPEAT, "0": PERSON}


def read_keys(ask: Ask, pressed: Secret) -> Event:
    """The event that these keys are. Judged by the input alone, never by what is right."""
    keys = pressed.reveal().removesuffix("#")
    if ask.any_key:
        return Chosen(choice=ANY_KEY)
    choice = ALWAYS.get(keys) or ask.keys.get(keys)
    if choice:
        return Chosen(choice=choice)
    if ask.digits is not None and _fits(ask, keys):
        return AnswerGiven(answer=Secret(keys))
    return NotUnderstood()


def _fits(ask: Ask, keys: str) -> bool:
    least, most = ask.digits or (1, 0)
    if ask.reference and not is_case_handle(keys):
        return False
    return bool(_KEYS.fullmatch(keys)) and least <= len(keys) <= most
