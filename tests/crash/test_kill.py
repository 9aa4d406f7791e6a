"""Processes killed with `kill -9` in the middle of the story: nothing acknowledged is lost.

Real processes: the web server, the worker, the store's server, the phone network; the demo's parent
starts again whatever dies. Waiting is polling with a deadline, never a sleep that must be enough.
"""

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterator
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any, TypeVar

import pytest
from rich.console import Console

import webhooks
from bot.callbacks import Callback
from bot.conversation import Conversation
from bot.demo import people
from bot.demo.main import ANY_PORTS, Demo
from bot.errors import StoreDown
from bot.settings import Settings
from bot.simulator.control.client import ControlRefused

WITHIN_SECONDS = 60.0
ERIN = "+447700900505"
Found = TypeVar("Found")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    data_dir: Path = tmp_path_factory.mktemp("crash")
    settings = Settings.from_env({"RINGBACK_DATA_DIR": str(data_dir)})
    console = Console(file=StringIO())
    start = partial(Demo, characters_per_second=1000, ports=ANY_PORTS)
    with start(webhooks.connect, settings, console) as running:
        url = running.settings.public_url
        running.network.own(
            people.SERVICE,
            f"{url}/call/received",
            f"{url}/text/received",
            status_callback=f"{url}/call/status",
        )
        yield running


def until(what: str, look: Callable[[], Found | None]) -> Found:
    deadline = time.monotonic() + WITHIN_SECONDS
    while time.monotonic() < deadline:
        try:
            if found := look():
                return found
        except (StoreDown, OSError):
            pass  # whatever was killed is being started again
        time.sleep(0.02)
    raise AssertionError(f"not within {WITHIN_SECONDS} s: {what}")


def callback(demo: Demo, id: str) -> Callback | None:
    data = demo.runtime.store.read("main", (f"callback:{id}",))[f"callback:{id}"].data
    return Callback.from_json(data) if data else None


def conversation(demo: Demo, id: str) -> Conversation | None:
    data = demo.runtime.store.read("main", (f"call:{id}",))[f"call:{id}"].data
    return Conversation.from_json(data) if data else None


def calls_to(demo: Demo, number: str) -> list[dict[str, Any]]:
    return [call for call in demo.network.calls() if call["to"] == number]


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def kill_child(demo: Demo, name: str) -> int:
    process = demo.processes.find(name).process
    assert process is not None
    os.killpg(process.pid, signal.SIGKILL)
    return process.pid


def ended_with(demo: Demo, id: str, disposition: str) -> Callback | None:
    found = callback(demo, id)
    endings = [attempt.disposition for attempt in found.attempts] if found else []
    return found if disposition in endings else None


def test_alices_callback_survives_the_death_of_the_store(demo: Demo) -> None:
    demo.network.add(people.alices_voicemail() | {"rings_seconds": 0.5, "greeting_seconds": 1})

    sent = demo.network.text(people.ALICE, people.SERVICE, "Sorry I missed you")
    kill(demo.processes.server.pid)

    assert sent["status"] == 200
    until("the message left", lambda: ended_with(demo, sent["message_sid"], "left_message"))
    assert len(calls_to(demo, people.ALICE)) == 1


def test_erins_call_is_followed_when_the_worker_dies_while_it_rings(demo: Demo) -> None:
    voicemail = {"kind": "machine", "name": "Erin's voicemail", "number": ERIN}
    demo.network.add(voicemail | {"rings_seconds": 1, "greeting_seconds": 2})

    sent = demo.network.text(ERIN, people.SERVICE, "who rang?")
    until("Erin's phone rings", lambda: calls_to(demo, ERIN))
    kill_child(demo, "worker")

    until("the message left", lambda: ended_with(demo, sent["message_sid"], "left_message"))
    kept = " ".join(each["words"] for each in demo.network.voicemails(ERIN))
    assert kept.count("This is a message for Erin") == 1
    assert len(calls_to(demo, ERIN)) == 1


def test_a_text_is_kept_while_no_worker_lives(demo: Demo) -> None:
    demo.network.add(people.bob() | {"rings_seconds": 0.5})
    kill_child(demo, "worker")

    sent = demo.network.text(people.BOB, people.SERVICE, "ring me please")

    assert sent["status"] == 200
    until("Bob's case read", lambda: ended_with(demo, sent["message_sid"], "details_read"))
    assert len(calls_to(demo, people.BOB)) == 1


def test_a_conversation_stands_where_it_stood_when_the_web_server_dies(demo: Demo) -> None:
    quiet = people.alice() | {"script": people.alice()["script"][:1]}  # keys the reference only
    demo.network.add(quiet)
    call = demo.network.dial(people.ALICE, people.SERVICE)

    def being_checked() -> Conversation | None:
        talk = conversation(demo, call)
        return talk if talk and talk.state == "checking" else None

    before = until("the first question", being_checked)
    died = kill_child(demo, "web server")
    until("another web server", lambda: _another(demo, "web server", died))
    kill(demo.processes.server.pid)
    after = until("the store again", lambda: conversation(demo, call))

    assert (after.state, after.turn) == (before.state, before.turn)
    assert after.tokens["ledger"] == before.tokens["ledger"]
    with contextlib.suppress(ControlRefused):  # the carrier may have given the call up by now
        demo.network.hang_up(people.ALICE)


def _another(demo: Demo, name: str, died: int) -> bool:
    child = demo.processes.find(name)
    if child.process is None or child.process.pid == died:
        return False
    child.await_answer()
    return True
