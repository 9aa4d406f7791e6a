"""The chain in the database: archived, signed, tampered with by SQL, erased, exported."""

import json

import pytest
import verify_records
from sqlalchemy import delete, insert, select, update

from bot.chain import Block
from bot.chain_check import Breach, Fault, verify
from bot.chain_text import export_of
from bot.records.flow_log import SqlFlowLog
from bot.records.flow_log_chain import SqlChain
from bot.records.flow_log_erasing import SqlErasing
from bot.records.flow_log_tables import flow_log_blocks, flow_log_lines, flow_log_said
from bot.signing import Signer

OURS = Signer(b"o" * 32)
NOW = 1_798_020_000.0
LINES, BLOCKS = flow_log_lines, flow_log_blocks


def entry(number, **more):
    fields = {
        "at": f"{NOW + number:.3f}",
        "kind": "step",
        "event": f"event_{number}",
        "case": "12345678-4",
        "said": "outbound_call.hello@0123456789ab",
    }
    return f"{1000 + number}-0", {**fields, **more}


@pytest.fixture
def archive(engine):
    """Three blocks of the main desk, one of another: lines 1-3, 4-7, 8-9; 1-2."""
    log = SqlFlowLog(engine)
    for numbers in (range(1, 4), range(4, 8), range(8, 10)):
        log.append("main", [entry(number) for number in numbers], NOW, OURS.signed)
    log.append("north", [entry(1), entry(2)], NOW, OURS.signed)
    return engine


def do(engine, statement):
    with engine.begin() as connection:
        connection.execute(statement)


def verdict(engine, desk="main", published=None):
    """What both verifiers say of what is in the database now."""
    chain, heads = SqlChain(engine), published or {}
    found = [*verify(desk, chain.blocks(desk), chain.lines_of(desk), OURS.keys.signed, heads)]
    breach = found[-1] if found and isinstance(found[-1], Breach) else None
    export = [*export_of([desk], chain.blocks, chain.lines_of)]
    theirs = verify_records.verify(export, verify_records.read_keys(OURS.keys.pem.encode()), [])
    if not published:
        named = (breach.fault, desk, breach.block, breach.line, breach.last) if breach else None
        assert theirs == ([named] if named else [])
    return (breach.fault, breach.line) if breach else None


def test_what_was_archived_is_sound(archive):
    chain = SqlChain(archive)

    assert verdict(archive) is None
    assert verdict(archive, "north") is None
    assert chain.desks() == ["main", "north"]
    assert (chain.last_line("main"), chain.last_line("nowhere")) == (9, 0)
    assert [block.last for block in chain.blocks("main")] == [3, 7, 9]


def test_many_blocks_are_read_a_few_at_a_time(engine):
    log = SqlFlowLog(engine)
    for number in range(1, 112):
        log.append("main", [entry(number)], NOW, OURS.signed)

    assert verdict(engine) is None
    assert len([*SqlChain(engine).blocks("main")]) == 111


TAMPERED = [
    (LINES, {"event": "another"}, (Fault.CHANGED, 5)),
    (LINES, {"at": NOW}, (Fault.CHANGED, 5)),
    (LINES, {"number_masked": "07…"}, (Fault.CHANGED, 5)),
    (LINES, {"reason": ""}, (Fault.CHANGED, 5)),
    (LINES, {"case": None}, (Fault.CHANGED, 5)),
    (LINES, {"id": "5-5"}, (Fault.CHANGED, 5)),
    (LINES, {"desk": "north"}, (Fault.REMOVED, 5)),
    (LINES, {"number": 50}, (Fault.REMOVED, 5)),
    (LINES, {"salts": None}, (Fault.CHANGED, 5)),
    (LINES, {"salts": "no json"}, (Fault.CHANGED, 5)),
    (LINES, {"salts": "[1]"}, (Fault.CHANGED, 5)),
    (LINES, {"salts": '{"*":7}'}, (Fault.CHANGED, 5)),
    (LINES, {"erased": '{"case":"00"}'}, (Fault.CHANGED, 5)),
    (LINES, {"erased": '{"case":{}}'}, (Fault.CHANGED, 5)),
    (LINES, {"more": '{"note":"x"}'}, (Fault.CHANGED, 5)),
    (BLOCKS, {"leaves": ""}, (Fault.BLOCK_CHANGED, 4)),
    (BLOCKS, {"at": 1.0}, (Fault.BLOCK_CHANGED, 4)),
    (BLOCKS, {"first": 5}, (Fault.BLOCK_CHANGED, 4)),
    (BLOCKS, {"last": 2**40}, (Fault.BLOCK_CHANGED, 4)),
    (BLOCKS, {"number": 9}, (Fault.BLOCK_REMOVED, 4)),
    (BLOCKS, {"number": 0}, (Fault.BLOCK_CHANGED, 1)),
    (BLOCKS, {"desk": "south"}, (Fault.BLOCK_REMOVED, 4)),
    (BLOCKS, {"signature": None}, (Fault.FOREIGN_KEY, 4)),
    (BLOCKS, {"key_id": None}, (Fault.FOREIGN_KEY, 4)),
]


