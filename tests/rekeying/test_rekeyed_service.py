"""Keys are rotated: whatever was kept is found again, and whoever may not be rung is not."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import redis

from bot.keys import key_of
from bot.records import SAMPLE_CASES, import_cases
from bot.records.rekeying import SqlRekeying
from bot.samples import import_samples, known_of
from bot.task_text import read_text
from bot.unit_of_work import UnitOfWork
from tests.house_in_memory import DESK, HOUR
from tests.people import ALICE, BOB, DAVE, ERIN, IVAN, MALLORY
from tests.rekeying_world import (
    NEW,
    OLD,
    Service,
    keyring,
    number_of_calls_owed,
    silent,
    verified,
)

DAY = 24 * HOUR


def test_alice_is_found_by_her_number_and_by_her_case(service: Service) -> None:
    service.rotated()

    named = service.runtime.keyring.number_hash(ALICE.phone)
    assert [case.handle for case in service.runtime.directory.by_number(named)] == [ALICE.reference]
    assert service.runtime.directory.full_name(ALICE.reference) == ALICE.full_name
    assert service.runtime.directory.details(ALICE.reference) is not None


def test_the_call_that_alice_is_owed_stays_one_and_is_placed_once(service: Service) -> None:
    service.rotated()

    service.text(ALICE, "Are you ringing me?")
    assert number_of_calls_owed(service.store) == 1
    service.later(3 * DAY)
    service.place()
    assert [order.to.e164 for order in service.carrier.placed[1:]] == [ALICE.phone]
    assert number_of_calls_owed(service.store) == 0


def test_her_voicemail_of_today_still_stands_against_an_officers_call(service: Service) -> None:
    """A machine answered: not again within 24 hours (config/policy.toml)."""
    service.rotated()
    service.write(f"open:{service.runtime.keyring.number_hash(ALICE.phone)}", None)
    service.write(f"open:case:{ALICE.reference}", None)

    with pytest.raises(AssertionError, match="refused"):
        service.ring_by_officer(ALICE)


def test_a_budget_that_mallory_spent_is_spent_still(service: Service) -> None:
    service.rotated()
    import_samples(service.records, service.runtime)  # the answers, under the new key

    call = service.rings(ALICE)
    call.verify(ALICE)
    assert not verified(call), "her case is locked for a day"
    call = service.rings(MALLORY)
    call.verify(BOB)
    assert not verified(call), "and so is Mallory's telephone"
    call = service.rings(BOB)
    call.verify(BOB)
    assert verified(call), "which is nobody else's affair"


def test_who_said_stop_is_left_alone(service: Service) -> None:
    service.rotated()
    before = number_of_calls_owed(service.store)

    service.text(BOB, "ring me")

    assert number_of_calls_owed(service.store) == before
    assert service.tasks()[-1:] == ["wants_no_contact"]


def test_a_wish_from_a_number_on_no_case_is_kept_and_no_longer_than_before(
    service: Service,
) -> None:
    said_at = service.clock.now()
    service.later(9 * DAY)  # the text itself is forgotten by now
    for key in service.store.records(DESK):
        if key.startswith("call:"):
            service.write(key, None)
    service.rotated()

    key = f"left_alone:{service.runtime.keyring.number_hash(DAVE.phone)}"
    assert service.record(key)["since"] == said_at
    client = redis.Redis.from_url(service.redis_url)
    assert client.ttl(f"{{{DESK}}}:record:{key}") <= (365 - 9) * DAY


def test_a_call_that_went_on_all_the_while_keeps_its_ledger(make: Callable[..., Service]) -> None:
    service = make(OLD)
    import_samples(service.records, service.runtime)
    call = service.rings(ALICE)
    call.press(ALICE.reference)
    call.answer(ALICE)

    service.restart(NEW, OLD)
    service.rekeying(NEW, OLD).rotate(silent)
    service.rekeying(NEW, OLD).rename(silent)
    service.restart(NEW, OLD)
    call.answer_all(ALICE)

    assert verified(call)
    call.hang_up()


def test_the_text_behind_a_task_can_still_be_read(service: Service) -> None:
    service.rotated()

    texts = [task for task in service.runtime.tasks.open() if task.text_sealed]
    said = {read_text(service.runtime, task, "s1001") for task in texts}
    assert "who are you?" in said


def test_nothing_hangs_on_the_old_key_but_answers(service: Service) -> None:
    service.rotated()

    status = service.rekeying(NEW, OLD).status()
    assert status.on(OLD) == status.on("") == 0
    assert not status.needs(OLD)
    assert set(status.answers) == {OLD}

    import_samples(service.records, service.runtime)
    assert set(service.rekeying(NEW, OLD).status().answers) == {NEW}


def test_before_it_everything_hangs_on_it(service: Service) -> None:
    status = service.rekeying(NEW, OLD).status()

    assert status.needs(OLD)
    assert status.on(NEW) == 0
    where = {where for where, _ in status.sealed}
    assert {"cases.details", "tasks.text_sealed", "call ledger", "callback number_sealed"} <= where
    assert status.named["left_alone"] == 2
    assert status.named["history"] == 1


def test_a_person_of_two_cases_stays_one_person(service: Service, tmp_path: Path) -> None:
    """What is held against one case of Erin's counts for the other: joined by customer."""
    before = people(service)
    service.rotated()

    sheet = SAMPLE_CASES.read_text(encoding="utf-8").splitlines()
    hers = next(row for row in sheet if row.startswith(ERIN.reference))
    one = tmp_path / "one.csv"
    one.write_text(f"{sheet[0]}\n{hers}\n", encoding="utf-8")
    runtime, policy = service.runtime, service.runtime.house.policy
    questions = runtime.house.questions.questions
    known, now = known_of(policy), service.clock.now()
    import_cases(service.records, runtime.keyring, questions, one, known=known, now=now)

    assert people(service) == before
    assert any(len(each) == 2 for each in before)


def people(service: Service) -> list[list[str]]:
    """The cases of each customer."""
    directory, found = service.runtime.directory, {}
    for handle in SqlRekeying(service.records).handles():
        found.setdefault(directory.by_handle(handle).customer, []).append(handle)
    return sorted(found.values())


def test_a_reservation_moves_with_its_number(service: Service) -> None:
    numbers = UnitOfWork(service.store, f"num:{keyring(OLD).number_hash(ALICE.phone)}")
    until = service.clock.now() + 3600
    held = {"attempt": "another desk's", "until": until}
    numbers.put("history", {**numbers.get("history"), "reserved": held})
    numbers.commit()

    service.rotated()

    moved = UnitOfWork(service.store, f"num:{keyring(NEW).number_hash(ALICE.phone)}")
    assert moved.get("history")["reserved"] == held
    assert [entry["disposition"] for entry in moved.get("history")["past"]] == ["left_message"]


def test_what_was_owed_in_the_outbox_is_carried_out(make: Callable[..., Service]) -> None:
    service = make(OLD)
    import_samples(service.records, service.runtime)
    service.text(IVAN, "who are you?")
    service.text(replace(BOB, phone="+442079460456"), "STOP")

    service.rotated()
    service.work()

    filed = [task for task in service.runtime.tasks.open() if task.text_sealed]
    assert {key_of(task.text_sealed) for task in filed} == {NEW}
    assert len(filed) == 2
