"""Another system brings files, payments, contacts, and lost telephones."""

from typing import Any

import pytest

from bot.records import SAMPLE_CASES, SAMPLE_MISSED_CALLS
from tests.api.conftest import ApiWorld
from tests.people import ALICE

CSV: dict[str, Any] = {"content_type": "text/csv"}


def test_a_file_of_cases_goes_in_whole_or_not_at_all(world: ApiWorld) -> None:
    sheet = SAMPLE_CASES.read_bytes()
    assert world.post("/v1/cases", data=sheet, **CSV).get_json() == {"imported": 8}

    bad = sheet.replace(b"100000025,bob", b"100000026,bob").replace(b"scotland", b"scottland")
    refused = world.post("/v1/cases", data=bad, **CSV)

    assert refused.status_code == 422
    told = refused.get_json()
    assert {"line": 3, "reason": "reference: wrong check digit"} in told["rows"]
    assert "Alice" not in refused.get_data(as_text=True)
    assert "cases_imported api.payroll" in world.told()


def test_missed_calls_go_in_and_a_text_after_one_is_rung(world: ApiWorld) -> None:
    sheet = SAMPLE_MISSED_CALLS.read_bytes()
    assert world.post("/v1/missed-calls", data=sheet, **CSV).get_json() == {"imported": 3}


def test_what_is_no_file_is_told_and_no_fault(world: ApiWorld) -> None:
    for data in (b"", b"\xff\xfe\x00", b"reference\n", b"a,b\n1,2\n", b'"'):
        answer = world.post("/v1/cases", data=data, **CSV)
        assert answer.status_code == 422, data
    assert world.post("/v1/cases", {"reference": 1}).status_code == 415


def test_after_a_payment_nobody_is_rung(world: ApiWorld) -> None:
    world.post("/v1/callbacks", {"case": ALICE.reference, "officer": "s1001"})
    paid = world.post("/v1/payments", {"case": ALICE.reference, "settled_on": "2026-09-14"})

    assert paid.get_json() == {"done": True}
    assert world.house.dial() != "placed"
    assert "payment_received api.payroll" in world.told()


def test_while_something_that_came_is_not_dealt_with_nobody_is_rung(world: ApiWorld) -> None:
    world.post("/v1/callbacks", {"case": ALICE.reference, "officer": "s1001"})
    came = {"case": ALICE.reference, "received_at": "2026-09-14T10:30:00+01:00"}
    assert world.post("/v1/contacts", came).status_code == 200
    assert world.house.dial() != "placed"

    over = world.post("/v1/contacts/dealt-with", {"case": ALICE.reference})

    assert over.status_code == 200
    assert world.house.runtime.directory.restrictions("") == frozenset()
    case = world.house.runtime.directory.by_handle(ALICE.reference)
    assert case is not None and case.correspondence_at is None


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("/v1/payments", {"settled_on": "2026-09-14"}),
        ("/v1/contacts", {"received_at": "2026-09-14T10:30:00Z"}),
        ("/v1/contacts/dealt-with", {}),
    ],
)
def test_a_case_that_is_none_is_not_found(world: ApiWorld, path: str, more: dict[str, str]) -> None:
    assert world.post(path, {"case": "100000090"} | more).status_code == 404


def test_a_lost_telephone_shuts_everything_of_its_officer(world: ApiWorld) -> None:
    told = world.post("/v1/lost-phones", {"staff": "s1001"})
    assert told.get_json() == {"news": True, "calls_ended": 0}
    assert world.book.staff.here("s1001").shut_out
    assert "phone_lost api.payroll s1001" in world.told()
    assert world.post("/v1/lost-phones", {"staff": "s9999"}).status_code == 404
