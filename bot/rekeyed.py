"""A record of Redis as it is under other keys: sealed values sealed anew, names made anew.

Pure: a record in, a record out. What is sealed stands in fields whose names end with `_sealed`,
and in a call's `ledger`; `bound` knows what each is bound to.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot import best_number, budget, number_history, officers
from bot.callback_book import KEEP_CALLBACK
from bot.engine import KEEP_CONVERSATION
from bot.errors import BadSeal
from bot.halts import LEFT_ALONE_SECONDS, LONGEST_ON_THE_LINE
from bot.keys import Keyring, key_of
from bot.opening import NUMBER, TEXT

Json = dict[str, Any]

_BOUND = {"number_sealed": NUMBER, "text_sealed": TEXT}
LEDGER = "ledger"
NAME = "number_hash"
# kinds with a hash as their end
NAMED = ("open:", "left_alone:", "on_the_line:", "budget:number:", "budget:case:")
LINE = "line:"  # the outbox, as if its lines were records

# How long a record is kept that was written anew, by its kind.
KEPT: Mapping[str, float] = {
    "call": KEEP_CONVERSATION,
    "callback": KEEP_CALLBACK,
    "open": KEEP_CALLBACK,
    "left_alone": LEFT_ALONE_SECONDS,
    "on_the_line": LONGEST_ON_THE_LINE,
    "budget": KEEP_CALLBACK,  # its tries carry their times: the window is a rule of config/
}


@dataclass(slots=True)
class Rekeyed:
    """Puts records under the newest key and, where there are `names`, old hashes into new ones.

    `unreadable` collects what does not open: key and field. It is left as it is.
    """

    keyring: Keyring
    names: Mapping[str, str] = field(default_factory=dict)
    unreadable: list[tuple[str, str]] = field(default_factory=list)

    def document(self, key: str, data: Json) -> Json:
        """The data of this record, or of `line:` and a line's id."""

        def put(name: str, text: str) -> str:
            return self._value(key, name, text)

        changed: Json = with_texts(data, put)
        return changed

    def key(self, key: str) -> str:
        """The key of this record: the hash at its end made anew."""
        kind, _, name = key.rpartition(":")
        return f"{kind}:{self.names.get(name, name)}" if is_named(key) else key

    def _value(self, key: str, name: str, text: str) -> str:
        if name == NAME:
            return self.names.get(text, text)
        if not is_sealed(name):
            return text
        bound_to = bound(key, name)
        try:
            opened = self.keyring.open(text, bound_to=bound_to)
        except BadSeal:
            if (key, name) not in self.unreadable:  # a conflict has it looked at again
                self.unreadable.append((key, name))
            return text
        inside = self._ledger(opened) if name == LEDGER else opened
        if inside == opened and key_of(text) == self.keyring.newest:
            return text
        return self.keyring.seal(inside, bound_to=bound_to)

    def _ledger(self, text: str) -> str:
        """A ledger names the budgets in which its try is reserved."""
        ledger = json.loads(text)
        renamed = [self.key(each) for each in ledger["budgets"]]
        return text if renamed == ledger["budgets"] else json.dumps(ledger | {"budgets": renamed})


def with_texts(value: Any, put: Callable[[str, str], str]) -> Any:
    """The same with every text in a field replaced by what `put` makes of field and text."""
    if isinstance(value, dict):
        return {
            name: put(name, part) if isinstance(part, str) else with_texts(part, put)
            for name, part in value.items()
        }
    if isinstance(value, list):
        return [with_texts(part, put) for part in value]
    return value


def is_sealed(name: str) -> bool:
    """Whether a field holds a sealed value: its name tells."""
    return name == LEDGER or name.endswith("_sealed")


def bound(key: str, name: str) -> str:
    """What a sealed field of this record is bound to.

    An empty text, to which nothing is bound, for a field that nobody taught us: it does not open,
    and is told.
    """
    if name == LEDGER:
        return f"ledger:{key.removeprefix('call:')}"
    if name == officers.TOKEN:
        return officers.bound_to(key.removeprefix("call:"))
    if name == best_number.TOKEN:
        call = key.removeprefix("call:").removeprefix(f"{LINE}best_number:")
        return best_number.bound_to(call)
    return _BOUND.get(name, "")


def is_named(key: str) -> bool:
    """Whether this record's key ends with a hash of a number, or of what was claimed.

    Withheld callers have a budget under the id of their call.
    """
    name = key.rpartition(":")[2]
    return key.startswith(NAMED) and not key.startswith("open:case:") and _is_hash(name)


def merged(key: str, mine: Json, there: Json | None) -> Json:
    """A record that moves to where one may be already."""
    return budget.merged(mine, there) if key.startswith("budget:") else there or mine


def kept_seconds(key: str, data: Json, now: float) -> float:
    """How long it is to be kept. A wish to be left alone gets no longer by a rotation."""
    kind = key.partition(":")[0]
    passed = now - float(data["since"]) if kind == "left_alone" else 0.0
    return max(KEPT[kind] - passed, 1.0)


def is_recent(history: Json | None, now: float) -> bool:
    """Whether a number's history still counts for the dial rules."""
    past = [entry.at for entry in number_history.past(history)]
    reserved = ((history or {}).get("reserved") or {}).get("until", 0.0)
    return max([*past, reserved], default=0.0) > now - KEEP_CALLBACK


def _is_hash(text: str) -> bool:
    return len(text) == 32 and all(digit in "0123456789abcdef" for digit in text)
