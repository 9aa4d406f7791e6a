"""`ringback api`: the API for the department's own systems, and the tokens that open it."""

import click

from bot import application_log, start
from bot.api_tokens import NAME_FORM, ApiToken, Scope, scopes_named
from bot.commands.serving import HERE, refuse_taken
from bot.commands.showing import console, moment, table
from bot.commands.staff_by import must_option, the_book
from bot.commands.terminal import Terminal, pass_terminal
from bot.staff import Right
from bot.tokens import hash_of, new_token

PORT = 8473


@click.group()
def api() -> None:
    """The API for the department's own systems (docs/api.md)."""


@api.command()
@click.option("--host", default=HERE[0], show_default=True, help="Listen there.")
@click.option("--port", type=click.IntRange(1, 65535), default=PORT, show_default=True)
@pass_terminal
def serve(terminal: Terminal, host: str, port: int) -> None:
    """Serve the API, inside the department's network, never to the internet."""
    from bot.api import create_api
    from bot.console.asgi import console_asgi
    from bot.console.asgi import serve as serve_at

    application_log.configure("api")
    with terminal.runtime() as runtime:
        start.refuse_unready(runtime.settings, runtime.store.ping())
        refuse_taken(host, port)
        console().print(f"The API is at http://{host}:{port}/v1/openapi.json")
        serve_at(console_asgi(create_api(runtime)), host, port)


@api.command()
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    metavar="SCOPE",
    help=f"What it may be used for; again for another: {', '.join(sorted(Scope))}.",
)
@must_option
@pass_terminal
def token(terminal: Terminal, name: str, scopes: tuple[str, ...], by: str) -> None:
    """Print a token for the system NAME. It is shown now, and never again."""
    if not NAME_FORM.fullmatch(name):
        raise click.BadParameter("2 to 30 small letters, digits and hyphens", param_hint="NAME")
    try:
        wanted = scopes_named(scopes)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--scope") from None
    secret = new_token()
    with the_book(terminal) as (runtime, book):
        person = book.with_right(by, Right.MANAGE_API)
        made = ApiToken(
            name=name, scopes=wanted, made_by=person.number, made_at=runtime.clock.now()
        )
        runtime.records.api_tokens.make(
            made,
            hash_of(secret),
            lambda: book.log.changed(person, ("api_token_made", f"{name} {' '.join(scopes)}")),
        )
    console().print(secret)
    told = f"Give it to {name} alone. It is kept as a hash: `ringback api revoke {name}` ends it."
    console(stderr=True).print(told, style="dim")


@api.command()
@pass_terminal
def tokens(terminal: Terminal) -> None:
    """Which systems have a token, for what, and when it was used last."""
    with the_book(terminal) as (runtime, _):
        policy = runtime.house.policy
        shown = table("name", "scopes", "made by", "made", "used last (about)", "revoked")
        for each in runtime.records.api_tokens.all():
            shown.add_row(
                each.name,
                " ".join(sorted(each.scopes)),
                each.made_by,
                moment(policy, each.made_at),
                moment(policy, each.used_at) if each.used_at else "never",
                moment(policy, each.revoked_at) if each.revoked_at else "",
            )
    console().print(shown)


@api.command()
@click.argument("name")
@must_option
@pass_terminal
def revoke(terminal: Terminal, name: str, by: str) -> None:
    """The token of the system NAME opens nothing any more."""
    with the_book(terminal) as (runtime, book):
        person = book.with_right(by, Right.MANAGE_API)
        runtime.records.api_tokens.revoke(
            name, runtime.clock.now(), lambda: book.log.changed(person, ("api_token_revoked", name))
        )
    console().print(f"The token of {name} opens nothing any more.")
