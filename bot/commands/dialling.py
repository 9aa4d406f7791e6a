"""`ringback dialling`: whether customers are rung, and a person's hand on it."""

from collections.abc import Callable

import click

from bot.commands.showing import console, moment, table, until
from bot.commands.terminal import Terminal, known_desk, pass_terminal
from bot.dialling_breaker import Gate, State
from bot.dialling_gate import calls_of, counted_in_words, gate_of, pause, resume, why_in_words
from bot.errors import Conflict, RingbackError
from bot.policy import Policy
from bot.runtime import Runtime
from bot.staff_log import BadReason, reason_given
from bot.unit_of_work import UnitOfWork

MOST_CONFLICTS = 10
STYLES = {State.RUNNING: "", State.STOPPED: "bold red", State.ON_TRIAL: "yellow"}

Change = Callable[[UnitOfWork], str]


class CannotDecide(RingbackError):
    """This person may not pause or resume dialling here; the text says why."""


class Held(click.exceptions.Exit):
    """Some desk does not dial: exit code 1, for whoever watches it by a script."""

    def __init__(self) -> None:
        super().__init__(1)


@click.group()
def dialling() -> None:
    """Whether customers are rung: see it, pause it, resume it.

    Dialling stops by itself when calls are silent or fail, and begins again when calls on trial
    went well. What a person has paused, only a person resumes.
    """


def _reason(context: click.Context, parameter: click.Parameter, text: str) -> str:
    try:
        return reason_given(text)
    except BadReason as bad:
        raise click.BadParameter(str(bad)) from None


_desk = click.option("--desk", help="Only this desk. [default: all desks of this officer]")
_officer = click.option("--officer", required=True, help="Who decides it: an officer of the desk.")
_because = click.option(
    "--reason", required=True, callback=_reason, help="Why, in a few words; the log keeps it."
)


@dialling.command("pause")
@_desk
@_officer
@_because
@pass_terminal
def pause_dialling(terminal: Terminal, desk: str | None, officer: str, reason: str) -> None:
    """Ring nobody until a person resumes it. What is owed stays owed, and texts are taken."""
    with terminal.runtime() as runtime:
        now = runtime.clock.now()

        def change(unit: UnitOfWork) -> str:
            already = gate_of(unit).pause
            pause(unit, officer, reason, now)
            return f"paused already by {already.by}: {already.reason}" if already else "paused"

        _tell(runtime, desk, officer, change)
    console().print("`ringback dialling resume` lets it go on.", style="dim")


@dialling.command("resume")
@_desk
@_officer
@_because
@pass_terminal
def resume_dialling(terminal: Terminal, desk: str | None, officer: str, reason: str) -> None:
    """Ring again, whatever stopped it. Only for whoever knows that the fault is mended."""
    with terminal.runtime() as runtime:
        now = runtime.clock.now()

        def change(unit: UnitOfWork) -> str:
            return "resumed" if resume(unit, officer, reason, now) else "it was running already"

        _tell(runtime, desk, officer, change)


@dialling.command()
@click.option("--desk", help="Only this desk.")
@pass_terminal
def status(terminal: Terminal, desk: str | None) -> None:
    """Whether each desk rings customers now. Exit code 1 if one of them does not."""
    with terminal.runtime() as runtime:
        policy, now = runtime.house.policy, runtime.clock.now()
        shown = table("desk", "dialling", "since", "because", "next", "latest calls")
        units = [UnitOfWork(runtime.store, name) for name in known_desk(runtime, desk)]
        for unit in units:
            gate = gate_of(unit)
            shown.add_row(
                unit.partition,
                "paused" if gate.pause else gate.state.value.replace("_", " "),
                _since(gate, policy),
                why_in_words(gate),
                _next(gate, policy, now),
                counted_in_words(calls_of(unit)),
                style="bold yellow" if gate.pause else STYLES[gate.state],
            )
        held = [unit.partition for unit in units if not gate_of(unit).runs]
    console().print(shown)
    if held:
        raise Held


def _since(gate: Gate, policy: Policy) -> str:
    since = gate.pause.at if gate.pause else gate.since
    return moment(policy, since) if since else ""


def _next(gate: Gate, policy: Policy, now: float) -> str:
    """What ends it."""
    if gate.pause:
        return "a person resumes it"
    if gate.state is State.RUNNING:
        return ""
    good = f"{gate.good} of {policy.breaker.good_trials} went well"
    if gate.state is State.ON_TRIAL:
        return f"calls on trial, one at a time; {good}"
    if now >= gate.until:
        return "the next call is on trial"
    return f"a call on trial, {moment(policy, gate.until)} ({until(gate.until, now)})"


def _tell(runtime: Runtime, desk: str | None, officer: str, change: Change) -> None:
    for name in _desks_of(runtime, desk, officer):
        console().print(f"{name}: {_committed(runtime, name, change)}")


def _desks_of(runtime: Runtime, desk: str | None, officer: str) -> list[str]:
    """The desks that this officer decides about. Raises `CannotDecide`."""
    desks = runtime.house.policy.desk
    found = [name for name in known_desk(runtime, desk) if officer in desks[name].officers]
    if not found:
        where = f"the desk {desk}" if desk else "any desk"
        raise CannotDecide(f"{officer} is no officer of {where}; see policy.toml")
    return found


def _committed(runtime: Runtime, desk: str, change: Change) -> str:
    """Decided anew while calls begin and end beside it. Raises `Conflict`."""
    for _ in range(MOST_CONFLICTS):
        unit = UnitOfWork(runtime.store, desk)
        told = change(unit)
        try:
            if unit.changed:
                unit.commit()
        except Conflict:
            continue
        return told
    raise Conflict(f"{desk}: calls end all the time; ask once more")
