"""`ringback dialling`: a person pauses it, sees why nobody is rung, and lets it go on."""

import pytest

from bot.dialling_breaker import Sign
from bot.dialling_gate import DiallingGate
from bot.policy import Policy
from bot.storage.embedded import EmbeddedServer
from bot.storage.redis_store import RedisStore
from bot.unit_of_work import UnitOfWork

BOB = "100000025"
OMAR = ("--officer", "s1001", "--reason")


@pytest.fixture
def stopped(demo):
    """A call in which something of ours broke."""
    with EmbeddedServer.start(demo.data_dir / "redis") as server:
        store = RedisStore.connect(server.url)
        unit = UnitOfWork(store, "main")
        DiallingGate(Policy.load()).note(unit, "SM1-1", Sign.OUR_FAULT, 1_789_466_400.0)
        unit.commit()
        store.close()
        yield demo


def test_omar_pauses_sees_it_everywhere_and_resumes(demo):
    assert "running" in demo.says("dialling", "status")

    assert "main: paused" in demo.says("dialling", "pause", *OMAR, "the lift is stuck")

    told = demo.run("dialling", "status")
    assert told.exit_code == 1  # for scripts that watch it
    assert "paused by s1001: the lift is stuck" in told.stdout
    assert "a person resumes it" in told.stdout
    assert "does not ring as usual: paused by s1001" in demo.says("ring", BOB, "--officer", "s1001")
    doctor = demo.run("doctor").stdout
    assert "warn    dialling: the desk main is paused by s1001: the lift is stuck" in doctor

    assert "main: resumed" in demo.says("dialling", "resume", *OMAR, "it runs again")
    assert demo.run("dialling", "status").exit_code == 0
    logged = demo.says("log", "--no-follow")
    assert "paused by s1001: the lift is stuck" in logged
    assert "resumed by s1001: it runs again" in logged


def test_twice_is_the_same_as_once(demo):
    demo.says("dialling", "pause", *OMAR, "the lift is stuck")
    again = demo.says("dialling", "pause", *OMAR, "another reason")
    assert "paused already by s1001: the lift is stuck" in again

    demo.says("dialling", "resume", *OMAR, "done")
    assert "it was running already" in demo.says("dialling", "resume", *OMAR, "done")


def test_what_stopped_by_itself_is_shown_with_its_reason_and_resumed_by_a_person(stopped):
    told = stopped.run("dialling", "status", "--desk", "main")

    assert told.exit_code == 1
    assert "a fault of ours in a call" in told.stdout
    assert "1 silent and 0 failing of 1 calls" in told.stdout
    doctor = stopped.run("doctor")
    assert doctor.exit_code == 1
    assert "problem dialling: the desk main rings nobody" in doctor.stdout
    assert "stopped (our_fault)" in stopped.says("log", "--no-follow")

    assert "main: resumed" in stopped.says("dialling", "resume", *OMAR, "mended")
    assert stopped.run("dialling", "status").exit_code == 0


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("--officer", "mallory", "--reason", "x"), 1, "mallory is no officer of any desk"),
        ((*OMAR, "rang 07700 900123"), 2, "no telephone number and no reference"),
        ((*OMAR, " "), 2, "say why in 1 to 120 characters"),
        ((*OMAR, "x\x1b[2Jx"), 2, "say why in 1 to 120 characters"),
        (("--desk", "north", *OMAR, "x"), 2, "there is main"),
        (("--officer", "s1001"), 2, "--reason"),
    ],
)
def test_who_may_not_and_what_may_not_be_said(demo, words, code, told):
    result = demo.run("dialling", "pause", *words)

    assert result.exit_code == code
    assert told in result.stderr
    assert demo.run("dialling", "status").exit_code == 0
