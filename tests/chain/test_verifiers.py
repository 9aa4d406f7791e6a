"""Ours and the separate verifier, held to the same verdict by whatever is done to an archive."""

import json
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import verify_records
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chain import WHOLE, root_of, seal
from bot.chain_check import Fault
from bot.chain_text import BadHeads, published_text, read_heads
from bot.signing import PublicKeys, Signer
from tests.chain.sealed import Archive, line, theirs

OURS, MALLORYS = Signer(b"o" * 32), Signer(b"m" * 32)
SCRIPT = Path(verify_records.__file__)

# Ways to tamper, each given an archive and two places


def change(archive, at, other):
    lines, names = archive.lines, sorted(archive.lines[at].fields)
    name = names[other % len(names)] if names else "kind"
    lines[at] = replace(lines[at], fields={**lines[at].fields, name: "another"})


def swap_ids(archive, at, other):
    one, two = archive.lines[at], archive.lines[other]
    archive.lines[at], archive.lines[other] = replace(one, id=two.id), replace(two, id=one.id)


def remove(archive, at, other):
    del archive.lines[at]


def remove_and_renumber(archive, at, other):
    del archive.lines[at]
    archive.renumbered()


def insert(archive, at, other):
    archive.lines.insert(at, line(1000 + other))
    archive.renumbered()


def repeat(archive, at, other):
    archive.lines.insert(at, archive.lines[other])
    archive.renumbered()


def swap(archive, at, other):
    lines = archive.lines
    lines[at], lines[other] = lines[other], lines[at]
    archive.renumbered()


def cut(archive, at, other):
    archive.blocks = [block for block in archive.blocks if block.last <= at]
    last = archive.blocks[-1].last if archive.blocks else 0
    archive.lines = archive.lines[:last]


def cut_blocks(archive, at, other):
    archive.blocks = [block for block in archive.blocks if block.last <= at]


def take_a_block(archive, at, other):
    del archive.blocks[at % len(archive.blocks)]


def spoil_a_block(archive, at, other):
    place = at % len(archive.blocks)
    block = archive.blocks[place]
    changes = ({"at": 1.0}, {"last": block.last + 1}, {"signature": ""}, {"root": root_of([])})
    archive.blocks[place] = replace(block, **changes[other % len(changes)])


def seal_anew(signer):
    def seal_from_there(archive, at, other):
        change(archive, at, other)
        after, sealed = None, []
        for block in archive.blocks:
            mine = [each for each in archive.lines if block.first <= each.number <= block.last]
            with suppress(ValueError):  # of what another hand has left of it no block can be made
                if block.last > at:
                    block = signer.signed(seal(mine, desk="main", after=after, at=block.at))
            sealed.append(after := block)
        archive.blocks = sealed

    seal_from_there.__name__ = f"seal_anew_{signer.key_id}"
    return seal_from_there


def keep_a_salt(archive, at, other):
    if archive.lines[at].leaf():
        left = archive.lines[at].without("case")
        archive.lines[at] = replace(left, salts={**left.salts, "case": "00" * 16})


def erase(archive, at, other):
    names = ("case", "conversation", "after")
    if archive.lines[at].leaf():
        archive.lines[at] = archive.lines[at].without(names[other % 3])


TAMPERING = [
    change,
    swap_ids,
    remove,
    remove_and_renumber,
    insert,
    repeat,
    swap,
    cut,
    cut_blocks,
    take_a_block,
    spoil_a_block,
    seal_anew(OURS),
    seal_anew(MALLORYS),
    keep_a_salt,
]
EXPECTED = {
    remove: [Fault.REMOVED],
    remove_and_renumber: [Fault.REMOVED],
    insert: [Fault.INSERTED],
    repeat: [Fault.INSERTED, Fault.REORDERED],  # a later one, put before
    swap: [Fault.REORDERED],
}  # where the place is the last of a block, a change looks like each of these

places = st.integers(0, 10**6)
archives = st.lists(st.integers(1, 4), min_size=1, max_size=4)


@cache
def _once(sizes):
    return Archive.of(sizes, OURS)


