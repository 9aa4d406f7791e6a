"""The workers that may die at drawn places, and are born again: `python -m tests.chaos.worker`.

What takes long to load is loaded once; then there is one process for each worker, which reads one
line for each life (a fate or nothing), forks, and says when that life began and ended. So a life
is a process of its own with connections of its own, and dies as one.
"""

import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import TextIO

import twilio.rest  # noqa: F401 - loaded once, for all lives

import webhooks
from bot import application_log, start
from bot.commands.serving import the_carrier
from bot.keys import Keyring
from bot.records import Records, connect
from bot.records.naming import settled
from bot.runtime import RECORDS_PATIENCE, Runtime
from bot.settings import Settings
from bot.storage.fenced import FencedStore
from bot.storage.redis_store import RedisStore
from bot.worker import Worker
from tests.chaos.dying import CARRIER, STORE, Fate, Witness


def main(notes: Path, ends: list[str]) -> None:
    """A process for each pair of pipe ends; returns when all of them have ended."""
    for pair in ends:
        asked, told = (int(end) for end in pair.split(","))
        if os.fork() == 0:
            with open(asked, encoding="utf-8") as hear, open(told, "w", encoding="utf-8") as say:
                _lives(hear, say, notes)
            os._exit(0)
    for _ in ends:
        os.wait()


def _lives(hear: TextIO, say: TextIO, notes: Path) -> None:
    """One life after the other, until nobody asks for another."""
    for line in hear:
        given = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _live(Fate.from_json(given) if given else None, notes)
        _tell(say, born=pid)
        _, status = os.waitpid(pid, 0)
        _tell(say, died=pid, code=os.waitstatus_to_exitcode(status))


def _live(fate: Fate | None, notes: Path) -> None:
    """One life, as `ringback work` leads it, but for whoever watches. Never returns."""
    code = 1
    try:
        application_log.configure("worker")
        _work(fate, notes)
        code = 0
    except BaseException as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
    finally:
        sys.stderr.flush()
        os._exit(code)


def _work(fate: Fate | None, notes: Path) -> None:
    settings = start.prepared(Settings.from_env())
    clock = start.the_clock(settings)
    witness = Witness(fate, notes, clock)
    records = connect(settings.database_url, patience_seconds=RECORDS_PATIENCE)
    keyring = settled(records, Keyring.parse(settings.keys or ""), clock.now())
    store = FencedStore(RedisStore.connect(settings.redis_url or ""), keyring.names)
    runtime = Runtime.assemble(
        settings,
        webhooks.OUR_FLOWS,
        keyring=keyring,
        clock=clock,
        store=witness.wrap(store, "store", STORE),
        records=Records.on(records, keyring),
    )
    carrier = witness.wrap(the_carrier(settings, runtime.house.policy), "carrier", CARRIER)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    Worker(runtime, carrier).run(stop)


def _tell(say: TextIO, **what: int) -> None:
    say.write(json.dumps(what) + "\n")
    say.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
