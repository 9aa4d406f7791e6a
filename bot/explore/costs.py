"""What a step costs, counted: trips to the store, queries of the records, work of the keys.

Whoever holds a stop-watch, and whoever sees the wire between the machines, may count along: so
the rule that nobody learns how they stand asks of these counts too (bot/explore/graph.py).
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

from bot.cases import CaseDirectory
from bot.keys import Keyring
from bot.store import Change, Store

T = TypeVar("T")
Cost = tuple[str, ...]
QUERY = "query "
OPENS = "open "
COMMIT = "commit "
ADDED = ", adding "  # what stands behind it are lines of the log, and lines owed
_BLOCK, _PADDING, _LENGTH = 64, 9, 4  # SHA-256: bytes of a block, the least that closes the last


class Costs:
    """Counts what one step pays for, in the order in which it does."""

    def __init__(self) -> None:
        self._paid: list[str] = []
        self._known: dict[Cost, Cost] = {}

    def begin(self) -> None:
        """A step begins: nothing is paid yet."""
        self._paid = []

    def paid(self) -> Cost:
        """What was paid for since then; equal costs are the same object."""
        cost = tuple(self._paid)
        return self._known.setdefault(cost, cost)

    def store(self, store: Store) -> Store:
        """This store, its trips counted with their size in records and lines."""
        tell: dict[str, Callable[..., str]] = {"read": _read, "commit": _commit}
        return self._counted(store, tell)

    def directory(self, directory: CaseDirectory) -> CaseDirectory:
        """This directory, its queries counted by name."""
        names = [name for name in vars(CaseDirectory) if not name.startswith("_")]
        return self._counted(directory, {name: _named(QUERY + name) for name in names})

    def keyring(self, keyring: Keyring) -> Keyring:
        """This keyring, its hashes counted in blocks and its seals in bytes."""
        tell: dict[str, Callable[..., str]]
        tell = {"seal": _seal, "open": _open, "mac": _mac, "number_hash": _named("hash a number")}
        return self._counted(keyring, tell)

    def _counted(self, inner: T, tell: Mapping[str, Callable[..., str]]) -> T:
        return cast(T, _Counted(inner, tell, self._pay))

    def _pay(self, what: str) -> None:
        self._paid.append(what)


class _Counted:
    """Stands in front of something: passes everything on, and tells of some of its methods."""

    def __init__(
        self, inner: object, tell: Mapping[str, Callable[..., str]], pay: Callable[[str], None]
    ) -> None:
        self._inner = inner
        for name, words in tell.items():
            setattr(self, name, _paid_for(getattr(inner, name), words, pay))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


def _paid_for(
    method: Callable[..., Any], words: Callable[..., str], pay: Callable[[str], None]
) -> Callable[..., Any]:
    def paid_for(*given: Any, **named: Any) -> Any:
        pay(words(*given, **named))
        return method(*given, **named)

    return paid_for


def _named(words: str) -> Callable[..., str]:
    return lambda *given, **named: words


def _read(partition: str, keys: tuple[str, ...]) -> str:
    return f"read {len(keys)}"


def _commit(partition: str, change: Change) -> str:
    """Records compared and written, queue lines dropped, index entries; then what is added."""
    return (
        f"{COMMIT}{len(change.reads)} read {len(change.writes)} written {len(change.drop)} dropped"
        f" {len(change.index)} indexed{ADDED}{len(change.log)} logged {len(change.lines)} owed"
    )


def _seal(text: str, *, bound_to: str) -> str:
    return f"seal {len(text.encode())} bytes"


def _open(sealed: str, *, bound_to: str) -> str:
    return f"{OPENS}{len(sealed)} characters"


def _mac(*parts: str, key_id: str | None = None) -> str:
    """By what the hash works on: whole blocks of 64 bytes, the padding among them."""
    framed = sum(_LENGTH + len(part.encode()) for part in parts)
    return f"HMAC over {-(-(framed + _PADDING) // _BLOCK)} blocks"
