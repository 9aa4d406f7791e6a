"""Who may use the API, how often; and what anybody else gets."""

import pytest

from bot.api.document import document_of
from bot.api_tokens import Scope
from tests.api.conftest import SECRET, ApiWorld
from tests.people import ALICE
from tests.worker.world import Killed

A_CALL = {"case": ALICE.reference, "officer": "s1001"}
BODIES = {
    "/v1/callbacks": (A_CALL, Scope.CALLBACKS_WRITE),
    "/v1/callbacks/OF1/cancel": ({"reason": "x"}, Scope.CALLBACKS_WRITE),
    "/v1/payments": ({"case": ALICE.reference, "settled_on": "2026-09-14"}, Scope.EVENTS_WRITE),
    "/v1/contacts": (
        {"case": ALICE.reference, "received_at": "2026-09-14T10:30:00Z"},
        Scope.EVENTS_WRITE,
    ),
    "/v1/contacts/dealt-with": ({"case": ALICE.reference}, Scope.EVENTS_WRITE),
    "/v1/lost-phones": ({"staff": "s1001"}, Scope.PHONES_WRITE),
    "/v1/cases": (None, Scope.CASES_WRITE),
    "/v1/missed-calls": (None, Scope.CASES_WRITE),
}


@pytest.mark.parametrize("path", BODIES)
def test_every_route_that_writes_needs_a_token_with_its_scope(world: ApiWorld, path: str) -> None:
    body, needed = BODIES[path]
    world.give("others", "all but one", *(scope for scope in Scope if scope is not needed))

    assert world.post(path, body, token="no such token").status_code == 401
    assert world.post(path, body, token="").status_code == 401
    refused = world.post(path, body, token="all but one")
    assert refused.status_code == 403
    assert needed.value in refused.get_json()["detail"]
    assert world.told() == [] and world.house.owed() == []


def test_every_route_under_v1_is_tried_here(world: ApiWorld) -> None:
    document = document_of(world.app, "0")
    writes = {path for path, ways in document["paths"].items() if "post" in ways}
    assert writes == {path.replace("OF1", "{id}") for path in BODIES}


def test_a_revoked_token_opens_nothing_from_then_on(world: ApiWorld) -> None:
    assert world.get("/v1/callbacks/OF1").status_code == 404
    world.house.runtime.records.api_tokens.revoke("payroll", world.clock.now())
    assert world.get("/v1/callbacks/OF1").status_code == 401


def test_only_the_hash_of_a_token_is_kept(world: ApiWorld) -> None:
    world.get("/v1/callbacks/OF1")
    with world.house.records.connect() as connection:
        kept = str(list(connection.exec_driver_sql("SELECT * FROM api_tokens")))
    assert SECRET not in kept
    assert SECRET not in str(world.house.everything())


def test_too_many_in_a_minute_have_to_wait_for_the_next(world: ApiWorld) -> None:
    most = world.house.runtime.house.policy.api.requests_per_minute
    codes = [world.get("/v1/callbacks/OF1").status_code for _ in range(most + 1)]
    assert codes == [404] * most + [429]
    waits = world.get("/v1/callbacks/OF1").headers["Retry-After"]
    world.give("debts", "another", *Scope)
    assert world.get("/v1/callbacks/OF1", token="another").status_code == 404
    world.clock.move(float(waits))
    assert world.get("/v1/callbacks/OF1").status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"case": ALICE.reference},
        A_CALL | {"case": "12345678"},
        A_CALL | {"case": 100000017},
        A_CALL | {"number": "07700900123"},
        A_CALL | {"offcer": "s1001"},
        [A_CALL],
        None,
    ],
)
def test_a_body_that_is_not_right_is_told_without_what_was_sent(
    world: ApiWorld, body: object
) -> None:
    import json

    refused = world.post("/v1/callbacks", data=json.dumps(body), content_type="application/json")
    assert refused.status_code == 422
    assert refused.mimetype == "application/problem+json"
    assert "12345678" not in refused.get_data(as_text=True)
    assert "07700900123" not in refused.get_data(as_text=True)
    assert world.house.owed() == []


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "/", 404),
        ("get", "/v1/callbacks", 405),
        ("delete", "/v1/callbacks/OF1", 405),
        ("options", "/v1/callbacks", 405),
        ("get", "/console", 404),
    ],
)
def test_whatever_else_is_a_problem_too(
    world: ApiWorld, method: str, path: str, status: int
) -> None:
    answer = getattr(world.client, method)(path)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.get_json()["status"] == status


def test_a_fault_of_ours_tells_nothing_and_may_be_sent_again(world: ApiWorld) -> None:
    def breaks(*given: object, **named: object) -> None:
        raise ZeroDivisionError("planted for Alice")

    notes = world.house.runtime.records.case_notes
    object.__setattr__(
        world.house.runtime.records, "case_notes", type("N", (), {"settled": breaks})()
    )
    body = {"case": ALICE.reference, "settled_on": "2026-09-14"}
    answer = world.post("/v1/payments", body, key="one-and-the-same")
    object.__setattr__(world.house.runtime.records, "case_notes", notes)

    assert answer.status_code == 500
    assert "planted" not in answer.get_data(as_text=True)
    assert world.post("/v1/payments", body, key="one-and-the-same").status_code == 200
    assert not issubclass(Killed, Exception)  # else a test's kill would be answered by this


def test_the_document_is_open_and_is_that_of_these_routes(world: ApiWorld) -> None:
    answer = world.client.get("/v1/openapi.json")
    assert answer.get_json()["openapi"] == "3.1.0"
    assert set(answer.get_json()["paths"]) == {
        "/v1/callbacks/{id}",
        *(path.replace("OF1", "{id}") for path in BODIES),
    }
