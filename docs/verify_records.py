"""Verify an export of Ringback's records, without Ringback.

    python verify_records.py EXPORT --key PUBLIC.pem [--heads HEADS]

Needs Python 3.11, the package `cryptography` and this one file, which imports nothing else. What is
hashed and how, and what it does and does not prove, stands in docs/records.md. It says the first
thing that is wrong at each desk. Ends with 0: sound; 1: something is wrong; 2: it cannot be read.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

FORMAT = "ringback/records/1"
END_OF_KEY = b"-----END PUBLIC KEY-----"
NO_HEAD = "0" * 64  # stands before the first block
Object = dict[str, Any]


class Unreadable(Exception):
    """A file that is not what it should be: nothing is proven by it."""


class Breach(NamedTuple):
    """The first thing that is wrong at a desk. `line` is the first line that may be touched,
    `last` the last one that may be it instead."""

    fault: str
    desk: str
    block: int
    line: int
    last: int

    def __str__(self) -> str:
        lines = f"line {self.line}" if self.line == self.last else f"lines {self.line}-{self.last}"
        return f"{self.desk}: {self.fault.upper()}: {lines} (block {self.block})"


# What is hashed


def digest(*parts: str) -> str:
    """SHA-256 over texts, each after its length: four bytes, the most significant first."""
    encoded = [part.encode("utf-8", "surrogatepass") for part in parts]
    return hashlib.sha256(b"".join(len(e).to_bytes(4, "big") + e for e in encoded)).hexdigest()


def leaf_of(line: Object, number: int) -> str:
    """The hash of a line, as if it had this number. "" if it contradicts itself."""
    fields, salts, hashes = line["fields"], line["salts"], dict(line["erased"])
    if salts.keys() == {"*"}:  # the salt of the whole line: those of its fields derive from it
        if hashes:
            return ""
        salts = {name: digest("ringback/salt/1", salts["*"], name) for name in fields}
    if salts.keys() != fields.keys() or fields.keys() & hashes.keys():
        return ""
    for name, value in fields.items():
        hashes[name] = digest("ringback/field/1", name, salts[name], value)
    named = [text for name in sorted(hashes) for text in (name, hashes[name])]
    return digest("ringback/line/1", line["desk"], str(number), line["id"], *named)


def head_of(block: Object) -> str:
    """The hash of a block, and through `previous` of all blocks before it."""
    numbers = [str(block[name]) for name in ("number", "first", "last")]
    parts = (block["desk"], *numbers, block["at"], block["previous"], block["root"])
    return digest("ringback/head/1", *parts)


def is_signed(block: Object, keys: dict[str, Ed25519PublicKey]) -> bool:
    """Whether one of these keys signed this head."""
    try:
        signed = b"ringback/signed/1 " + block["head"].encode()
        keys[block["key_id"]].verify(bytes.fromhex(block["signature"]), signed)
    except (KeyError, ValueError, InvalidSignature):
        return False
    return True


# One desk, block by block


class Desk:
    """A chain that is being verified. Holds no more than the lines of one block."""

    def __init__(self, name: str, keys: dict[str, Ed25519PublicKey], heads: list[Object]) -> None:
        self.name, self.keys, self.heads = name, keys, heads
        self.number, self.last, self.head = 0, 0, NO_HEAD  # of the block before
        self.block: Object | None = None  # the one whose lines are coming in
        self.lines: list[Object] = []
        self.breach: Breach | None = None

    def take_block(self, block: Object) -> None:
        """The next block: those of its lines follow."""
        self._end_block(more_to_come=True)
        if self.breach is None:
            self._check_block(block)
            self.block, self.lines = block, []

    def take_line(self, line: Object) -> None:
        """The next line of the block."""
        room = 1 + (len(self.block["leaves"]) if self.block else 0)
        if self.breach is None and len(self.lines) < room:
            self.lines.append(line)

    def end(self) -> Breach | None:
        """There is no more of this desk: the verdict."""
        self._end_block(more_to_come=False)
        lost = [head["last"] for head in self.heads if head["number"] > self.number]
        if self.breach is None and lost:
            self._say("cut off", self.number + 1, self.last + 1, max(lost))
        if self.breach is None and self.lines:
            self._say("inserted", self.number + 1, self.last + 1)
        return self.breach

    def _say(self, fault: str, block: int, line: int, last: int | None = None) -> None:
        self.breach = self.breach or Breach(fault, self.name, block, line, last or line)

    def _check_block(self, block: Object) -> None:
        """A block is trusted by its signature, and by what was published of it."""
        number, first, leaves = self.number + 1, self.last + 1, block["leaves"]
        last = max(first, first + len(leaves) - 1)
        names = ("desk", "number", "first", "last", "previous", "root", "head")
        root, head = digest("ringback/root/1", *leaves), head_of(block)
        right = [self.name, number, first, last, self.head, root, head]
        published = {each["head"] for each in self.heads if each["number"] == number}
        if block["number"] > number:
            self._say("block removed", number, first, max(first, block["first"] - 1))
        elif not leaves or [block[name] for name in names] != right:
            self._say("block changed", number, first, last)
        elif not is_signed(block, self.keys):
            self._say("foreign key", number, first, last)
        elif published - {head}:
            self._say("not as published", number, first, last)

    def _end_block(self, *, more_to_come: bool) -> None:
        """All lines of the block are here: each must have the hash that the block has of it."""
        if self.breach is None and self.block is not None:
            block, leaves = self.block, self.block["leaves"]
            for place, leaf in enumerate(leaves):
                number, rest = block["first"] + place, self.lines[place:]
                if not rest or rest[0]["number"] != number or leaf_of(rest[0], number) != leaf:
                    self._say(what_was_done(block, place, rest), block["number"], number)
                    return
            self.lines = self.lines[len(leaves) :]
            self.number, self.last, self.head = block["number"], block["last"], block["head"]
        self.block = None
        if more_to_come and self.lines:
            self._say("inserted", self.number + 1, self.last + 1)


def what_was_done(block: Object, place: int, rest: list[Object]) -> str:
    """What puts `rest` where the block's lines from this place on should be.

    Lines may have been numbered anew to hide it, so we look which number one once had.
    """
    rest = [line for line in rest if line["number"] <= block["last"]]  # others are in no block
    if not rest:
        return "removed"
    number, leaves = block["first"] + place, block["leaves"]
    numbers = range(block["first"], block["first"] + len(leaves))
    was = [n for n, leaf in zip(numbers, leaves, strict=True) if leaf_of(rest[0], n) == leaf]
    comes_later = any(leaf_of(line, number) == leaves[place] for line in rest[1:])
    if not was:
        return "inserted" if comes_later else "changed"
    if was[0] == number:
        return "changed"  # its number alone
    if was[0] < number:
        return "inserted"  # a second time
    return "reordered" if comes_later else "removed"


# Files


def verify(
    export: Iterable[str], keys: dict[str, Ed25519PublicKey], heads: list[Object]
) -> list[Breach]:
    """The first breach of each desk. Raises `Unreadable`."""
    objects = read(export)
    if next(objects, {}).get("format") != FORMAT:
        raise Unreadable(f"its first line does not say {FORMAT}")
    desks: dict[str, Desk] = {}
    desk = None
    for one in objects:
        if one["type"] == "desk" and one["desk"] not in desks:
            published = [head for head in heads if head["desk"] == one["desk"]]
            desk = desks[one["desk"]] = Desk(one["desk"], keys, published)
        elif one["type"] == "block" and desk:
            desk.take_block(one)
        elif one["type"] == "line" and desk:
            desk.take_line(one)
        elif one["type"] == "end" and next(objects, None) is None:
            gone = sorted({head["desk"] for head in heads} - desks.keys())
            lost = [Desk(name, keys, [h for h in heads if h["desk"] == name]) for name in gone]
            return [breach for each in [*desks.values(), *lost] if (breach := each.end())]
        else:
            raise Unreadable(f"a {one['type']} is where none should be")
    raise Unreadable("it breaks off: its last line is missing")


MUST_BE: dict[str, dict[str, type]] = {
    "export": {"format": str},
    "desk": {"desk": str},
    "line": {"desk": str, "number": int, "id": str, "fields": dict, "salts": dict, "erased": dict},
    "head": {
        **dict.fromkeys(("desk", "at", "previous", "root", "head", "signature", "key_id"), str),
        **dict.fromkeys(("number", "first", "last"), int),
    },
    "end": {},
}
MUST_BE["block"] = MUST_BE["head"] | {"leaves": list}


def read(file: Iterable[str]) -> Iterator[Object]:
    """The objects of a file, one a line, each with what its type must have."""
    for number, text in enumerate(file, start=1):
        try:
            one = json.loads(text, object_pairs_hook=unambiguous)
            right = all(type(one[name]) is kind for name, kind in MUST_BE[one["type"]].items())
        except (ValueError, KeyError, TypeError, RecursionError):
            right = False
        inner = [v for value in one.values() for v in _values(value)] if right else []
        if not right or not all(type(value) is str for value in inner):
            raise Unreadable(f"line {number} of the file is not what it should be")
        yield one


def unambiguous(pairs: list[tuple[str, Any]]) -> Object:
    """An object in which no name comes twice: readers would disagree about its value."""
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a name comes twice")
    return dict(pairs)


def _values(value: Any) -> Iterable[Any]:
    return value.values() if type(value) is dict else value if type(value) is list else ()


def read_heads(file: Iterable[str], keys: dict[str, Ed25519PublicKey]) -> list[Object]:
    """The heads that were published; every one must be signed itself."""
    heads = list(read(file))
    for number, head in enumerate(heads, start=1):
        if head["type"] != "head" or head["head"] != head_of(head) or not is_signed(head, keys):
            raise Unreadable(f"line {number} of the heads is not signed by a key that you gave")
    return heads


def read_keys(pem: bytes) -> dict[str, Ed25519PublicKey]:
    """One or several public keys in PEM, by their ids."""
    keys = {}
    for part in pem.split(END_OF_KEY)[:-1]:
        try:
            key = load_pem_public_key((part + END_OF_KEY).strip())
        except ValueError:
            key = None
        if not isinstance(key, Ed25519PublicKey):
            raise Unreadable("the key is no Ed25519 public key in PEM")
        raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
        keys[hashlib.sha256(raw).hexdigest()[:16]] = key
    if not keys:
        raise Unreadable("there is no public key in the file of the key")
    return keys


def main(arguments: list[str] | None = None) -> int:
    """Verify what the command line names, and say what was found."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("export", type=Path)
    parser.add_argument("--key", type=Path, required=True, help="public keys, PEM")
    parser.add_argument("--heads", type=Path, help="what was published, JSON lines")
    asked = parser.parse_args(arguments)
    try:
        keys = read_keys(asked.key.read_bytes())
        heads = read_heads(asked.heads.open(encoding="utf-8"), keys) if asked.heads else []
        with asked.export.open(encoding="utf-8") as export:
            breaches = verify(export, keys, heads)
    except (Unreadable, OSError, UnicodeDecodeError) as problem:
        print(f"cannot be read: {problem}", file=sys.stderr)
        return 2
    for breach in breaches:
        print(breach)
    if not breaches:
        print("sound" if heads else "sound; without published heads nobody sees a tail cut off")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
