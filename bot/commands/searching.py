"""`ringback search`: lines of the flow log in the archive, the newest first."""

from datetime import datetime

import click
from rich.text import Text

from bot import log_view, start
from bot.commands.showing import console
from bot.commands.terminal import Terminal, keyring_of, pass_terminal, records_of
from bot.discreet import asks_which
from bot.errors import BadNumber
from bot.flow_log import LineKind
from bot.keys import Keyring
from bot.phone import PhoneNumber
from bot.policy import Policy
from bot.records import SqlFlowLogSearch, Wanted
from bot.records.flow_log_search import LONGEST_PAGE

MOMENT = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"])


@click.command()
@click.option("--since", type=MOMENT, metavar="WHEN", help="From this day, or YYYY-MM-DDTHH:MM.")
@click.option("--until", type=MOMENT, metavar="WHEN", help="Before this day or time.  [now]")
@click.option("--desk", help="Of this desk.")
@click.option("--flow", help="Of this flow.")
@click.option("--state", help="That came to this state.")
@click.option("--kind", type=click.Choice([kind.value for kind in LineKind]), help="Of this kind.")
@click.option("--disposition", help="That tell of this ending.")
@click.option("--case", help="About the case with this handle.")
@click.option("--number", help="About this telephone number, in full.")
@click.option("--staff", help="Of what this member of staff did.")
@click.option("--conversation", help="Of this conversation: its whole id.")
@click.option("--attempts", "attempt", help="Of all conversations whose ids begin so.")
@click.option("--wording", help="In which this prompt was said: its id, or id@hash.")
@click.option("--cursor", help="Go on where the last page ended.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option(
    "--last", type=click.IntRange(1, LONGEST_PAGE), default=50, help="How many.  [default: 50]"
)
@pass_terminal
def search(
    terminal: Terminal,
    /,
    *,
    since: datetime | None,
    until: datetime | None,
    number: str | None,
    cursor: str | None,
    as_json: bool,
    last: int,
    wording: str | None,
    **about: str | None,
) -> None:
    """Find lines of the flow log in the archive, the newest first.

    Give a case, a number or a conversation, or --since: what would look through all is refused.
    """
    if wording and asks_which(wording):
        why = "which checks were asked is not told: give another wording"
        raise click.BadParameter(why, param_hint="--wording")
    settings = terminal.settings
    policy = Policy.load(settings.config_dir)
    zone = policy.calling_hours.week.zone
    now = start.the_clock(settings).now()
    wanted = Wanted(
        since=since.replace(tzinfo=zone).timestamp() if since else None,
        until=until.replace(tzinfo=zone).timestamp() if until else now + 1 if since else None,
        numbers=_hashes(keyring_of(settings), number) if number else None,
        wording=wording,
        **about,
    )
    engine = records_of(settings)
    try:
        page = SqlFlowLogSearch(engine).search(
            wanted,
            longest_days=policy.archive.longest_search_days,
            limit=last,
            cursor=cursor,
        )
    finally:
        engine.dispose()
    said = console()
    for found in page.found:
        day = Text(f"{datetime.fromtimestamp(found.line.at, zone):%d %b %Y} ", "dim")
        text = log_view.as_text(found.line, zone, desks=sorted(policy.desk))
        told = Text(log_view.as_json(found.id, found.line)) if as_json else day + text
        said.print(told, soft_wrap=True)
    if page.cursor is not None:
        console(stderr=True).print(f"(more: --cursor {page.cursor})", style="dim")


def _hashes(keyring: Keyring, number: str) -> tuple[str, ...]:
    """What a number is called under each live key: older lines bear its older names."""
    try:
        e164 = PhoneNumber.parse(number).e164
    except BadNumber:
        raise click.BadParameter("not a telephone number", param_hint="--number") from None
    return tuple(keyring.named_by(key).number_hash(e164) for key in keyring.live)
