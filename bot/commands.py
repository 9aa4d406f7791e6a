"""The `ringback` commands."""

from typing import Any


def run(connect: Any, flows: Any) -> None:
    """Run the command line."""
