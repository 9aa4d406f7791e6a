"""What a database says that cannot write becomes words that tell what to do, on both of them."""

import pytest
from sqlalchemy import text

from bot.errors import DiskFull, StoreDown
from bot.records.database import asking
from bot.records.flow_log import SqlFlowLog

LINES = [(f"{n}-0", {"kind": "note", "at": "1.0", "detail": "x" * 500}) for n in range(1, 101)]


def has_no_room(engine) -> None:
    """SQLite: its file may not grow. PostgreSQL: a real server that says what a full disk does."""
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.execute(text("PRAGMA max_page_count = 1"))  # no larger than it is
            return
        refuse = "BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = 'disk_full'; END"
        function = "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql"
        connection.execute(text(f"{function} AS $${refuse}$$"))
        connection.execute(
            text(
                "CREATE TRIGGER full_disk BEFORE INSERT ON flow_log_blocks "
                "EXECUTE FUNCTION full_disk()"
            )
        )


def test_a_full_disk_is_said_to_be_full_and_nothing_is_half_written(engine):
    has_no_room(engine)

    with pytest.raises(DiskFull, match="disk of the records is full"):
        SqlFlowLog(engine).append("main", LINES, 2.0)

    with asking(engine) as connection:
        assert connection.execute(text("SELECT count(*) FROM flow_log_lines")).scalar() == 0


def test_a_database_that_only_reads_is_down_and_no_fault_of_ours(engine):
    read_only = {"sqlite": "PRAGMA query_only = ON", "postgresql": "SET TRANSACTION READ ONLY"}
    with pytest.raises(StoreDown, match="did not answer"), asking(engine) as connection:
        connection.execute(text(read_only[engine.dialect.name]))
        connection.execute(text("DELETE FROM tasks"))
