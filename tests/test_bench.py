"""The bench works: its calls are answered as it expects, by our app and by the tutorial's."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import redis
from rich.console import Console

from bot.keys import Keyring
from bot.policy import Policy
from bot.question_set import QuestionSet
from bot.records import Records, connect, import_cases, upgrade
from bot.runtime import Runtime
from bot.settings import Settings
from bot.storage.memory import MemoryStore
from tests.house_in_memory import TUESDAY_AT_TEN, MovableClock
from webhooks import OUR_FLOWS, create_app

pytest.importorskip("bench", reason="the wheel comes without the bench")

from bench import (
    callbacks,
    callers,
    growth,
    lost_phone,
    machine,
    oracle,
    tutorial,
    waiting,
    watching,
    where,
)  # noqa: E402
from bench.callbacks_report import report  # noqa: E402
from bot.callback_book import queue_callback  # noqa: E402
from bot.commands.cases import known_of  # noqa: E402
from bot.storage.embedded import EmbeddedServer  # noqa: E402
from bot.storage.redis_store import RedisStore  # noqa: E402
from bot.store import DUE  # noqa: E402
from bot.unit_of_work import UnitOfWork  # noqa: E402

CALL = "CA" + "0" * 32
ANYWHERE = machine.Cores(None, None)  # a test does not choose its core
A_LITTLE = callbacks.Size(
    rounds=1, callbacks=4, conversations=2, smallest=10, asked=growth.Size(2, 2), workers=(1,)
)


@pytest.fixture
def base() -> str:
    return f"http://127.0.0.1:{where.PORT}"


def test_every_turn_of_a_call_is_a_real_step(tmp_path: Path, base: str) -> None:
    """To the end of the checks, which are passed: `where.ask` stops at any other answer."""
    (customer,) = callers.customers(1, tmp_path / "cases.csv")
    store, app = house_with(tmp_path, base)
    for request in callers.opening(base, customer, CALL) + callers.turns(base, customer, CALL):
        where.ask(app, request)
    talk = store.read("main", (f"call:{CALL}",))[f"call:{CALL}"].data
    assert talk is not None
    assert (talk["state"], talk["turn"]) == ("asking_best_number", 2 + len(callers.TURNS))
    assert talk["listener"] == "verified"


def test_a_stale_turn_is_an_error_of_the_bench(tmp_path: Path, base: str) -> None:
    """What is no step would be measured as one: it has to be noticed."""
    (customer,) = callers.customers(1, tmp_path / "cases.csv")
    _, app = house_with(tmp_path, base)
    for request in callers.opening(base, customer, CALL):
        where.ask(app, request)
    first, second, *_ = callers.turns(base, customer, CALL)
    where.ask(app, first)
    with pytest.raises(SystemExit, match="wrong answer"):
        where.ask(app, callers.turns(base, customer, CALL)[4])
    where.ask(app, second)


def test_the_tutorial_answers_what_twilio_signed(
    tmp_path: Path, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(tutorial.TOKEN, callers.TOKEN)
    (customer,) = callers.customers(1, tmp_path / "cases.csv")
    for request in callers.tutorial(base, customer, CALL):
        where.ask(tutorial.app, request)
    monkeypatch.setenv(tutorial.TOKEN, "another token")
    with pytest.raises(SystemExit, match="wrong answer"):
        where.ask(tutorial.app, callers.tutorial(base, customer, CALL)[0])


def test_every_call_of_the_oracle_goes_as_it_claims(
    tmp_path: Path, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Known or not, spent or not: the answers are the same, up to the last; else it stops."""
    monkeypatch.setattr(oracle, "WORN_OUT", 3)
    monkeypatch.setattr(oracle, "FAILING", 12)
    monkeypatch.setattr(oracle, "BLOCKS", 1)
    people = callers.customers(20, tmp_path / "cases.csv")
    _, app = house_with(tmp_path, base)

    times = oracle.measure(app, oracle.Calls(people), each=2)

    assert "tries left, spent" in times
    for one, other in times.values():
        assert [len(block) for block in (*one, *other)] == [2, 2]


def test_what_is_loaded_is_what_the_service_writes(server: EmbeddedServer) -> None:
    """Key by key: what is asked of a desk that was loaded is what a real one would be asked."""
    store = RedisStore.connect(server.url, timeout=5.0)
    waiting.load(server.url, "loaded", 3, lambda done: None)
    for number in range(3):
        unit = UnitOfWork(store, "queued")
        queue_callback(unit, waiting.Named.numbered(number).callback("queued"), waiting.NOW)
        unit.commit()
    store.close()

    loaded, queued = (kept(server, desk) for desk in ("loaded", "queued"))

    assert len(loaded) == 3 * 3 + 3  # a record and two pointers each; queue, lines, index
    assert loaded == {name: queued[name] for name in queued if name not in ("log", "wake")}


