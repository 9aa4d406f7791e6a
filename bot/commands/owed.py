"""Commands about the calls that are owed to customers."""

import click

from bot.callbacks import CallbackState
from bot.commands.showing import console, moment, table, until, words
from bot.commands.terminal import Terminal, known_desk, pass_terminal
from bot.commands.warning import warn
from bot.dial_rules import Verdict
from bot.dialling_gate import gate_of, why_in_words
from bot.may_ring_now import verdict_now
from bot.owed_list import open_callbacks
from bot.policy import Policy
from bot.ring_case import ring_case
from bot.unit_of_work import UnitOfWork

MOST = 1000  # callbacks that are shown at once


@click.command()
@click.argument("case")
@click.option("--officer", required=True, help="Who asks for it: an officer of policy.toml.")
@pass_terminal
def ring(terminal: Terminal, case: str, officer: str) -> None:
    """Have the customer of a case rung."""
    with terminal.runtime() as runtime:
        callback = ring_case(runtime, case, officer)
        now = runtime.clock.now()
        policy = runtime.house.policy
        due = f"{moment(policy, callback.due_at)} ({until(callback.due_at, now)})"
        said = console()
        said.print(f"Owed: a call to {callback.number_mask} for case {case}, due {due}.")
        warn(runtime.tasks, runtime.house.questions, policy, [case], now)
        if callback.asks > 1:
            said.print("It was owed already: it keeps its place, and is rung once.")
        if callback.under_way:
            said.print("An attempt is under way at this moment.")
            return
        gate = gate_of(UnitOfWork(runtime.store, callback.desk))
        if not gate.runs:
            said.print(f"The desk {callback.desk} does not ring as usual: {why_in_words(gate)}.")
        said.print(in_words(verdict_now(runtime, callback), policy, now))
        said.print("`ringback work` rings it; `ringback log` shows it happen.", style="dim")


def in_words(verdict: Verdict, policy: Policy, now: float) -> str:
    """A verdict of the dial rules as a sentence."""
    if verdict.allowed:
        return "The dial rules allow it now."
    rule = f"The dial rules say no: {words(verdict.rule)} ({verdict.source})."
    if verdict.again_at is None:
        return f"{rule} Time does not cure that: it becomes a task for a person."
    return f"{rule} It may be rung from {moment(policy, verdict.again_at)}."


@click.command()
@click.option("--desk", help="Only this desk.")
@click.option(
    "--limit", default=100, show_default=True, type=click.IntRange(1, MOST), help="How many."
)
@pass_terminal
def callbacks(terminal: Terminal, desk: str | None, limit: int) -> None:
    """The calls that are owed, the next first."""
    with terminal.runtime() as runtime:
        owed = [
            one
            for name in known_desk(runtime, desk)
            for one in open_callbacks(runtime, name, limit + 1)
        ]
        found = sorted(owed, key=lambda callback: callback.due_at)[:limit]
        policy, now = runtime.house.policy, runtime.clock.now()
        cases = [one.case for one in found]
        warn(runtime.tasks, runtime.house.questions, policy, cases, now)
    if not found:
        console().print("No call is owed.")
        return
    shown = table(
        "number", "case", "state", "due", "attempts", "last ending", "asked by", "held back by"
    )
    for one in found:
        ended = [attempt.disposition for attempt in one.attempts if attempt.disposition]
        due = f"{moment(policy, one.due_at)} ({until(one.due_at, now)})"
        shown.add_row(
            one.number_mask,
            one.case or "",
            words(one.state),
            due if one.state is CallbackState.DUE else "",
            str(len(one.attempts)),
            words(ended[-1] if ended else None),
            one.asked_by,
            words(one.refused),
        )
    console().print(shown)
    if len(owed) > limit:
        console().print(f"More are owed: these are the next {limit} (--limit).", style="dim")
