"""Heads leave the house: at intervals, at least once, to every place; in a real file and socket."""

import base64
import json
import os
import socket
import tempfile
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.chain_text import read_heads
from bot.delivery import RealHeadCourier
from bot.errors import ConfigError, NotDelivered
from bot.policy import Policy
from bot.records import connect, upgrade
from bot.records.flow_log import SqlFlowLog
from bot.records.flow_log_chain import SqlChain
from bot.records_heads import LOOK_SECONDS, HeadPublisher, signer_of, trusted
from bot.settings import Settings
from bot.signing import Signer
from tests.alerts.receivers import closed_port, web
from tests.alerts.test_webhook import signed_by
from tests.house_in_memory import MovableClock

OURS = Signer(b"o" * 32)
HOUR = 3600.0
KEY = bytes(range(32))
KEY_TEXT = "whsec_" + base64.b64encode(KEY).decode()


class Places:
    """A courier that remembers, and fails where it is told to."""

    def __init__(self):
        self.got = {"file": [], "syslog": [], "webhook": []}
        self.failing = set()

    def _put(self, place, text):
        if place in self.failing:
            raise NotDelivered("no answer in time")
        self.got[place].append(json.loads(text)["number"])

    def file(self, path, text):
        self._put("file", text)

    def syslog(self, socket, text):
        self._put("syslog", text)

    def webhook(self, url, text, id, now):
        self._put("webhook", text)


class World:
    def __init__(self, engine):
        self.log, self.chain = SqlFlowLog(engine), SqlChain(engine)
        self.clock, self.places = MovableClock(), Places()
        told = {"file": "f", "syslog": "s", "webhook": "https://x.example"}
        self.rules = Policy.load().records.model_copy(update=told)
        self.worker = self.another_worker()
        self.lines = 0

    def another_worker(self):
        return HeadPublisher(self.chain, self.rules, self.clock, self.places)

    def archive(self):
        self.lines += 1
        fields = {"at": f"{self.clock.now():.3f}", "kind": "step"}
        entry = (f"{self.lines}-0", fields)
        self.log.append("main", [entry], self.clock.now(), OURS.signed)

    def looks(self):
        """The worker looks again."""
        self.clock.move(LOOK_SECONDS)
        return self.worker.take_one("main")


@pytest.fixture
def world(tmp_path):
    engine = connect(f"sqlite:///{tmp_path / 'records.db'}")
    upgrade(engine)
    yield World(engine)
    engine.dispose()


def test_the_first_head_goes_out_at_once_and_the_next_after_an_hour(world):
    assert world.looks() is None  # nothing is archived
    world.archive()
    assert world.looks() == 1
    world.archive()
    world.archive()
    assert world.looks() is None

    world.clock.move(HOUR)

    assert world.looks() == 3  # the newest covers the one before
    assert world.places.got == dict.fromkeys(("file", "syslog", "webhook"), [1, 3])


def test_nothing_new_is_nothing_to_publish(world):
    world.archive()
    world.looks()
    world.clock.move(5 * HOUR)

    assert world.looks() is None
    assert world.places.got["file"] == [1]


def test_of_many_workers_one_publishes(world):
    world.archive()

    assert world.looks() == 1
    assert world.another_worker().take_one("main") is None


def test_a_place_that_fails_keeps_it_from_no_other_and_gets_it_later(world):
    world.archive()
    world.places.failing = {"syslog"}

    with capture_logs() as told:
        assert world.looks() is None
    assert [(line["event"], line["place"]) for line in told] == [("head_not_published", "syslog")]
    assert world.places.got == {"file": [1], "syslog": [], "webhook": [1]}
    assert world.worker.take_one("main") is None  # and not in every second

    world.places.failing = set()
    assert world.looks() == 1
    assert world.places.got == {"file": [1, 1], "syslog": [1], "webhook": [1, 1]}


def test_a_worker_that_dies_before_it_says_so_leaves_it_to_be_published_again(world):
    class Dies(Exception):
        pass

    def die(block, now):
        raise Dies

    world.archive()
    world.chain.mark_published, honest = die, world.chain.mark_published
    with pytest.raises(Dies):
        world.looks()
    world.chain.mark_published = honest

    assert world.another_worker().take_one("main") == 1
    assert world.places.got["file"] == [1, 1]


def test_nowhere_to_publish_is_nothing_to_do(world):
    world.rules = Policy.load().records
    world.worker = world.another_worker()
    world.archive()

    assert world.looks() is None


