"""The bench works: its calls are answered as it expects, by our app and by the tutorial's."""

from collections.abc import Callable
from pathlib import Path

import pytest

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

from bench import callers, oracle, tutorial, where  # noqa: E402
from bot.commands.cases import known_of  # noqa: E402

CALL = "CA" + "0" * 32


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