def sealed(sizes):
    """Such an archive of our own; signing takes its time."""
    once = _once(sizes)
    return Archive(once.desk, list(once.blocks), list(once.lines))


def do(archive, how, at, other):
    if archive.lines and archive.blocks:
        how(archive, at % len(archive.lines), other % len(archive.lines))


@settings(max_examples=150, deadline=None)
@given(
    archives,
    st.lists(st.tuples(st.sampled_from([*TAMPERING, erase, erase]), places, places), max_size=3),
    st.booleans(),
)
def test_both_say_the_same_of_whatever_was_done(sizes, done, published):
    archive = sealed(tuple(sizes))
    heads = archive.heads() if published else {}
    for how, at, other in done:
        do(archive, how, at, other)

    archive.verdict(OURS.keys, heads)  # compares the two


@settings(max_examples=150, deadline=None)
@given(archives, st.sampled_from(TAMPERING), places, places, st.lists(st.tuples(places, places)))
def test_nothing_that_was_done_passes_once_the_heads_are_out(sizes, how, at, other, erased):
    """Whatever was erased before. Where one line is named, it is the first that differs."""
    archive = sealed(tuple(sizes))
    for place, which in erased:
        do(archive, erase, place, which)
    before, blocks, heads = list(archive.lines), list(archive.blocks), archive.heads()
    do(archive, how, at, other)
    if (archive.lines, archive.blocks) == (before, blocks):
        return  # two lines of the same place changed places

    breach = archive.verdict(OURS.keys, heads)

    assert breach is not None
    if archive.blocks == blocks:
        there = dict(enumerate(archive.lines))
        first = next(at for at, was in enumerate([*before, None]) if there.get(at) != was)
        assert (breach.line, breach.last) == (first + 1, first + 1)
        assert breach.fault in (Fault.CHANGED, *EXPECTED.get(how, ()))


@settings(max_examples=50, deadline=None)
@given(archives, st.lists(st.tuples(places, places), max_size=30))
def test_what_is_erased_by_right_breaks_nothing(sizes, erased):
    archive = sealed(tuple(sizes))
    heads = archive.heads()
    for place, which in erased:
        do(archive, erase, place, which)

    assert archive.verdict(OURS.keys, heads) is None


# Files that somebody has had in hands


@pytest.fixture
def archive():
    return Archive.of((3, 4), OURS)


def edited(export, where, /, **changes):
    """One object of an export, changed."""
    return [
        json.dumps(json.loads(text) | changes) if place == where else text
        for place, text in enumerate(export)
    ]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda export: export[:-1],  # it broke off
        lambda export: export[1:],
        lambda export: [],
        lambda export: [*export, export[-1]],
        lambda export: [export[0], *export[2:]],  # no desk
        lambda export: [*export[:-1], *export[1:]],  # the desk twice
        lambda export: edited(export, 3, number="1"),
        lambda export: edited(export, 3, number=True),
        lambda export: edited(export, 3, fields={"case": 7}),
        lambda export: edited(export, 3, type="lime"),
        lambda export: edited(export, 2, leaves=[1, 2, 3]),
        lambda export: [*export[:3], "[" * 100_000, *export[3:]],
        lambda export: (
            [*export[:3], export[3].replace('"kind":"step"', '"kind":"x","kind":"step"')]
            + export[4:]
        ),
    ],
)
def test_an_export_that_is_not_one_proves_nothing(archive, spoil):
    with pytest.raises(verify_records.Unreadable):
        theirs(spoil(archive.exported()), OURS.keys)


def test_a_line_put_between_two_blocks_of_an_export_is_named(archive):
    export = archive.exported()
    first_block = export[:6]

    found = theirs([*first_block, export[4], *export[6:]], OURS.keys)

    assert found == [("inserted", "main", 2, 4, 4)]


def test_a_desk_that_is_not_in_the_export_at_all_is_cut_off(archive):
    export = archive.exported()

    found = theirs([export[0], export[-1]], OURS.keys, archive.heads(2))

    assert found == [("cut off", "main", 1, 1, 7)]