def test_the_questions_leave_a_desk_as_it_was(server: EmbeddedServer) -> None:
    """What is asked hundreds of times must not change what is asked."""
    sizes = {growth.TWIN: 5, "5": 5, "20": 20}
    for desk, count in sizes.items():
        waiting.load(server.url, desk, count, lambda done: None)

    times = growth.measure(server.url, sizes, growth.Size(rounds=2, each=3), lambda: None)

    assert {len(taken.whole) for taken in times.values()} == {2}
    store = RedisStore.connect(server.url, timeout=5.0)
    assert [len(store.waiting(desk, DUE)) for desk in sizes] == [5, 5, 20]
    assert [len(store.members(desk, "callbacks")) for desk in sizes] == [5, 5, 20]
    store.close()


@pytest.mark.parametrize(
    ("times_as_long", "verdict"), [(1.1, "no"), (1.5, "less than log"), (900.0, "YES")]
)
def test_a_growth_is_told_by_what_two_equal_desks_differ_by(
    times_as_long: float, verdict: str
) -> None:
    sizes = {growth.TWIN: 1000, "1,000": 1000, "1,000,000": 1_000_000}
    factors = {growth.TWIN: 1.2, "1,000": 1.0, "1,000,000": times_as_long}
    times = {
        ("claim", desk): growth.Taken([300 * factor], [30 * factor])
        for desk, factor in factors.items()
    }

    (whole,), (server,) = growth.in_whole(times, sizes), growth.of_the_server(times, sizes)

    assert (whole.verdict, server.verdict) == (verdict, verdict)


def test_a_lost_telephone_is_shut_and_timed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    assert lost_phone.main(["--quick"]) == 0

    assert "told to end, ms" in capsys.readouterr().out


def test_callbacks_are_rung_settled_and_weighed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole of `bench.callbacks`, on very few: it stops where something goes wrong."""
    monkeypatch.chdir(tmp_path)
    said = StringIO()
    console = Console(file=said, width=150)

    found = callbacks.measure(A_LITTLE, 40, console, ANYWHERE)
    report(found, console)

    assert [len(taken) for taken in found.stages.values()] == [2, 2, 2, 2, 2]
    assert {name for name, _ in found.workers} == {"rung to the end", "settled after a death"}
    assert list(found.waiting) == [growth.TWIN, "10", "40"]
    assert {"record:callback", "queue:due"} <= set(found.waiting["40"].by_kind)
    assert {"record:call", "record:budget:case"} <= set(found.conversation.by_kind)
    assert "grows? claim one and put it off" in said.getvalue()
    assert not list((tmp_path / ".data").iterdir())


@pytest.fixture
def server(tmp_path: Path) -> Any:
    with EmbeddedServer.start(tmp_path / "redis") as running:
        yield running


def kept(server: EmbeddedServer, desk: str) -> dict[str, Any]:
    """All that a desk holds, without its name."""
    client: Any = redis.Redis.from_url(server.url, protocol=2, decode_responses=True)
    read = {
        "string": client.get,
        "hash": client.hgetall,
        "zset": lambda name: client.zrange(name, 0, -1, withscores=True),
        "stream": client.xlen,
        "list": client.llen,
    }
    found = {
        name.partition("}:")[2]: read[client.type(name)](name)
        for name in client.scan_iter(f"{{{desk}}}:*")
    }
    client.close()
    return {name: _nameless(content, desk) for name, content in found.items()}


def _nameless(content: Any, desk: str) -> Any:
    return content.replace(desk, "a desk") if isinstance(content, str) else content


def house_with(directory: Path, base: str) -> tuple[MemoryStore, Callable[..., object]]:
    """Our app on the twin store, with the bench's cases."""
    records, keyring = connect(f"sqlite:///{directory / 'records.db'}"), Keyring.parse(callers.KEYS)
    upgrade(records)
    questions, clock = QuestionSet.load().questions, MovableClock()
    import_cases(
        records,
        keyring,
        questions,
        directory / "cases.csv",
        known=known_of(Policy.load()),
        now=TUESDAY_AT_TEN,
    )
    store = MemoryStore(clock=clock.now)
    runtime = Runtime.assemble(
        Settings.from_env(
            {
                "RINGBACK_DATA_DIR": str(directory),
                "RINGBACK_PUBLIC_URL": base,
                "RINGBACK_TWILIO_AUTH_TOKEN": callers.TOKEN,
            }
        ),
        OUR_FLOWS,
        keyring=keyring,
        clock=clock,
        store=store,
        records=Records.on(records, keyring),
    )
    return store, create_app(runtime=runtime)


def test_pages_that_watch_are_told_every_line(tmp_path: Path) -> None:
    """A few, for a moment: what they cost is measured by hand (`bench.watching`)."""
    asked = watching.Asked(watchers=10, per_second=20.0, seconds=1.0, rounds=1)
    ((alone, watched),) = watching.measure(asked, tmp_path)
    assert len(alone.latencies) == len(watched.latencies) == 20
    assert alone.refused == watched.refused == watched.seen.ended == 0
    assert watched.seen.opened >= 10
    assert watched.seen.lines >= 10 * 20 * 2  # a text that a person must see to is two lines
