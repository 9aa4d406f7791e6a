"""The archive is searched: the newest first, page by page, and never by reading all of it."""

import base64
import itertools

import pytest
from sqlalchemy import insert, text

from bot.chain import Line
from bot.errors import SearchRefused, StoreDown
from bot.flow_log import FlowLogLine, LineKind
from bot.records import SqlFlowLog, SqlFlowLogSearch, Wanted
from bot.records.flow_log_rows import row_of, said_rows
from bot.records.flow_log_search import earlier, in_order, question
from bot.records.flow_log_tables import flow_log_lines, flow_log_said
from tests.people import ALICE, BOB

TEN = 1_789_466_400.0
DAY = 86400.0
ALICES_HASH, BOBS_HASH = "a" * 32, "b" * 32
MANY = 6_000


def line(n: int, **different: object) -> dict[str, str]:
    told = {"at": TEN + n, "kind": LineKind.STEP, "desk": "main", "event": f"event{n}", **different}
    return FlowLogLine(**told).to_fields()


@pytest.fixture
def filled(engine):
    """Alice and Bob, each called twice, at two desks; a fault; an officer who read a text."""
    log = SqlFlowLog(engine)
    alice = {"case": ALICE.reference, "number_hash": ALICES_HASH}
    bob = {"case": BOB.reference, "number_hash": BOBS_HASH}
    said = "outbound_call.greeting@0123456789ab checks.begin@ba9876543210"
    main = [
        line(0, conversation="SM1", flow="inbound_text", after="callback_due", **alice),
        line(1, conversation="SM1-1", flow="outbound_call", after="ringing", **alice),
        line(2, conversation="SM1-1", flow="outbound_call", after="asking", said=said, **alice),
        line(3, conversation="SM1-1", flow="outbound_call", disposition="left_message", **alice),
        line(4, conversation="SM1-2", flow="outbound_call", after="ringing", **alice),
        line(5, conversation="SM12-1", flow="outbound_call", after="ringing", **bob),
        line(6, kind=LineKind.FAULT, reason="StoreDown"),
    ]
    north = [
        line(3, desk="north", conversation="CA9", flow="inbound_call", **bob),
        line(7, desk="north", kind=LineKind.NOTE, staff="1234", conversation="CA9"),
    ]
    log.append("main", [(f"{n}-0", fields) for n, fields in enumerate(main, 1)], TEN)
    log.append("north", [(f"{n}-0", fields) for n, fields in enumerate(north, 1)], TEN)
    return SqlFlowLogSearch(engine)


def events(search, *, limit=50, cursor=None, **wanted):
    page = search.search(Wanted(**wanted), longest_days=400, limit=limit, cursor=cursor)
    return [found.line.event for found in page.found]


def test_the_newest_come_first(filled):
    assert events(filled, since=TEN, until=TEN + DAY) == [
        f"event{n}" for n in (7, 6, 5, 4, 3, 3, 2, 1, 0)
    ]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"case": ALICE.reference}, [4, 3, 2, 1, 0]),
        ({"case": ALICE.reference, "flow": "inbound_text"}, [0]),
        ({"case": BOB.reference, "desk": "north"}, [3]),
        ({"numbers": (BOBS_HASH,)}, [5, 3]),
        ({"numbers": ("c" * 32, BOBS_HASH)}, [5, 3]),
        ({"conversation": "SM1-1"}, [3, 2, 1]),
        ({"attempt": "SM1-"}, [4, 3, 2, 1]),
        ({"attempt": "SM%"}, []),
        ({"attempt": "SM1_"}, []),
        ({"conversation": "%"}, []),
        ({"since": TEN + 2, "until": TEN + 5}, [4, 3, 3, 2]),
        ({"since": TEN, "until": TEN + DAY, "flow": "outbound_call"}, [5, 4, 3, 2, 1]),
        ({"since": TEN, "until": TEN + DAY, "state": "ringing"}, [5, 4, 1]),
        ({"since": TEN, "until": TEN + DAY, "kind": "fault"}, [6]),
        ({"since": TEN, "until": TEN + DAY, "disposition": "left_message"}, [3]),
        ({"since": TEN, "until": TEN + DAY, "staff": "1234"}, [7]),
        ({"since": TEN, "until": TEN + DAY, "desk": "north"}, [7, 3]),
        ({"since": TEN, "until": TEN + DAY, "wording": "checks.begin"}, [2]),
        ({"since": TEN, "until": TEN + DAY, "wording": "checks.begin@ba9876543210"}, [2]),
        ({"since": TEN, "until": TEN + DAY, "wording": "checks.begin@000000000000"}, []),
        ({"since": TEN, "until": TEN + DAY, "wording": "checks.%"}, []),
        ({"case": ALICE.reference, "wording": "checks.begin"}, [2]),
        ({"case": BOB.reference, "wording": "checks.begin"}, []),
        ({"since": TEN, "until": TEN + DAY, "wording": "checks.begin", "desk": "north"}, []),
        ({"since": TEN, "until": TEN + DAY, "kind": "step", "flow": "inbound_text"}, [0]),
    ],
)
def test_lines_are_found_by(filled, wanted, found):
    assert events(filled, **wanted) == [f"event{n}" for n in found]


