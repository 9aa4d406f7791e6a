"""The flow log in a terminal: which lines, one line a step, and following what comes.

As on the console's pages, no line tells which checks somebody was asked (`bot.discreet`).
"""

import json
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.text import Text

from bot.discreet import discreet
from bot.errors import StorageRefused, StoreDown
from bot.flow_log import FlowLogLine, LineKind
from bot.store import Store

PAGE = 500
BLOCK_SECONDS = 1.0
SHORT = 8  # characters of a carrier's id that tell two conversations apart
COLOURS = {
    LineKind.STEP: "",
    LineKind.NOTE: "dim",
    LineKind.VERIFICATION: "magenta",
    LineKind.DISCLOSURE: "magenta",
    LineKind.CALLBACK: "cyan",
    LineKind.TASK: "yellow",
    LineKind.WORDING: "green",
    LineKind.STAFF: "blue",
    LineKind.DIALLING: "bold yellow",
    LineKind.FAULT: "bold red",
}
Entry = tuple[str, FlowLogLine]  # its id in the log, and the line


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines to show; what is empty asks for nothing."""

    conversation: str = ""
    flow: str = ""
    disposition: str = ""

    def takes(self, line: FlowLogLine) -> bool:
        """Whether this line is one of them. A conversation may be given short, as it is shown."""
        begin, _, attempt = self.conversation.partition("-")
        mine = line.conversation.startswith(begin) and (
            not attempt or line.conversation.endswith(f"-{attempt}")
        )
        return mine and self.flow in ("", line.flow) and self.disposition in ("", line.disposition)


def latest(store: Store, desk: str, wanted: Wanted, last: int) -> tuple[list[Entry], str]:
    """The newest `last` lines that are wanted, oldest first; and the id after which more come."""
    kept: deque[Entry] = deque(maxlen=last)
    after = "0"
    while page := store.log_after(desk, after, limit=PAGE):
        for id, fields in page:
            line = FlowLogLine.from_fields(fields)
            if wanted.takes(line):
                kept.append((id, line))
        after = page[-1][0]
    return list(kept), after


def follow(
    store: Store,
    positions: dict[str, str],
    wanted: Wanted,
    stop: threading.Event,
    *,
    block_seconds: float = BLOCK_SECONDS,
) -> Iterator[Entry | None]:
    """Lines as they come, until `stop`; `positions` is the last id seen of each desk.

    None says that the store does not answer; it is asked again, from where we were.
    """
    each = block_seconds / len(positions)
    while not stop.is_set():
        for desk in positions:
            try:
                found = store.log_after(desk, positions[desk], limit=PAGE, block_seconds=each)
            except (StoreDown, StorageRefused):
                yield None
                stop.wait(block_seconds)
                continue
            for id, fields in found:
                positions[desk] = id
                line = FlowLogLine.from_fields(fields)
                if wanted.takes(line):
                    yield id, line


def short(conversation: str) -> str:
    """An id that fits on a line: its beginning, and the number of the attempt."""
    call, _, attempt = conversation.partition("-")
    return f"{call[:SHORT]}-{attempt}" if attempt else call[:SHORT]


def as_text(line: FlowLogLine, zone: ZoneInfo, *, desks: Sequence[str] = ()) -> Text:
    """One line for people: when, which flow and conversation, what happened, what was said."""
    line, style = discreet(line), COLOURS[line.kind]
    text = Text(no_wrap=True, overflow="ignore")
    text.append(f"{clock_time(line.at, zone)}  ", "dim")
    if len(desks) > 1:
        text.append(f"{line.desk:<{max(map(len, desks))}}  ")
    text.append(f"{line.flow or line.kind.value:<14}", "bold" if line.flow else style)
    text.append(f"{short(line.conversation):<12}", "dim")
    text.append(words_of(line), style)
    if line.disposition:
        text.append(f"  [{line.disposition}]", "bold green")
    return text


def words_of(line: FlowLogLine) -> str:
    """What happened and what was said, in one line of words."""
    return " ".join(part for part in _parts(line) if part)


def _parts(line: FlowLogLine) -> Iterator[str]:
    if line.kind is LineKind.CALLBACK:
        yield f"{line.event} for {line.number}" if line.number else line.event
        yield f"({line.reason})" if line.reason else ""
    elif line.kind is LineKind.TASK:
        yield f"{line.reason} {line.detail}".strip()
        yield f"about {line.number}" if line.number else ""
    elif line.kind is LineKind.WORDING:
        yield f"{line.event} {line.said}".strip()
        yield line.detail
    elif line.kind is LineKind.DIALLING:
        yield line.event
        yield f"({line.reason})" if line.reason else ""
        yield line.detail
    elif line.kind is LineKind.STAFF:
        yield f"{line.staff} {line.event}"
        yield f"({line.reason})" if line.reason else ""
        yield line.detail
        known = line.case or line.number or line.callback
        yield f"about {known}" if known else ""
    elif line.kind is LineKind.DISCLOSURE:
        yield f"told {line.detail}"
    elif line.kind is LineKind.VERIFICATION:
        yield f"checks noted as {line.detail}"
    else:
        moved = f"{line.before} → {line.after}" if line.before != line.after else line.after
        yield moved
        yield f"({line.event})" if line.event else ""
        yield line.listener
        yield f"says {said(line)}" if line.said else ""
        yield f"— {line.reason}" if line.reason else ""
        yield line.detail
        known = line.case or line.number
        yield f"about {known}" if line.kind is LineKind.NOTE and line.detail and known else ""


def said(line: FlowLogLine) -> str:
    """The prompts of a line, without the hashes of their templates."""
    return ", ".join(prompt.partition("@")[0] for prompt in line.said.split())


def as_json(id: str, line: FlowLogLine) -> str:
    """One line for programs: the fields under their stored names, and the id."""
    return json.dumps({"id": id, **discreet(line).to_fields()})


def clock_time(at: float, zone: ZoneInfo) -> str:
    """The time of day, to the second, as people here read it."""
    return f"{datetime.fromtimestamp(at, zone):%H:%M:%S}"
