"""`ringback wording say`: through a stand-in for espeak-ng, which no check can rely on.

What the stand-in is given is what the real one is given; where that is installed, the last test
runs it, and elsewhere it is told how to get it.
"""

import json
import shutil
import sys
import wave
from pathlib import Path

import pytest

STAND_IN = """\
#!{python}
import json, sys, wave
words = sys.stdin.buffer.read().decode()
with open("{told}", "w") as told:
    json.dump([sys.argv[1:], words], told)
if "{fault}" == "fails":
    sys.exit("no such voice")
if "{fault}" == "no file":
    sys.exit(0)
with wave.open(sys.argv[sys.argv.index("-w") + 1], "wb") as sound:
    sound.setnchannels(1), sound.setsampwidth(2), sound.setframerate(1000)
    sound.writeframes(bytes(2 * 1700))
"""


class Speaker:
    """A program that hears what it is to say, and writes 1.7 seconds of silence."""

    def __init__(self, folder: Path, fault: str = "") -> None:
        self.path = folder / "espeak-ng"
        self._told = folder / "told.json"
        self.path.write_text(
            STAND_IN.format(python=sys.executable, told=self._told, fault=fault), encoding="utf-8"
        )
        self.path.chmod(0o755)

    @property
    def told(self) -> tuple[list[str], str]:
        """Its arguments, and the words."""
        arguments, words = json.loads(self._told.read_text())
        return arguments, words


@pytest.fixture
def speaker(tmp_path: Path) -> Speaker:
    return Speaker(tmp_path)


def test_a_prompt_becomes_a_sound_file_with_its_length_beside_the_estimate(
    terminal, speaker, tmp_path
):
    out = tmp_path / "goodbye.wav"

    result = terminal.run(
        *("wording", "say", "common.goodbye", "--out", str(out)), PATH=str(tmp_path)
    )

    assert result.exit_code == 0, result.output
    assert f"1.7 s in {out}; estimated 1.5 s" in result.stdout
    assert speaker.told == (
        ["-v", "en-gb", "-b", "1", "--stdin", "-w", str(out)],
        "Thank you. Goodbye.",
    )
    with wave.open(str(out)) as sound:
        assert sound.getnframes() == 1700


def test_fields_are_filled_and_marked_as_what_they_are(terminal, speaker, tmp_path):
    told = terminal.run(
        *("wording", "say", "outbound_call.voicemail", "--out", str(tmp_path / "x.wav")),
        PATH=str(tmp_path),
    ).stdout

    assert "{full_name} = Alexandra Margaret Fitzgerald-Example (invented)" in told
    assert "{service_number} = 0 3 0 6, 9 9 9, 0 1 0 0 (our own)" in told
    assert "at most 24 s at any desk: within message.longest_seconds = 30" in told
    assert "{" not in speaker.told[1]


def test_a_message_that_is_too_long_can_still_be_heard(terminal, speaker, tmp_path):
    (tmp_path / "policy.toml").write_text("[message]\nlongest_seconds = 20\n")

    result = terminal.run(
        *("wording", "say", "outbound_call.voicemail", "--out", str(tmp_path / "x.wav")),
        PATH=str(tmp_path),
        RINGBACK_CONFIG_DIR=str(tmp_path),
    )

    assert result.exit_code == 0, result.output
    assert (
        "TOO LONG, nothing starts with it: more than message.longest_seconds = 20" in result.stdout
    )


def test_without_espeak_the_next_step_is_told(terminal, tmp_path):
    result = terminal.run("wording", "say", "common.goodbye", PATH=str(tmp_path))

    assert result.exit_code == 1
    assert "espeak-ng is not installed. Install it" in result.stderr
    assert "apt install espeak-ng" in result.stderr


@pytest.mark.parametrize(
    ("fault", "reason"), [("fails", "no such voice"), ("no file", "exit code 0")]
)
def test_a_program_that_makes_no_file_is_told_as_that(terminal, tmp_path, fault, reason):
    out = tmp_path / "old.wav"
    out.write_bytes(b"of an earlier day")

    result = terminal.run(
        *("wording", "say", "common.goodbye", "--out", str(out)),
        *("--program", str(Speaker(tmp_path, fault).path)),
    )

    assert result.exit_code == 1
    assert f"made no {out}: {reason}" in result.stderr


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["common.godbye"], "did you mean common.goodbye?"),
        (["common.goodbye", "--language", "fr"], "no such language; there is "),
    ],
)
def test_what_there_is_no_prompt_for(terminal, words, reason):
    result = terminal.run("wording", "say", *words)

    assert result.exit_code == 2
    assert reason in result.stderr


def test_the_real_program_speaks_or_the_way_to_it_is_told(terminal, tmp_path):
    out = tmp_path / "real.wav"

    result = terminal.run("wording", "say", "common.goodbye", "--out", str(out))

    if shutil.which("espeak-ng") is None:
        assert "apt install espeak-ng" in result.stderr
        return
    assert result.exit_code == 0, result.output
    with wave.open(str(out)) as sound:
        assert 1.0 < sound.getnframes() / sound.getframerate() < 3.0
