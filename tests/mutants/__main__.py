"""`python -m tests.mutants`: both kinds, the score, and every survivor with its explanation.

Ends with code 1 if somebody survived whom nobody has explained.
"""

import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from tests.mutants import functions, tables

EXPLAINED = Path(__file__).with_name("explained.toml")
KINDS = ("tables", "functions")


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why some survivors do no harm: patterns for the place and the change."""

    place: str
    change: str
    why: str

    def fits(self, place: str, change: str) -> bool:
        """Whether it is about this survivor."""
        return bool(
            re.fullmatch(self.place, place) and re.search(self.change, change, re.MULTILINE)
        )


def main(kinds: Iterable[str]) -> int:
    """Try the kinds that are named, or both; the code to end with."""
    said = Console(highlight=False, markup=False, soft_wrap=True)
    wanted = set(kinds) or set(KINDS)
    if unknown := wanted - set(KINDS):
        said.print(f"no such kind: {', '.join(sorted(unknown))}; there are {', '.join(KINDS)}")
        return 2
    survivors = [*(_tables(said) if "tables" in wanted else ())]
    survivors += _functions(said) if "functions" in wanted else ()
    return _report(said, survivors)


def _tables(said: Console) -> Iterator[tuple[str, str]]:
    """The survivors among the altered tables."""
    with Progress(console=said, transient=True) as progress:
        task = progress.add_task("Altered tables", total=len(tables.mutants()))

        def tell(verdict: tables.Verdict) -> None:
            progress.advance(task)
            if not verdict.noticed_by:  # told at once: the rest may take an hour
                progress.console.print(f"survived: {verdict.mutant.name}")

        verdicts = tables.judge(tell)
    _score(said, "altered tables", Counter(one.noticed_by or "nobody" for one in verdicts))
    yield from ((one.mutant.name, "") for one in verdicts if not one.noticed_by)


def _functions(said: Console) -> Iterator[tuple[str, str]]:
    """The survivors among the altered functions."""
    found = functions.judge()
    _score(said, "altered functions", Counter(one.outcome for one in found))
    yield from ((one.place, one.change) for one in found if one.outcome not in functions.NOTICED)


def _score(said: Console, what: str, counted: Counter[str]) -> None:
    listed = ", ".join(f"{name} {number}" for name, number in sorted(counted.items()))
    said.print(f"{counted.total()} {what}: {listed}")


def _report(said: Console, survivors: list[tuple[str, str]]) -> int:
    """Each survivor under its explanation; those without one last."""
    explanations = _explanations()
    by_reason: dict[str, list[tuple[str, str]]] = {}
    for survivor in survivors:
        why = next((each.why for each in explanations if each.fits(*survivor)), "")
        by_reason.setdefault(why, []).append(survivor)
    unexplained = by_reason.pop("", [])
    for why, explained in by_reason.items():
        said.print(f"\n{len(explained)} survived: {why}")
        said.print("\n".join(f"  {place}" for place in sorted({place for place, _ in explained})))
    for place, change in unexplained:
        said.print(f"\nNOT EXPLAINED: {place}\n{change}".rstrip())
    said.print(f"\n{len(survivors)} survived, {len(unexplained)} of them not explained")
    return 1 if unexplained else 0


def _explanations() -> list[Explanation]:
    entries = tomllib.loads(EXPLAINED.read_text(encoding="utf-8")).get("survivor", [])
    return [Explanation(**entry) for entry in entries]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
