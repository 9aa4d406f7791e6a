"""The life of a callback, as a table: where it may stand, and what leads from there to where."""

from enum import StrEnum


class CallbackState(StrEnum):
    """Where a callback stands. The claim of `due → claimed` is the queue's lease, not a state."""

    DUE = "due"
    PLACING = "placing"  # the attempt's intent is written down; the carrier may have been asked
    PLACED = "placed"  # the carrier has told us its id of the call
    ENDED = "ended"


# Its whole life: where it was, what happened, where it is then. docs/callbacks.md draws it.
MOVES: tuple[tuple[CallbackState, str, CallbackState], ...] = (
    (CallbackState.DUE, "begin", CallbackState.PLACING),
    (CallbackState.DUE, "settled", CallbackState.ENDED),
    (CallbackState.PLACING, "placed", CallbackState.PLACED),
    (CallbackState.PLACING, "never_placed", CallbackState.DUE),
    (CallbackState.PLACING, "attempt_ended", CallbackState.DUE),
    (CallbackState.PLACING, "attempt_ended", CallbackState.ENDED),
    (CallbackState.PLACED, "never_placed", CallbackState.DUE),  # it was queued, and taken back
    (CallbackState.PLACED, "attempt_ended", CallbackState.DUE),
    (CallbackState.PLACED, "attempt_ended", CallbackState.ENDED),
)
