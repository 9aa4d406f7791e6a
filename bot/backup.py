"""One file that holds both stores: written, and read only after every byte of it was checked.

A zip of JSON lines, for its owner's eyes only (0600): what is sealed in the stores is sealed in it,
and it holds no key. Its manifest names what is inside by hash, and bears a MAC by the department's
key: a file that was damaged or altered, or made under other keys, is refused before anything is
touched. Redis is copied first and the records after it, so that what moved from one to the other
meanwhile is in both, where it does no harm, and never in neither.
"""

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from bot.errors import BadBackup, BadSeal
from bot.keys import Keyring

Json = dict[str, Any]
Tell = Callable[[int, int], None]

FORMAT = 1
REDIS, RECORDS, MANIFEST = "redis.jsonl", "records.jsonl", "manifest.json"
_DEFLATED = zipfile.ZIP_DEFLATED
_ZLIB_ERROR = zlib.error
_BLOCK = 1 << 20


class RedisSource(Protocol):
    """What of Redis is copied: `bot.storage.copying.RedisCopy`."""

    def entries(self, tell: Tell) -> Iterator[Json]:
        """Everything."""


class RecordsSource(Protocol):
    """What of the records is copied: `bot.records.copying.SqlCopy`."""

    def revision(self) -> str | None:
        """Which migration the tables are at."""

    def rows(self, tell: Tell) -> Iterator[Json]:
        """Every row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup holds. `begun_at` is before anything was read (seconds since 1970).

    `keys` has a fingerprint of each key that was held, `names` the one that makes the names;
    `parts` the SHA-256 and number of lines of each part.
    """

    format: int
    begun_at: float
    revision: str
    names: str
    keys: Mapping[str, str]
    parts: Mapping[str, Mapping[str, Any]]


def write_backup(
    path: Path,
    redis: RedisSource,
    records: RecordsSource,
    keyring: Keyring,
    now: float,
    tell: Callable[[str], Tell],
) -> Manifest:
    """Write both stores into a new file. `tell` takes the part, and gives who is told how far.

    Raises `BadBackup` if there is a file already, or nothing to back up; `StoreDown`.
    """
    revision = records.revision()
    if revision is None:
        raise BadBackup("nothing was ever started or imported here: there is nothing to back up")
    draft = path.with_name(f"{path.name}.part")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file, zipfile.ZipFile(file, "w", _DEFLATED) as archive:
            parts = {
                REDIS: _write(archive, REDIS, redis.entries(tell("Redis"))),
                RECORDS: _write(archive, RECORDS, records.rows(tell("Records"))),
            }
            manifest = Manifest(
                format=FORMAT,
                begun_at=now,
                revision=revision,
                names=keyring.names,
                keys=fingerprints(keyring),
                parts=parts,
            )
            text = json.dumps(asdict(manifest), sort_keys=True)
            signed = {"manifest": text, "key": keyring.newest, "mac": _mac(keyring, text)}
            archive.writestr(MANIFEST, json.dumps(signed))
        os.link(draft, path)  # refuses a file that is there: no backup takes another's place
    except FileExistsError:
        raise BadBackup(f"{path} is there already: name a file that is not") from None
    except OSError as error:
        raise BadBackup(f"{path} cannot be written: {error.strerror}") from None
    finally:
        draft.unlink(missing_ok=True)
    return manifest


class BackupFile:
    """A backup that was checked whole: nothing of it is used that could be damaged."""

    def __init__(self, path: Path, keyring: Keyring) -> None:
        """Raises `BadBackup` with the reason."""
        self._path = path
        try:
            self._archive = zipfile.ZipFile(path)
            signed = json.loads(self._archive.read(MANIFEST))
            self.manifest = self._checked(signed, keyring)
            for name, part in self.manifest.parts.items():
                self._check_part(name, part)
        except FileNotFoundError:
            raise BadBackup(f"{path}: there is no such file") from None
        except OSError as error:
            raise BadBackup(f"{path} cannot be read: {error.strerror}") from None
        except (zipfile.BadZipFile, KeyError, ValueError, TypeError, EOFError, _ZLIB_ERROR):
            raise BadBackup(f"{path} is damaged, or no backup of ours: take another") from None

    def lines(self, part: str) -> Iterator[Json]:
        """The lines of a part."""
        with self._archive.open(part) as file:
            for line in file:
                yield json.loads(line)

    def count(self, part: str) -> int:
        """How many there are."""
        return int(self.manifest.parts[part]["lines"])

    def close(self) -> None:
        """Give up the file."""
        self._archive.close()

    def _checked(self, signed: Json, keyring: Keyring) -> Manifest:
        text = signed["manifest"]
        told = json.loads(text)
        if told["format"] > FORMAT:
            raise BadBackup(f"{self._path} was made by a newer version: update this one first")
        manifest = Manifest(**told)
        held = fingerprints(keyring)
        missing = [key for key, mark in manifest.keys.items() if held.get(key) != mark]
        if missing:
            reason = f"it was made under keys that are not held here: {', '.join(missing)}"
            raise BadBackup(f"{self._path}: {reason}. Put them into RINGBACK_KEYS (docs/keys.md)")
        if signed["mac"] != _mac(keyring, text, signed["key"]):
            raise BadBackup(f"{self._path}: its manifest was altered: take another backup")
        return manifest

    def _check_part(self, name: str, part: Mapping[str, Any]) -> None:
        found = hashlib.sha256()
        with self._archive.open(name) as file:
            while block := file.read(_BLOCK):
                found.update(block)
        if found.hexdigest() != part["sha256"]:
            raise BadBackup(f"{self._path}: {name} is damaged: take another backup")


def fingerprints(keyring: Keyring) -> dict[str, str]:
    """By which to know a key again, and which say nothing about it."""
    return {key: keyring.mac("backup", "fingerprint", key_id=key)[:16] for key in keyring.live}


def _write(archive: zipfile.ZipFile, name: str, entries: Iterator[Json]) -> Json:
    hashed, lines = hashlib.sha256(), 0
    with archive.open(name, "w", force_zip64=True) as part:
        for entry in entries:
            line = json.dumps(entry, separators=(",", ":")).encode() + b"\n"
            hashed.update(line)
            part.write(line)
            lines += 1
    return {"sha256": hashed.hexdigest(), "lines": lines}


def _mac(keyring: Keyring, text: str, key: str | None = None) -> str:
    try:
        return keyring.mac("backup", text, key_id=key or keyring.newest)
    except BadSeal:
        return ""