def test_a_value_cannot_be_both_there_and_erased_in_an_export(archive):
    """The value is what people read; its hash is not of it."""
    archive.lines[1] = archive.lines[1].without("case")
    told = json.loads(archive.exported()[4])
    told["fields"]["case"], told["salts"]["case"] = "87654321-1", "00" * 16

    found = theirs(edited(archive.exported(), 4, **told), OURS.keys)

    assert found == [("changed", "main", 1, 2, 2)]


def test_the_salt_of_the_whole_line_does_not_stay_beside_an_erased_field(archive):
    left = archive.lines[1].without("case")
    archive.lines[1] = replace(left, salts=archive.lines[1].salts)

    assert WHOLE in archive.lines[1].salts
    assert archive.verdict(OURS.keys).line == 2


# Heads


def both_refuse(lines, keys=OURS.keys):
    with pytest.raises(BadHeads, match="line 1"):
        read_heads(lines, keys)
    with pytest.raises(verify_records.Unreadable, match="line 1"):
        verify_records.read_heads(lines, verify_records.read_keys(keys.pem.encode()))


@pytest.mark.parametrize(
    "change", [{"number": 9}, {"number": "1"}, {"at": "1.0"}, {"head": "0" * 64}, {"type": "desk"}]
)
def test_published_heads_that_were_altered_prove_nothing(archive, change):
    told = json.loads(published_text(archive.blocks[0])) | change

    both_refuse([json.dumps(told, separators=(",", ":"))])


@pytest.mark.parametrize("text", ["", "no json", "[]", "{}", "7"])
def test_published_heads_that_are_none_prove_nothing(text):
    both_refuse([text])


def test_published_heads_that_mallory_signed_prove_nothing(archive):
    block = replace(archive.blocks[0], leaves=())

    both_refuse([published_text(MALLORYS.signed(block))])


def test_a_head_may_be_published_twice(archive):
    once = [published_text(block) for block in archive.blocks]

    heads = read_heads([*once, *once], OURS.keys)["main"]

    assert archive.verdict(OURS.keys, heads) is None


@pytest.mark.parametrize("order", [1, -1])
def test_two_heads_of_one_block_are_a_breach_whichever_is_kept(archive, order):
    """Somebody with our key sealed twice: or an old backup was put back, and written on."""
    other = OURS.signed(seal(archive.lines[:3], desk="main", after=None, at=1.0))
    told = [published_text(block) for block in (archive.blocks[0], other)][::order]
    heads = read_heads(told, OURS.keys)["main"]

    known = verify_records.read_keys(OURS.keys.pem.encode())
    found = verify_records.verify(archive.exported(), known, verify_records.read_heads(told, known))

    assert found == [("not as published", "main", 1, 1, 3)]
    assert heads[1].head == ""


# The program


def run(*arguments):
    command = [sys.executable, "-I", str(SCRIPT), *map(str, arguments)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    return ran.returncode, ran.stdout + ran.stderr


@pytest.fixture
def files(tmp_path, archive):
    export, key, heads = tmp_path / "export", tmp_path / "key.pem", tmp_path / "heads"
    export.write_text("\n".join(archive.exported()) + "\n")
    both = PublicKeys([MALLORYS.public, OURS.public])  # a former key, say
    key.write_text(both.pem)
    heads.write_text("".join(published_text(block) + "\n" for block in archive.blocks))
    return export, key, heads


def test_the_program_stands_alone(files):
    export, key, heads = files

    assert run(export, "--key", key, "--heads", heads) == (0, "sound\n")
    code, said = run(export, "--key", key)
    assert code == 0
    assert "without published heads" in said


def test_the_program_names_what_was_changed(files):
    export, key, _ = files
    export.write_text(export.read_text().replace("ended", "ringing", 1))

    assert run(export, "--key", key) == (1, "main: CHANGED: line 1 (block 1)\n")


def test_the_program_says_what_it_cannot_read(files, tmp_path):
    export, key, heads = files

    assert run(export, "--key", export)[0] == 2
    assert run(heads, "--key", key)[0] == 2
    assert run(tmp_path / "nowhere", "--key", key)[0] == 2


def test_it_imports_nothing_of_ours():
    text = SCRIPT.read_text(encoding="utf-8")

    assert "from bot" not in text
    assert "import bot" not in text
