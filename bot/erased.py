"""What is left of a record of Redis when the person it is about is erased; or why it stays whole.

Pure: a record in; the record without them, or the rule that keeps it, out. A record is never
removed: a text or a notice that the carrier tells twice must be known again, and nobody be rung
for it once more.
"""

from bot.callbacks import CallbackState
from bot.store import Json

WHO = ("number", "number_hash", "number_sealed", "case", "best_number_sealed")
_WHO_A_CALLBACK_IS_FOR = ("number_hash", "number_mask")
# What stays, by the kind of its key, and by which rule.
_KEPT = {
    "left_alone": "left_alone",
    "budget": "failed_checks",
    "on_the_line": "under_way",
    "open": "open_callback",
}


def erased(key: str, data: Json, *, nobody: str, nothing: str) -> Json | str | None:
    """The record as it is to be, or the rule that keeps it; None where there is nothing to do.

    `nobody` and `nothing` are an empty number and an empty text, sealed.
    """
    kind = key.partition(":")[0]
    if kind == "call":
        return _conversation(data, nothing)
    if kind == "callback":
        return _callback(data, nobody)
    return _KEPT.get(kind, "under_way")


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
