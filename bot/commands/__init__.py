"""The `ringback` commands, one file a group of them. `run` is handed what the flows bring along.

A refusal of ours becomes a message with its next step, never a traceback: exit code 2 for what is
configured wrongly, 1 for everything else.
"""

from bot.commands.api import api
from bot.commands.backing_up import backup, restore
from bot.commands.cases import cases
from bot.commands.console import console
from bot.commands.dialling import dialling
from bot.commands.disclosures import disclosures
from bot.commands.examining import doctor, log, play
from bot.commands.group import Ringback
from bot.commands.keeping import expire, hold, holds, lift
from bot.commands.keys import keys
from bot.commands.metrics import metrics
from bot.commands.owed import callbacks, ring
from bot.commands.person import person
from bot.commands.proving import prove_flows
from bot.commands.records import records
from bot.commands.rules import rules
from bot.commands.searching import search
from bot.commands.serving import demo, serve, simulate, work
from bot.commands.staff import staff
from bot.commands.tasks import tasks
from bot.commands.terminal import Connect, Terminal
from bot.commands.verification import verification
from bot.commands.wording import wording
from bot.play import CreateApp
from bot.runtime import Flows

__all__ = ["Terminal", "ringback", "run"]

ringback = Ringback(
    "ringback",
    help="A customer texts back after a missed call. Nobody replies by text: they are rung.",
    epilog="Settings come from the environment (RINGBACK_…); `ringback doctor` checks them.",
)
for command in (
    demo,
    serve,
    console,
    api,
    work,
    metrics,
    simulate,
    cases,
    ring,
    callbacks,
    rules,
    dialling,
    tasks,
    staff,
    disclosures,
    log,
    search,
    wording,
    verification,
    keys,
    records,
    backup,
    restore,
    play,
    prove_flows,
    doctor,
):
    ringback.add_command(command)
for command in (expire, hold, lift, holds, person):
    records.add_command(command)


def run(connect: Connect, flows: Flows, create_app: CreateApp) -> None:
    """Run the command line."""
    ringback.main(prog_name="ringback", obj=Terminal(connect, flows, create_app))
