"""What is left of the records of Redis when the person they are about is erased, or why they stay.

A record is never removed: a text or a notice that the carrier tells twice must be known again, and
nobody be rung for it once more. It loses who it was about.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.callbacks import CallbackState, callback_of
from bot.errors import Conflict
from bot.keys import Keyring
from bot.opening import NUMBER, TEXT
from bot.person import documents, is_about
from bot.records.holds import Hold
from bot.records.person import Whose
from bot.records.person_erasing import Found
from bot.rekeyed import kept_seconds
from bot.store import Json, Store
from bot.unit_of_work import UnitOfWork

WHO = ("number", "number_hash", "number_sealed", "case", "best_number_sealed")
_WHO_A_CALLBACK_IS_FOR = ("number_hash", "number_mask")
# What stays, by the kind of its key, and by which rule.
_KEPT = {
    "left_alone": "left_alone",
    "budget": "failed_checks",
    "on_the_line": "under_way",
    "open": "open_callback",
}


@dataclass(frozen=True, slots=True)
class RedisErasing:
    """Erases in Redis. What is held for a case of theirs, or for the desk, stays as it is."""

    store: Store
    keyring: Keyring
    desks: Iterable[str]
    holds: Sequence[Hold]

    def look(self, whose: Whose) -> Found:
        """What would go, and what would stay."""
        return self._found(whose, None, None)

    def erase(self, whose: Whose, now: float, *, before: float | None) -> Found:
        """Let it go. `before`: only callbacks that were opened before, and their conversations."""
        return self._found(whose, now, before)

    def _found(self, whose: Whose, now: float | None, before: float | None) -> Found:
        goes, kept = Counter[str](), Counter[str]()
        for desk in self.desks:
            held = any(hold.case in whose.handles or hold.desk == desk for hold in self.holds)
            for key, data in self._theirs(desk, whose, before):
                left: Json | str | None = "legal_hold" if held else self._left(key, data)
                if isinstance(left, str):
                    kept[left] += not key.startswith("open:")  # a pointer to what is counted
                elif left is not None:
                    goes["conversations" if key.startswith("call:") else "callbacks"] += 1
                    if now is not None:
                        self._put(desk, key, now)
        return Found(goes, kept)

    def _theirs(self, desk: str, whose: Whose, before: float | None) -> Iterator[tuple[str, Json]]:
        found = [each for each in documents(self.store, desk) if is_about(*each, whose)]
        old = {
            key.partition(":")[2]
            for key, data in found
            if key.startswith("callback:") and (before is None or data["opened_at"] < before)
        }
        for key, data in found:
            id = key.partition(":")[2]
            if before is None or id in old or callback_of(id) in old:
                yield key, data

    def _left(self, key: str, data: Json) -> Json | str | None:
        """The record as it is to be, or the rule that keeps it; None: there is nothing to do."""
        kind = key.partition(":")[0]
        if kind == "call":
            return _conversation(data, self.keyring.seal("", bound_to=TEXT))
        if kind == "callback":
            return _callback(data, self.keyring.seal("", bound_to=NUMBER))
        return _KEPT.get(kind, "under_way")

    def _put(self, desk: str, key: str, now: float) -> None:
        """Decide on the record as it stands now, and again if it moved meanwhile."""
        while True:
            unit = UnitOfWork(self.store, desk, (key,))
            data = unit.get(key)
            left = None if data is None else self._left(key, data)
            if data is None or left is None or isinstance(left, str):
                return
            unit.put(key, left, keep=kept_seconds(key, data, now))
            try:
                unit.commit()
            except Conflict:
                continue
            return


def _conversation(data: Json, nothing: str) -> Json | str | None:
    tokens = data["tokens"]
    is_text = "text_sealed" in tokens
    if not is_text and not data["ended"]:
        return "under_way"
    left = {name: text for name, text in tokens.items() if name not in WHO}
    if left == tokens:
        return None
    return {**data, "tokens": {**left, "text_sealed": nothing} if is_text else left}


def _callback(data: Json, nobody: str) -> Json | str | None:
    if data["state"] != CallbackState.ENDED.value:
        return "open_callback"
    blank = dict.fromkeys(_WHO_A_CALLBACK_IS_FOR, "")
    return {**data, **blank, "number_sealed": nobody, "case": None, "next_number": None}
