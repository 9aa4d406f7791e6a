"""What all tests share: the option that rewrites transcripts, and the house in memory."""

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.house_in_memory import HouseInMemory, write_sample_records
from tests.own_words import write_own_words
from tests.planted import Watch, watching
from tests.records.postgres import WHY_NONE, Postgres, programs, running

WATCH = pytest.StashKey[Watch]()

# A busy machine is no fault; what a failure needs to be repeated is printed with it.
settings.register_profile(
    "house", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update", action="store_true", help="rewrite the expectations of tests/transcripts"
    )


def pytest_configure(config: pytest.Config) -> None:
    """From here on it is looked whether a planted secret gets out (tests/planted.py)."""
    started = ExitStack()
    config.stash[WATCH] = started.enter_context(watching())
    config.add_cleanup(started.close)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test in which one got out has failed, whatever it was about."""
    report = yield
    watch = item.config.stash[WATCH]
    watch.test = item.nodeid
    if call.when == "teardown":
        for name, text in report.sections:
            watch.text(text, name)
        if (leaks := watch.over()) and report.passed:
            report.outcome, report.longrepr = "failed", "\n".join(["planted:", *leaks])
    return report


@pytest.fixture(scope="session", autouse=True)
def files_hold_nothing_planted(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """When all is over, every file that the tests left is searched."""
    yield
    watch = request.config.stash[WATCH]
    watch.folder(tmp_path_factory.getbasetemp())
    assert (leaks := watch.over()) == [], "\n".join(leaks)


@pytest.fixture(scope="session")
def sample_records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample cases in a database file that is only copied."""
    path = tmp_path_factory.mktemp("records") / "sample.db"
    write_sample_records(path)
    return path


@pytest.fixture
def build(
    sample_records: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., HouseInMemory]]:
    """Build a house, or several, with what is to be different about it."""
    built: list[HouseInMemory] = []

    def build(**different: object) -> HouseInMemory:
        directory = tmp_path_factory.mktemp("house")
        built.append(HouseInMemory(sample_records, directory, **different))  # type: ignore[arg-type]
        return built[-1]

    yield build
    for house in built:
        house.close()


@pytest.fixture
def own_words(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An operator's own words and questions; the environment that names them."""
    return write_own_words(tmp_path_factory.mktemp("own"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A server of the tests' own, or the reason why there is none."""
    if programs() is None:
        pytest.skip(WHY_NONE)
    with running() as server:
        yield server


@pytest.fixture
def house(build: Callable[..., HouseInMemory]) -> HouseInMemory:
    """The house as the demo has it."""
    return build()
