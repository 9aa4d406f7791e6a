"""The book of approvals in the database: what it refuses whatever the code above it does."""

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from bot.errors import ApprovalRefused
from bot.records.tables import wording_approvals as rows
from bot.records.wording_approvals import SqlApprovals
from bot.release import Text, hash_of
from bot.submissions import State

HELLO = Text("a.hello", "en", "any_ears", "Hello.", hash_of("any_ears", "Hello."))
ROW = {
    "item": "a.hello",
    "language": "en",
    "audience": "any_ears",
    "text": "Hello.",
    "hash": "0" * 64,
    "version": 1,
    "profile": "production",
    "author": "ada",
    "submitted_at": 1.0,
}


@pytest.fixture
def book(engine):
    return SqlApprovals(engine)


def submitted(book, author="ada"):
    (one,) = book.submit([HELLO], profile="production", author=author, at=1.0)
    return one


@pytest.mark.parametrize(
    "wrong",
    [
        {"approver": "ada", "approved_at": 2.0},
        {"approver": "ADA", "approved_at": 2.0},
        {"approver": "grace"},
        {"approved_at": 2.0},
        {"withdrawn_by": "grace"},
        {"withdrawn_at": 2.0},
    ],
)
def test_the_database_refuses_ones_own_approval_and_half_a_decision(engine, wrong):
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(insert(rows).values(ROW | wrong))


def test_one_version_stands_once(engine):
    with engine.begin() as connection:
        connection.execute(insert(rows).values(ROW))
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(insert(rows).values(ROW))


def test_what_is_read_is_what_was_written(book):
    one = submitted(book)
    book.approve([one], by="grace", at=2.0)

    (kept,) = book.all("production")

    assert (kept.number, kept.version, kept.text) == (one.number, 1, "Hello.")
    assert (kept.approver, kept.approved_at, kept.state) == ("grace", 2.0, State.APPROVED)
    assert book.all("demo") == []


def test_the_author_approves_nothing_of_theirs(book):
    one = submitted(book)

    for name in ("ada", "Ada"):
        with pytest.raises(ApprovalRefused):
            book.approve([one], by=name, at=2.0)
    assert book.all("production")[0].state is State.SUBMITTED


def test_several_are_approved_together_or_not_at_all(book):
    mine, theirs = submitted(book), submitted(book, author="grace")

    with pytest.raises(ApprovalRefused):
        book.approve([mine, theirs], by="grace", at=2.0)

    assert [one.state for one in book.all("production")] == [State.SUBMITTED, State.SUBMITTED]


def test_nothing_is_overwritten(book):
    one = submitted(book)
    book.approve([one], by="grace", at=2.0)
    with pytest.raises(ApprovalRefused):
        book.approve([one], by="heidi", at=3.0)
    book.withdraw([one], by="grace", at=4.0)
    book.withdraw([one], by="heidi", at=5.0)

    (kept,) = book.all("production")

    assert (kept.approver, kept.approved_at) == ("grace", 2.0)
    assert (kept.withdrawn_by, kept.withdrawn_at) == ("grace", 4.0)


def test_versions_count_up_over_everything_of_a_name(book, engine):
    for profile in ("production", "demo", "production"):
        book.submit([HELLO], profile=profile, author="ada", at=1.0)

    with engine.connect() as connection:
        assert [*connection.execute(select(rows.c.version)).scalars()] == [1, 2, 3]
