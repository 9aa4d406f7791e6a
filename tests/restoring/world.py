"""A house with its telephones that is backed up, lost, and restored elsewhere."""

import csv
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import Engine

from bot.archivist import Archivist
from bot.backup import BackupFile, Tell, write_backup
from bot.cases import check_digit
from bot.chain_check import Breach, verify
from bot.dialler import Dialler
from bot.erasing import Erasing
from bot.erasure_orders import known_orders, replay
from bot.outbox import Outbox
from bot.policy import Policy
from bot.question_set import QuestionSet
from bot.reconciling import Reconciling
from bot.records import SAMPLE_CASES, Known, Records, connect, import_cases
from bot.records.copying import SqlCopy
from bot.records.erasures import SqlErasures
from bot.restoring import Restoring
from bot.retention import Retention
from bot.simulator import WsgiDelivery
from bot.storage.copying import RedisCopy
from bot.storage.fenced import FencedStore
from bot.storage.redis_store import RedisStore
from tests.house_in_memory import BASE, DESK, HouseInMemory, keyring
from tests.people import ALICE, BOB, ERIN, Person
from tests.worker.world import World


def _reference(number: int) -> str:
    return f"{number}{check_digit(str(number))}"


NOOR, OLGA, PEGGY, RUPERT = (
    Person(name, f"+4477009001{place}", _reference(20000000 + place))
    for place, name in enumerate(("Noor", "Olga", "Peggy", "Rupert"), 40)
)
MORE = (NOOR, OLGA, PEGGY, RUPERT)
EVERYBODY = (ALICE, BOB, ERIN, *MORE)
NAMES = keyring().names


def silent(part: str) -> Tell:
    """Nobody looks."""
    return lambda done, total: None


def patient(url: str) -> RedisStore:
    """A busy test machine may take a while over one answer; time-outs have their own tests."""
    return RedisStore.connect(url, timeout=5.0)


class Drill(World):
    """The world, and what happens to it."""

    def __init__(
        self, build: Callable[..., HouseInMemory], folder: Path, here: str, there: str
    ) -> None:
        self.folder, self.there = folder, there
        self._stores = [patient(here), patient(there)]
        super().__init__(build, store=FencedStore(self._stores[0], NAMES))
        _import_more(self.house, folder / "more.csv")
        for person in EVERYBODY[:-1]:  # Rupert's telephone is his test's
            self.add(person, rings_seconds=2, greeting_seconds=2)

    def back_up(self) -> Path:
        """A backup of both stores, as they are now."""
        path = self.folder / f"{self.house.clock.now():.0f}.backup"
        write_backup(
            path,
            RedisCopy(self._stores[0]),
            SqlCopy(self.house.records),
            keyring(),
            self.house.clock.now(),
            silent,
        )
        return path

    def restore(self, path: Path, *, url: str = "", erased: Path | None = None) -> int:
        """Everything but the network is lost; the backup is put back elsewhere.

        `url` is of an empty database, if it is not to be a file; `erased` the file of erasures.
        """
        target: Path | str = url or self.folder / "restored.db"
        records = connect(url or f"sqlite:///{target}")
        try:
            restoring = self.restoring(path, records)
            restoring.refuse(replace=False)
            owed = restoring.restore([DESK], silent, lambda: self._erase_again(records, erased))
        finally:
            records.dispose()
        self.move_in(target)
        return owed

    def _erase_again(self, records: Engine, erased: Path | None) -> None:
        if erased is None:
            return
        backup_at = max(float(path.stem) for path in self.folder.glob("*.backup"))
        rule = self.house.runtime.house.policy.retention
        erasing = Erasing(
            store=self._stores[1],
            records=Records.on(records, keyring()),
            keyring=keyring(),
            rule=rule,
            desks=[DESK],
        )
        orders = known_orders(erased, keyring(), SqlErasures(records))
        replay(erasing, orders, backup_at, self.house.clock.now(), DESK)

    def restore_again(self, path: Path) -> None:
        """The same backup over what was restored, while somebody goes on."""
        records = connect(f"sqlite:///{self.folder / 'restored.db'}")
        restoring = self.restoring(path, records)
        restoring.refuse(replace=True)
        restoring.restore([DESK], silent)
        records.dispose()

    def restoring(self, path: Path, records: object) -> Restoring:
        """What the command line has."""
        return Restoring(
            BackupFile(path, keyring()),
            RedisCopy(self._stores[1]),
            SqlCopy(records),  # type: ignore[arg-type]
            self._stores[1],
            self.house.clock.now(),
        )

    def move_in(self, records: Path | str) -> None:
        """From now on the carrier reaches the house that was restored, and its worker works."""
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        store = FencedStore(self._stores[1], NAMES)
        self.house = HouseInMemory(records, folder, store=store, clock=self.house.clock)
        self._others = [*getattr(self, "_others", []), self.house]
        self.door = WsgiDelivery(self.house.app, BASE)
        self.dialler = Dialler(self.house.runtime, self.carrier)
        self.outbox = Outbox(self.house.runtime, self.carrier)
        self.reconciling = Reconciling(self.house.runtime, self.carrier)

    @staticmethod
    def rows(records: object) -> Iterator[object]:
        """Every row of the records."""
        return SqlCopy(records).rows(silent(""))  # type: ignore[arg-type]

    @property
    def newest_migration(self) -> str:
        """At which the records are."""
        found = SqlCopy(self.house.records).revision()
        assert found is not None
        return found

    def archive(self) -> None:
        """Every line of the flow log is archived, signed and sealed."""
        archivist = Archivist(self.house.runtime, "drill")
        while archivist.take_one(DESK) is not None:
            pass

    def breaches(self) -> list[Breach]:
        """What the verification of the whole chain finds."""
        chain = self.house.runtime.records.chain
        blocks, lines_of = list(chain.blocks(DESK)), chain.lines_of(DESK)
        assert blocks, "nothing is archived"
        found = verify(DESK, blocks, lines_of, lambda block: True, {})
        return [each for each in found if isinstance(each, Breach)]

    def sweep(self) -> None:
        """The worker's daily sweep."""
        retention = Retention(self.house.runtime)
        while retention.take_one(DESK) not in ("nothing more", None):
            pass

    def rang(self) -> dict[str, int]:
        """How often each customer's telephone rang, by the carrier's books; who was not is not
        in it."""
        rang = {person.name: len(self.calls_to(person)) for person in EVERYBODY}
        return {name: times for name, times in rang.items() if times}

    def close(self) -> None:
        """Give up the connections."""
        for house in getattr(self, "_others", []):
            house.close()
        for store in self._stores:
            store.close()


def _import_more(house: HouseInMemory, path: Path) -> None:
    """Cases like Alice's, of people of the drill."""
    with SAMPLE_CASES.open(encoding="utf-8", newline="") as file:
        alices = next(csv.DictReader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, alices)
        writer.writeheader()
        for person in MORE:
            own = {"reference": person.reference, "customer": person.name.lower()}
            writer.writerow({**alices, **own, "phone": person.phone})
    known = Known(desks=set(Policy.load().desk), officers={"s1001"}, restrictions=set())
    questions = QuestionSet.load().questions
    now = house.clock.now()
    import_cases(house.records, keyring(), questions, path, known=known, now=now)
