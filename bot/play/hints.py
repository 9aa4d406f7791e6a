"""What could be pressed now, and what the invented person would key; and keys, put into words.

The words keep references and right answers out of a path that is to be kept.
"""

import re
from collections.abc import Container, Sequence

from bot import answers
from bot.actions import Ask
from bot.play.people import Person
from bot.speech_reading import reference_said

QUESTION = "question."


def hints(ask: Ask, people: Sequence[Person], handle: str) -> str:
    """The keys that mean something, what is right first."""
    keys = [f"{key} {choice.replace('_', ' ')}" for key, choice in ask.keys.items()]
    person = _whose(people, handle)
    if person and ask.reference:
        keys.insert(0, f"{handle} is right")
    elif person and ask.prompt.startswith(QUESTION):
        keys.insert(0, f"{person.right(ask.prompt.removeprefix(QUESTION))} is right")
    if ask.number:
        keys.insert(0, "a telephone number")
    keys += ["any key"] if ask.any_key else ["0 a person", "* again"]
    keys += ["or say it"] if ask.speech else []
    return " · ".join(keys)


def in_words(
    keys: str, ask: Ask | None, people: Sequence[Person], handle: str, answering: str
) -> str:
    """The step of a transcript for these keys; `answering` is who holds the telephone."""
    bare = keys.removesuffix("#")
    if ask and ask.reference and (owner := _first(people, bare)):
        return f"keys the reference of {owner.name}"
    person = _whose(people, handle)
    if ask and person and ask.prompt.startswith(QUESTION):
        right = bare == person.right(ask.prompt.removeprefix(QUESTION))
        # Whoever has no case keys a right answer only as somebody who has one.
        if right and _first(people, handle):
            own = person.name == answering
            return "answers rightly" if own else f"answers rightly as {person.name}"
    return f"presses {keys}"


def in_spoken_words(
    words: str, ask: Ask | None, people: Sequence[Person], handle: str, answering: str
) -> str:
    """The step of a transcript for these words; an answer that is right stands in no path."""
    said = re.sub(r'["\s]+', " ", words).strip()
    if ask and ask.reference and (owner := _first(people, reference_said(said) or "")):
        return f"says the reference of {owner.name}"
    person = _whose(people, handle)
    if ask and person and ask.prompt.startswith(QUESTION) and _first(people, handle):
        name = ask.prompt.removeprefix(QUESTION)
        rule = person.questions[name]
        given = answers.said(rule, said)
        if given is not None and given == answers.keyed(rule, person.right(name)):
            own = person.name == answering
            return "answers rightly by voice" + ("" if own else f" as {person.name}")
    return f'says "{said}"'


def as_it_stands(typed: str, ask: Ask | None, names: Container[str]) -> bool:
    """Whether this may be said now as a transcript says it: of people who are known, and an
    answer only to a question."""
    if match := re.fullmatch(r"(?:keys|says) the reference of (\w+)", typed):
        return match[1] in names
    if typed.startswith(('says "', "keys the")):
        return True
    if match := re.fullmatch(r"answers [a-z ]+?(?: as (\w+))?", typed):
        known = match[1] is None or match[1] in names
        return known and ask is not None and ask.prompt.startswith(QUESTION)
    return typed == "silence"


def _whose(people: Sequence[Person], handle: str) -> Person | None:
    return next((one for one in people if one.answers and one.reference == handle), None)


def _first(people: Sequence[Person], handle: str) -> Person | None:
    """Whose reference this is, if a path can say so: of several cases it knows the first."""
    owner = _whose(people, handle)
    if owner is None:
        return None
    return owner if next(one for one in people if one.name == owner.name) is owner else None
