"""The path of a play, as the lines of a transcript: `>` what happened, under it what came of it.

The form is that of the transcripts under `tests/`, so that a path played by hand can become one.
"""

from collections.abc import Iterator

from bot.flow_log import FlowLogLine, LineKind
from bot.spoken import End, Item, Join, Listen


class Path:
    """Collects what happened, and puts it into words."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._listener = "unknown"

    def happened(self, what: str) -> str:
        """Something happened; the line that says so."""
        return self._keep(f"> {what}")

    def came_of_it(self, line: FlowLogLine) -> list[str]:
        """A line of the flow log, as lines of the transcript."""
        return [self._keep(told) for told in self._told(line)]

    def reply(self, prompts: str, items: tuple[Item, ...]) -> str:
        """What was heard, by the ids of prompts, and what it waits for."""
        last = items[-1] if items else None
        then = "(none)" if last is None else ""
        if isinstance(last, Listen):
            then = f"(waits {last.seconds} s)"
        elif isinstance(last, Join):
            then = "rings the desk"
        elif isinstance(last, End):
            then = "hangs up"
        return self._keep(_row("reply", prompts, then))

    def _told(self, line: FlowLogLine) -> Iterator[str]:
        match line.kind:
            case LineKind.STEP:
                moved = f"{line.flow}: {line.before} -> {line.after} ({line.event})"
                yield _row("flow", moved)
                if line.listener != self._listener:
                    self._listener = line.listener
                    yield _row("listener", line.listener)
                if line.disposition:
                    yield _row("ends as", line.disposition)
            case LineKind.CALLBACK:
                yield _row("callback", line.event, line.disposition)
            case LineKind.TASK:
                yield _row("task", line.reason, line.detail)
            case LineKind.DISCLOSURE:
                yield _row("discloses", line.detail.partition(" on ")[0])
            case _:
                yield _row(line.kind.value, line.event, line.reason)

    def _keep(self, line: str) -> str:
        self.lines.append(line)
        return line


def _row(name: str, *what: str) -> str:
    return f"  {name:<10}{' '.join(filter(None, what))}"
