"""Which calls are going on: an index that moves in the commit that begins or ends a call.

A call of whose end nobody told us leaves it after the longest that one may last.
"""

from bot.conversation import Conversation
from bot.errors import Conflict
from bot.store import Json, Store
from bot.unit_of_work import UnitOfWork

IN_PROGRESS = "in_progress"  # the index: conversation -> when it began
LONGEST_SECONDS = 6 * 3600.0  # no call lasts as long
MOST = 1000  # that are looked at
_TOKEN_OF_TEXTS = "text_sealed"  # noqa: S105 - the name of a token of a conversation


def note(unit: UnitOfWork, talk: Conversation, before: Json | None, now: float) -> None:
    """Put a call in as it begins, and take it out as it ends; `before` is what was stored of it."""
    if before is None:
        if not talk.ended and _TOKEN_OF_TEXTS not in talk.tokens:
            unit.index(IN_PROGRESS, talk.id, now)
    elif talk.ended and not before["ended"]:
        unit.index(IN_PROGRESS, talk.id, None)


def calls_in_progress(store: Store, desk: str, now: float) -> list[tuple[Conversation, float]]:
    """The calls of a desk that are going on, each with when it began; the longest first.

    Raises `StoreDown`.
    """
    began = dict(store.members(desk, IN_PROGRESS, MOST))
    over = [id for id, at in began.items() if at < now - LONGEST_SECONDS]
    if over:
        _forget(store, desk, over)
    live = [id for id in began if id not in over]
    found = store.read(desk, [f"call:{id}" for id in live])
    talks = [Conversation.from_json(record.data) for record in found.values() if record.data]
    return [(talk, began[talk.id]) for talk in talks if not talk.ended]


def _forget(store: Store, desk: str, over: list[str]) -> None:
    unit = UnitOfWork(store, desk)
    for id in over:
        unit.index(IN_PROGRESS, id, None)
    try:
        unit.commit()
    except Conflict:
        return
