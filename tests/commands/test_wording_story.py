"""The walk of docs/approvals.md, in production: an operator's own words, from the file to the ear.

Ada writes, Grace approves; the commands run as on their terminals, on the real store and records
that the service uses. Alice is a customer.
"""

import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path

import pytest

from bot.runtime import Runtime
from bot.settings import Profile
from bot.storage.embedded import EmbeddedServer
from bot.storage.redis_store import RedisStore
from tests.house_in_memory import HouseInMemory, text_sid
from tests.own_words import GOODBYE, write_own_words
from tests.people import ALICE, BOB

Build = Callable[..., HouseInMemory]


class Rehearsed(Runtime):
    """Production in everything but this: it rings the numbers that are kept for drama."""

    @classmethod
    def of(cls, runtime: Runtime) -> "Rehearsed":
        known = {each.name: getattr(runtime, each.name) for each in fields(Runtime)}
        return cls(**known | {"settings": replace(runtime.settings, profile=Profile.DEMO)})

    @property
    def release(self) -> str | None:
        return self.house.release(replace(self.settings, profile=Profile.PRODUCTION))


@dataclass
class Production:
    """The service as it runs, and a terminal beside it."""

    house: HouseInMemory
    terminal: object
    environment: dict[str, str]
    build: Build

    def run(self, *words: str):
        return self.terminal.run("wording", *words, **self.environment)

    def says(self, *words: str) -> str:
        result = self.run(*words)
        assert result.exit_code == 0, result.output + repr(result.exception)
        return result.stdout

    def approve_all(self) -> None:
        self.says("submit", "--all", "--as", "ada")
        self.says("approve", "--all", "--as", "grace", "--yes")

    def another(self, own_words: dict[str, str]) -> HouseInMemory:
        """Another process of the service, with other words, on the same store."""
        house = self.build(profile="production", store=self.house.store, environment=own_words)
        while house.next_sid() < 100:  # its calls are others
            pass
        return house


@pytest.fixture
def production(terminal, build: Build, own_words: dict[str, str]) -> Iterator[Production]:
    with EmbeddedServer.start(terminal.data_dir / "redis") as server, store_at(server.url) as store:
        house = build(profile="production", store=store, environment=own_words)
        house.runtime = Rehearsed.of(house.runtime)
        environment = own_words | {
            "RINGBACK_PROFILE": "production",
            "RINGBACK_PUBLIC_URL": "https://ringback.example",
            "RINGBACK_TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
            "RINGBACK_TWILIO_AUTH_TOKEN": "12345",
            "RINGBACK_REDIS_URL": server.url,
            "RINGBACK_DATABASE_URL": str(house.records.url),
            "RINGBACK_KEYS": "k1:" + base64.b64encode(bytes(range(32))).decode(),
            "RINGBACK_CARRIER_KEEPS_SPEECH_ACCEPTED": "DPIA 7",
        }
        yield Production(house, terminal, environment, build)


@contextmanager
def store_at(url: str) -> Iterator[RedisStore]:
    store = RedisStore.connect(url, timeout=5.0)
    yield store
    store.close()


def test_own_words_from_the_file_to_the_ear_and_back(production: Production) -> None:
    house = production.house
    house.text(ALICE, "Hello", sid=text_sid(1))
    assert house.dial() == "refused"  # production only receives

    assert " never " in production.says("list")
    production.says("submit", "--all", "--as", "ada")
    for name in ("ada", "mallory"):
        refused = production.run("approve", "--all", "--as", name, "--yes")
        assert refused.exit_code == 1
        assert f"{name} is none of the approvers" in refused.stderr
    assert house.dial() is None  # it was refused, and waits

    told = production.says("approve", "--all", "--as", "grace", "--yes")
    assert GOODBYE in told
    assert "This release is spoken." in told

    house.later(900.0)
    call = house.place()  # Alice is rung, by the process that had been running all along
    call.answered()
    assert call.heard().prompts == ("outbound_call.opening",)
    call.press("5")
    assert call.heard().asked == "outbound_call.who_is_there"

    told = production.says("withdraw", "common.goodbye", "--as", "grace", "--yes")
    assert "receives only" in told

    call.press("1")  # in the middle of the call, and about another text
    assert call.heard().apology
    assert house.tasks() == ["not_approved"]
    call.hang_up()
    house.text(BOB, "Hello", sid=text_sid(2))
    house.later(900.0)
    while outcome := house.dial():
        assert outcome in ("refused", "waiting")
    assert len(house.carrier.placed) == 1
    assert house.record(f"callback:{text_sid(2)}")["refused"] == "not_approved"


