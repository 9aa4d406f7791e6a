"""What only a terminal shows: the question before a decision, and colours."""

import os
import pty
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RINGBACK = [sys.executable, "-c", "import webhooks; webhooks.main()"]


def on_a_terminal(demo, *words: str, typed: bytes = b"", **environment: str) -> tuple[int, str]:
    """The exit code and the screen, after answering the question that is asked, if one is."""
    process, terminal = pty.fork()
    if process == 0:
        os.chdir(ROOT)
        surroundings = os.environ | demo.environment | environment | {"TERM": "xterm-256color"}
        os.execvpe(RINGBACK[0], [*RINGBACK, *words], surroundings)
    screen = b""
    while chunk := _read(terminal):
        screen += chunk
        if typed and b"[y/N]" in screen:
            os.write(terminal, typed)
            typed = b""
    os.close(terminal)
    _, status = os.waitpid(process, 0)
    return os.waitstatus_to_exitcode(status), screen.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # the other end is closed
        return b""


@pytest.mark.parametrize(("answer", "state"), [(b"y\n", "approved"), (b"n\n", "submitted")])
def test_grace_is_asked_when_she_has_seen_it(demo, answer, state):
    demo.says("wording", "submit", "common.goodbye", "--as", "ada")

    code, screen = on_a_terminal(
        demo, "wording", "approve", "common.goodbye", "--as", "grace", typed=answer
    )

    assert screen.index("Thank you. Goodbye.") < screen.index("as grace? [y/N]")
    assert code == (0 if state == "approved" else 1)
    assert "common.goodbye" in demo.says("wording", "list", "--state", state)


def test_what_was_altered_is_in_colours(demo, tmp_path):
    demo.says("wording", "submit", "common.goodbye", "--as", "ada")
    demo.says("wording", "approve", "--all", "--as", "grace", "--yes")
    (tmp_path / "wording.en.toml").write_text(
        '[common.goodbye]\naudience = "any_ears"\ntext = "Thank you. Farewell."\n'
    )

    _, screen = on_a_terminal(
        demo, "wording", "diff", "common.goodbye", RINGBACK_CONFIG_DIR=str(tmp_path)
    )

    assert "\x1b[31m[-Goodbye-]\x1b[0m\x1b[32m{+Farewell+}\x1b[0m" in screen


def test_in_eighty_columns_no_name_is_broken(demo):
    demo.says("wording", "submit", "--all", "--as", "ada")

    _, screen = on_a_terminal(demo, "wording", "list", COLUMNS="80")

    assert "outbound_call.someone_else" in screen
    assert all(len(re.sub(r"\x1b\[[0-9;]*m", "", line)) <= 80 for line in table_of(screen))


def table_of(screen: str) -> list[str]:
    """The lines of the table, without what is told under it."""
    return screen.partition(" are approved.")[0].splitlines()[:-1]
