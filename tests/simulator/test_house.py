"""The simulator is a world of its own."""

import ast
from pathlib import Path

import bot.simulator

FOLDER = Path(bot.simulator.__file__).parent


def imported():
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from ((path.name, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{path.name}: a relative import"
                yield path.name, node.module or ""


def test_it_imports_nothing_of_ours_but_itself():
    ours = ("bot", "flows", "config", "webhooks")

    strays = [
        (path, module)
        for path, module in imported()
        if module.split(".")[0] in ours and not (module + ".").startswith("bot.simulator.")
    ]
    assert strays == []
