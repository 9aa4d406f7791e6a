"""The file of erasures: one line each, beside the stores, so that it outlives what is restored.

A line bears keyed hashes and handles, never a number, and a MAC by the department's key: whoever
can write to the file has nobody erased. It only grows, and is for its owner's eyes (0600).
"""

import json
import os
from dataclasses import asdict, replace
from pathlib import Path

from bot.errors import BadSeal, RingbackError
from bot.keys import Keyring
from bot.records.erasures import Erasure


class BadErasures(RingbackError):
    """A file of erasures that cannot be written or read: why, and what to do."""


def append(path: Path, keyring: Keyring, erasure: Erasure) -> None:
    """Add it, and have it on the disk. Raises `BadErasures`."""
    text = json.dumps(asdict(replace(erasure, since=0.0)), sort_keys=True)
    line = json.dumps({"erasure": text, "key": keyring.newest, "mac": keyring.mac("erasure", text)})
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "rb+") as file:
            _cut_off_what_was_never_finished(file.fileno())
            file.write(f"{line}\n".encode())
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        step = "see `erasures_file` in [retention] of policy.toml"
        raise BadErasures(f"{path} cannot be written: {error.strerror}; {step}") from None


def read(path: Path, keyring: Keyring) -> list[Erasure]:
    """All of them, the oldest first; none where there is no file. Raises `BadErasures`."""
    try:
        lines = path.read_bytes().split(b"\n")[:-1]  # what has no end was never carried out
    except FileNotFoundError:
        return []
    except OSError as error:
        raise BadErasures(f"{path} cannot be read: {error.strerror}") from None
    return [_read(path, place, line, keyring) for place, line in enumerate(lines, 1)]


def _read(path: Path, place: int, line: bytes, keyring: Keyring) -> Erasure:
    where = f"{path}, line {place}"
    try:
        told = json.loads(line)
        text = told["erasure"]
        if keyring.mac("erasure", text, key_id=told["key"]) != told["mac"]:
            raise BadErasures(f"{where} was altered: take a copy of the file that was not")
        fields = json.loads(text)
        lists = {name: tuple(fields[name]) for name in ("handles", "hashes")}
        return Erasure(**{**fields, **lists})
    except BadSeal:
        reason = "was written under a key that is not held; put it into RINGBACK_KEYS"
        raise BadErasures(f"{where} {reason} (docs/keys.md)") from None
    except (ValueError, KeyError, TypeError):
        raise BadErasures(f"{where} is no erasure: take a copy of the file that is whole") from None


def _cut_off_what_was_never_finished(descriptor: int) -> None:
    """A writer that died half-way erased nothing: its line has no end."""
    size = os.fstat(descriptor).st_size
    if not size or os.pread(descriptor, 1, size - 1) == b"\n":
        return
    before = os.pread(descriptor, size, 0)
    os.ftruncate(descriptor, before.rfind(b"\n") + 1)
