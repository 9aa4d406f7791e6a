"""Commands that look: the flow log as it happens, a flow played alone, the doctor."""

from collections.abc import Callable

import click
from rich.console import Console
from rich.text import Text

from bot import log_view, start
from bot.archive_check import examine_archive
from bot.commands.serving import the_carrier
from bot.commands.showing import console
from bot.commands.terminal import (
    Terminal,
    known_desk,
    pass_terminal,
    redis_of,
    until_signalled,
)
from bot.dialling_check import examine_dialling
from bot.doctor import Patient, examine, read_house
from bot.errors import ConfigError, RingbackError
from bot.findings import Finding, Level, problem
from bot.flow_log import FlowLogLine
from bot.log_view import Wanted
from bot.play import PLAYED, WITHHELD
from bot.runtime import House, Runtime
from bot.settings import Settings
from bot.settings_refused import SettingsRefused
from bot.staff_check import examine_staff
from bot.storage.redis_store import RedisStore

MARKS = {
    Level.OK: ("ok     ", "green"),
    Level.NOTE: ("note   ", "cyan"),
    Level.WARN: ("warn   ", "yellow"),
    Level.PROBLEM: ("problem", "bold red"),
}


@click.command()
@click.option("--follow/--no-follow", default=True, help="Wait for what comes. [default: follow]")
@click.option("--conversation", default="", help="Only this one; short ids do.")
@click.option("--flow", default="", help="Only this flow.")
@click.option("--disposition", default="", help="Only lines that tell of this ending.")
@click.option("--desk", help="Only this desk.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option("--last", type=click.IntRange(0), default=20, help="Past lines first. [default: 20]")
@pass_terminal
def log(
    terminal: Terminal,
    follow: bool,
    conversation: str,
    flow: str,
    disposition: str,
    desk: str | None,
    as_json: bool,
    last: int,
) -> None:
    """Follow the flow log, one line a step."""
    if flow:
        _refuse_unknown(terminal, flow, "--flow")
    wanted = Wanted(conversation, flow, disposition)
    with terminal.runtime() as runtime:
        printer = _Printer(runtime, known_desk(runtime, desk), as_json=as_json)
        positions = printer.past(wanted, last)
        if follow:
            _follow(runtime, positions, wanted, printer)


class _Printer:
    """Prints lines of the log."""

    def __init__(self, runtime: Runtime, desks: list[str], *, as_json: bool) -> None:
        self._runtime = runtime
        self._desks = desks
        self._as_json = as_json
        self._zone = runtime.house.policy.calling_hours.week.zone
        self._said: Console = console()

    def past(self, wanted: Wanted, last: int) -> dict[str, str]:
        """The newest lines of all desks; and where each desk's log goes on."""
        entries: list[log_view.Entry] = []
        positions = {}
        for desk in self._desks:
            found, positions[desk] = log_view.latest(self._runtime.store, desk, wanted, last)
            entries += found
        entries.sort(key=lambda entry: entry[1].at)
        for id, line in entries[len(entries) - last :] if last else []:
            self.show(id, line)
        return positions

    def show(self, id: str, line: FlowLogLine) -> None:
        """One line."""
        if self._as_json:
            text = Text(log_view.as_json(id, line))
        else:
            text = log_view.as_text(line, self._zone, desks=self._desks)
        self._said.print(text, soft_wrap=True)
        self._said.file.flush()


def _follow(runtime: Runtime, positions: dict[str, str], wanted: Wanted, printer: _Printer) -> None:
    silent = False
    with until_signalled() as stop:
        for entry in log_view.follow(runtime.store, positions, wanted, stop):
            if entry is not None:
                printer.show(*entry)
            elif not silent:
                console(stderr=True).print("(the store does not answer; waiting)", style="dim")
            silent = entry is None


class _OfFlows(click.Command):
    """Its help lists the flows that can be played."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Each flow with its first sentence."""
        terminal = ctx.find_object(Terminal)
        opens = terminal.flows.opens if terminal else {}
        flows = {flow.name: flow for opening, flow in opens.items() if opening in PLAYED}
        with formatter.section("Flows"):
            formatter.write_dl(
                [(name, (flow.__doc__ or "").partition("\n")[0]) for name, flow in flows.items()]
            )


@click.command(cls=_OfFlows)
@click.argument("flow")
@click.option(
    "--as",
    "caller",
    default="",
    help=f"Whose telephone: a name, or {WITHHELD}. Default: Alice or Omar.",
)
@pass_terminal
def play(terminal: Terminal, flow: str, caller: str) -> None:
    """Play a flow alone, with you as the telephone.

    With invented people, on a phone network in this process; no Redis, no Twilio, nothing is kept.
    The path that is printed at the end can be piped in again, or kept as a test.
    """
    _refuse_unknown(terminal, flow, "FLOW")
    settings = terminal.settings_of_a_demo
    play_flow = _player()
    play_flow(settings, terminal.flows, terminal.create_app, flow, caller, console())


def _refuse_unknown(terminal: Terminal, flow: str, where: str) -> None:
    known = terminal.flows.by_name
    if flow not in known:
        raise click.BadParameter(f"no such flow; there is {', '.join(known)}", param_hint=where)


def _player() -> Callable[..., None]:
    """Loaded only now: production refuses to start beside the simulator, which is an extra."""
    try:
        from bot.play.playing import play_flow
    except ImportError as error:
        reason = f"{error.name} is not installed; install ringback[simulator]"
        raise ConfigError("play", str(error.name), reason) from None
    return play_flow


@click.command()
@click.option("--carrier", is_flag=True, help="Also ask the carrier, with the account's token.")
@pass_terminal
def doctor(terminal: Terminal, carrier: bool) -> None:
    """Check the set-up, and say what to mend."""
    try:
        settings = terminal.settings
    except SettingsRefused as error:
        found = [problem(one.name, one.reason, one.next_step) for one in error.problems]
    else:
        found = _examined(terminal, settings, ask_carrier=carrier)
    for finding in found:
        _show(finding)
    if any(finding.level is Level.PROBLEM for finding in found):
        raise click.exceptions.Exit(1)


def _examined(terminal: Terminal, settings: Settings, *, ask_carrier: bool) -> list[Finding]:
    house, found = read_house(settings, terminal.flows)
    try:
        found += _in_place(settings, house, ask_carrier=ask_carrier)
    except RingbackError as error:
        found.append(problem("start", str(error), "Mend it: nothing else can be looked at"))
    return found


def _in_place(settings: Settings, house: House | None, *, ask_carrier: bool) -> list[Finding]:
    with redis_of(settings) as with_redis:
        store = RedisStore.connect(with_redis.redis_url or "")
        ready = start.prepared(with_redis)
        patient = Patient(
            settings=ready,
            store=store,
            clock=start.the_clock(settings),
            house=house,
            carrier=the_carrier(ready, house.policy) if house and ask_carrier else None,
        )
        checks = (examine, examine_dialling, examine_archive, examine_staff)
        found = [finding for check in checks for finding in check(patient)]
        store.close()
    return found


def _show(finding: Finding) -> None:
    mark, style = MARKS[finding.level]
    text = Text(mark, style)
    text.append(f" {finding.about}: ", "bold")
    text.append(finding.found, "not bold")
    if finding.next_step:
        text.append(f" → {finding.next_step}", "dim")
    console().print(text, soft_wrap=True)
