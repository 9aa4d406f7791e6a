"""Whoever texted is owed a call: a callback of their own, or the open one, asked for again."""

from bot.callback_book import ask_again, find_open, queue_callback
from bot.callbacks import Callback, Telephone
from bot.conversation import Conversation
from bot.halts import left_alone_for
from bot.owing import raise_task
from bot.ring_when import asked_for
from bot.unit_of_work import UnitOfWork


def owe_call_back(unit: UnitOfWork, talk: Conversation, now: float) -> None:
    """Owe the number of this conversation a call; a task, where they are to be left alone.

    At the time that their text asked for (a token), or as soon as allowed.
    """
    number_hash = talk.tokens["number_hash"]
    if (why := left_alone_for(unit, talk.tokens)) is not None:
        raise_task(unit, talk, why, now)
        return
    window = asked_for(talk.tokens)
    callback = find_open(unit, number_hash, talk.tokens.get("case"))
    if callback is not None:
        here = Telephone(talk.tokens["number_sealed"], number_hash, talk.tokens["number"])
        ask_again(unit, callback, now, by_customer=True, window=window, on=here)
        return
    queue_callback(
        unit,
        Callback(
            id=talk.id,
            desk=talk.desk,
            number_sealed=talk.tokens["number_sealed"],
            number_hash=number_hash,
            number_mask=talk.tokens["number"],
            case=talk.tokens.get("case"),
            asked_by="customer",
            opened_at=now,
            due_at=window[0] if window else now,
            ring_from=window[0] if window else None,
            ring_until=window[1] if window else None,
        ),
        now,
    )
