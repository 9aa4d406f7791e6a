"""What the chain hashes: the format of docs/records.md, by hand; erasing; sealing."""

import hashlib

import pytest

from bot.chain import NO_HEAD, WHOLE, Line, digest, head_of, root_of, seal
from bot.flow_log import FlowLogLine, LineKind

SALT = bytes(range(16))
RANG = FlowLogLine(
    at=1_798_020_000.0, kind=LineKind.STEP, desk="main", flow="outbound_call", case="12345678-4"
)


def line(number: int, told: FlowLogLine = RANG, salt: bytes = SALT) -> Line:
    return Line.salted(told.desk, number, f"{number}-0", told.to_fields(), salt)


def by_hand(*parts: str) -> str:
    framed = b"".join(len(p.encode()).to_bytes(4, "big") + p.encode() for p in parts)
    return hashlib.sha256(framed).hexdigest()


def test_a_leaf_is_what_the_page_says():
    hashes = []
    for name, value in (
        ("at", "1798020000.000"),
        ("case", "12345678-4"),
        ("flow", "outbound_call"),
        ("kind", "step"),
    ):
        salt = by_hand("ringback/salt/1", SALT.hex(), name)
        hashes += [name, by_hand("ringback/field/1", name, salt, value)]

    assert line(7).leaf() == by_hand("ringback/line/1", "main", "7", "7-0", *hashes)


def test_a_head_is_what_the_page_says():
    first = seal([line(1), line(2)], desk="main", after=None, at=1_798_020_001.5)
    second = seal([line(3)], desk="main", after=first, at=1_798_020_002.0)

    root = by_hand("ringback/root/1", line(1).leaf(), line(2).leaf())
    head = by_hand("ringback/head/1", "main", "1", "1", "2", "1798020001.500", NO_HEAD, root)
    assert (first.root, first.head) == (root, head)
    assert (second.number, second.first, second.last, second.previous) == (2, 3, 3, head)
    assert first.signed_text == b"ringback/signed/1 " + head.encode()


def test_no_two_things_hash_alike():
    assert len({digest("ab", "c"), digest("a", "bc"), digest("abc"), digest("abc", "")}) == 4
    assert root_of(["a"]) != root_of(["a", ""])
    assert line(1).leaf() != line(2).leaf()


@pytest.mark.parametrize("names", [("case",), ("case", "flow"), ("at", "case", "flow", "kind")])
def test_an_erased_field_leaves_the_leaf_and_takes_value_and_salt(names):
    whole = line(1)
    left = whole.without(*names)

    assert left.leaf() == whole.leaf()
    assert set(left.erased) == set(names)
    assert not set(names) & (set(left.fields) | set(left.salts))
    assert left.without("reason", *names) == left


def test_a_case_handle_that_was_erased_cannot_be_guessed_from_what_is_left():
    """Mallory has the database as it is afterwards, and all hundred million handles."""
    left = line(1).without("case")
    known = [*left.salts.values(), *left.erased.values(), *left.fields.values(), ""]
    salts = known + [digest("ringback/salt/1", each, "case") for each in known]

    guesses = {digest("ringback/field/1", "case", salt, "12345678-4") for salt in salts}

    assert WHOLE not in left.salts
    assert left.erased["case"] not in guesses


def test_lines_that_say_the_same_hash_differently():
    assert line(1).leaf() != line(1, salt=bytes(16)).leaf()


def forged(case: str) -> Line:
    """An honest line was erased, and another value put over what is left of it."""
    left = line(1).without("case")
    fields, salts = {**left.fields, "case": case}, {**left.salts, "case": "00" * 16}
    return Line(desk="main", number=1, id="1-0", fields=fields, salts=salts, erased=left.erased)


@pytest.mark.parametrize(
    "bad",
    [
        forged("87654321-1"),
        Line(desk="main", number=1, id="1-0", fields={"kind": "step"}, salts={}),
        Line(desk="main", number=1, id="1-0", fields={}, salts={"kind": "00"}),
        Line(
            desk="main",
            number=1,
            id="1-0",
            fields={"kind": "step"},
            salts={WHOLE: SALT.hex()},
            erased={"case": "00" * 32},
        ),
    ],
)
def test_a_line_that_contradicts_itself_has_no_leaf_and_is_not_sealed(bad):
    assert bad.leaf() == ""
    with pytest.raises(ValueError, match="contradicts itself"):
        bad.without("kind")
    with pytest.raises(ValueError, match="do not fit|does not fit|salts"):
        seal([bad], desk="main", after=None, at=1.0)


@pytest.mark.parametrize("numbers", [[], [2], [1, 3], [2, 1], [1, 1]])
def test_only_lines_that_follow_are_sealed(numbers):
    with pytest.raises(ValueError, match="do not follow"):
        seal([line(number) for number in numbers], desk="main", after=None, at=1.0)


def test_no_line_of_another_desk_is_sealed():
    with pytest.raises(ValueError, match="do not follow"):
        seal([line(1)], desk="north", after=None, at=1.0)


def test_text_that_is_no_unicode_hashes_all_the_same():
    assert head_of(seal([line(1)], desk="main", after=None, at=1.0))
    assert digest("\ud800") != digest("?")
