"""Files of staff, taken into the list on this engine."""

from typing import Any

from sqlalchemy import Engine

from bot.keys import Keyring
from bot.records.sheets import Openable
from bot.records.staff_import import StaffChanges, import_staff


class SqlStaffFiles:
    """What takes a file of staff. Raises `StoreDown` when the records do not answer."""

    def __init__(self, engine: Engine, keyring: Keyring) -> None:
        self._engine = engine
        self._keyring = keyring

    def take(self, file: Openable, **how: Any) -> StaffChanges:
        """Make the list what the file says; `how` and what it raises: see `import_staff`."""
        return import_staff(self._engine, self._keyring, file, **how)
