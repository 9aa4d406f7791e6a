"""What was heard, keyed and said in one call, line by line, for the telephone's own log."""

from datetime import datetime
from itertools import groupby
from typing import Any

from bot.simulator.records import Call

Line = tuple[datetime, str, str, str]  # when, kind, who, words


def lines_of(call: Call) -> list[dict[str, Any]]:
    """In order. The words under way are there as soon as they begin; keys that follow each other
    are one line."""
    lines = [(h.at, "heard", h.who, h.words) for h in call.heard]
    if call.saying is not None:
        lines.append((call.saying.at, "heard", call.saying.who, call.saying.words))
    lines += [(p.at, "keyed", "", p.key) for p in call.pressed]
    lines += [(s.at, "said", "", s.words) for s in call.spoken]
    return [line for run in _runs(sorted(lines, key=lambda line: line[0])) for line in run]


def _runs(lines: list[Line]) -> list[list[dict[str, Any]]]:
    runs: list[list[dict[str, Any]]] = []
    for kind, group in groupby(lines, key=lambda line: line[1]):
        run = list(group)
        if kind == "keyed":
            at, _, who, _ = run[0]
            run = [(at, kind, who, " ".join(line[3] for line in run))]
        runs.append([_line(*line) for line in run])
    return runs


def _line(at: datetime, kind: str, who: str, words: str) -> dict[str, Any]:
    return {"at": at.isoformat(), "kind": kind, "who": who, "words": words}
