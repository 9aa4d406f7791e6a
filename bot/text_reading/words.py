"""A text cut into words, each with its place, as they are compared with those of `config/`."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.text_reading.reading import Span

LONGEST = 1600  # characters; the carrier passes on no more, and no more is read

# No part of it can match in two ways, so that its time grows with the length and no faster.
_PIECE = re.compile(
    r"""
    (?P<number> [£$€]? \d+ (?: [.:,] \d+ )* [^\W\d_]* )
  | (?P<word>   [^\W_]+ (?: ['’‘`´] [^\W_]+ )* )
  | (?P<stop>   [.!?;\n\r…]+ )
  | (?P<comma>  [,():]+ )
  | (?P<dash>   [-–—] )
  | (?P<sign>   [@&+] )
    """,
    re.VERBOSE,
)
_SIGNS = {"@": "at", "&": "and", "+": "and"}
_LETTERS_AFTER = re.compile(r"([^a-z]*)([a-z]*)")
_DRAWN_OUT = re.compile(r"([a-z])\1{2,}")
STOP, COMMA, DASH = ".", ",", "-"


@dataclass(frozen=True, slots=True)
class Word:
    """One word, as it is compared, or one of the marks `STOP`, `COMMA`, `DASH`."""

    text: str
    span: Span


def words_of(text: str, spellings: Mapping[str, str]) -> list[Word]:
    """The words and marks of a text. `spellings` says what is meant by what people write."""
    return list(_words(text[:LONGEST], spellings))


def _words(text: str, spellings: Mapping[str, str]) -> Iterator[Word]:
    for found in _PIECE.finditer(text):
        kind = found.lastgroup
        if kind == "stop":
            yield Word(STOP, found.span())
        elif kind == "comma":
            yield Word(COMMA, found.span())
        elif kind == "dash":
            yield Word(DASH, found.span())
        elif kind == "sign":
            yield Word(_SIGNS[found.group()], found.span())
        else:
            yield from _spelt(found.group(), found.span(), spellings)


def _spelt(written: str, span: Span, spellings: Mapping[str, str]) -> Iterator[Word]:
    """One or more words for what stands between two gaps: `5pm` is two, `2moro` is tomorrow."""
    word = folded(written)
    meant = spellings.get(word) or spellings.get(word.replace("'", ""))
    if meant is None and word[:1].isalpha():
        short = _DRAWN_OUT.sub(r"\1", word)
        meant = spellings.get(short, short.replace("'", ""))
    if meant is not None:
        yield from (Word(each, span) for each in meant.split())
        return
    word = word.replace("'", "")
    split = _LETTERS_AFTER.fullmatch(word)
    parts = split.groups() if split else (word,)
    for part in filter(None, parts):
        yield Word(spellings.get(part, part), span)


def folded(written: str) -> str:
    """Small letters without accents; every apostrophe is the same."""
    plain = unicodedata.normalize("NFKD", written).casefold()
    bare = "".join(each for each in plain if not unicodedata.combining(each))
    return re.sub(r"[’‘`´]", "'", bare)
