"""A short run of chaos, as `make chaos` has it with a thousand people; and what it shows."""

from io import StringIO

import pytest
from rich.console import Console

from tests.chaos.report import show
from tests.chaos.run import Asked, Ran, run
from tests.chaos.weather import Blow

SHORT = Asked(
    callbacks=34,
    seed=8,
    workers=2,
    per_second=10.0,
    storms=1,
    days=2,
    gust_every=0.9,
    longest_life=1.2,
    least_deaths=10,
    often=3.0,
    day_within=120.0,
)


@pytest.fixture(scope="module")
def ran() -> Ran:
    """A day of storm with a text every tenth of a second, a night, and a calm day."""
    return run(SHORT, lambda name, done, of: None)


def test_nothing_is_lost_and_nothing_is_doubled(ran: Ran) -> None:
    assert ran.verdict is not None and ran.books is not None
    assert (ran.verdict.lost, ran.verdict.doubled, ran.unfinished) == ((), (), "")
    assert ran.verdict.to_a_person <= ran.undecidable
    assert len(ran.books.callbacks) >= SHORT.callbacks - 1


def test_it_did_storm(ran: Ran) -> None:
    assert set(ran.blows) == set(SHORT.blows) == set(Blow) - {Blow.DOOR_KILLED}
    assert len(ran.fates.deaths) >= SHORT.least_deaths
    assert ran.faults
    assert len(ran.nights) == 1


def test_what_is_shown_ends_with_the_verdict(ran: Ran) -> None:
    said = StringIO()
    show(ran, Console(file=said, width=100))

    assert said.getvalue().endswith(f"\n{ran.verdict}\n")
    assert "web server down" in said.getvalue()
