"""Handsets from plain data, for scenario files and the control API."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from typing import Any

from bot.simulator.handsets.base import Handset
from bot.simulator.handsets.held import Held
from bot.simulator.handsets.lines import Busy, Fax, NoAnswer, Rejects, Unreachable
from bot.simulator.handsets.machine import FullMailbox, Machine
from bot.simulator.handsets.person import Person
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


class BadHandset(ValueError):
    """Plain data that describes no handset, with the reason."""


def handset_from_json(data: Mapping[str, Any]) -> Handset:
    """A handset from `{"kind": "person", "name": ..., "number": ..., "script": [...]}`."""
    given = dict(data)
    kind = KINDS.get(given.pop("kind", "person"))
    if kind is None:
        raise BadHandset(f"unknown kind of handset: {data['kind']!r}")
    given.setdefault("name", given.get("number", ""))
    if unknown := given.keys() - {field.name for field in fields(kind)}:
        raise BadHandset(f"{kind.__name__} has no {', '.join(sorted(unknown))}")
    if not given.get("number"):
        raise BadHandset("a handset needs a number")
    if "script" in given:
        given["script"] = script_from_json(given["script"])
    return kind(**given)


def script_from_json(steps: Sequence[Mapping[str, Any]]) -> list[Step]:
    """A script from a list such as `[{"press": "1", "when": "any key"}, {"answers": {...}}]`."""
    return [_step(dict(step)) for step in steps]


def _step(step: dict[str, Any]) -> Step:
    for word, make in _STEPS.items():
        if word in step:
            about = step.pop(word)
            try:
                return make(about, step)
            except TypeError as wrong:
                raise BadHandset(f"a step {word!r} cannot have {sorted(step)}") from wrong
    raise BadHandset(f"unknown step: {sorted(step)}")


_STEPS: dict[str, Callable[[Any, dict[str, Any]], Step]] = {
    "press": lambda keys, rest: Press(keys, **rest),
    "says": lambda words, rest: Says(words, **rest),
    "answers": lambda phrases, rest: Answers(phrases, **rest),
    "wait": lambda seconds, rest: Wait(float(seconds), **rest),
    "hang_up": lambda _, rest: HangUp(**rest),
    "silent": lambda _, rest: Silent(**rest),
    "in_order": lambda steps, rest: InOrder(*script_from_json(steps), **rest),
}
