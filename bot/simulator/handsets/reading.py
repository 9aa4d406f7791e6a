"""A script as it is being followed in one call."""

from collections.abc import Sequence
from dataclasses import replace

from bot.simulator.handsets.script import Act, InOrder, Step, Wait


class Reading:
    """Which steps of a script are used up, and which one is next."""

    def __init__(self, script: Sequence[Step]) -> None:
        """Nothing is used yet."""
        self._script = script
        self._used: set[int] = set()

    def choose(self, *hearings: str, during: bool = False, only_ends: bool = False) -> Act | None:
        """The first live step that fits, tried on each hearing in turn; None if none does."""
        for words in hearings:
            if (act := self._choose(words, during, only_ends)) is not None:
                return act
        return None

    def _choose(self, words: str, during: bool, only_ends: bool) -> Act | None:
        waited = 0.0
        for step in self._live(self._script):
            if step.at is not None or step.during != during or not step.matches(words):
                continue
            if isinstance(step, Wait):
                if not only_ends:
                    waited += step.seconds
                    self._use(step)
                continue
            if only_ends and not step.ends_call:
                continue
            self._use(step)
            act = step.act(words)
            return act and replace(act, seconds=act.seconds + waited)
        return None

    def timed(self, words: str | None = None) -> list[Act]:
        """What is done at a moment of these words, or of the call when there are none: the
        seconds of each act say when."""
        acts: list[Act] = []
        for step in self._live(self._script):
            if step.at is None or bool(step.when) != (words is not None):
                continue
            if step.matches(words or "") and (act := step.act(words or "")):
                self._use(step)
                acts.append(replace(act, seconds=step.at))
        return acts

    def _live(self, steps: Sequence[Step]) -> list[Step]:
        live: list[Step] = []
        for step in steps:
            if isinstance(step, InOrder):
                live += self._live(step.steps)[:1]
            elif id(step) not in self._used:
                live.append(step)
        return live

    def _use(self, step: Step) -> None:
        if not step.always:
            self._used.add(id(step))
