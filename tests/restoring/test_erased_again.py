"""Alice was erased after the backup: restored, she is erased again; on PostgreSQL too."""

from pathlib import Path

from bot.erasure_orders import erase_person, file_of
from bot.person import held_on, known_by
from bot.records import connect
from bot.records.copying import SqlCopy
from bot.records.person_erasing import RIGHTS
from tests.house_in_memory import DESK
from tests.people import ALICE, BOB
from tests.records.postgres import Postgres
from tests.restoring.world import OLGA, Drill

DAY = 86400.0
A_WHILE = 450.0


def held(drill: Drill) -> set[str]:
    """Where anything is held on Alice, but for the department's sheet, and what must stay."""
    found = held_on(drill.house.runtime, case=ALICE.reference, number=None)
    records = found["records"]
    for table in ("cases", "case_numbers", "best_numbers"):
        del records[table]
    records["flow_log_lines"] = [
        line for line in records["flow_log_lines"] if line["event"] not in RIGHTS
    ]
    redis = {key for key in found["redis"] if "left_alone" not in key and "number" not in key}
    return {table for table, rows in records.items() if rows} | redis


def missed_calls(drill: Drill) -> set[str]:
    with drill.house.records.connect() as connection:
        return set(connection.exec_driver_sql("SELECT id FROM missed_calls").scalars())


def yesterday(drill: Drill) -> Path:
    """Alice said STOP, Bob was rung, and a missed call is on the last day of its time."""
    text = drill.text(ALICE, "please stop ringing about my thing")
    drill.archive()
    drill.text(ALICE, "STOP")  # what it leads to is not archived yet when the backup is made
    drill.text(BOB)
    drill.run(60)
    for each in drill.house.runtime.tasks.open():
        drill.house.runtime.tasks.finish(each.id, "s1001", drill.house.clock.now())
    with drill.house.records.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO missed_calls (id, number_hash, number_sealed, officer, at)"
            f" VALUES ('old', 'hash', 'sealed', 'omar', {drill.house.clock.now() - 365.3 * DAY})"
        )
    drill.sweep()
    assert {"missed_calls", "tasks", "flow_log_lines", f"{DESK} call:{text}"} <= held(drill)
    assert "old" in missed_calls(drill)
    return drill.back_up()


def today(drill: Drill) -> Path:
    """She is erased, and Olga is rung; the file of erasures."""
    drill.skip(DAY)
    drill.sweep()
    whose = known_by(drill.house.runtime, case=ALICE.reference, number=None)
    erase_person(drill.house.runtime, whose, number=None, by="s1001", reason="she asked")
    assert held(drill) == set()
    assert "old" not in missed_calls(drill)
    drill.text(OLGA)
    drill.run(60)
    runtime = drill.house.runtime
    return file_of(runtime.settings, runtime.house.policy.retention)


def erased_again(drill: Drill) -> None:
    """In the house that was restored."""
    assert held(drill) <= {"flow_log_lines"}, "what was not archived at the backup may be by now"
    drill.archive()
    drill.sweep()

    assert held(drill) == set()
    assert "old" not in missed_calls(drill), "nor is what was past its time"
    (order,) = drill.house.runtime.records.erasures.all()
    assert (order.by, order.reason) == ("s1001", "she asked")
    assert drill.breaches() == []


def test_who_was_erased_is_erased_again_after_a_restore(drill: Drill) -> None:
    backup = yesterday(drill)
    erased = today(drill)

    drill.restore(backup, erased=erased)

    erased_again(drill)


def test_the_whole_drill_on_postgresql_and_a_copy_back(drill: Drill, postgres: Postgres) -> None:
    backup = yesterday(drill)
    erased = today(drill)
    with postgres.fresh(migrated=False) as url:
        drill.restore(backup, url=url, erased=erased)
        assert drill.house.records.dialect.name == "postgresql"

        drill.run(A_WHILE)  # reconciling comes round
        erased_again(drill)
        assert drill.rang() == {"Bob": 1, "Olga": 1}

        there, newest = list(drill.rows(drill.house.records)), drill.newest_migration
        drill.house.records.dispose()
    back = connect(f"sqlite:///{drill.folder / 'back.db'}")
    SqlCopy(back).replace_all(newest, iter(there))
    assert list(drill.rows(back)) == there
    back.dispose()
