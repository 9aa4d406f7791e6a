"""Functions of the flows and the gate, altered by mutmut, and whether any test notices.

What is altered, and which tests look, is in `[tool.mutmut]` of pyproject.toml. Functions that make
rows of tables run before mutmut can alter them: they say `no mutate`, and `tables.py` tries them.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

WORKSHOP = Path("mutants")  # where mutmut keeps the altered copies, and its results
NOTICED = frozenset({"killed", "timeout", "caught by type check"})


@dataclass(frozen=True, slots=True)
class FunctionMutant:
    """One altered function, what became of it in mutmut's words, and (unless noticed) the change.

    `place` is the function; `change` the lines taken out (`-`) and put in (`+`).
    """

    place: str
    outcome: str
    change: str = ""


def judge() -> list[FunctionMutant]:
    """Have mutmut alter and try everything; it shows its own progress."""
    shutil.rmtree(WORKSHOP, ignore_errors=True)
    subprocess.run([_mutmut(), "run"], check=True)
    return list(_outcomes())


def _outcomes() -> Iterator[FunctionMutant]:
    for line in _told("results", "--all", "true").splitlines():
        name, _, outcome = line.strip().rpartition(": ")
        change = "" if outcome in NOTICED else _change(name)
        yield FunctionMutant(_place(name), outcome, change)


def _place(name: str) -> str:
    """`bot.disclosure.open` out of `bot.disclosure.x_open__mutmut_4`."""
    function = name.rpartition("__mutmut_")[0].replace("ǁ", ".")
    return re.sub(r"\.x(_|\.)", ".", function)


def _change(name: str) -> str:
    return "\n".join(
        f"{line[0]} {' '.join(line[1:].split())}"
        for line in _told("show", name).splitlines()
        if line[:1] in ("+", "-") and not line.startswith(("+++", "---"))
    )


def _told(*asked: str) -> str:
    command = [_mutmut(), *asked]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _mutmut() -> str:
    return str(Path(sys.executable).with_name("mutmut"))
