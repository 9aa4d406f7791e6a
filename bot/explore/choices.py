"""Free branches: whatever the house is asked in a step, every answer is tried in turn."""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

T = TypeVar("T")
Taken = tuple[tuple[str, str], ...]


class Choices:
    """Answers questions of one step along a path; where the path ends, with the first option."""

    def __init__(self) -> None:
        self._path: list[int] = []
        self._widths: list[int] = []
        self._taken: list[tuple[str, str]] = []

    @property
    def taken(self) -> Taken:
        """What was asked in this step, and which option was taken."""
        return tuple(self._taken)

    def choose(self, about: str, options: Mapping[str, T]) -> T:
        """One of these options; every other one when the step is tried again."""
        place = len(self._taken)
        if place == len(self._path):
            self._path.append(0)
        name = list(options)[self._path[place]]
        self._widths[place:] = [len(options)]
        self._taken.append((about, name))
        return options[name]

    def every(self, step: Callable[[], T]) -> Iterator[T]:
        """What this step gives, once for each way in which its questions can be answered."""
        self._path = []
        while True:
            self._taken, self._widths = [], []
            yield step()
            self._path = self._path[: len(self._taken)]
            while self._path and self._path[-1] + 1 == self._widths[len(self._path) - 1]:
                self._path.pop()
            if not self._path:
                self._taken = []
                return
            self._path[-1] += 1

    def again(self, step: Callable[[], T]) -> T:
        """The same step once more, with the same answers."""
        before, self._taken = self._taken, []
        try:
            return step()
        finally:
            self._taken = before
