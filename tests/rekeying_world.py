"""A service on real SQLite and real Redis that is stopped and started with other keys."""

import base64
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import redis
from sqlalchemy import event, select, update

import webhooks
from bot.keys import Keyring
from bot.phone_codes import PhoneCodes
from bot.policy import Policy
from bot.records import SqlCaseDirectory, connect
from bot.records.credentials import Credential, Invitation
from bot.records.rekeying import SqlRekeying
from bot.records.tables import cases, metadata
from bot.rekeyed import bound, is_sealed, with_texts
from bot.rekeyed_store import StoreRekeying
from bot.rekeying import Rekeying
from bot.runtime import Runtime
from bot.samples import import_samples
from bot.settings import Settings
from bot.storage.redis_store import RedisStore
from bot.store import DUE, OUTBOX, Store
from tests.house_in_memory import (
    BASE,
    DESK,
    TOKEN,
    FakeCarrier,
    HouseInMemory,
    LiveCall,
    MovableClock,
)
from tests.people import ALICE, BOB, DAVE, IVAN, MALLORY, Person
from tests.worker.world import Killed

OLD, NEW = "old", "new"
LINES = {
    key: f"{key}:{base64.b64encode(byte * 32).decode()}"
    for key, byte in ((OLD, b"o"), (NEW, b"n"), ("other", b"x"))
}


def let_somebody_in(runtime: Runtime) -> None:
    """Mary can sign in, and is invited to do so with another telephone."""
    held, hashed = runtime.records.credentials, runtime.keyring.name_of("a token")
    invited = Invitation("s1002", "ABCDEFGH", "s1007", runtime.clock.now() + 3600.0)
    held.invite(invited, hashed)
    held.enrol("s1002", Credential("a hash", "ABCDEFGH", 1.0), ["a code"], invited_by=hashed)
    held.invite(invited, hashed)
    pins = PhoneCodes("a hash", "another")
    runtime.records.phone_codes.give("s1002", pins, ["12345678"], 1.0)


def keyring(*keys: str) -> Keyring:
    """These keys, the first sealing."""
    return Keyring.parse(",".join(LINES[key] for key in keys))


class Service(HouseInMemory):
    """The house as it runs: connected by its settings. `restart` is all processes at once."""

    def __init__(self, folder: Path, redis_url: str, *keys: str) -> None:
        self.folder, self.redis_url = folder, redis_url
        self.clock = MovableClock()
        self.carrier = FakeCarrier()
        self._told, self._sids = "0", 0
        self.records = connect(f"sqlite:///{folder / 'records.db'}")
        self.start(*keys)

    def start(self, *keys: str) -> None:
        """Start with these keys. Raises `ConfigError`."""
        environment = {
            "RINGBACK_DATA_DIR": str(self.folder),
            "RINGBACK_DATABASE_URL": f"sqlite:///{self.folder / 'records.db'}",
            "RINGBACK_REDIS_URL": self.redis_url,
            "RINGBACK_PUBLIC_URL": BASE,
            "RINGBACK_TWILIO_AUTH_TOKEN": TOKEN,
            "RINGBACK_KEYS": ",".join(LINES[key] for key in keys),
        }
        settings = Settings.from_env(environment)
        self.runtime = Runtime.connect(settings, webhooks.OUR_FLOWS, self.clock)
        self.store = self.runtime.store
        self.app = webhooks.create_app(runtime=self.runtime)
        self.client = self.app.test_client()
        self.wording = self.runtime.house.wording

    def restart(self, *keys: str) -> None:
        """Stop everything, and start it with these keys."""
        self.runtime.store.close()
        self.start(*keys)

    def rekeying(self, *keys: str, store: Any = None, batch: int = 200) -> Rekeying:
        """What the command line has, with these keys."""
        raw = store or RedisStore.connect(self.redis_url, timeout=5.0)
        return Rekeying(
            SqlRekeying(self.records, batch),
            StoreRekeying(raw, Policy.load().desk, self.clock.now()),
            keyring(*keys),
        )

    def rotated(self) -> None:
        """The whole way from the old key to the new one, as docs/keys.md has it."""
        for keys in ((OLD, NEW), (NEW, OLD)):
            self.restart(*keys)
        assert self.rekeying(NEW, OLD).rotate(silent) == []
        assert self.rekeying(NEW, OLD).rename(silent) == []
        self.restart(NEW)


def silent(done: int, total: int) -> None:
    """Nobody looks."""


