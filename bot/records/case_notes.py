"""What other systems learn about a case between two imports: it was paid, or something came."""

from datetime import date

from sqlalchemy import Engine, update

from bot.records.database import asking
from bot.records.tables import cases


class SqlCaseNotes:
    """Writes it down; twice is once. Raises `StoreDown` when the records do not answer."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def settled(self, handle: str, on: date) -> bool:
        """Nothing is unpaid any more, since that day; False if there is no such case."""
        return self._note(handle, settled_on=on.isoformat())

    def correspondence(self, handle: str, at: float | None) -> bool:
        """Something came then that nobody has dealt with yet; None: it is dealt with."""
        return self._note(handle, correspondence_at=at)

    def _note(self, handle: str, **values: str | float | None) -> bool:
        one = update(cases).where(cases.c.handle == handle)
        with asking(self._engine) as connection:
            return connection.execute(one.values(**values)).rowcount == 1
