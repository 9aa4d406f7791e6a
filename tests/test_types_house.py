"""No source goes round the gate: each rule names who may reach for what, and why.

Beside tests/test_house.py, which says who may import whom; these read the sources wherever they
are installed.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import bot

ROOT = Path(bot.__file__).parent.parent
# The simulator is a world of its own, which has none of these types.
FILES = [
    path
    for path in sorted([*ROOT.glob("bot/**/*.py"), *ROOT.glob("flows/*.py"), ROOT / "webhooks.py"])
    if "simulator" not in path.parts
]


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def calls(path: Path) -> Iterator[ast.Call]:
    yield from (node for node in nodes_of(path) if isinstance(node, ast.Call))


def users_of(*called: str) -> set[str]:
    """The modules that call this, as `name(…)`, `room.name(…)` or `Kind.name(…)`."""
    return {
        module_of(path)
        for path in FILES
        if any(ast.unparse(call.func) in called for call in calls(path))
    }


def importers_of(*names: str) -> set[str]:
    """The modules that import this, as `import a.b` or `from a import b`, whatever they call it."""
    found = set()
    for path in FILES:
        for node in nodes_of(path):
            imported = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [f"{node.module}.{alias.name}" for alias in node.names]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            if set(imported) & set(names):
                found.add(module_of(path))
    return found


# The gate


def test_only_the_speaker_opens_details() -> None:
    assert users_of("disclosure.open") == {"bot.speaker"}
    assert importers_of("bot.disclosure") == {"bot.disclosing", "bot.engine", "bot.speaker"}
    assert importers_of("bot.disclosure.open", "bot.disclosure.*") == set()


def test_what_was_opened_goes_into_a_prompt_and_nowhere_else() -> None:
    """In the one function that opens: from `open` into `fill`, and out as words."""
    (path,) = [path for path in FILES if module_of(path) == "bot.speaker"]
    functions = [
        node
        for node in nodes_of(path)
        if isinstance(node, ast.FunctionDef) and "disclosure.open" in ast.unparse(node)
    ]

    assert len(functions) == 1
    called = {
        ast.unparse(node.func)
        for node in ast.walk(functions[0])
        if isinstance(node, ast.Call) and node not in functions[0].decorator_list
    }
    assert called <= {
        "self._directory.details",
        "talk.tokens.get",
        "disclosure.open",
        "NotDisclosable",
        "self._prompt",
        "self._prompt(reply.prompt).fill",
        "Words",
    }


def test_words_are_a_filled_prompt_or_the_apology() -> None:
    for path in FILES:
        for call in calls(path):
            if ast.unparse(call.func) != "Words":
                continue
            (text,) = call.args
            filled = isinstance(text, ast.Call) and ast.unparse(text.func).endswith(".fill")
            assert module_of(path) == "bot.speaker", path
            assert filled or ast.unparse(text) == "BUILT_IN_APOLOGY", ast.unparse(call)


def test_only_the_gate_decides_on_a_disclosure() -> None:
    assert users_of("DisclosureRecord") == {"bot.disclosure"}
    assert users_of("Committed") == {"bot.disclosure"}


def test_a_record_counts_when_the_engine_has_committed_it() -> None:
    assert users_of("disclosure.committed") == {"bot.engine"}
    assert importers_of("bot.disclosure.committed", "bot.disclosure.Committed") <= {"bot.engine"}


MAY_MAKE_DETAILS = {
    "bot.records.directory",  # opens the seal
    "bot.explore.house",  # planted ones, for the walk
}


def test_details_are_made_where_their_seal_is_opened() -> None:
    assert users_of("CaseDetails") == MAY_MAKE_DETAILS


# Proofs


def test_only_verification_makes_a_proof() -> None:
    assert users_of("Proof") == {"bot.verification"}
    assert users_of("OfficerProof") <= {"bot.officers"}


def test_an_answer_is_compared_in_constant_time() -> None:
    (path,) = [path for path in FILES if module_of(path) == "bot.verification"]
    compared = [ast.unparse(node) for node in nodes_of(path) if isinstance(node, ast.Compare)]

    assert "hmac.compare_digest" in {ast.unparse(call.func) for call in calls(path)}
    assert not [text for text in compared if "expected" in text or "mac" in text]


# Secrets


def test_no_flow_reads_a_secret() -> None:
    for path in FILES:
        if module_of(path).startswith("flows"):
            names = {node.attr for node in nodes_of(path) if isinstance(node, ast.Attribute)}
            assert not names & {"reveal", "_value"}, path


def test_nobody_reaches_into_a_secret() -> None:
    for path in FILES:
        inside = {ast.unparse(n) for n in nodes_of(path) if isinstance(n, ast.Attribute)}
        assert not {name for name in inside - {"self._value"} if name.endswith("._value")}, path


# Round the language

LOCKED = ("_GATE", "_MINT", "_READ_BACK", "_opened_by", "_CaseDetails", "__values", "reveal")


def test_no_lock_is_named_in_a_text() -> None:
    """`getattr` with a name in a text, `globals`, an import by name."""
    for path in FILES:
        texts = [n.value for n in nodes_of(path) if isinstance(n, ast.Constant)]
        named = [text for text in texts if isinstance(text, str) and text in LOCKED]
        # The class says which slots it has.
        assert not named or (module_of(path), {*named}) == ("bot.cases", {"_opened_by"}), path


WALKS_SLOTS = {  # by names, as JSON or as rows; none of these classes holds a secret
    "bot.attempts",
    "bot.callbacks",
    "bot.conversation",
    "bot.disclosure_record",
    "bot.flow_log",
    "bot.records.expiring",
    "bot.records.flow_log_rows",
    "bot.tasks",
    "bot.verification",
}
LOOKS_INSIDE = {
    "bot.explore.costs": {"vars"},  # the methods that a directory has
}


def test_nobody_walks_over_what_an_object_holds() -> None:
    for path in FILES:
        attributes = {n.attr for n in nodes_of(path) if isinstance(n, ast.Attribute)}
        called = {ast.unparse(call.func) for call in calls(path)}
        assert "__slots__" not in attributes or module_of(path) in WALKS_SLOTS, path
        assert not attributes & {"__dict__", "__getstate__", "__closure__", "cell_contents"}, path
        looks = called & {"vars", "globals", "locals", "eval", "exec", "__import__"}
        assert looks <= LOOKS_INSIDE.get(module_of(path), set()), path


def test_only_details_themselves_are_made_past_their_own_rules() -> None:
    for path in FILES:
        past = {ast.unparse(call.func) for call in calls(path)} & {
            "object.__setattr__",
            "object.__new__",
            "object.__getattribute__",
        }
        assert not past or (module_of(path), past) == ("bot.cases", {"object.__setattr__"}), path


@pytest.mark.parametrize(
    "library", ["gc", "pickle", "marshal", "shelve", "inspect", "ctypes", "dill", "jsonpickle"]
)
def test_no_library_that_takes_objects_apart(library: str) -> None:
    assert importers_of(library) == set()
    for path in FILES:
        imported = [n.module or "" for n in nodes_of(path) if isinstance(n, ast.ImportFrom)]
        assert library not in imported, path
