"""What the doctor says of the archive."""

import base64
from dataclasses import replace

import pytest

from bot.archive_check import examine_archive
from bot.clock import Clock
from bot.doctor import Patient, read_house
from bot.findings import Level
from bot.records import connect, upgrade
from bot.records.flow_log import SqlFlowLog
from bot.records.flow_log_chain import SqlChain
from bot.settings import Profile, Settings
from bot.signing import Signer
from bot.storage.memory import MemoryStore
from webhooks import OUR_FLOWS

NOW = 1_798_020_000.0
OURS = Signer(b"o" * 32)
KEY = base64.b64encode(b"o" * 32).decode()


@pytest.fixture
def told(tmp_path):
    def tell(now=NOW, published=True, profile=Profile.DEMO, **settings):
        if published:
            (tmp_path / "policy.toml").write_text(f'[records]\nfile = "{tmp_path}/heads"\n')
        environment = {
            "RINGBACK_DATABASE_URL": f"sqlite:///{tmp_path / 'records.db'}",
            "RINGBACK_CONFIG_DIR": str(tmp_path),
            **settings,
        }
        read = replace(Settings.from_env(environment), profile=profile)
        house, _ = read_house(read, OUR_FLOWS)
        clock = Clock(wall=lambda: now)
        patient = Patient(settings=read, store=MemoryStore(), clock=clock, house=house)
        return [(found.level, found.found) for found in examine_archive(patient)]

    return tell


@pytest.fixture
def archived(tmp_path):
    engine = connect(f"sqlite:///{tmp_path / 'records.db'}")
    upgrade(engine)
    entry = ("1-0", {"at": f"{NOW:.3f}", "kind": "step"})
    SqlFlowLog(engine).append("main", [entry], NOW, OURS.signed)
    yield SqlChain(engine)
    engine.dispose()


def test_the_key_is_told_by_its_id_and_a_missing_one_by_its_name(told):
    assert told(RINGBACK_RECORDS_KEY=KEY)[0] == (
        Level.OK,
        f"blocks are signed with the key {OURS.key_id}",
    )
    level, found = told()[0]
    assert level is Level.WARN
    assert "no key" in found


def test_heads_that_go_nowhere_are_told(told):
    assert "published nowhere" in told(published=False)[1][1]


def test_heads_that_do_not_get_out_are_told(told, archived):
    assert told(now=NOW + 60)[1] == (Level.OK, "the next head of the desk main is published soon")
    late = (Level.WARN, "no head of the desk main was published for 121 minutes")
    assert told(now=NOW + 121 * 60)[1] == late

    archived.mark_published(archived.newest("main")[0], NOW)
    assert told(now=NOW + 1e6)[1] == (Level.OK, "all heads of the desk main are published")


def test_records_that_do_not_answer_are_not_known(told, tmp_path):
    nowhere = {"RINGBACK_DATABASE_URL": f"sqlite:///{tmp_path / 'no' / 'where.db'}"}

    assert "do not answer" in told(**nowhere)[1][1]


def test_a_file_of_erasures_that_would_go_with_the_stores_is_told_in_production(told):
    def of_erasures(**how):
        return [found for _, found in told(RINGBACK_RECORDS_KEY=KEY, **how) if "erased" in found]

    assert of_erasures() == []
    (found,) = of_erasures(profile=Profile.PRODUCTION)
    assert "a backup of before brings them back" in found
