"""Books that grow with every call: whole for tests and the demo, only the latest under load."""

from typing import TypeVar

Entry = TypeVar("Entry")


class Book(list[Entry]):
    """Entries in order, and how many older ones were forgotten: an entry keeps its number.

    Nothing is put anywhere but at the end, nothing taken from anywhere but the beginning.
    """

    forgotten = 0

    def trim(self, keep: int | None) -> None:
        """Forget the oldest once there are twice as many as are kept; None keeps all."""
        if keep is not None and len(self) >= 2 * keep:
            oldest = len(self) - keep  # counted once: others may be writing
            del self[:oldest]
            self.forgotten += oldest

    def after(self, number: int) -> tuple[list[Entry], int]:
        """What was written after that number, as far as it is still known, and the number of the
        last of them (that number, if there are none)."""
        first = max(number, self.forgotten)
        entries = self[first - self.forgotten :]
        return entries, first + len(entries)
