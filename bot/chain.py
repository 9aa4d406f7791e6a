"""The chain over the archived flow log: how lines, blocks and heads are hashed (docs/records.md).

Pure: where they are kept, who signs and what is published stands elsewhere. All hashes are SHA-256
in small hex digits, over texts that are framed by their lengths and led by what they are, so that
no two things hash alike.

A field is hashed with a salt of its own. Whoever erases a field drops value and salt and keeps the
hash: the chain still holds, and a short value cannot be guessed from it.

The root of a block is a plain hash over the hashes of its lines, which the block keeps. They give
away nothing, and let a changed line be named; a Merkle tree would prove one line with fewer of
them, and takes more reading.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

WHOLE = "*"  # among salts: the one of the line, from which those of its fields derive
NO_HEAD = "0" * 64  # what stands before the first block
SALT_BYTES = 16


def digest(*parts: str) -> str:
    """The hash of these texts, each framed by its length in bytes (four of them, big-endian)."""
    hashed = hashlib.sha256()
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        hashed.update(len(encoded).to_bytes(4, "big") + encoded)
    return hashed.hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An archived line: `number` counts from 1 at its desk, `id` is where it stood in Redis.

    `fields` are those of `FlowLogLine.to_fields` but for the desk, none of them empty. `salts` is
    the line's own (`WHOLE`) or, once a field was erased, one for each field that is left; `erased`
    has the hash of each that is not.
    """

    desk: str
    number: int
    id: str
    fields: Mapping[str, str]
    salts: Mapping[str, str]
    erased: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def salted(
        cls, desk: str, number: int, id: str, fields: Mapping[str, str], salt: bytes
    ) -> "Line":
        """A line to be archived, with 16 random bytes that were never used before."""
        kept = {name: value for name, value in fields.items() if name != "desk" and value != ""}
        return cls(desk=desk, number=number, id=id, fields=kept, salts={WHOLE: salt.hex()})

    def leaf(self, number: int | None = None) -> str:
        """The hash of the line, as that of another number if one is given.

        "" for a line whose fields, salts and erased ones do not fit each other: the hash of
        nothing, so that no value passes under the hash of one that was erased.
        """
        if not self._fits():
            return ""
        hashes = {name: self._field_hash(name) for name in self.fields} | dict(self.erased)
        named = (text for pair in sorted(hashes.items()) for text in pair)
        number = self.number if number is None else number
        return digest("ringback/line/1", self.desk, str(number), self.id, *named)

    def without(self, *names: str) -> "Line":
        """The same line with these fields erased. What was erased or never there stays so.

        Raises `ValueError` for a line that was tampered with: it is to be looked at first.
        """
        if not self._fits():
            raise ValueError(f"line {self.number} of {self.desk} contradicts itself")
        gone = {name: self._field_hash(name) for name in names if name in self.fields}
        if not gone:
            return self
        left = {name: value for name, value in self.fields.items() if name not in gone}
        salts = {name: self._salt(name) for name in left}
        return replace(self, fields=left, salts=salts, erased={**self.erased, **gone})

    def _fits(self) -> bool:
        if self.salts.keys() == {WHOLE}:
            return not self.erased
        return self.salts.keys() == self.fields.keys() and not self.fields.keys() & self.erased

    def _salt(self, name: str) -> str:
        salt = self.salts.get(name)
        return digest("ringback/salt/1", self.salts[WHOLE], name) if salt is None else salt

    def _field_hash(self, name: str) -> str:
        return digest("ringback/field/1", name, self._salt(name), self.fields[name])


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A run of lines, sealed together: those with the numbers from `first` to `last`.

    `number` counts from 1 at its desk; `at` is when it was sealed; `previous` is the head of the
    block before; `leaves` are the hashes of its lines. `signature` is over `signed_text`.
    """

    desk: str
    number: int
    first: int
    last: int
    at: float
    previous: str
    leaves: tuple[str, ...]
    root: str
    head: str
    signature: str = ""
    key_id: str = ""

    @property
    def signed_text(self) -> bytes:
        """What is signed with the records' key."""
        return text_to_sign(self.head)


def seal(lines: Sequence[Line], *, desk: str, after: Block | None, at: float) -> Block:
    """The block of these lines, after this one (None: the first of its desk); unsigned yet.

    Raises `ValueError` for lines that are not those that follow.
    """
    first = 1 if after is None else after.last + 1
    there = [(line.desk, line.number) for line in lines]
    if not lines or there != [(desk, first + place) for place in range(len(lines))]:
        raise ValueError(f"{len(lines)} lines do not follow line {first - 1} of {desk}")
    leaves = tuple(line.leaf() for line in lines)
    if "" in leaves:
        raise ValueError(f"a line after {first - 1} of {desk} has salts that do not fit it")
    block = Block(
        desk=desk,
        number=1 if after is None else after.number + 1,
        first=first,
        last=first + len(lines) - 1,
        at=at,
        previous=NO_HEAD if after is None else after.head,
        leaves=leaves,
        root=root_of(leaves),
        head="",
    )
    return replace(block, head=head_of(block))


def root_of(leaves: Sequence[str]) -> str:
    """The hash over the hashes of a block's lines."""
    return digest("ringback/root/1", *leaves)


def head_of(block: Block) -> str:
    """The hash over a block with this root, and so over all before it."""
    numbers = (str(block.number), str(block.first), str(block.last), moment(block.at))
    return digest("ringback/head/1", block.desk, *numbers, block.previous, block.root)


def text_to_sign(head: str) -> bytes:
    """What is signed of a head."""
    return f"ringback/signed/1 {head}".encode()


def moment(at: float) -> str:
    """An instant as it is hashed and written: seconds since 1970, UTC, to the millisecond."""
    return f"{at:.3f}"
