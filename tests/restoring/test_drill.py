"""The drill: a house is backed up, goes on working, is lost, and is restored somewhere else.

By the carrier's own books everybody is rung who asked to be, and nobody twice.
"""

import pytest

from bot.actions import Disposition
from bot.callbacks import CallbackState
from bot.errors import StorageRefused
from bot.recovering import RESTORED
from bot.unit_of_work import UnitOfWork
from tests.house_in_memory import DESK, HOUR
from tests.people import ALICE, BOB, ERIN, SERVICE
from tests.restoring.world import NOOR, OLGA, PEGGY, RUPERT, Drill

A_WHILE = 600.0  # seconds: reconciling comes round, what was found is settled, calls are had


def test_everybody_is_rung_and_nobody_twice(drill: Drill) -> None:
    drill.text(ALICE)
    drill.run(60)  # our message is on her voicemail
    bobs, noors = drill.text(BOB), drill.text(NOOR)
    backup = drill.back_up()
    assert drill.dialler.take_one(DESK) == "placed"  # the worker goes on, and Bob is rung
    drill.run(60, working=False)
    drill.text(ERIN)
    assert drill.rang() == {"Alice": 1, "Bob": 1}
    for _ in range(4):  # Noor, and Erin, whose text the backup does not have
        drill.dialler.take_one(DESK)
        drill.run(30, working=False)
    olgas = drill.text(OLGA)
    assert drill.rang() == {"Alice": 1, "Bob": 1, "Noor": 1, "Erin": 1}

    assert drill.restore(backup) == 3  # Alice's is due again tomorrow
    drill.run(A_WHILE)

    assert drill.rang() == {"Alice": 1, "Bob": 1, "Noor": 1, "Erin": 1, "Olga": 1}
    assert drill.dispositions(olgas) == ["left_message"]
    for id in (bobs, noors):  # answered, and what was said is lost: a person decides
        assert drill.callback(id).state is CallbackState.ENDED
        assert drill.dispositions(id) == [Disposition.NEEDS_PERSON]
    assert drill.tasks().count("attempt_unclear") == 3


def test_whoever_said_stop_after_the_backup_is_not_rung(drill: Drill) -> None:
    text = drill.text(PEGGY)
    backup = drill.back_up()
    drill.text(PEGGY, "STOP")

    drill.restore(backup)
    drill.run(A_WHILE)

    assert drill.calls_to(PEGGY) == []
    assert drill.callback(text).state is CallbackState.ENDED
    assert "wants_no_contact" in drill.tasks()


def test_nobody_is_rung_before_reconciling_has_come_round(drill: Drill) -> None:
    drill.text(PEGGY)
    backup = drill.back_up()
    drill.skip(60)
    drill.restore(backup)

    assert drill.dialler.take_one(DESK) == "refused"
    assert drill.calls_to(PEGGY) == []

    drill.run(A_WHILE)
    assert len(drill.calls_to(PEGGY)) == 1


def test_who_did_not_answer_meanwhile_is_rung_again_by_the_rules_and_not_at_once(
    drill: Drill,
) -> None:
    drill.add(RUPERT, kind="no-answer")
    text = drill.text(RUPERT)
    backup = drill.back_up()
    assert drill.dialler.take_one(DESK) == "placed"
    drill.run(60, working=False)

    drill.restore(backup)
    drill.run(A_WHILE)

    assert len(drill.calls_to(RUPERT)) == 1
    assert drill.dispositions(text) == ["no_answer"]
    assert drill.callback(text).due_at > drill.house.clock.now() + 20 * HOUR


def test_a_call_that_was_placed_at_the_backup_and_ended_since_is_not_repeated(
    drill: Drill,
) -> None:
    text = drill.text(ALICE)
    assert drill.dialler.take_one(DESK) == "placed"
    backup = drill.back_up()
    drill.run(60)
    assert drill.dispositions(text) == ["left_message"]

    drill.restore(backup)
    drill.run(A_WHILE)
    drill.skip(48 * HOUR)
    drill.run(A_WHILE)

    assert len(drill.calls_to(ALICE)) == 1
    assert drill.dispositions(text) == ["needs_person"]
    assert "attempt_unclear" in drill.tasks()


def test_an_attempt_whose_worker_died_at_the_backup_is_settled(drill: Drill) -> None:
    text = drill.text(ALICE)
    drill.carrier.faults = ["answer lost"]
    assert drill.dialler.take_one(DESK) == "waiting"
    backup = drill.back_up()
    drill.run(60, working=False)

    drill.restore(backup)
    drill.run(A_WHILE)

    assert len(drill.calls_to(ALICE)) == 1
    assert drill.dispositions(text) == ["needs_person"]


def test_a_house_that_rings_on_beside_the_one_restored_stops_it(drill: Drill) -> None:
    drill.text(OLGA)
    drill.text(NOOR)
    backup = drill.back_up()
    old = drill.dialler
    drill.restore(backup)
    drill.skip(120)
    assert old.take_one(DESK) == "placed"  # nobody stopped it

    drill.run(A_WHILE)

    calls = [call for call in drill.network.calls.values() if call.from_ == SERVICE]
    assert len({call.to for call in calls}) == len(calls), "somebody was rung twice"
    assert "dialling_stopped" in drill.tasks()


def test_a_process_from_before_the_restore_can_write_nothing(drill: Drill) -> None:
    drill.text(ALICE)
    backup = drill.back_up()
    drill.restore(backup)
    before = drill.house.runtime.store
    unit = UnitOfWork(before, DESK, (RESTORED,))
    unit.put("somewhere", {"here": True})
    unit.commit()

    drill.restore_again(backup)

    unit = UnitOfWork(before, DESK)
    unit.put("somewhere", {"here": True})
    with pytest.raises(StorageRefused, match="restarted"):
        unit.commit()


def test_the_log_has_every_line_of_the_backup_and_tells_of_the_restore(drill: Drill) -> None:
    drill.text(ALICE)
    drill.run(60)
    lines = drill.house.runtime.store.log_after(DESK, "0", 1000)
    backup = drill.back_up()

    drill.restore(backup)

    found = drill.house.runtime.store.log_after(DESK, "0", 1000)
    assert found[: len(lines)] == lines
    assert [fields["event"] for _, fields in found[len(lines) :]] == ["restored"]
