"""The page that Prometheus asks for: fenced, of its own, and never at the public door."""

import http.client
import socket
from collections.abc import Iterator

import pytest

from bot.errors import ConfigError
from bot.metrics_address import MetricsAddress
from bot.settings import Settings
from bot.settings_refused import SettingsRefused
from bot.signals.exporter import Exporter
from bot.signals.server import answering
from tests.house_in_memory import HouseInMemory
from tests.signals.scrape import FLOWS, Scrape

TOKEN = "0123456789abcdef0123"


@pytest.fixture
def address() -> MetricsAddress:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return MetricsAddress("127.0.0.1", free.getsockname()[1])


@pytest.fixture
def exporter(house: HouseInMemory) -> Exporter:
    return Exporter(house.runtime, FLOWS, None)


def ask(address: MetricsAddress, path: str, **headers: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection(address.host, address.port, timeout=10)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


@pytest.fixture
def fenced(address: MetricsAddress, exporter: Exporter) -> Iterator[MetricsAddress]:
    with answering(address, exporter, TOKEN) as url:
        assert url == f"http://{address}/metrics"
        yield address


def test_whoever_shows_the_token_is_told(fenced: MetricsAddress) -> None:
    status, body = ask(fenced, "/metrics", Authorization=f"Bearer {TOKEN}")

    assert status == 200
    assert Scrape(body).get("up", store="redis") == 1


@pytest.mark.parametrize("shown", ["", "Bearer wrong", f"Basic {TOKEN}", f"bearer{TOKEN}"])
def test_nobody_else_is(fenced: MetricsAddress, shown: str) -> None:
    status, body = ask(fenced, "/metrics", Authorization=shown)

    assert status == 401
    assert "ringback_" not in body


def test_there_is_no_other_page(fenced: MetricsAddress) -> None:
    for path in ("/", "/metrics/", "/healthz", "/text/received"):
        assert ask(fenced, path, Authorization=f"Bearer {TOKEN}")[0] == 404


def test_a_private_address_needs_no_token(address: MetricsAddress, exporter: Exporter) -> None:
    with answering(address, exporter, None):
        assert ask(address, "/metrics")[0] == 200


def test_an_address_that_is_taken_is_told(fenced: MetricsAddress, exporter: Exporter) -> None:
    with pytest.raises(ConfigError, match="cannot listen"), answering(fenced, exporter, None):
        pass


def test_the_public_door_has_no_such_page(house: HouseInMemory) -> None:
    assert house.client.get("/metrics").status_code == 404
    assert not [rule for rule in house.app.url_map.iter_rules() if "metrics" in str(rule)]


# The settings


def refused(**environment: str) -> list[str]:
    with pytest.raises(SettingsRefused) as found:
        Settings.from_env({f"RINGBACK_{name}": value for name, value in environment.items()})
    return [problem.name for problem in found.value.problems]


def test_it_is_off_unless_it_is_configured() -> None:
    settings = Settings.from_env({})
    assert (settings.metrics_address, settings.metrics_dir) == (None, None)


NO_ADDRESSES = "9470 :9470 localhost:9470 127.0.0.1 1.2.3.4:0 ::1:9 999.0.0.1:9470 127.0.0.1:99999"


@pytest.mark.parametrize("bad", NO_ADDRESSES.split())
def test_an_address_is_an_ip_address_and_a_port(bad: str) -> None:
    assert refused(METRICS_ADDRESS=bad) == ["RINGBACK_METRICS_ADDRESS"]


@pytest.mark.parametrize("public", ["0.0.0.0:9470", "[::]:9470", "8.8.8.8:9470"])
def test_production_answers_at_no_public_address_without_a_token(public: str) -> None:
    name = "RINGBACK_METRICS_ADDRESS"

    assert name in refused(PROFILE="production", METRICS_ADDRESS=public)
    assert name not in refused(PROFILE="production", METRICS_ADDRESS=public, METRICS_TOKEN=TOKEN)
    assert Settings.from_env({name: public}).metrics_address is not None  # the demo may


@pytest.mark.parametrize("private", ["127.0.0.1:9470", "10.0.0.7:9470", "[fd00::7]:9470"])
def test_a_private_address_will_do(private: str) -> None:
    wrong = refused(PROFILE="production", METRICS_ADDRESS=private)
    assert "RINGBACK_METRICS_ADDRESS" not in wrong


def test_a_token_that_could_be_guessed_is_refused() -> None:
    assert refused(METRICS_TOKEN="secret") == ["RINGBACK_METRICS_TOKEN"]
    assert TOKEN not in repr(Settings.from_env({"RINGBACK_METRICS_TOKEN": TOKEN}))
