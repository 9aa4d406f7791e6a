"""What verification says of an archive that somebody has tampered with."""

from dataclasses import replace

import pytest

from bot.chain import NO_HEAD, WHOLE, head_of, root_of, seal
from bot.chain_check import Breach, Fault
from bot.signing import PublicKeys, Signer
from tests.chain.sealed import AT, Archive, line

OURS, MALLORYS = Signer(b"o" * 32), Signer(b"m" * 32)
SIZES = (3, 4, 1, 5)  # lines 1-3, 4-7, 8, 9-13


@pytest.fixture
def archive():
    return Archive.of(SIZES, OURS)


def breach(fault, block, first, last=None):
    return Breach(fault=fault, desk="main", block=block, line=first, last=last or first)


def altered(line, **fields):
    return replace(line, fields={**line.fields, **fields})


def test_a_sound_archive_is_sound(archive):
    assert archive.verdict(OURS.keys) is None
    assert archive.verdict(OURS.keys, archive.heads()) is None


def test_one_without_anything_is_sound_until_a_head_was_published(archive):
    empty = Archive("main", [], [])

    assert empty.verdict(OURS.keys) is None
    assert empty.verdict(OURS.keys, archive.heads(2, 4)) == breach(Fault.CUT_OFF, 1, 1, 13)


@pytest.mark.parametrize("number", [1, 3, 4, 8, 13])
def test_a_changed_line_is_named(archive, number):
    archive.lines[number - 1] = altered(archive.lines[number - 1], case="87654321-1")

    assert archive.verdict(OURS.keys).fault is Fault.CHANGED
    assert archive.verdict(OURS.keys).line == number


@pytest.mark.parametrize("number", [1, 3, 4, 8, 13])
def test_a_line_that_was_taken_out_is_named(archive, number):
    del archive.lines[number - 1]

    assert archive.verdict(OURS.keys).fault is Fault.REMOVED
    assert archive.verdict(OURS.keys).line == number


@pytest.mark.parametrize("number", [1, 2, 4, 5, 6, 9, 12])
def test_a_line_that_was_taken_out_is_named_when_those_after_it_were_numbered_anew(archive, number):
    del archive.lines[number - 1]
    archive.renumbered()

    assert archive.verdict(OURS.keys).fault is Fault.REMOVED
    assert archive.verdict(OURS.keys).line == number


@pytest.mark.parametrize("number", [1, 2, 4, 5, 6, 9, 12])
def test_a_line_that_was_put_in_is_named(archive, number):
    archive.lines.insert(number - 1, line(99))
    archive.renumbered()

    assert archive.verdict(OURS.keys).fault is Fault.INSERTED
    assert archive.verdict(OURS.keys).line == number


def test_a_line_that_was_put_in_twice_is_named(archive):
    archive.lines.insert(5, archive.lines[4])
    archive.renumbered()

    assert archive.verdict(OURS.keys) == breach(Fault.INSERTED, 2, 6)


def test_a_line_before_the_first_is_named(archive):
    archive.lines.insert(0, line(0))

    assert archive.verdict(OURS.keys) == breach(Fault.INSERTED, 1, 1)


@pytest.mark.parametrize("one, other", [(1, 3), (4, 5), (10, 12)])
def test_lines_that_changed_places_are_named(archive, one, other):
    lines = archive.lines
    lines[one - 1], lines[other - 1] = lines[other - 1], lines[one - 1]
    archive.renumbered()

    assert archive.verdict(OURS.keys).fault is Fault.REORDERED
    assert archive.verdict(OURS.keys).line == one


@pytest.mark.parametrize("last", [13, 14, 40])
def test_lines_after_the_last_block_are_in_no_block(archive, last):
    archive.lines += [line(number) for number in range(14, last + 1)]

    expected = None if last == 13 else breach(Fault.INSERTED, 5, 14)
    assert archive.verdict(OURS.keys) == expected


def test_a_line_moved_to_another_desk_is_named(archive):
    archive.lines[4] = replace(archive.lines[4], desk="north")

    assert archive.verdict(OURS.keys) == breach(Fault.CHANGED, 2, 5)


def test_another_place_in_redis_is_a_change(archive):
    archive.lines[4] = replace(archive.lines[4], id="5-1")

    assert archive.verdict(OURS.keys) == breach(Fault.CHANGED, 2, 5)


def test_a_tail_that_was_cut_off_shows_by_what_was_published(archive):
    heads = archive.heads(2, 3)
    archive.blocks, archive.lines = archive.blocks[:2], archive.lines[:7]

    assert archive.verdict(OURS.keys) is None  # nothing else could tell
    assert archive.verdict(OURS.keys, heads) == breach(Fault.CUT_OFF, 3, 8, 8)


def test_a_block_that_was_taken_out_is_named(archive):
    del archive.blocks[1]

    assert archive.verdict(OURS.keys) == breach(Fault.BLOCK_REMOVED, 2, 4, 7)