def lived_in(service: Service) -> None:
    """Alice is owed a call and heard our voicemail; Mallory failed; Bob and Dave said STOP."""
    import_samples(service.records, service.runtime)
    let_somebody_in(service.runtime)
    service.text(ALICE, "Sorry I missed you")
    call = service.place()
    call.answered()
    call.verdict("machine_end_beep")
    call.again()
    call.hang_up()
    for _ in range(3):
        fails(service, MALLORY)
    service.text(BOB, "STOP")
    service.text(DAVE, "stop")
    service.text(IVAN, "who are you?")  # a task whose text a person will read
    service.work()
    service.rings(ALICE).press(ALICE.reference)  # a call that goes on, with a ledger


def fails(service: Service, caller: Person) -> None:
    """A call with Alice's reference that gets every answer wrong."""
    call = service.rings(caller)
    call.press(ALICE.reference)
    call.answer_all(MALLORY)
    call.hang_up()


def verified(call: LiveCall) -> bool:
    """Whether this call passed its checks."""
    return bool(call.talk["listener"] == "verified")


# What is kept, whatever seals it


def everything(service: Service, held: Keyring) -> dict[str, Any]:
    """All that is kept, opened: two of these are equal where nothing but nonces differs."""
    store = RedisStore.connect(service.redis_url, timeout=5.0)
    kept: dict[str, Any] = {}
    for name in store.partitions():
        for key, record in store.read(name, store.records(name)).items():
            if record.data is not None:
                kept[f"{name} {key}"] = opened(key, record.data, held)
        for queue in (DUE, OUTBOX):
            for line in store.waiting(name, queue):
                data = opened(f"line:{line.id}", line.data, held)
                kept[f"{name} {queue} {line.id}"] = [line.due, data]
    store.close()
    return kept | dict(rows(service, held))


def opened(key: str, data: Any, held: Keyring) -> Any:
    """A record with its sealed values opened."""

    def put(name: str, text: str) -> str:
        if not is_sealed(name):
            return text
        found = held.open(text, bound_to=bound(key, name))
        return json.dumps(json.loads(found), sort_keys=True) if name == "ledger" else found

    return with_texts(data, put)


def rows(service: Service, held: Keyring) -> Iterator[tuple[str, Any]]:
    """Every row of the records, without what is sealed: that is read by `numbers`."""
    sealed = {"full_name", "details"}
    with service.records.begin() as connection:
        for table in metadata.tables.values():
            for row in connection.execute(select(table)).mappings():
                open_here = (name for name in row if name not in sealed and not is_sealed(name))
                kept = {name: row[name] for name in open_here}
                keys = [str(row[column.name]) for column in table.primary_key.columns]
                yield f"{table.name} {' '.join(keys)}", kept
        handles = list(connection.execute(select(cases.c.handle)).scalars())
    directory = SqlCaseDirectory(service.records, held)
    sql = SqlRekeying(service.records)
    bad: list[Any] = []
    yield "numbers", sorted(sql.numbers(held, bad))
    yield "unreadable", bad + sql.without_customer(held)
    yield "names", sorted(str(directory.full_name(handle)) for handle in handles)


class Snapshot:
    """The whole service as it was, to be put back."""

    def __init__(self, service: Service) -> None:
        self._client: Any = redis.Redis.from_url(service.redis_url)
        self._file = str(service.folder / "records.db")
        self._records = sqlite3.connect(":memory:")
        with closing(sqlite3.connect(self._file)) as live:
            live.backup(self._records)
        self._keys = {
            key: (self._client.dump(key), max(self._client.pttl(key), 0))
            for key in self._client.scan_iter()
        }

    def put_back(self, service: Service) -> None:
        """Be as at that moment again."""
        with closing(sqlite3.connect(self._file)) as live:
            self._records.backup(live)
        self._client.flushall()
        for key, (dumped, milliseconds) in self._keys.items():
            self._client.restore(key, milliseconds, dumped)


class KillableRecords:
    """Dies at the chosen beginning or end of a transaction; `begun` counts them."""

    def __init__(self, service: Service) -> None:
        self.die_at: int | None = None
        self.seen = 0
        self._engine = service.records
        for name in ("begin", "commit"):
            event.listen(self._engine, name, self._see, insert=True)  # before our own BEGIN

    def _see(self, connection: object) -> None:
        self.seen += 1
        if self.seen - 1 == self.die_at:
            raise Killed

    def close(self) -> None:
        """Let it live."""
        for name in ("begin", "commit"):
            event.remove(self._engine, name, self._see)


def number_of_calls_owed(store: Store) -> int:
    """How many calls are owed."""
    return len(store.waiting(DESK, DUE))


def alter(service: Service, table: object, where: object, **values: str) -> None:
    """Alter rows as no code of ours would."""
    with service.records.begin() as connection:
        connection.execute(update(table).where(where).values(**values))
