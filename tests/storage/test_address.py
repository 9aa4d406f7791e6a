"""What `RINGBACK_REDIS_URL` may say; and said badly, no part of a password is told."""

import pytest
from redis import Connection, SSLConnection, UnixDomainSocketConnection

from bot.errors import ConfigError
from bot.storage.address import Address, Kind


def options(url: str) -> dict[str, object]:
    return Address.parse(url).options


def test_one_server() -> None:
    address = Address.parse("rediss://alice:p%40ss@redis.example:6380/2?ssl_cert_reqs=none")

    assert (address.kind, address.connection) == (Kind.ONE, SSLConnection)
    assert address.options == {
        "host": "redis.example",
        "port": 6380,
        "db": 2,
        "username": "alice",
        "password": "p@ss",
        "ssl_cert_reqs": "none",
    }


def test_a_socket() -> None:
    address = Address.parse("unix://:secret@/run/valkey.sock")

    assert (address.kind, address.connection) == (Kind.ONE, UnixDomainSocketConnection)
    assert address.options == {"path": "/run/valkey.sock", "password": "secret"}


def test_sentinels_have_a_password_of_their_own_and_the_same_tls() -> None:
    address = Address.parse(
        "rediss+sentinel://alice:p%2Fss@a.example:26380,b.example,[::1]:5/desks/3"
        "?sentinel_username=watch&sentinel_password=w%40tch&ssl_check_hostname=false"
    )

    assert (address.kind, address.connection) == (Kind.SENTINEL, SSLConnection)
    assert address.name == "desks"
    assert address.places == (("a.example", 26380), ("b.example", 26379), ("::1", 5))
    assert address.options == {
        "db": 3,
        "username": "alice",
        "password": "p/ss",
        "ssl_check_hostname": False,
    }
    assert address.watchers == {
        "username": "watch",
        "password": "w@tch",
        "ssl_check_hostname": False,
    }


def test_a_cluster_is_named_by_some_of_its_nodes() -> None:
    address = Address.parse("redis+cluster://:s3cret@a.example:7000,b.example")

    assert (address.kind, address.connection) == (Kind.CLUSTER, Connection)
    assert address.places == (("a.example", 7000), ("b.example", 6379))
    assert address.options == {"password": "s3cret"}


@pytest.mark.parametrize(
    ("url", "replicas"),
    [
        ("redis://localhost", 0),
        ("unix:///run/valkey.sock", 0),
        ("rediss://managed.example?wait_replicas=1", 1),
        ("redis+sentinel://a/desks", 1),
        ("redis+sentinel://a/desks?wait_replicas=0", 0),
        ("redis+cluster://a", 1),
        ("redis+cluster://a?wait_replicas=2", 2),
    ],
)
def test_who_may_be_taken_over_from_waits_for_a_replica(url: str, replicas: int) -> None:
    assert Address.parse(url).wait_replicas == replicas
    assert "wait_replicas" not in options(url)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "is no redis://"),
        ("localhost:6379", "is no redis://"),
        ("redis+cluster:/s3cret", "is no redis://"),
        ("sentinel://:s3cret@a:26379", "is no redis://"),
        ("redis://:s3cret@host:port", "is no redis://"),
        ("redis://:s3cret/x@host:70000", "is no redis://"),
        ("redis+sentinel://:s3cret@a:26379,b:26379", "name of the master"),
        ("redis+sentinel://:s3cret@a:26379/desks/first", "no number"),
        ("redis+sentinel://:s3cret@a:s3cret/desks", "list of hosts"),
        ("redis+sentinel://:s3cret@a,,b/desks", "list of hosts"),
        ("redis+sentinel://:s3cret@/desks", "list of hosts"),
        ("redis+cluster://:s3cret@a/1", "only one"),
        ("redis+cluster://:s3cret@a?db=1", "only one"),
        ("redis+cluster://:s3cret@a?sentinel_password=s3cret", "sentinel_password"),
        ("redis://:s3cret@a?sentinel_username=s3cret", "sentinel_username"),
        ("redis://:s3cret@a?wait_replicas=s3cret", "wait_replicas"),
        ("redis://:s3cret@a?wait_replicas=6", "wait_replicas"),
        ("redis://:s3cret@a?socket_timeout=30", "socket_timeout, which is not yours"),
        ("redis://:s3cret@a?passwort=s3cret", "not known: passwort"),
        ("redis://:s3cret@a?ssl_ca_certs=s3cret", "not known: ssl_ca_certs"),
        ("rediss://:s3cret@a?ssl_min_version=s3cret", "is no redis://"),
    ],
)
def test_what_it_may_not_say(url: str, reason: str) -> None:
    with pytest.raises(ConfigError, match="RINGBACK_REDIS_URL") as refused:
        Address.parse(url)

    assert reason in refused.value.reason
    assert "s3cret" not in str(refused.value)


def test_an_address_prints_without_its_passwords() -> None:
    address = Address.parse("redis+sentinel://:s3cret@a/desks?sentinel_password=s3cret2")

    assert "s3cret" not in repr(address)
