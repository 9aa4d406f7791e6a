"""The flow log in the terminal: one line a step, narrowed, for people and for programs."""

import json
import threading

import pytest

import webhooks
from bot.errors import StoreDown
from bot.events import TextReceived
from bot.log_view import Wanted, follow
from bot.phone import PhoneNumber
from bot.secret import Secret
from bot.settings import Settings
from bot.storage.memory import MemoryStore
from bot.store import Change


def texted(demo, body: str = "Sorry I missed you") -> None:
    """Alice texts, as the web server would hand it to the engine."""
    runtime = webhooks.connect(Settings.from_env(demo.environment))
    runtime.engine.receive(
        TextReceived(
            desk="main",
            conversation="SM" + "1" * 32,
            line="customers",
            sender=PhoneNumber("+447700900123"),
            body=Secret(body),
        )
    )
    runtime.store.close()


def test_the_log_tells_of_a_text_in_one_line_a_step(demo):
    texted(demo)

    told = demo.says("log", "--no-follow").splitlines()

    assert "received → callback_owed" in told[0]
    assert "inbound_text" in told[0]
    assert "SM111111" in told[0]
    assert "callback" in told[1]
    assert "due for +44…23" in told[1]


def test_the_log_for_programs_is_one_object_a_line(demo):
    texted(demo)

    lines = [json.loads(line) for line in demo.says("log", "--no-follow", "--json").splitlines()]

    assert [line["kind"] for line in lines] == ["step", "callback"]
    assert lines[0]["id"] < lines[1]["id"]


@pytest.mark.parametrize(
    ("options", "kept"),
    [
        (("--flow", "inbound_text"), 1),
        (("--flow", "outbound_call"), 0),
        (("--conversation", "SM111111"), 2),
        (("--conversation", "SM2"), 0),
        (("--disposition", "left_message"), 0),
        (("--last", "1"), 1),
        (("--last", "0"), 0),
        (("--desk", "main"), 2),
    ],
)
def test_the_log_can_be_narrowed(demo, options, kept):
    texted(demo)

    assert len(demo.says("log", "--no-follow", *options).splitlines()) == kept


def test_a_flow_that_is_not_there_is_refused(terminal):
    result = terminal.run("log", "--no-follow", "--flow", "outbound")

    assert result.exit_code == 2
    assert (
        "no such flow; there is inbound_text, inbound_call, officer_line, missed_call,"
        " outbound_call" in result.stderr
    )


def test_what_was_written_in_a_text_is_nowhere_in_the_terminal(demo):
    texted(demo, "my secret is heliotrope")

    shown = "".join(
        demo.says(*words)
        for words in (
            ("log", "--no-follow", "--json"),
            ("callbacks",),
            ("tasks",),
            ("log", "--no-follow"),
        )
    )

    assert "heliotrope" not in shown
    assert "447700900123" not in shown


# Following


def a_line(conversation: str) -> Change:
    return Change(log=[{"at": "1", "kind": "step", "desk": "main", "conversation": conversation}])


def test_what_comes_is_shown_as_it_comes():
    store, stop = MemoryStore(), threading.Event()
    store.commit("main", a_line("CA1"))
    coming = follow(store, {"main": "0"}, Wanted(), stop, block_seconds=0.01)

    assert next(coming)[1].conversation == "CA1"
    store.commit("main", a_line("CA2"))
    assert next(coming)[1].conversation == "CA2"

    stop.set()
    assert list(coming) == []


def test_a_store_that_is_away_is_waited_for_and_nothing_is_missed():
    class Away(MemoryStore):
        times = 1

        def log_after(self, *asked, **how):
            if self.times:
                self.times -= 1
                raise StoreDown("away")
            return super().log_after(*asked, **how)

    store = Away()
    store.commit("main", a_line("CA1"))
    coming = follow(store, {"main": "0"}, Wanted(), threading.Event(), block_seconds=0.01)

    assert next(coming) is None
    assert next(coming)[1].conversation == "CA1"


def test_an_attempt_is_found_by_its_short_id():
    store = MemoryStore()
    for conversation in ("SM12345678aa-1", "SM12345678aa-2", "SM12345678aa"):
        store.commit("main", a_line(conversation))
    wanted = Wanted(conversation="SM123456-2")
    coming = follow(store, {"main": "0"}, wanted, threading.Event(), block_seconds=0.01)

    assert next(coming)[1].conversation == "SM12345678aa-2"
