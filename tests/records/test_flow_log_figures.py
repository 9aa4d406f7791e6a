"""The figures of a morning, counted by hand: on both databases they are the same."""

import pytest
from sqlalchemy import insert

from bot.flow_log import FlowLogLine, LineKind
from bot.records import SqlFlowLog
from bot.records.flow_log_figures import (
    Ended,
    Period,
    Refused,
    SqlFigures,
    Tried,
    Waited,
    ended_calls,
    refusals,
    tries,
    waits,
)
from bot.records.tables import cases
from tests.people import ALICE, BOB
from tests.records.world import NOW

NINE = 1_789_459_200.0  # 15 September 2026, eight in UTC
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
THAT_DAY = Period(NINE - HOUR, NINE + DAY)


def line(minutes: float, kind: LineKind, **told: str) -> dict[str, str]:
    return FlowLogLine(at=NINE + minutes * MINUTE, kind=kind, desk="main", **told).to_fields()


def text(at: float, id: str) -> dict[str, str]:
    return line(at, LineKind.STEP, conversation=id, flow="inbound_text", event="text_received")


def step(at: float, id: str, **told: str) -> dict[str, str]:
    """Of a call that we placed."""
    callback = id.rpartition("-")[0]
    return line(at, LineKind.STEP, conversation=id, callback=callback, **told)


def life(at: float, id: str, event: str, **told: str) -> dict[str, str]:
    """Of the callback whose attempt that is."""
    callback = id.partition("-")[0]
    given = {"conversation": id, "callback": callback, "event": event}
    return line(at, LineKind.CALLBACK, **(given | told))


@pytest.fixture
def figures(engine) -> SqlFigures:
    """Alice texts, is rung after two minutes, and hears her case. Bob texts, is held back twice
    until the afternoon, does not answer, and at the second try speaks to somebody at the desk.
    Carys texts in the evening before, is rung in the morning, and a machine gets the message.
    Dave rings in and fails the checks. At another desk somebody is rung in vain."""
    alice, bob = {"case": ALICE.reference}, {"case": BOB.reference}
    ended = {"event": "call_ended", "after": "ended"}
    main = [
        text(-700, "SM3"),
        text(0, "SM1"),
        life(2, "SM1-1", "placing", **alice),
        life(2.1, "SM1-1", "placed", **alice),
        step(3, "SM1-1", event="key_pressed", listener="person", **alice),
        step(8, "SM1-1", listener="verified", disposition="details_read", after="ended", **alice),
        life(8, "SM1-1", "ended", disposition="details_read", **alice),
        text(10, "SM2"),
        life(10, "SM2", "postponed", reason="hours", **bob),
        life(60, "SM2", "held back", reason="hours", **bob),
        life(70, "SM2", "postponed", reason="rate", **bob),
        life(200, "SM2-1", "placing", **bob),
        step(201, "SM2-1", listener="unknown", disposition="no_answer", **ended, **bob),
        life(201, "SM2-1", "due", disposition="no_answer", **bob),
        life(400, "SM2-2", "placing", disposition="no_answer", **bob),
        step(402, "SM2-2", event="leg_ended", listener="person", **bob),
        step(402.5, "SM2-2", listener="person", disposition="connected", **ended, **bob),
        life(402.5, "SM2-2", "ended", disposition="connected", **bob),
        life(30, "SM3-1", "placing"),
        step(31, "SM3-1", listener="machine", disposition="left_message", **ended),
        life(31, "SM3-1", "due", disposition="left_message"),
        line(
            50,
            LineKind.STEP,
            conversation="CA1",
            flow="inbound_call",
            listener="person",
            disposition="not_verified",
        ),
        # the next day
        step(1440 + 90, "SM3-2", listener="unknown", disposition="busy", **ended),
    ]
    north = [step(5, "SM9-1", listener="unknown", disposition="no_answer", **ended)]
    with engine.begin() as connection:
        connection.execute(insert(cases), [_case(ALICE, "s1001"), _case(BOB, "olga")])
    log = SqlFlowLog(engine)
    log.append("main", [(f"{n}-0", fields) for n, fields in enumerate(main, 1)], NINE + 2 * DAY)
    log.append("north", [(f"{n}-0", fields) for n, fields in enumerate(north, 1)], NINE)
    return SqlFigures(engine)


def _case(person, officer: str) -> dict[str, object]:
    told = {"customer": person.name, "desk": "main", "nation": "england", "language": "en"}
    sealed = {"full_name": "sealed", "details": "sealed", "held": "", "imported_at": NOW}
    return {"handle": person.reference, "officer": officer, **told, **sealed}


def at(hours: int) -> int:
    return int(NINE) + hours * 3600


def test_how_calls_ended(figures: SqlFigures) -> None:
    found = {each for each in figures.ended(THAT_DAY) if each.desk == "main"}

    assert found == {
        Ended("main", "s1001", True, "verified", "details_read", False, at(0), 1),
        Ended("main", "olga", True, "unknown", "no_answer", False, at(3), 1),
        Ended("main", "olga", True, "person", "connected", True, at(6), 1),
        Ended("main", "", True, "machine", "left_message", False, at(0), 1),
        Ended("main", "", False, "person", "not_verified", False, at(0), 1),
    }


def test_how_long_they_waited_for_the_first_ring(figures: SqlFigures) -> None:
    found = {each.within: each.callbacks for each in figures.waited(THAT_DAY)}
    assert found == {300: 1, 4 * 3600: 1, 24 * 3600: 1}  # Alice, Bob, Carys
    assert Waited(300, 1) in figures.waited(THAT_DAY)


def test_how_many_tries_it_took(figures: SqlFigures) -> None:
    assert figures.tried(THAT_DAY) == [Tried(1, 1, 1), Tried(2, 1, 1)]


def test_which_rules_put_calls_off(figures: SqlFigures) -> None:
    assert figures.refused(THAT_DAY) == [Refused("hours", 2, 1), Refused("rate", 1, 1)]


def test_a_period_ends_before_its_last_second(figures: SqlFigures) -> None:
    hour = Period(NINE + 8 * MINUTE, NINE + 31 * MINUTE)
    assert [each.disposition for each in figures.ended(hour)] == ["details_read"]


def test_one_desk_by_itself(figures: SqlFigures) -> None:
    (only,) = figures.ended(Period(NINE - HOUR, NINE + DAY, "north"))
    assert (only.desk, only.disposition, only.calls) == ("north", "no_answer", 1)
    assert figures.waited(Period(NINE, NINE + DAY, "north")) == []


def test_until_when_the_lines_are_archived(figures: SqlFigures) -> None:
    assert figures.newest("main") == NINE + 1530 * MINUTE
    assert figures.newest("nowhere") is None


@pytest.mark.parametrize("question", [ended_calls, waits, tries, refusals])
def test_a_period_is_read_by_an_index(engine, figures: SqlFigures, question) -> None:
    explain = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":  # so few lines it would rather read whole
            for way in ("seqscan", "hashjoin", "mergejoin"):
                connection.exec_driver_sql(f"SET LOCAL enable_{way} = off")
        asked = question(connection, THAT_DAY)
        words = str(asked.compile(engine, compile_kwargs={"literal_binds": True}))
        rows = connection.exec_driver_sql(f"{explain} {words}".replace("%", "%%")).all()
    plan = "\n".join(str(row[-1]) for row in rows)
    assert "ix_flow_log_lines_" in plan
    assert "SCAN flow_log_lines" not in plan and "Seq Scan on flow_log_lines" not in plan
