"""`ringback verification`: how strong the checks are."""

import click


@click.group()
def verification() -> None:
    """How strong the checks are."""
