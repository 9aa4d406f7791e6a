"""`ringback prove`: walks every path of every flow, and shows the shortest one that is wrong."""

import click

from bot.actions import Ask, Connect, HangUp, ReadCase, Reply, Say
from bot.commands.showing import console, table
from bot.commands.terminal import Terminal, pass_terminal
from bot.explore import NOW, Blueprint, Breach, Proven, prove, told
from bot.explore.node import Step
from bot.play.path import Path, row
from bot.question_set import QuestionSet
from bot.runtime import House
from bot.storage.memory import MemoryStore
from bot.wording import Wording


@click.command(name="prove")
@pass_terminal
def prove_flows(terminal: Terminal) -> None:
    """Walk every path of every flow, and show what is wrong.

    The real engine, in memory, with every answer of every look-up; nothing is kept. A path that is
    printed can be played again, and kept as a test. docs/proof.md says what is proven by it.
    """
    flows = terminal.flows
    house = House.of_files(terminal.config_dir, flows)
    proven = prove(
        Blueprint(
            opens=flows.opens,
            flows=flows.all,
            policy=house.policy,
            questions=house.questions,
            wording=house.wording,
            speech=house.speech,
            texts=house.texts,
            powers=house.powers,
            store=MemoryStore(clock=lambda: NOW),
        ),
        side_by_side=True,
    )
    _show(proven, house)
    if proven.breaches:
        raise click.exceptions.Exit(1)


def _show(proven: Proven, house: House) -> None:
    said = console()
    made = table("flow", "states", "transitions", "seconds")
    for one in proven.figures:
        made.add_row(one.flow, str(one.states), str(one.transitions), f"{one.seconds:.1f}")
    made.add_row("(verification)", str(proven.ledgers), "", "")
    said.print(made)
    for breach in proven.breaches:
        said.print(breach.rule, style="bold red", soft_wrap=True)
        said.print(f"  {breach.reason}", soft_wrap=True)
        for line in path_of(breach, house.questions, house.wording):
            said.print(line, soft_wrap=True)
    found = f"{len(proven.breaches)} broken" if proven.breaches else "nothing is broken"
    said.print(f"{found}, {proven.seconds:.1f} s", soft_wrap=True)


def path_of(breach: Breach, questions: QuestionSet, wording: Wording) -> list[str]:
    """The path as a transcript: what happened, and below each line what came of it."""
    path = Path()
    lines: list[str] = []
    for one in told(breach.path, questions.contact.inbound.ask):
        lines.append(one.line)
        if one.step is not None:
            lines += [each for line in one.step.lines for each in path.logged(line)]
            lines += _reply(one.step)
    return lines


def _reply(step: Step) -> list[str]:
    if step.after is None or not step.moved:
        return []
    replies = step.after.replies
    said = [reply.prompt for reply in replies if isinstance(reply, (Say, Ask, ReadCase))]
    return [Path.reply(said, _then(replies))] if replies else [row("reply", "(none)")]


def _then(replies: list[Reply]) -> str:
    last = replies[-1]
    if isinstance(last, Ask):
        return f"(waits {last.seconds} s)"
    if isinstance(last, Connect):
        return "rings the desk"
    return "hangs up" if isinstance(last, HangUp) else ""
