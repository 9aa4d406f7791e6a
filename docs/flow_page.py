"""Reads a flow, table and source, and writes its part of docs/flows.md."""

import ast
import inspect
import re
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from bot.flow import FactKind, Flag, Flow, OneOf, Upto

PROMPT = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
ANEW = "*"  # the goal of a row that enters its own state once more
EVERYWHERE = 4  # a row that leaves so many states is told under the picture, not drawn in it

Opens = dict[tuple[str, str], type[Flow]]


@dataclass(frozen=True)
class Row:
    """Rows of the table that differ only in the state they leave."""

    trigger: str
    sources: tuple[str, ...]
    goal: str | None
    when: str | None
    then: str | None


def rows_of(flow: type[Flow]) -> list[Row]:
    """The table, one line for what is the same from several states, in order of precedence."""
    rows: list[Row] = []
    for move in flow.moves:
        goal = ANEW if move["dest"] == move["source"] else move["dest"]
        row = Row(move["trigger"], (move["source"],), goal, move["conditions"], move["before"])
        twin = _joinable(rows, row)
        if twin is None:
            rows.append(row)
        else:
            rows[twin] = replace(row, sources=(*rows[twin].sources, *row.sources))
    return rows


def _joinable(rows: list[Row], row: Row) -> int | None:
    """The line that this row may join: alike, and after every line that goes before this row."""
    for index in reversed(range(len(rows))):
        other = rows[index]
        if replace(other, sources=row.sources) == row:
            return index
        if other.trigger == row.trigger and row.sources[0] in other.sources:
            return None
    return None


def prompts_named(flow: type[Flow]) -> set[str]:
    """Every prompt that the methods of this flow name in their source."""
    return {prompt for method in _methods(flow).values() for prompt in prompts_in(method)}


