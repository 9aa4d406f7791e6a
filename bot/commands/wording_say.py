"""`ringback wording say`: a prompt as a sound file, so that its author hears it and its length."""

import shutil
import subprocess
import wave
from pathlib import Path

import click

from bot.commands.showing import console
from bot.commands.terminal import Terminal, pass_terminal
from bot.config_files import nearest
from bot.errors import RingbackError
from bot.policy import Policy
from bot.proof import Audience
from bot.speaking_time import longest_seconds, sample_values, seconds_of
from bot.wording import Prompt, Wording

PROGRAM = "espeak-ng"
INSTALL = "Install it (Debian and Ubuntu: apt install espeak-ng), or name it with --program."
VOICES = {"en": "en-gb"}  # espeak-ng knows most languages by our own name for them
OURS = frozenset({"service_number", "desk_hours", "organisation"})  # as the rules have them
PATIENCE = 60.0  # seconds that rendering may take; it takes a fraction of one


class CannotSay(RingbackError):
    """The sound file could not be made."""


@click.command()
@click.argument("id")
@click.option("--language", default="en", show_default=True, help="As in wording.en.toml.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The sound file. [default: ID.LANGUAGE.wav, here]",
)
@click.option("--program", default=PROGRAM, show_default=True, help="espeak-ng, by name or path.")
@pass_terminal
def say(terminal: Terminal, id: str, language: str, out: Path | None, program: str) -> None:
    """Render a prompt to a sound file with espeak-ng.

    To hear how it is pronounced and how long it takes; the carrier's own voice sounds better, and
    may be quicker or slower. Names and case facts are invented. Nothing is sent anywhere, and words
    that are too long for an answering machine can be heard all the same.
    """
    policy = Policy.load(terminal.config_dir)
    switch = policy.message.name_organisation_on_machines
    wording = Wording.load(terminal.config_dir, name_organisation_on_machines=switch)
    prompt = _prompt(wording, id, language)
    values = sample_values(prompt, policy, policy.default_desk)
    words = prompt.fill(values)
    target = out or Path(f"{id}.{language}.wav")
    _render(program, words, language, target)
    _tell(f"{prompt.id}, {prompt.language}, for {prompt.audience.value.replace('_', ' ')}")
    _tell(f'  "{words}"')
    for name, value in values.items():
        _tell(f"  {{{name}}} = {value} ({'our own' if name in OURS else 'invented'})")
    _tell(f"  {_length(target):.1f} s in {target}; estimated {seconds_of(words, language):.1f} s")
    if prompt.audience is Audience.MACHINE:
        _tell(f"  {_verdict(prompt, policy)}")


def _prompt(wording: Wording, id: str, language: str) -> Prompt:
    if language not in wording.languages:
        known = ", ".join(wording.languages)
        raise click.BadParameter(f"no such language; there is {known}", param_hint="--language")
    if id not in wording.ids(language):
        hint = nearest(id, sorted(wording.ids(language)))
        raise click.BadParameter(f"no such prompt{hint}", param_hint="ID")
    return wording.prompt(id, language)


def _render(program: str, words: str, language: str, target: Path) -> None:
    """Have the words spoken into the file. Raises `CannotSay`.

    The words go in as input: not as an argument, where a dash would make an option of them.
    """
    found = shutil.which(program)
    if found is None:
        raise CannotSay(f"{program} is not installed. {INSTALL}")
    command = [found, "-v", VOICES.get(language, language), "-b", "1", "--stdin", "-w", str(target)]
    try:
        target.unlink(missing_ok=True)  # so that what is there afterwards was made now
        done = subprocess.run(  # noqa: S603 - a program that the author named, without a shell
            command, input=words.encode(), capture_output=True, check=False, timeout=PATIENCE
        )
    except (OSError, subprocess.TimeoutExpired) as failure:
        raise CannotSay(f"{program}: {failure}") from None
    if done.returncode != 0 or not target.exists():
        told = done.stderr.decode(errors="replace").strip() or f"exit code {done.returncode}"
        raise CannotSay(f"{program} made no {target}: {told}")


def _length(target: Path) -> float:
    """Seconds, by the file's own count. Raises `CannotSay` where it is no sound file."""
    try:
        with wave.open(str(target)) as sound:
            return float(sound.getnframes() / sound.getframerate())
    except (wave.Error, EOFError) as failure:
        raise CannotSay(f"{target} is no sound file: {failure}") from None


def _verdict(prompt: Prompt, policy: Policy) -> str:
    takes, most = longest_seconds(prompt, policy), policy.message.longest_seconds
    compared = "within" if takes <= most else "TOO LONG, nothing starts with it: more than"
    return f"at most {takes:.0f} s at any desk: {compared} message.longest_seconds = {most}"


def _tell(line: str) -> None:
    console().print(line, soft_wrap=True)
