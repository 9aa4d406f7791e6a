"""Files of cases and of missed calls, for processes that keep no engine of their own at hand."""

from collections.abc import Mapping

from sqlalchemy import Engine

from bot.answers import Question
from bot.keys import Keyring
from bot.records.case_sheet import Known
from bot.records.importing import import_cases, import_missed_calls
from bot.records.sheets import Openable


class SqlCaseFiles:
    """Imports them whole or not at all. Raises `BadImport` with every bad row, `StoreDown`."""

    def __init__(self, engine: Engine, keyring: Keyring) -> None:
        self._engine = engine
        self._keyring = keyring

    def cases(
        self, file: Openable, questions: Mapping[str, Question], *, known: Known, now: float
    ) -> int:
        """Import cases; how many."""
        return import_cases(self._engine, self._keyring, questions, file, known=known, now=now)

    def missed_calls(self, file: Openable, *, known: Known, now: float) -> int:
        """Import missed calls; how many."""
        return import_missed_calls(self._engine, self._keyring, file, known=known, now=now)
