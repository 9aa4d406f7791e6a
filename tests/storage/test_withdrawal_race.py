"""A wording withdrawn between the reading and the writing of a decision, on a real server."""

from collections.abc import Callable

from bot.approvals import project
from bot.release import key_of
from bot.storage.redis_store import RedisStore
from bot.store import Change, Json
from bot.wording import Wording
from tests.house_in_memory import DESK, HouseInMemory
from tests.people import ALICE

WELCOME = Wording.load().prompt("inbound_call.welcome")
KEY = key_of(WELCOME.id, WELCOME.language, WELCOME.hash)


class Between(RedisStore):
    """Does something once, after a decision was taken and before it is written."""

    def __init__(self, real: RedisStore, meanwhile: Callable[[], None]) -> None:
        self.__dict__.update(real.__dict__)
        self._meanwhile = meanwhile
        self.conflicts = 0

    def commit(self, partition: str, change: Change) -> None:
        meanwhile, self._meanwhile = self._meanwhile, lambda: None
        meanwhile()
        try:
            super().commit(partition, change)
        except Exception:
            self.conflicts += 1
            raise


def withdrawn(now: Json) -> tuple[Json, list]:
    return now | {"withdrawn": {KEY: {"version": 1, "by": "grace", "at": 0.0}}}, []


def test_a_withdrawal_between_reading_and_writing_is_a_conflict(
    build: Callable[..., HouseInMemory], redis_store: RedisStore
) -> None:
    house = build(store=redis_store)
    between = Between(redis_store, lambda: project(redis_store, DESK, withdrawn))
    house.runtime.engine._store = between  # the engine alone has it come between

    call = house.rings(ALICE)

    assert between.conflicts == 1
    assert call.heard().apology
    assert house.tasks() == ["not_approved"]
    assert WELCOME.text not in call.heard().text