def test_pages_go_on_where_the_last_one_ended(filled):
    wanted = Wanted(since=TEN, until=TEN + DAY)
    cursor, seen = None, []
    for _ in range(10):
        page = filled.search(wanted, longest_days=400, limit=2, cursor=cursor)
        seen += [(found.line.desk, found.number) for found in page.found]
        cursor = page.cursor
        if cursor is None:
            break
        SqlFlowLog(filled._engine).append("main", [(f"{cursor}", line(100))], TEN)  # what comes

    assert len(seen) == len(set(seen)) == 9


def forged(text):
    return base64.urlsafe_b64encode(text.encode()).decode()


NO_PAGES = ["", "x", "W10=", "eyJ9", "é", "WzEsMl0=", "bnVsbA=="]
FORGED = [
    '[1.0, "main", 1e999]',
    f'[1.0, "main", {10**30}]',
    '[1.0, "\\u0000", 1]',
    '[1.0, "\\ud800", 1]',
    '[1.0, ["main"], 1]',
    "[" * 9000,
]


@pytest.mark.parametrize("cursor", [*NO_PAGES, *map(forged, FORGED)])
def test_a_page_that_is_none_is_refused(filled, cursor):
    with pytest.raises(SearchRefused, match="first"):
        events(filled, case=ALICE.reference, cursor=cursor)


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        ({}, "every line"),
        ({"flow": "", "numbers": ()}, "every line"),
        ({"flow": "inbound_text"}, "from when and until when"),
        ({"since": TEN}, "from when and until when"),
        ({"since": TEN, "until": TEN + 3650 * DAY}, "400 days"),
        ({"since": TEN, "until": TEN + 401 * DAY, "wording": "checks.begin"}, "400 days"),
        ({"since": TEN, "until": TEN, "case": "100000017"}, "before it begins"),
    ],
)
def test_a_search_that_would_read_everything_is_refused(filled, wanted, reason):
    with pytest.raises(SearchRefused, match=reason):
        events(filled, **wanted)


def test_a_conversation_is_told_in_order(filled):
    told = filled.conversation("main", "SM1-1")

    assert [found.line.event for found in told] == ["event1", "event2", "event3"]
    assert filled.conversation("north", "SM1-1") == []


def test_what_follows_a_line_is_told_in_order(filled):
    every = filled.after("main", "0", 100)
    assert [found.number for found in every] == list(range(1, len(every) + 1))

    assert filled.after("main", every[1].id, 2) == every[2:4]
    assert filled.after("main", every[-1].id, 2) == []
    assert filled.after("main", "9-0", 2) is None


def test_earlier_conversations_of_a_case(filled):
    found = filled.conversations_of(ALICE.reference, before=TEN + 4)
    assert found == [("main", "SM1-1", TEN + 3), ("main", "SM1", TEN)]

    assert filled.conversations_of(ALICE.reference, before=TEN + 4, limit=1) == found[:1]
    assert filled.conversations_of(ALICE.reference, before=TEN) == []


def test_lines_come_back_as_they_were_written(filled):
    (found,) = filled.conversation("main", "SM1")

    wanted = line(0, conversation="SM1", flow="inbound_text", after="callback_due")
    wanted |= {"case": ALICE.reference, "number_hash": ALICES_HASH}
    assert found.line.to_fields() == wanted
    assert (found.number, found.id) == (1, "1-0")


def test_how_many_there_are_at_each_desk(filled):
    assert filled.count() == {"main": 7, "north": 2}


def test_all_lines_of_a_desk_are_read_in_order(filled):
    first = filled.numbered_after("main", 0, limit=4)
    rest = filled.numbered_after("main", first[-1].number)

    assert [found.number for found in first + rest] == [1, 2, 3, 4, 5, 6, 7]
    assert filled.numbered_after("main", 7) == []


def test_records_that_do_not_answer(filled, engine):
    if engine.dialect.name != "sqlite":
        pytest.skip("about SQLite")
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE flow_log_lines RENAME TO elsewhere"))

    with pytest.raises(StoreDown):
        events(filled, case=ALICE.reference)


# How they are found


