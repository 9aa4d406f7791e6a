"""Where Redis is: `RINGBACK_REDIS_URL` read into one value.

    redis://[user:password@]host[:port][/db]                            one server
    unix://[user:password@]/path/to/socket                              one server, on this machine
    redis+sentinel://[user:password@]host[:port],host[:port]/name[/db]  the master that they watch
    redis+cluster://[user:password@]host[:port],host[:port]             a cluster, by some nodes

`rediss` for `redis` is TLS, to everything named. The grammar is that of Prefect, docket and
flask-limiter; options after `?` are redis-py's own (`ssl_ca_certs`, `client_name` ...) and three of
ours: `sentinel_username`, `sentinel_password`, `wait_replicas` (docs/store.md).
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import redis
from redis.connection import parse_url

from bot.errors import ConfigError

Place = tuple[str, int]  # host and port

_FORMS = "is no redis://, rediss://, unix://, redis+sentinel:// or redis+cluster:// URL"
_SENTINEL_PORT, _REDIS_PORT = 26379, 6379
_MOST_REPLICAS = 5
_WHERE = ("host", "port", "path")
# How long an answer may take, and in which shape it comes, is the deadline's and the store's.
_NOT_YOURS = re.compile(
    r"socket_(connect_)?timeout|retry.*|protocol|decode_responses|encoding.*|host|port|path"
)


class Kind(StrEnum):
    """Which set-up an address leads to."""

    ONE = "one server"
    SENTINEL = "Sentinel"
    CLUSTER = "Cluster"


@dataclass(frozen=True, slots=True)
class Address:
    """A set-up of servers.

    `options` make a connection of `connection` (to one of `places`, but for a socket); `watchers`
    are those for a sentinel, `name` what the sentinels call the master. `wait_replicas` is how many
    replicas are to have a commit before it is answered.
    """

    kind: Kind
    connection: type[redis.Connection]
    wait_replicas: int
    options: dict[str, Any] = field(repr=False)
    places: tuple[Place, ...] = ()
    name: str = ""
    watchers: dict[str, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def parse(cls, url: str) -> "Address":
        """Read a URL. Raises `ConfigError`, whose reason shows no part of it but an option's name.

        (What is wrong with it may be a part of the password.)
        """
        match = re.fullmatch(r"(rediss?)\+(sentinel|cluster)://(?:(.*)@)?([^/?@]*)(.*)", url)
        if match is None:
            return cls._one(url)
        scheme, kind, user, hosts, rest = match.groups()
        login = f"{user}@" if user else ""
        path, _, query = rest.partition("?")
        if kind == "sentinel":
            name, _, db = path.strip("/").partition("/")
            if not name:
                raise _refused("needs the name of the master: redis+sentinel://host:port/name")
            read = _parsed(f"{scheme}://{login}localhost/{_db(db)}?{query}")
            return cls._of(Kind.SENTINEL, read, _places(hosts, _SENTINEL_PORT), name)
        if path.strip("/") not in ("", "0"):
            raise _refused("names a database, and a cluster has only one")
        read = _parsed(f"{scheme}://{login}localhost?{query}")
        if read.pop("db", 0) != 0:
            raise _refused("names a database, and a cluster has only one")
        return cls._of(Kind.CLUSTER, read, _places(hosts, _REDIS_PORT))

    @classmethod
    def _one(cls, url: str) -> "Address":
        if not re.match(r"(rediss?|unix)://", url):
            raise _refused(_FORMS)
        read = _parsed(url)
        there: dict[str, Any] = {name: read[name] for name in _WHERE if name in read}
        address = cls._of(Kind.ONE, read, ())
        address.options.update(there)
        return address

    @classmethod
    def _of(
        cls, kind: Kind, read: dict[str, Any], places: tuple[Place, ...], name: str = ""
    ) -> "Address":
        """`read` is what the library made of login and options."""
        options = {key: read[key] for key in read if key not in _WHERE}
        connection = options.pop("connection_class", redis.Connection)
        wait = _replicas(options.pop("wait_replicas", None), kind)
        watchers = {key: options[key] for key in options if key.startswith("ssl_")}
        for key in ("username", "password"):
            if (given := options.pop(f"sentinel_{key}", None)) is not None:
                if kind is not Kind.SENTINEL:
                    raise _refused(f"has the option sentinel_{key}, and no sentinels")
                watchers[key] = given
        try:
            connection(**options)
        except TypeError as error:
            option = re.search(r"'(\w+)'$", str(error))
            raise _refused(f"has an option that is not known: {option and option[1]}") from None
        except Exception as error:  # a CA's file that is not there, and the like
            raise _refused(f"has options that do not fit: {type(error).__name__}") from None
        return cls(kind, connection, wait, options, places, name, watchers)


def _parsed(url: str) -> dict[str, Any]:
    for name in re.findall(r"[?&](\w+)=", url.rpartition("@")[2]):
        if _NOT_YOURS.fullmatch(name):
            raise _refused(f"has the option {name}, which is not yours to choose")
    try:
        read: dict[str, Any] = parse_url(url)  # type: ignore[no-untyped-call]
    except ValueError:
        raise _refused(_FORMS) from None
    return read


def _places(hosts: str, port: int) -> tuple[Place, ...]:
    places = []
    for host in hosts.split(","):
        match = re.fullmatch(r"(\[[0-9a-fA-F:.]+\]|[^:\[\]\s]+)(?::(\d{1,5}))?", host)
        if match is None:
            raise _refused("has a list of hosts that is none: host:port,host:port")
        places.append((match[1].strip("[]"), int(match[2] or port)))
    return tuple(places)


def _db(text: str) -> int:
    if not re.fullmatch(r"\d{0,5}", text):
        raise _refused("names a database that is no number")
    return int(text or 0)


def _replicas(text: str | None, kind: Kind) -> int:
    """Where another server may take over, one replica at least is to have what was acknowledged."""
    if text is None:
        return 0 if kind is Kind.ONE else 1
    if not text.isdigit() or int(text) > _MOST_REPLICAS:
        raise _refused(f"has a wait_replicas that is no number from 0 to {_MOST_REPLICAS}")
    return int(text)


def _refused(reason: str) -> ConfigError:
    return ConfigError("environment", "RINGBACK_REDIS_URL", reason)
