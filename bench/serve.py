"""One of the apps on the server that `ringback serve` uses, with the same settings for all.

python -m bench.serve durable|tutorial|fixed PORT
"""

import sys

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from bot.commands.serving import BLOCKING_THREADS

APPS = {
    "durable": ("webhooks:create_app", True),
    "tutorial": ("bench.tutorial:app", False),
    "fixed": ("bench.fixed:app", False),
}


def main(name: str, port: str) -> None:
    """Serve until SIGTERM: one worker."""
    target, factory = APPS[name]
    Server(
        target,
        address="127.0.0.1",
        port=int(port),
        interface=Interfaces.WSGI,
        factory=factory,
        workers=1,
        blocking_threads=BLOCKING_THREADS,
        respawn_failed_workers=True,
        websockets=False,
        log_access=False,
        log_level=LogLevels.warning,
    ).serve()


if __name__ == "__main__":
    main(*sys.argv[1:])
