"""`ringback keys`: the keys that seal and hash: what hangs on which, and how they are rotated."""

import click


@click.group()
def keys() -> None:
    """The keys that seal and hash: what hangs on which, and how they are rotated."""
