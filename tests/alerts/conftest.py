"""A courier to real receivers, and an alert about Bob, who wants a person."""

import base64
import ssl
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.actions import TaskReason
from bot.alerts import Alert, Channel
from bot.delivery import RealCourier
from bot.settings import Profile, Settings
from bot.tasks import Priority, Task
from tests.alerts.receivers import Receiver, certificate, web
from tests.house_in_memory import TUESDAY_AT_TEN
from tests.people import BOB

KEY = bytes(range(32))
KEY_TEXT = "whsec_" + base64.b64encode(KEY).decode()
IMPATIENT = 0.4  # seconds for a delivery

# Everything about Bob that a task holds.
BOB_WANTS_A_PERSON = Task(
    id="CA1:wants_person",
    desk="main",
    reason=TaskReason.WANTS_PERSON,
    priority=Priority.URGENT,
    owner="s1001",
    raised_at=TUESDAY_AT_TEN,
    conversation="CA1",
    case=BOB.reference,
    number="+44…56",
    number_sealed="k1:sealed-number",
    text_sealed="k1:sealed-text",
    wish="morning",
    due_at=TUESDAY_AT_TEN + 3600,
)

Couriers = Callable[..., RealCourier]


def alert(step: int = 0, channel: Channel = Channel.WEBHOOK) -> Alert:
    return Alert.of(BOB_WANTS_A_PERSON, channel, step, "Europe/London")


@pytest.fixture(scope="session")
def tls(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    return certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def courier(tmp_path: Path, tls: tuple[ssl.SSLContext, ssl.SSLContext]) -> Couriers:
    """Makes a courier that trusts the certificate of these tests."""

    def make(*, profile: str = "demo", trusts: bool = True, **env: str) -> RealCourier:
        settings = settings_with_key(tmp_path, **env)
        if profile == "production":
            settings = production(settings)
        return RealCourier(settings, authorities=tls[1] if trusts else None, seconds=IMPATIENT)

    return make


def settings_with_key(data_dir: Path, **env: str) -> Settings:
    """Settings of the demo that can sign, with these others."""
    given = {"DATA_DIR": str(data_dir), "ALERT_WEBHOOK_KEY": KEY_TEXT, **env}
    return Settings.from_env({f"RINGBACK_{name}": value for name, value in given.items()})


def production(settings: Settings) -> Settings:
    """The same settings, when people are really told."""
    return replace(settings, profile=Profile.PRODUCTION)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with web() as receiver:
        yield receiver


@pytest.fixture
def safe_receiver(tls: tuple[ssl.SSLContext, ssl.SSLContext]) -> Iterator[Receiver]:
    with web(tls[0]) as receiver:
        yield receiver
