"""The disk of the store is full: it acknowledges only what it has kept, and comes back whole.

A real server whose files may not grow past a limit of the operating system.
"""

import subprocess
import sys
from pathlib import Path

from bot.storage.embedded import EmbeddedServer
from bot.storage.redis_store import RedisStore
from bot.store import Change

FILL = """
import resource, signal, sys
from pathlib import Path
from bot.errors import StorageRefused, StoreDown
from bot.storage.embedded import EmbeddedServer
from bot.storage.redis_store import RedisStore
from bot.store import Change

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
store = RedisStore.connect(EmbeddedServer.start(Path(sys.argv[1])).url, timeout=5.0)
try:
    for number in range(1000):
        store.commit("main", Change(log=[{"event": str(number), "detail": "x" * 5000}]))
except (StorageRefused, StoreDown):
    print(number)
"""


def test_what_it_acknowledged_is_there_when_there_is_room_again(data_dir: Path) -> None:
    filled = subprocess.run(
        [sys.executable, "-c", FILL, str(data_dir)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    acknowledged = int(filled.stdout)
    assert acknowledged > 10

    with EmbeddedServer.start(data_dir) as server:
        store = RedisStore.connect(server.url, timeout=5.0)
        kept = [fields["event"] for _, fields in store.log_after("main", "0", 1000)]
        assert kept[:acknowledged] == [str(number) for number in range(acknowledged)]
        store.commit("main", Change(log=[{"event": "again"}]))
        store.close()
