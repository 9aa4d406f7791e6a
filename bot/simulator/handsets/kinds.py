"""Handsets from plain data, for scenario files and the control API."""

from collections.abc import Mapping
from typing import Any

from bot.simulator.handsets.base import Handset
from bot.simulator.handsets.held import Held
from bot.simulator.handsets.lines import Busy, Fax, NoAnswer, Rejects, Unreachable
from bot.simulator.handsets.machine import FullMailbox, Machine
from bot.simulator.handsets.person import Person
from bot.simulator.handsets.plain import BadHandset, made
from bot.simulator.handsets.relayed import Relayed
from bot.simulator.handsets.screened import Screened
from bot.simulator.handsets.script import (
    Answers,
    HangUp,
    InOrder,
    Press,
    Says,
    Silent,
    Step,
    Wait,
)

KINDS: dict[str, type[Handset]] = {
    "person": Person,
    "held": Held,
    "screened": Screened,
    "relayed": Relayed,
    "machine": Machine,
    "full-mailbox": FullMailbox,
    "busy": Busy,
    "no-answer": NoAnswer,
    "rejects": Rejects,
    "unreachable": Unreachable,
    "fax": Fax,
}

# What a step is called, and what the word's own value is.
STEPS: dict[str, tuple[type[Step], str]] = {
    "press": (Press, "keys"),
    "says": (Says, "words"),
    "answers": (Answers, "by_phrase"),
    "wait": (Wait, "seconds"),
    "hang_up": (HangUp, ""),
    "silent": (Silent, ""),
}


def handset_from_json(data: object, number: str = "") -> Handset:
    """A handset from `{"kind": "person", "name": ..., "number": ..., "script": [...]}`; its number
    may be known from elsewhere."""
    given = _object(data, "a handset")
    if number:
        given["number"] = number
    word = given.pop("kind", "person")
    kind = KINDS.get(word) if isinstance(word, str) else None
    if kind is None:
        raise BadHandset(f"unknown kind of handset: {word!r}")
    given.setdefault("name", given.get("number", ""))
    if not given.get("number"):
        raise BadHandset("a handset needs a number")
    if "script" in given:
        given["script"] = _script(given["script"])
    return made(kind, given)


def _script(steps: object) -> list[Step]:
    """From a list such as `[{"press": "1", "when": "any key"}, {"answers": {...}}]`."""
    if not isinstance(steps, list):
        raise BadHandset(f"a script is a list of steps, not {steps!r}")
    return [_step(_object(step, "a step")) for step in steps]


def _step(step: dict[str, Any]) -> Step:
    word = next((word for word in (*STEPS, "in_order") if word in step), None)
    if word is None:
        raise BadHandset(f"unknown step: {sorted(step)}")
    about = step.pop(word)
    if word == "in_order":
        if step:
            raise BadHandset(f"a step {word!r} cannot have {sorted(step)}")
        return InOrder(*_script(about))
    kind, name = STEPS[word]
    return made(kind, {**step, name: about} if name else step)


def _object(data: object, what: str) -> dict[str, Any]:
    if not isinstance(data, Mapping):
        raise BadHandset(f"{what} is an object, not {data!r}")
    return dict(data)
