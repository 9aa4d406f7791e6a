"""A backup is one file for its owner's eyes; what is not whole, or not ours, touches nothing."""

import json
import os
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest

from bot.backup import MANIFEST, RECORDS, REDIS, BackupFile, fingerprints
from bot.errors import BadBackup
from bot.keys import Keyring
from bot.records import connect
from bot.storage.copying import RedisCopy
from tests.house_in_memory import keyring
from tests.people import ALICE, BOB
from tests.restoring.world import Drill


@pytest.fixture
def backup(drill: Drill) -> Path:
    drill.text(ALICE)
    drill.run(60)
    drill.text(BOB, "please ring me about my thing")
    return drill.back_up()


def altered(backup: Path, part: str, change: Any) -> Path:
    """The same file, one part of it changed."""
    copy = backup.with_name("altered.backup")
    with zipfile.ZipFile(backup) as before, zipfile.ZipFile(copy, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            after.writestr(name, change(content) if name == part else content)
    return copy


def test_only_its_owner_may_read_it_and_nothing_in_it_is_in_clear(backup: Path) -> None:
    assert stat.S_IMODE(os.stat(backup).st_mode) == 0o600
    with zipfile.ZipFile(backup) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist()).decode()
    for secret in (ALICE.phone, BOB.phone, ALICE.full_name, "about my thing", *ALICE.details):
        assert secret not in everything


def test_no_backup_takes_anothers_place(drill: Drill, backup: Path) -> None:
    before = backup.read_bytes()

    with pytest.raises(BadBackup, match="is there already"):
        drill.back_up()

    assert backup.read_bytes() == before
    assert list(backup.parent.glob("*.part")) == []


@pytest.mark.parametrize("part", [REDIS, RECORDS])
def test_a_line_more_or_less_is_found(backup: Path, part: str) -> None:
    cut = altered(backup, part, lambda content: content[: content.rindex(b"\n", 0, -1) + 1])

    with pytest.raises(BadBackup, match=f"{part} is damaged"):
        BackupFile(cut, keyring())


def test_a_manifest_that_was_made_to_fit_is_found(backup: Path) -> None:
    def younger(content: bytes) -> bytes:
        signed = json.loads(content)
        manifest = json.loads(signed["manifest"])
        signed["manifest"] = json.dumps(manifest | {"begun_at": manifest["begun_at"] + 3600})
        return json.dumps(signed).encode()

    with pytest.raises(BadBackup, match="manifest was altered"):
        BackupFile(altered(backup, MANIFEST, younger), keyring())


def test_a_file_that_was_cut_off_is_refused_at_any_byte(backup: Path) -> None:
    whole = backup.read_bytes()
    for size in (0, 1, 100, len(whole) // 2, len(whole) - 1):
        backup.write_bytes(whole[:size])
        with pytest.raises(BadBackup):
            BackupFile(backup, keyring())


def test_a_flipped_byte_is_refused(backup: Path) -> None:
    whole = bytearray(backup.read_bytes())
    for place in range(200, len(whole), len(whole) // 25):
        flipped = whole.copy()
        flipped[place] ^= 0x40
        backup.write_bytes(flipped)
        try:
            found = BackupFile(backup, keyring())
        except BadBackup:
            continue
        found.close()  # a byte that nothing depends on: what is inside is whole
        assert found.manifest.keys == fingerprints(keyring())


def test_other_keys_of_the_same_name_are_refused_by_name(backup: Path) -> None:
    with pytest.raises(BadBackup, match="not held here: k1"):
        BackupFile(backup, Keyring({"k1": b"x" * 32}))


def test_one_more_key_does_no_harm(backup: Path) -> None:
    both = Keyring({"k2": b"x" * 32, "k1": bytes(range(32))})

    BackupFile(backup, both).close()


def test_a_newer_form_is_told_as_that(backup: Path) -> None:
    def newer(content: bytes) -> bytes:
        signed = json.loads(content)
        signed["manifest"] = json.dumps({"format": 99})
        return json.dumps(signed).encode()

    with pytest.raises(BadBackup, match="newer version"):
        BackupFile(altered(backup, MANIFEST, newer), keyring())


def test_a_target_with_something_in_it_is_left_alone(drill: Drill, backup: Path) -> None:
    drill.restore(backup)
    records = connect(f"sqlite:///{drill.folder / 'restored.db'}")
    there = RedisCopy(drill._stores[1]).names()

    with pytest.raises(BadBackup, match="records and Redis here are not empty: --replace"):
        drill.restoring(backup, records).refuse(replace=False)

    records.dispose()
    assert RedisCopy(drill._stores[1]).names() == there


def test_what_was_restored_is_what_was_backed_up(drill: Drill, backup: Path) -> None:
    before = list(drill.rows(drill.house.records))
    drill.restore(backup)

    assert list(drill.rows(drill.house.records)) == before


def test_a_restore_that_dies_is_run_again(
    drill: Drill, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = connect(f"sqlite:///{drill.folder / 'restored.db'}")
    seen = 0
    put = RedisCopy.put

    def dying(self: RedisCopy, entry: Any) -> None:
        nonlocal seen
        seen += 1
        if seen == 10:
            raise KeyboardInterrupt
        put(self, entry)

    monkeypatch.setattr(RedisCopy, "put", dying)
    with pytest.raises(KeyboardInterrupt):
        drill.restore(backup)
    records.dispose()

    drill.restore_again(backup)
    drill.move_in(drill.folder / "restored.db")
    drill.run(600)
    assert drill.rang() == {"Alice": 1, "Bob": 1}
