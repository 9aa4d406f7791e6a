"""What happened and what came of it, as the lines of a transcript.

The transcripts under `tests/transcripts/` and the path that `ringback play` prints are both written
here, so that a path played by hand can be kept as one. Answers to questions never stand in it, nor
details of a case: what was heard is told by the ids of prompts.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby

from bot.flow_log import FlowLogLine, LineKind
from bot.store import Line

HOUR = 3600.0


class Path:
    """Puts what came of a step into words, and remembers who was listening."""

    def __init__(self) -> None:
        self._listener: dict[str, str] = {}

    def logged(self, line: FlowLogLine) -> Iterator[str]:
        """A line of the flow log."""
        match line.kind:
            case LineKind.STEP:
                yield from self._moved(line)
            case LineKind.CALLBACK:
                yield row("callback", line.event, line.disposition)
            case LineKind.TASK:
                yield row("task", line.reason, line.detail)
            case LineKind.VERIFICATION:
                yield row("notes", line.detail.rpartition(" ")[0])  # the set's digest changes
            case LineKind.DISCLOSURE:
                yield row("discloses", line.detail.partition(" on ")[0])
            case _:
                yield row(line.kind.value, line.event, line.reason)

    def _moved(self, line: FlowLogLine) -> Iterator[str]:
        yield row("flow", f"{line.flow}: {line.before} -> {line.after} ({line.event})")
        if self._listener.get(line.conversation, "unknown") != line.listener:
            yield row("listener", line.listener)
        self._listener[line.conversation] = line.listener
        if line.disposition:
            yield row("ends as", line.disposition)

    @staticmethod
    def owed(line: Line, now: float) -> str:
        """A line of the queues, and when it is due."""
        return row("owes", line.kind, _when(line.due - now))

    @staticmethod
    def reply(prompts: Iterable[str], then: str) -> str:
        """What was heard, by the ids of prompts, and what it waits for."""
        return row("reply", *prompts, then) if (*prompts, then) != ("",) else row("reply", "(none)")


def row(name: str, *what: str) -> str:
    """One line below a step."""
    return f"  {name:<10}{' '.join(filter(None, what))}"


def folded(rows: Iterable[str]) -> list[str]:
    """The same row several times in a row, as one."""
    runs = [(told, len(list(run))) for told, run in groupby(rows)]
    return [f"{told}, {times} times" if times > 1 else told for told, times in runs]


def _when(seconds: float) -> str:
    if seconds <= 0:
        return "now"
    return f"in {seconds / HOUR:.0f} h" if seconds >= HOUR else f"in {seconds:.0f} s"
