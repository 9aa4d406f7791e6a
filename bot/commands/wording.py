"""`ringback wording`: texts under approval: who wrote them, who approved them, what may be said."""

import click


@click.group()
def wording() -> None:
    """Texts under approval: who wrote them, who approved them, what may be said."""
