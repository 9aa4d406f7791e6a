"""A path of the walk, in the words in which `ringback play` and the tests play it again.

The walk leaves open who rings and what is found; a transcript has people. Whoever is found in the
path of a walk is somebody of the sample cases: Alice has one, Frank shares a telephone, Dave is
unknown, Ivan was rung and missed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.events import CallEnded, MachineHeard
from bot.explore.happenings import ANSWERS
from bot.explore.node import Step
from bot.explore.openings import ATTEMPT, Happening

FAILED_CALLS = 3  # use the tries of a case up
CLOSED = "> later 9 h"


@dataclass(frozen=True, slots=True)
class Told:
    """A line of a transcript, and the step that it stands for, if it is one."""

    line: str
    step: Step | None = None


def told(path: Sequence[Step], questions: int) -> list[Told]:
    """The lines of this path; `questions` is how many a call that comes in asks."""
    chosen = [choice for step in path for choice in step.choices]
    lines: list[Told] = []
    if ("the desk", "closed") in chosen:
        lines.append(Told(CLOSED))
    if any(what == "worn out" for _, what in chosen):
        lines += [Told(f"> {line}") for line in _worn_out(questions)]
    if any(step.happening.event.conversation == ATTEMPT for step in path):
        lines += [Told('> text from Alice: "Sorry I missed you"'), Told("> the worker rings")]
    caller = _caller(chosen)
    for place, step in enumerate(path):
        lines += _lines(step, caller, path[place - 1] if place else None)
    return lines


def _worn_out(questions: int) -> Iterator[str]:
    for _ in range(FAILED_CALLS):
        yield "Mallory rings"
        yield "keys the reference of Alice"
        yield from ["answers wrongly"] * questions
        yield "hangs up"


def _caller(chosen: Sequence[tuple[str, str]]) -> str:
    if ("the number", "several people's") in chosen:
        return "Frank"
    if ("the number", "nobody's") in chosen and ("the reference", "known") not in chosen:
        return "Ivan" if ("the missed call", "about no case") in chosen else "Dave"
    return "Alice"


def _lines(step: Step, caller: str, before: Step | None) -> Iterator[Told]:
    happening = step.happening
    if happening.fetches and before and isinstance(before.happening.event, MachineHeard):
        yield Told("> the worker carries out what is owed")
    if ("the answers", "lacking") in step.choices:
        yield Told("# the case lacks an answer")
    words = _words(happening, step, caller)
    yield Told(words if words.startswith("#") else f"> {words}", step)


def _words(happening: Happening, step: Step, caller: str) -> str:
    words = happening.words
    begun = step.before is not None and step.before.turn > 0
    if ("the reference", "nobody's") in step.choices:
        words = words.replace("reference of Alice", "reference of nobody")
    elif words.startswith(("Alice rings", "text from Alice")):
        words = words.replace("Alice", caller)
    elif (
        happening.looks.startswith(ANSWERS)
        and caller != "Alice"
        and happening.event.conversation != ATTEMPT
    ):
        words = f"{words} as Alice"
    elif isinstance(happening.event, MachineHeard) and not _in_time(step):
        words = f"stray: {words}"
    elif isinstance(happening.event, CallEnded) and begun:
        words = "hangs up"
    return words


def _in_time(step: Step) -> bool:
    """Whether a network would still be listening for a machine, or already."""
    return step.before is not None and step.before.turn == 1