def test_a_clock_that_was_far_ahead_does_not_keep_heads_in_the_house(world):
    world.clock.move(1000 * HOUR)
    world.archive()
    world.looks()
    world.clock.move(-1000 * HOUR)
    world.archive()

    assert world.looks() == 2


# For real


def settings_of(**more):
    return Settings.from_env({f"RINGBACK_{name}": value for name, value in more.items()})


@pytest.fixture
def block(world):
    world.archive()
    return world.chain.newest("main")[0]


def test_heads_in_a_file_are_read_again(world, block, tmp_path):
    path = tmp_path / "heads.jsonl"
    world.rules = Policy.load().records.model_copy(update={"file": str(path)})
    world.places = RealHeadCourier(settings_of())
    world.worker = world.another_worker()

    assert world.looks() == 1
    world.archive()
    world.clock.move(HOUR)
    assert world.looks() == 2

    heads = read_heads(path.read_text().splitlines(), OURS.keys)["main"]
    assert [heads[number].head for number in (1, 2)] == [b.head for b in world.chain.blocks("main")]
    assert list(heads) == [1, 2]


def test_a_file_that_cannot_be_written_is_told(tmp_path):
    with pytest.raises(NotDelivered, match="No such file or directory"):
        RealHeadCourier(settings_of()).file(str(tmp_path / "no" / "where"), "{}")


def test_a_full_disk_is_told():
    with pytest.raises(NotDelivered, match="No space left"):
        RealHeadCourier(settings_of()).file("/dev/full", "{}")


def test_the_machines_own_syslog_is_given_it():
    folder = Path(tempfile.mkdtemp(prefix="rb-"))  # pytest's own are too long for a socket
    path = folder / "log"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as daemon:
        daemon.bind(str(path))
        RealHeadCourier(settings_of()).syslog(str(path), '{"type":"head"}')
        assert daemon.recv(1000) == b'<109>ringback: {"type":"head"}'
    os.unlink(path)
    folder.rmdir()

    with pytest.raises(NotDelivered):
        RealHeadCourier(settings_of()).syslog(str(path), "{}")


def test_a_webhook_is_signed_as_those_of_alerts_are(block):
    courier = RealHeadCourier(settings_of(ALERT_WEBHOOK_KEY=KEY_TEXT))
    with web() as receiver:
        courier.webhook(receiver.url, '{"type":"head"}', "the id", 1_798_020_000.0)
        (posted,) = receiver.posted

    assert signed_by(KEY, posted)
    assert posted.headers["webhook-id"] == "the id"
    assert posted.body == b'{"type":"head"}'
    with pytest.raises(NotDelivered, match="connection refused"):
        courier.webhook(f"http://localhost:{closed_port()}", "{}", "id", 0.0)


# Rules and keys


@pytest.mark.parametrize(
    "line", ["no base64!", "c2hvcnQ=", Signer(b"o" * 32).keys.pem.splitlines()[0]]
)
def test_a_former_key_that_is_none_is_refused(tmp_path, line):
    (tmp_path / "policy.toml").write_text(f'[records]\nformer_keys = ["{line}"]\n')

    with pytest.raises(ConfigError, match="records.former_keys"):
        Policy.load(tmp_path)


def test_former_keys_are_trusted_beside_ours():
    middle = Signer(b"f" * 32).keys.pem.splitlines()[1]
    rules = Policy.load().records.model_copy(update={"former_keys": (middle,)})
    key = base64.b64encode(b"o" * 32).decode()

    assert set(trusted(settings_of(RECORDS_KEY=key), rules).ids) == {
        OURS.key_id,
        Signer(b"f" * 32).key_id,
    }
    assert trusted(settings_of(), Policy.load().records).ids == ()


PRODUCTION = {
    "PROFILE": "production",
    "PUBLIC_URL": "https://x.example",
    "TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
    "TWILIO_AUTH_TOKEN": "t",
    "REDIS_URL": "redis://x",
    "DATABASE_URL": "sqlite://",
    "KEYS": "k1:" + base64.b64encode(bytes(32)).decode(),
    "CARRIER_KEEPS_SPEECH_ACCEPTED": "DPIA-1",
}


def test_production_archives_nothing_unsigned():
    with pytest.raises(ConfigError, match="RINGBACK_RECORDS_KEY"):
        signer_of(settings_of(**PRODUCTION))

    key = base64.b64encode(b"o" * 32).decode()
    assert signer_of(settings_of(**PRODUCTION, RECORDS_KEY=key)).key_id == OURS.key_id
    assert key not in repr(settings_of(RECORDS_KEY=key))
