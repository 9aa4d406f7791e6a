"""What doctor says of Redis: as it is told, and of real servers past one."""

import pytest

from bot.findings import Level
from bot.storage.redis_store import RedisStore
from bot.store_check import examine_store

SOUND = {
    "server": "valkey",
    "version": "9.1.2",
    "appendonly": "yes",
    "appendfsync": "always",
    "eviction": "noeviction",
    "mode": "standalone",
    "role": "master",
    "written": "ok",
    "replicas": "0",
    "min_replicas": "0",
    "full_coverage": "unknown",
    "kind": "one server",
    "wait_replicas": "0",
    "silent": "",
}
SENTINEL = SOUND | {"kind": "Sentinel", "wait_replicas": "1", "replicas": "1"}
CLUSTER = SENTINEL | {"kind": "Cluster", "mode": "cluster", "full_coverage": "no"}


def told(facts):
    found = [*examine_store(facts, production=True)]
    return [(f.level, f"{f.found} {f.next_step}") for f in found if f.level is not Level.OK]


@pytest.mark.parametrize("facts", [SOUND, SENTINEL, CLUSTER], ids=lambda facts: facts["kind"])
def test_a_sound_one(facts):
    assert told(facts) == []
    assert facts["kind"] in next(examine_store(facts, production=True)).found


@pytest.mark.parametrize(
    ("facts", "level", "says"),
    [
        (SOUND | {"role": "slave"}, Level.PROBLEM, "Name the primary"),
        (SOUND | {"mode": "cluster"}, Level.PROBLEM, "redis+cluster://"),
        (SOUND | {"mode": "sentinel"}, Level.PROBLEM, "redis+sentinel://"),
        (SOUND | {"written": "err"}, Level.PROBLEM, "Look at its disk"),
        (SOUND | {"replicas": "2"}, Level.NOTE, "?wait_replicas=1"),
        (SENTINEL | {"replicas": "0"}, Level.PROBLEM, "nobody is rung"),
        (SENTINEL | {"wait_replicas": "0"}, Level.WARN, "may be rung twice"),
        (SENTINEL | {"replicas": "2", "min_replicas": "1"}, Level.WARN, "wait_replicas=2"),
        (
            SENTINEL | {"replicas": "2", "wait_replicas": "2"},
            Level.WARN,
            "Set min-replicas-to-write 1",
        ),
        (CLUSTER | {"replicas": "0 and 1"}, Level.PROBLEM, "0 of 1"),
        (CLUSTER | {"silent": "10.0.0.3:6379"}, Level.PROBLEM, "10.0.0.3:6379: its desks"),
        (CLUSTER | {"full_coverage": "yes"}, Level.WARN, "one desk's loss is every desk's"),
        (CLUSTER | {"appendonly": "no and yes"}, Level.PROBLEM, "Set appendonly yes"),
    ],
)
def test_what_is_to_be_mended(facts, level, says):
    [(found, words)] = told(facts)

    assert found is level
    assert says in words


def test_what_a_managed_server_keeps_to_itself_is_not_judged():
    silent = ("replicas", "min_replicas", "full_coverage", "role", "mode", "written")

    assert told(SOUND | dict.fromkeys(silent, "unknown")) == []


class TestRealServers:
    def facts(self, url):
        store = RedisStore.connect(url, timeout=5.0)
        try:
            return store.ping()
        finally:
            store.close()

    def test_sentinel_and_its_replica(self, watched):
        assert told(self.facts(watched.url)) == []
        [(level, words)] = told(self.facts(f"redis://{watched.replica.place}"))
        assert (level, "Name the primary" in words) == (Level.PROBLEM, True)

    def test_a_cluster_and_one_of_its_nodes(self, six):
        assert told(self.facts(six.url)) == []
        words = told(self.facts(f"redis://{six.holder('main').place}"))
        assert any("redis+cluster://" in each for _, each in words)

    def test_a_cluster_whose_node_is_gone_says_which(self, six):
        gone = six.holder("main")
        gone.kill()
        try:
            assert any(
                f"no answer from {gone.place}" in each for _, each in told(self.facts(six.url))
            )
        finally:
            six.await_health()
