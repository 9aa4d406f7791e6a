"""The journal as a file, one line of JSON for each happening, in their order."""

import json
import threading
from pathlib import Path
from typing import Self

from bot.simulator.happenings import Journal

NAP_SECONDS = 0.1  # without news, until it looks whether it is to end


class JournalFile:
    """Follows a journal on a thread of its own, so that a slow disk holds up no call.

    A journal that forgets, as under load, may do so before a very slow disk has caught up.
    """

    def __init__(self, journal: Journal, folder: Path) -> None:
        """Add to happenings.jsonl in that folder, from the journal's beginning."""
        folder.mkdir(parents=True, exist_ok=True)
        self._journal = journal
        self._path = folder / "happenings.jsonl"
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="journal file", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        """Follow as long as this lasts."""
        return self

    def __exit__(self, *wrong: object) -> None:
        """Write what has happened until now, and end."""
        self._over.set()
        self._thread.join()

    def _follow(self) -> None:
        number, last_look = 0, False
        with self._path.open("a", encoding="utf-8", buffering=1) as lines:
            while not last_look:
                last_look = self._over.is_set()
                for happening in self._journal.after(number, 0.0 if last_look else NAP_SECONDS):
                    lines.write(json.dumps(happening.to_json()) + "\n")
                    number = happening.number