def test_the_log_keeps_who_decided_on_what(production: Production) -> None:
    production.approve_all()
    production.says("withdraw", "common.goodbye", "--as", "ada", "--yes")

    lines = [line for line in production.house.log() if line["kind"] == "wording"]
    goodbye = production.house.wording.prompt("common.goodbye")
    about = [line for line in lines if line.get("said") == f"common.goodbye@{goodbye.hash[:12]}"]
    assert [(line["event"], line["detail"]) for line in about] == [
        ("approved", "version 1 en by grace, written by ada"),
        ("withdrawn", "version 1 en by ada, written by ada"),
    ]
    assert [line["event"] for line in lines].count("release_stands") == 1
    assert GOODBYE not in str(lines)


def test_one_text_that_lacks_approval_is_enough(production: Production) -> None:
    production.says("submit", "--all", "--as", "ada")
    items = [text.item for text in production.house.runtime.wordings.texts]
    production.says("approve", *items[:-1], "--as", "grace", "--yes")

    assert production.house.rings(ALICE).heard().apology
    assert "Lacking: questions" in production.says("list")
    told = production.terminal.run("doctor", **production.environment).stdout
    assert "without approval: questions (submitted)" in told


def test_a_text_altered_after_its_approval_is_told_and_not_spoken(
    production: Production, tmp_path_factory: pytest.TempPathFactory
) -> None:
    production.approve_all()
    altered = write_own_words(tmp_path_factory.mktemp("own"), goodbye="Thank you. Farewell.")
    house = production.another(altered)

    assert house.rings(ALICE).heard().apology
    assert not production.house.rings(ALICE).heard().apology  # the old release rolls on beside it
    production.environment |= altered
    assert "common.goodbye" in production.says("list", "--state", "altered")
    told = production.says("diff", "common.goodbye")
    assert "Thank you[- for ringing-]. [-Goodbye-]{+Farewell+}." in told

    production.says("submit", "common.goodbye", "--as", "ada")
    production.says("approve", "common.goodbye", "--as", "grace", "--yes")
    for each in (house, production.house):
        assert not each.rings(ALICE).heard().apology

    production.says("withdraw", "common.goodbye", "--version", "1", "--as", "grace", "--yes")
    assert production.house.rings(ALICE).heard().apology
    assert not house.rings(ALICE).heard().apology


def test_a_withdrawn_text_is_spoken_again_when_it_is_approved_again(production: Production) -> None:
    production.approve_all()
    production.says("withdraw", "common.goodbye", "--as", "grace", "--yes")
    production.says("submit", "common.goodbye", "--as", "ada")
    assert production.house.rings(ALICE).heard().apology

    production.says("approve", "common.goodbye", "--as", "grace", "--yes")

    assert not production.house.rings(ALICE).heard().apology


def test_production_approves_no_samples(production: Production) -> None:
    del production.environment["RINGBACK_CONFIG_DIR"]

    refused = production.run("submit", "--all", "--as", "ada")

    assert refused.exit_code == 2
    assert "samples are never approved for production" in refused.stderr


def test_production_takes_no_word_from_the_sample_names(production: Production, own_words) -> None:
    (Path(own_words["RINGBACK_CONFIG_DIR"]) / "policy.toml").unlink()

    refused = production.run("submit", "--all", "--as", "ada")

    assert refused.exit_code == 2
    assert "name your own authors and approvers" in refused.stderr


def test_what_was_approved_in_a_demo_is_not_approved_in_production(production: Production) -> None:
    production.environment["RINGBACK_PROFILE"] = "demo"
    production.approve_all()

    production.environment["RINGBACK_PROFILE"] = "production"

    assert "0 of " in production.says("list")
    assert production.house.rings(ALICE).heard().apology
