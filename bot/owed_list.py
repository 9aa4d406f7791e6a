"""What a desk owes its customers, read from the store for people to look at."""

from bot.callback_book import as_callback
from bot.callbacks import Callback
from bot.runtime import Runtime


def open_callbacks(runtime: Runtime, desk: str, limit: int) -> list[Callback]:
    """What a desk owes its customers next: so many, since the store serves nobody meanwhile.

    What cannot be read becomes a person's when it is due.
    """
    keys = [f"callback:{member}" for member, _ in runtime.store.members(desk, "callbacks", limit)]
    found = runtime.store.read(desk, keys).values() if keys else ()
    return [one for record in found if (one := as_callback(record.data)) is not None]


def the_callback(runtime: Runtime, desk: str, id: str) -> Callback | None:
    """This callback, whether it is open or has ended; None if there is none that can be read."""
    if desk not in runtime.desks:
        return None
    key = f"callback:{id}"
    return as_callback(runtime.store.read(desk, (key,))[key].data)
