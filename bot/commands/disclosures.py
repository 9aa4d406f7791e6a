"""`ringback disclosures`: what was disclosed to whom, on what checks; never the fact itself."""

import click


@click.group()
def disclosures() -> None:
    """What was disclosed to whom, on what checks; never the fact itself."""