def prompts_in(method: ast.FunctionDef) -> list[str]:
    """The prompts that a method names, in the order of its source."""
    texts = [
        (node.lineno, node.col_offset, node.value)
        for node in ast.walk(method)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    return [text for _, _, text in sorted(texts) if PROMPT.fullmatch(text)]


def _methods(flow: type[Flow]) -> dict[str, ast.FunctionDef]:
    """The methods of a flow and of what it builds on, the nearest first."""
    found: dict[str, ast.FunctionDef] = {}
    for base in flow.__mro__:
        if base is Flow or base is object:
            continue
        (tree,) = ast.parse(textwrap.dedent(inspect.getsource(base))).body
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                found.setdefault(node.name, node)
    return found


# The page


def page(flows: Iterable[type[Flow]], opens: Opens) -> str:
    """All of docs/flows.md."""
    parts = [_INTRODUCTION, _opens(opens)]
    parts += ["\n".join(section(flow)) for flow in flows]
    return "\n".join(parts).rstrip() + "\n"


_INTRODUCTION = """\
# The flows

Made from the tables in `flows/` by `make docs`; a test fails when it is not up to date.

How to read a table: *when* this happened *in* this state, go *to* that one, *provided that*; *then* \
is asked for on the way. Rows of the same event and state are tried from top to bottom. *The same, \
anew* enters the state once more, so that it says its words again; *stays* does not. \
`*` repeats and `0` leads to a person wherever keys are awaited. After a first key all of it may be \
said instead, in the words of `config/speech.en.toml`: what the carrier is not sure of, what is \
not wholly understood, or what means two things is `not_understood`. What holds on every path through \
these tables, and how that is shown: [proof.md](proof.md).
"""


def _opens(opens: Opens) -> str:
    lines = ["| what happens | on the line | opens |", "| --- | --- | --- |"]
    for (trigger, line), flow in opens.items():
        lines.append(f"| `{trigger}` | {line} | [{flow.name}](#{flow.name}) |")
    return "\n".join([*lines, "", "(The line `callback` is a call that we placed.)", ""])


def section(flow: type[Flow]) -> Iterator[str]:
    """One flow: its sentence, its picture, its table, what each state says."""
    methods = _methods(flow)
    rows = rows_of(flow)
    module = inspect.getmodule(flow)
    yield f"## {flow.name}\n"
    yield f"{inspect.getdoc(module)}\n"
    yield f"{inspect.getdoc(flow)}\n"
    yield f"Table: [`flows/{flow.name}.py`](../flows/{flow.name}.py), version {flow.version}.\n"
    yield "```mermaid"
    yield from _picture(flow, rows)
    yield "```\n"
    yield from _everywhere(rows)
    yield from _table(rows)
    yield from _states(flow, methods)
    yield from _ways(flow, methods)
    yield from _facts(flow.facts_kept)


def _picture(flow: type[Flow], rows: list[Row]) -> Iterator[str]:
    labels: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        if row.goal in (None, ANEW) or len(row.sources) >= EVERYWHERE:
            continue
        for source in row.sources:
            guard = f" [{row.when}]" if row.when else ""
            labels.setdefault((source, row.goal), []).append(row.trigger + guard)
    yield "stateDiagram-v2"
    yield f"    [*] --> {flow.states[0]}"
    for (source, goal), triggers in labels.items():
        yield f"    {source} --> {goal}: {', '.join(dict.fromkeys(triggers))}"
    leaving = {row["source"] for row in flow.moves if row["dest"] not in (None, row["source"])}
    for state in flow.states:
        if state not in leaving:
            yield f"    {state} --> [*]"


def _everywhere(rows: list[Row]) -> Iterator[str]:
    many = [row for row in rows if row.goal not in (None, ANEW) and len(row.sources) >= EVERYWHERE]
    if not many:
        return
    yield "Left out of the picture, since they lead away from many states:\n"
    for row in many:
        guard = f", provided that `{row.when}`" if row.when else ""
        yield f"* `{row.trigger}` to `{row.goal}`{guard}"
    yield ""


def _table(rows: list[Row]) -> Iterator[str]:
    yield "| what happened | we were in | we go to | provided that | then |"
    yield "| --- | --- | --- | --- | --- |"
    for row in rows:
        goal = {None: "stays", ANEW: "the same, anew"}.get(row.goal, f"`{row.goal}`")
        sources = ", ".join(f"`{source}`" for source in row.sources)
        yield f"| `{row.trigger}` | {sources} | {goal} | {_code(row.when)} | {_code(row.then)} |"
    yield ""


def _states(flow: type[Flow], methods: dict[str, ast.FunctionDef]) -> Iterator[str]:
    yield "| on arrival in | | says |"
    yield "| --- | --- | --- |"
    for state in flow.states:
        method = methods.get(f"on_enter_{state}")
        yield f"| `{state}` | {_sentence(method)} | {_says(method)} |"
    yield ""


def _ways(flow: type[Flow], methods: dict[str, ast.FunctionDef]) -> Iterator[str]:
    names = dict.fromkeys(
        name for row in flow.moves for name in (row["conditions"], row["before"]) if name
    )
    if not names:
        return
    yield "| provided that, then | | says |"
    yield "| --- | --- | --- |"
    for name in names:
        method = methods.get(name)
        yield f"| `{name}` | {_sentence(method)} | {_says(method)} |"
    yield ""


def _facts(kept: dict[str, FactKind]) -> Iterator[str]:
    if not kept:
        return
    yield "Facts kept during a call: " + "; ".join(
        f"`{name}`, {_kind(kind)}" for name, kind in kept.items()
    )
    yield ""


def _kind(kind: FactKind) -> str:
    match kind:
        case Upto(most=most):
            return f"0 to {most}"
        case OneOf(values=values):
            return f"a {values.__name__}"
        case Flag():
            return "true or false"


def _sentence(method: ast.FunctionDef | None) -> str:
    told = ast.get_docstring(method) if method else None
    return told.splitlines()[0] if told else ""


def _says(method: ast.FunctionDef | None) -> str:
    if method is None:
        return ""
    said = [f"`{prompt}`" for prompt in dict.fromkeys(prompts_in(method))]
    if any(isinstance(node, ast.Name) and node.id == "AskQuestion" for node in ast.walk(method)):
        said.append("the open question")
    return ", ".join(said)


def _code(name: str | None) -> str:
    return f"`{name}`" if name else ""
