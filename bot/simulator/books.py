"""Books that grow with every call: whole for tests and the demo, only the latest under load."""

from typing import Any


def trim(book: list[Any], keep: int | None) -> None:
    """Forget the oldest entries once there are twice as many as are kept; None keeps all."""
    if keep is not None and len(book) >= 2 * keep:
        del book[:-keep]
