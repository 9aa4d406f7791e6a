"""Invented customers for a load: a file for `ringback cases import`, and one for `simulate`.

They are copies of the first sample case, each with a reference and a telephone of their own, from
the thousand mobile numbers that Ofcom keeps for drama. What they do is what the sample people do.

python -m bench.people COUNT DIRECTORY
"""

import json
import sys
from pathlib import Path

from bench.callers import customers
from bot.commands.serving import SAMPLE_PEOPLE

CASES, PEOPLE = "cases.csv", "people.json"


def make(count: int, directory: Path) -> tuple[Path, Path]:
    """Write both files; returns where they are."""
    directory.mkdir(parents=True, exist_ok=True)
    cases, people = directory / CASES, directory / PEOPLE
    sample = json.loads(SAMPLE_PEOPLE.read_text(encoding="utf-8"))
    knows = sample["customers"][0]["answers"]["right"]
    sample["answers"]["right"] = knows  # all of them know what the first sample knows
    sample["customers"] = [
        {"name": f"Alice {n}", "number": one.phone, "facts": {"reference": one.reference}}
        for n, one in enumerate(customers(count, cases), start=1)
    ]
    people.write_text(json.dumps(sample, indent=1) + "\n", encoding="utf-8")
    return cases, people


if __name__ == "__main__":
    for path in make(int(sys.argv[1]), Path(sys.argv[2])):
        print(path)