@pytest.mark.parametrize("table, values, expected", TAMPERED, ids=lambda each: str(each)[:30])
def test_whoever_has_the_database_is_found_out(archive, table, values, expected):
    number = 5 if table is LINES else 2
    this = (table.c.desk == "main", table.c.number == number)
    do(archive, update(table).where(*this).values(values))

    assert verdict(archive) == expected


def test_a_deleted_line_and_a_deleted_block_are_named(archive):
    do(archive, delete(LINES).where(LINES.c.desk == "main", LINES.c.number == 8))
    assert verdict(archive) == (Fault.REMOVED, 8)

    do(archive, delete(BLOCKS).where(BLOCKS.c.desk == "main", BLOCKS.c.number == 2))
    assert verdict(archive) == (Fault.BLOCK_REMOVED, 4)


@pytest.mark.parametrize("number, expected", [(10, 10), (0, 1), (-3, 1)])
def test_a_line_that_nobody_sealed_is_named(archive, number, expected):
    row = {"desk": "main", "number": number, "id": "x", "at": NOW, "event": "invented"}
    do(archive, insert(LINES).values(row))

    assert verdict(archive) == (Fault.INSERTED, expected)


def test_lines_without_any_block_are_named(engine):
    do(engine, insert(LINES).values(desk="main", number=1, id="x", at=NOW))

    assert SqlChain(engine).desks() == ["main"]
    assert verdict(engine) == (Fault.INSERTED, 1)


def test_a_tail_that_was_cut_off_shows_by_a_published_head(archive):
    newest, published_at = SqlChain(archive).newest("main")
    assert published_at is None
    do(archive, delete(LINES).where(LINES.c.number > 7))
    do(archive, delete(BLOCKS).where(BLOCKS.c.number > 2))

    assert verdict(archive) is None
    assert verdict(archive, published={newest.number: newest}) == (Fault.CUT_OFF, 8)


def test_what_is_archived_while_somebody_verifies_disturbs_nothing(archive):
    chain, log = SqlChain(archive), SqlFlowLog(archive)
    found = []
    for one in verify("main", chain.blocks("main"), chain.lines_of("main"), OURS.keys.signed, {}):
        found.append(one)
        if len(found) < 3:
            log.append("main", [entry(20 + len(found))], NOW, OURS.signed)

    assert all(isinstance(one, Block) for one in found)
    assert verdict(archive) is None


# Erasing


def row_of(engine, number):
    with engine.connect() as connection:
        this = select(LINES).where(LINES.c.desk == "main", LINES.c.number == number)
        return connection.execute(this).one()


def test_an_erased_field_is_gone_with_its_salt_and_the_chain_holds(archive):
    erasing = SqlErasing(archive)

    assert erasing.erase("main", [4, 5, 99], ["case", "number", "reason"]) == 2

    row = row_of(archive, 5)
    assert row.case is None
    assert row.event == "event_5"
    assert set(json.loads(row.erased)) == {"case"}
    assert set(json.loads(row.salts)) == {"at", "kind", "event", "said"}
    assert verdict(archive) is None


def test_erasing_twice_is_erasing_once(archive):
    erasing = SqlErasing(archive)
    erasing.erase("main", [5], ["case"])
    once = row_of(archive, 5)

    assert erasing.erase("main", [5], ["case"]) == 0
    assert row_of(archive, 5) == once
    assert erasing.erase("main", [5], ["event", "case"]) == 1
    assert set(json.loads(row_of(archive, 5).erased)) == {"case", "event"}
    assert verdict(archive) is None


def test_who_erases_what_was_said_erases_what_it_is_found_by(archive):
    SqlErasing(archive).erase("main", [5], ["said"])

    with archive.connect() as connection:
        said = select(flow_log_said.c.number).where(flow_log_said.c.desk == "main")
        assert sorted(connection.execute(said).scalars()) == [1, 2, 3, 4, 6, 7, 8, 9]


@pytest.mark.parametrize("name", ["at", "desk"])
def test_a_line_keeps_its_place(archive, name):
    with pytest.raises(ValueError, match="not erased"):
        SqlErasing(archive).erase("main", [5], ["case", name])


def test_erasing_covers_no_tracks(archive):
    """Of several lines none is erased if one of them was tampered with."""
    do(archive, update(LINES).where(LINES.c.number == 5).values(salts="{}"))

    with pytest.raises(ValueError, match="line 5 of main"):
        SqlErasing(archive).erase("main", [4, 5], ["case"])
    assert row_of(archive, 4).case == "12345678-4"


def test_a_line_that_was_altered_before_is_still_found_out_once_it_is_erased(archive):
    do(archive, update(LINES).where(LINES.c.number == 5).values(case="87654321-1"))
    SqlErasing(archive).erase("main", [5], ["case"])

    assert verdict(archive) == (Fault.CHANGED, 5)


# What is published


def test_a_head_that_is_out_covers_all_before_it(archive):
    chain = SqlChain(archive)
    newest, _ = chain.newest("main")

    chain.mark_published(newest, NOW + 60)

    with archive.connect() as connection:
        rows = connection.execute(select(BLOCKS.c.desk, BLOCKS.c.published_at)).all()
    assert {(row.desk, row.published_at) for row in rows} == {("main", NOW + 60), ("north", None)}
    assert chain.last_published_at("main") == NOW + 60
    assert chain.newest("nowhere") is None
