"""Another system asks for a call, looks at it and cancels it; whatever comes twice is once."""

from typing import Any

import pytest

from bot.api_tokens import Scope
from bot.errors import Conflict, StoreDown
from bot.runtime import Runtime
from bot.store import Change
from tests.api.conftest import SECRET, ApiWorld
from tests.people import ALICE, BOB, DAVE
from tests.worker.world import Killed

A_CALL = {"case": ALICE.reference, "officer": "s1001"}


def test_a_call_is_asked_for_rung_looked_at_and_told(world: ApiWorld) -> None:
    asked = world.post("/v1/callbacks", A_CALL)
    assert asked.status_code == 201
    told = asked.get_json()
    assert (told["state"], told["attempts"], told["ended_as"]) == ("due", 0, None)

    call = world.house.place()
    assert world.get(f"/v1/callbacks/{told['id']}").get_json()["state"] == "placed"
    call.status("busy")
    after = world.get(f"/v1/callbacks/{told['id']}").get_json()
    assert (after["state"], after["attempts"], after["ended_as"]) == ("due", 1, "busy")
    assert "call_asked_for api.payroll for s1001" in world.told()


def test_the_same_key_is_the_same_request_once(world: ApiWorld) -> None:
    first = world.post("/v1/callbacks", A_CALL, key="one-and-the-same")
    again = world.post("/v1/callbacks", A_CALL, key="one-and-the-same")

    assert (first.status_code, first.get_json()) == (again.status_code, again.get_json())
    assert sum("call_asked_for" in line for line in world.told()) == 1
    assert len([line for line in world.house.owed() if line.endswith("-1")]) == 1


def test_the_same_key_with_another_body_is_refused(world: ApiWorld) -> None:
    world.post("/v1/callbacks", A_CALL, key="one-and-the-same")
    other = world.post("/v1/callbacks", A_CALL | {"case": BOB.reference}, key="one-and-the-same")
    assert other.status_code == 422
    assert other.get_json()["type"] == "urn:ringback:problem:idempotency_key_reused"


def test_another_systems_same_key_is_another_request(world: ApiWorld) -> None:
    world.give("debts", "another token", *Scope)
    world.post("/v1/callbacks", A_CALL, key="one-and-the-same")
    other = world.post(
        "/v1/callbacks",
        A_CALL | {"case": BOB.reference},
        key="one-and-the-same",
        token="another token",
    )
    assert other.status_code == 201


def test_without_a_key_nothing_is_done(world: ApiWorld) -> None:
    answer = world.client.post(
        "/v1/callbacks", json=A_CALL, headers={"Authorization": f"Bearer {SECRET}"}
    )
    assert answer.status_code == 400
    assert "Idempotency-Key" in answer.get_json()["detail"]
    assert world.house.owed() == []


class DiesAt:
    """The store of a process that dies before, or right after, its n-th commit."""

    def __init__(self, real: Any, place: int, when: str) -> None:
        self._real, self._place, self._when = real, place, when
        self.commits = 0

    def commit(self, partition: str, change: Change) -> Any:
        self.commits += 1
        dies = self.commits == self._place
        if dies and self._when == "before":
            raise Killed
        answer = self._real.commit(partition, change)
        if dies:
            raise Killed
        return answer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("place", [1, 2, 3, 4, 5])
def test_wherever_the_process_dies_the_same_key_owes_one_call(
    world: ApiWorld, place: int, when: str
) -> None:
    store = world.house.runtime.store
    dying = DiesAt(store, place, when)
    object.__setattr__(world.house.runtime, "store", dying)
    with pytest.raises(Killed):
        world.post("/v1/callbacks", A_CALL, key="one-and-the-same")
    object.__setattr__(world.house.runtime, "store", store)
    world.clock.move(31.0)  # whoever has not answered by then is dead

    again = world.post("/v1/callbacks", A_CALL, key="one-and-the-same")

    assert again.status_code == 201
    due = [line for line in world.house.owed() if line.startswith("OF")]
    assert due == [f"{again.get_json()['id']}-1"]
    callback = world.house.record(f"callback:{again.get_json()['id']}")
    assert callback["asks"] == 1


def test_a_process_that_dies_is_not_taken_for_one_that_is_slow(world: ApiWorld) -> None:
    dying = DiesAt(world.house.runtime.store, 4, "before")
    store = world.house.runtime.store
    object.__setattr__(world.house.runtime, "store", dying)
    with pytest.raises(Killed):
        world.post("/v1/callbacks", A_CALL, key="one-and-the-same")
    object.__setattr__(world.house.runtime, "store", store)

    at_once = world.post("/v1/callbacks", A_CALL, key="one-and-the-same")

    assert at_once.status_code == 409
    assert at_once.headers["Retry-After"] == "5"


@pytest.mark.parametrize("error", [StoreDown("down"), Conflict("again")])
def test_what_the_store_refuses_may_be_sent_again_at_once(
    world: ApiWorld, error: Exception
) -> None:
    runtime: Runtime = world.house.runtime
    store = runtime.store

    class Fails(DiesAt):
        def commit(self, partition: str, change: Change) -> Any:
            if partition == "main":
                raise error
            return self._real.commit(partition, change)

    object.__setattr__(runtime, "store", Fails(store, 0, ""))
    refused = world.post("/v1/callbacks", A_CALL, key="one-and-the-same")
    object.__setattr__(runtime, "store", store)

    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    assert world.post("/v1/callbacks", A_CALL, key="one-and-the-same").status_code == 201


def test_a_number_of_the_case_is_rung_and_another_is_a_lead(world: ApiWorld) -> None:
    own = world.post("/v1/callbacks", A_CALL | {"number": ALICE.phone})
    assert own.status_code == 201

    lead = world.post("/v1/callbacks", A_CALL | {"number": DAVE.phone}, key="one-and-the-same")
    again = world.post("/v1/callbacks", A_CALL | {"number": DAVE.phone}, key="one-and-the-same")

    assert (lead.status_code, lead.get_json()) == (202, {"state": "awaiting_approval"})
    assert again.get_json() == lead.get_json()
    assert world.house.tasks() == ["number_lead"]
    world.house.work()
    (task,) = world.house.runtime.tasks.open()
    assert (task.case, task.owner) == (ALICE.reference, "s1001")
    assert DAVE.phone not in str(world.house.everything())


@pytest.mark.parametrize(
    ("different", "says"),
    [({"case": "100000090"}, "no case"), ({"officer": "nobody"}, "no officer")],
)
def test_what_cannot_become_a_call_says_why(
    world: ApiWorld, different: dict[str, str], says: str
) -> None:
    refused = world.post("/v1/callbacks", A_CALL | different)
    assert refused.status_code == 409
    assert says in refused.get_json()["detail"]


def test_a_call_is_cancelled_once_and_nobody_is_rung(world: ApiWorld) -> None:
    asked = world.post("/v1/callbacks", A_CALL).get_json()
    path, why = f"/v1/callbacks/{asked['id']}/cancel", {"reason": "they came to the office"}

    ended = world.post(path, why)
    again = world.post(path, why)

    assert ended.get_json()["state"] == again.get_json()["state"] == "ended"
    assert ended.get_json()["due_at"] is None
    assert world.house.dial() is None
    assert sum("callback_cancel api.payroll" in line for line in world.told()) == 1


def test_a_callback_that_is_none_is_not_found(world: ApiWorld) -> None:
    for id in ("OF" + "0" * 32, "x" * 64, "SM-1", "%2e%2e"):
        assert world.get(f"/v1/callbacks/{id}").status_code == 404