@pytest.fixture
def large(engine):
    """Enough lines that a planner weighs its ways."""
    kinds = itertools.cycle(LineKind)
    lines = []
    for n in range(1, MANY + 1):
        told = line(
            n * 60,
            kind=next(kinds),
            conversation=f"CA{n // 6}-1",
            flow=("inbound_call", "outbound_call", "inbound_text")[n % 3],
            after=f"state{n % 20}",
            case=f"{n // 12:09}" if n % 4 else "",
            number_hash=f"{n // 12:032}",
            disposition=f"ended{n % 9}" if n % 6 == 0 else "",
            staff=f"{n % 50}" if n % 10 == 0 else "",
            said=f"prompt{n % 30}@0123456789ab" if n % 2 else "",
        )
        told.pop("desk")
        lines.append(Line.salted("main" if n % 3 else "north", n, f"{n}-0", told, bytes(16)))
    with engine.begin() as connection:
        connection.execute(insert(flow_log_lines), [row_of(each) for each in lines])
        connection.execute(
            insert(flow_log_said), [row for each in lines for row in said_rows(each)]
        )
        connection.execute(text("ANALYZE"))
    return engine


DAYS = {"since": TEN, "until": TEN + 300 * DAY}
QUESTIONS = {
    "time": question(Wanted(**DAYS)),
    "desk": question(Wanted(**DAYS, desk="north")),
    "kind": question(Wanted(**DAYS, kind="fault")),
    "flow": question(Wanted(**DAYS, flow="inbound_call")),
    "state": question(Wanted(**DAYS, state="state7")),
    "disposition": question(Wanted(**DAYS, disposition="ended3")),
    "staff": question(Wanted(**DAYS, staff="20")),
    "case": question(Wanted(case="000000100")),
    "number": question(Wanted(numbers=(f"{100:032}",))),
    "two keys": question(Wanted(numbers=(f"{100:032}", f"{101:032}"))),
    "conversation": question(Wanted(conversation="CA50-1")),
    "attempt": question(Wanted(attempt="CA50-")),
    "wording": question(Wanted(**DAYS, wording="prompt7")),
    "in order": in_order("main", "CA50-1"),
    "a rare kind of a common flow": question(Wanted(**DAYS, kind="fault", flow="inbound_call")),
    "a state at a desk": question(Wanted(**DAYS, state="state7", desk="north")),
    "a wording of a flow": question(Wanted(**DAYS, wording="prompt7", flow="inbound_call")),
    "a wording of a case": question(Wanted(case="000000100", wording="prompt7")),
    "a case and a flow": question(Wanted(case="000000100", flow="inbound_call")),
    "earlier": earlier("000000100", TEN + DAY),
}


def plan_of(engine, query):
    explain = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"
    words = query.limit(51).compile(engine, compile_kwargs={"literal_binds": True})
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":  # so few lines it would rather read whole
            for way in ("seqscan", "hashjoin"):
                connection.exec_driver_sql(f"SET LOCAL enable_{way} = off")
        rows = connection.exec_driver_sql(f"{explain} {words}".replace("%", "%%")).all()
    return "\n".join(str(row[-1]) for row in rows)


# Few lines, whatever the size; or few by the guess of a planner, of so few lines in all.
MAY_SORT = ("two keys", "attempt", "in order", *(name for name in QUESTIONS if name[:2] == "a "))


def test_every_question_reads_an_index_in_its_order_and_not_the_table(large):
    """Nothing is sorted where many lines are wanted: a page reads a page."""
    for name, query in QUESTIONS.items():
        plan = plan_of(large, query)
        told = f"{name}: {plan}"
        assert "Seq Scan" not in plan, told
        assert "SCAN flow_log" not in plan, told
        assert "INDEX" in plan or "Index" in plan, told
        assert name in MAY_SORT or ("Sort" not in plan and "TEMP B-TREE" not in plan), told


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("a rare kind of a common flow", "ix_flow_log_lines_kind"),
        ("a state at a desk", "ix_flow_log_lines_after"),
        ("a case and a flow", "ix_flow_log_lines_case"),
        ("a wording of a case", "ix_flow_log_lines_case"),
    ],
)
def test_of_two_the_one_that_fewer_lines_have_leads(large, name, index):
    plan = plan_of(large, QUESTIONS[name])

    assert index in plan, plan


def test_a_late_page_begins_at_its_place(large):
    search = SqlFlowLogSearch(large)
    first = search.search(Wanted(**DAYS), longest_days=400, limit=500)

    plan = plan_of(large, question(Wanted(**DAYS), first.cursor))

    assert "Seq Scan" not in plan, plan
    assert "SCAN flow_log" not in plan, plan
