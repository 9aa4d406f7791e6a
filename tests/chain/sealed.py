"""A small archive as it would be kept: lines with salts, blocks signed; and ways to tamper."""

import hashlib
from dataclasses import astuple, dataclass, replace

import verify_records

from bot.chain import Block, Line, seal
from bot.chain_check import Breach, verify
from bot.chain_text import export_of, published_text

AT = 1_798_020_000.0


def salt(*of: object) -> bytes:
    return hashlib.sha256(repr(of).encode()).digest()[:16]


def line(number: int, desk: str = "main") -> Line:
    fields = {
        "at": f"{AT + number:.3f}",
        "kind": "step",
        "conversation": f"{desk}/CA{number:032d}",
        "after": ("checking", "ended", "ringing")[number % 3],
        "case": "12345678-4",
    }
    return Line.salted(desk, number, f"{number}-0", fields, salt(desk, number))


def theirs(export, keys, published=None):
    """What the separate verifier says of an export: the breaches."""
    known = verify_records.read_keys(keys.pem.encode())
    heads = [published_text(head) for head in (published or {}).values()]
    return verify_records.verify(export, known, verify_records.read_heads(heads, known))


@dataclass
class Archive:
    """What is kept of one desk."""

    desk: str
    blocks: list[Block]
    lines: list[Line]

    @classmethod
    def of(cls, sizes, signer, desk="main", signers=None):
        """Blocks of so many lines."""
        blocks, lines = [], []
        for place, size in enumerate(sizes):
            more = [line(len(lines) + 1 + more, desk) for more in range(size)]
            after = blocks[-1] if blocks else None
            by = (signers or {}).get(place, signer)
            blocks.append(by.signed(seal(more, desk=desk, after=after, at=AT + len(lines) + size)))
            lines += more
        return cls(desk, blocks, lines)

    def lines_of(self, block):
        if block is None:
            last = self.blocks[-1].last if self.blocks else 0
            return [each for each in self.lines if each.number > last]
        before = max((b.last for b in self.blocks if b.number < block.number), default=-99)
        return [each for each in self.lines if before < each.number <= block.last]

    def heads(self, *numbers):
        """What was published of these blocks; of none named: of all."""
        wanted = [b for b in self.blocks if not numbers or b.number in numbers]
        return {b.number: replace(b, leaves=()) for b in wanted}

    def exported(self):
        """As an export."""
        return [*export_of([self.desk], lambda _: self.blocks, lambda _: self.lines_of)]

    def verdict(self, keys, published=None):
        """What our own verification says last: a breach, or None. The other one says the same."""
        found = [*verify(self.desk, self.blocks, self.lines_of, keys.signed, published or {})]
        breach = found[-1] if found and isinstance(found[-1], Breach) else None
        assert theirs(self.exported(), keys, published) == ([astuple(breach)] if breach else [])
        return breach

    def renumbered(self):
        """The same rows, numbered from 1 again."""
        self.lines = [replace(each, number=place) for place, each in enumerate(self.lines, start=1)]
        return self