@pytest.mark.parametrize(
    "change",
    [
        {"at": AT},
        {"last": 8},
        {"first": 5},
        {"previous": NO_HEAD},
        {"root": "0" * 64},
        {"head": "0" * 64},
        {"desk": "north"},
        {"number": 1},
        {"leaves": ()},
        {"leaves": (line(5).leaf(),) * 4},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_block_is_named_with_all_its_lines(archive, change):
    archive.blocks[1] = replace(archive.blocks[1], **change)

    found = archive.verdict(OURS.keys)
    assert (found.fault, found.block, found.line) == (Fault.BLOCK_CHANGED, 2, 4)


@pytest.mark.parametrize("change", [{"signature": ""}, {"signature": "no hex"}, {"key_id": "x"}])
def test_a_block_without_our_signature_is_nobodys(archive, change):
    archive.blocks[1] = replace(archive.blocks[1], **change)

    assert archive.verdict(OURS.keys) == breach(Fault.FOREIGN_KEY, 2, 4, 7)


def forge(archive, number, signer):
    """Mallory changes a line, and seals everything from its block on anew."""
    archive.lines[number - 1] = altered(archive.lines[number - 1], case="87654321-1")
    after, sealed = None, []
    for block in archive.blocks:
        if block.last >= number:
            mine = [each for each in archive.lines if block.first <= each.number <= block.last]
            block = signer.signed(seal(mine, desk="main", after=after, at=block.at))
        sealed.append(block)
        after = block
    archive.blocks = sealed
    return archive


def test_who_seals_anew_needs_our_key(archive):
    assert forge(archive, 5, MALLORYS).verdict(OURS.keys) == breach(Fault.FOREIGN_KEY, 2, 4, 7)


def test_a_signature_of_ours_is_good_for_its_own_block_only(archive):
    honest = archive.blocks[1]
    forge(archive, 5, MALLORYS)
    signed = {"signature": honest.signature, "key_id": honest.key_id}
    archive.blocks[1] = replace(archive.blocks[1], **signed)

    assert archive.verdict(OURS.keys) == breach(Fault.FOREIGN_KEY, 2, 4, 7)


def test_who_has_our_key_is_found_out_by_what_was_published(archive):
    heads = archive.heads(3)

    assert forge(archive, 5, OURS).verdict(OURS.keys) is None
    assert archive.verdict(OURS.keys, heads) == breach(Fault.NOT_AS_PUBLISHED, 3, 8, 8)


def test_an_erased_field_breaks_nothing_and_a_changed_one_beside_it_does(archive):
    archive.lines[4] = archive.lines[4].without("case", "conversation")
    assert archive.verdict(OURS.keys, archive.heads()) is None

    archive.lines[4] = altered(archive.lines[4], after="ended again")
    assert archive.verdict(OURS.keys) == breach(Fault.CHANGED, 2, 5)


def test_no_value_passes_under_the_hash_of_one_that_was_erased(archive):
    left = archive.lines[4].without("case")
    fields, salts = {**left.fields, "case": "87654321-1"}, {**left.salts, "case": "00" * 16}
    archive.lines[4] = replace(left, fields=fields, salts=salts)

    assert archive.verdict(OURS.keys) == breach(Fault.CHANGED, 2, 5)


def test_an_erased_field_whose_salt_was_kept_is_a_change(archive):
    left = archive.lines[4].without("case")
    archive.lines[4] = replace(left, salts={WHOLE: archive.lines[4].salts[WHOLE]})

    assert archive.verdict(OURS.keys) == breach(Fault.CHANGED, 2, 5)


def test_a_field_that_is_simply_gone_is_a_change(archive):
    archive.lines[4] = replace(
        archive.lines[4],
        fields={name: v for name, v in archive.lines[4].fields.items() if name != "case"},
    )

    assert archive.verdict(OURS.keys) == breach(Fault.CHANGED, 2, 5)


def test_former_keys_still_verify():
    archive = Archive.of(SIZES, OURS, signers={0: MALLORYS, 1: MALLORYS})  # she has left since

    assert archive.verdict(OURS.keys) == breach(Fault.FOREIGN_KEY, 1, 1, 3)
    assert archive.verdict(PublicKeys([OURS.public, MALLORYS.public])) is None


def test_a_line_and_its_leaf_changed_together_name_the_block(archive):
    archive.lines[4] = altered(archive.lines[4], case="87654321-1")
    block = archive.blocks[1]
    leaves = tuple(each.leaf() for each in archive.lines[3:7])
    block = replace(block, leaves=leaves, root=root_of(leaves))
    archive.blocks[1] = replace(block, head=head_of(block))

    assert archive.verdict(OURS.keys) == breach(Fault.FOREIGN_KEY, 2, 4, 7)
