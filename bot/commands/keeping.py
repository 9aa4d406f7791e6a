"""`ringback records expire` and `ringback records hold`: what goes when, and what may not go."""

from datetime import UTC, datetime

import click

from bot.commands.progress import Tell, progress_bar
from bot.commands.showing import console, moment, table, words
from bot.commands.terminal import Terminal, confirm, pass_terminal
from bot.errors import Conflict
from bot.holding import lift_hold, place_hold
from bot.policy import Policy
from bot.records.expiring import KINDS, Overdue
from bot.records.holds import Hold
from bot.retention import MOST, Retention
from bot.retention_days import goes_before
from bot.runtime import Runtime

DAY = click.DateTime(["%Y-%m-%d"])
WHO = "Who decides it: a staff number or an officer."


@click.command()
@click.option("--dry-run", is_flag=True, help="Only show what would go.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_terminal
def expire(terminal: Terminal, dry_run: bool, yes: bool) -> None:
    """Let go what is past its time, now; a worker does it once a day.

    What is held does not go. The flow log tells how many of which kind went, never what.
    """
    with terminal.runtime() as runtime:
        overdue = _overdue(runtime)
        _show(runtime, overdue)
        count = sum(each.count for each in overdue.values())
        if dry_run or not count:
            return
        confirm(f"Let {count} go for good?", yes=yes)
        with progress_bar("Letting go") as tell:
            _let_go(runtime, count, tell)
        console().print(f"{count} went.")


@click.command()
@click.option("--case", help="All about this case: its handle.")
@click.option("--desk", help="All of this desk.")
@click.option("--since", type=DAY, metavar="YYYY-MM-DD", help="Only from this day on (UTC).")
@click.option("--until", type=DAY, metavar="YYYY-MM-DD", help="Only before this day (UTC).")
@click.option("--by", required=True, help=WHO)
@click.option("--reason", required=True, help="Why: kept with the hold.")
@pass_terminal
def hold(
    terminal: Terminal,
    case: str | None,
    desk: str | None,
    since: datetime | None,
    until: datetime | None,
    by: str,
    reason: str,
) -> None:
    """Keep something, whatever its time, until a person lifts the hold."""
    if (case is None) == (desk is None):
        raise click.UsageError("Say either --case, or --desk and a time.")
    if case is not None and (since or until):
        raise click.UsageError("--case holds all of it: leave --since and --until out.")
    with terminal.runtime() as runtime:
        refuse_unknown(runtime, case, desk, by)
        placed = Hold(
            case=case,
            desk=desk,
            since=_instant(since),
            until=_instant(until),
            reason=reason,
            placed_by=by,
            placed_at=runtime.clock.now(),
        )
        number = place_hold(runtime, placed)
    console().print(f"Hold {number}: {placed.what} stays until `ringback records lift {number}`.")


@click.command()
@click.argument("number", type=int)
@click.option("--by", required=True, help=WHO)
@click.option("--reason", required=True, help="Why: kept with the hold.")
@pass_terminal
def lift(terminal: Terminal, number: int, by: str, reason: str) -> None:
    """Lift a hold: what is past its time goes within a day."""
    with terminal.runtime() as runtime:
        refuse_unknown(runtime, None, None, by)
        if not lift_hold(runtime, number, by, reason):
            raise click.ClickException(f"no hold {number} stands: `ringback records holds`")
    console().print(f"Hold {number} is lifted.")


@click.command()
@pass_terminal
def holds(terminal: Terminal) -> None:
    """Show what is held, by whom and why."""
    with terminal.runtime() as runtime:
        policy, standing = runtime.house.policy, runtime.records.holds.standing()
    shown = table("hold", "what", "from", "to", "by", "placed", "why")
    for each in standing:
        shown.add_row(
            str(each.id),
            each.what,
            _day(each.since),
            _day(each.until),
            each.placed_by,
            moment(policy, each.placed_at),
            each.reason,
        )
    console().print(shown if standing else "Nothing is held.")


def _overdue(runtime: Runtime) -> dict[str, Overdue]:
    rule, standing = runtime.house.policy.retention, runtime.records.holds.standing()
    now = runtime.clock.now()
    return {
        kind: runtime.records.expiring.overdue(kind, goes_before(rule, kind, now), standing)
        for kind in KINDS
    }


def _show(runtime: Runtime, overdue: dict[str, Overdue]) -> None:
    policy = runtime.house.policy
    standing = runtime.records.holds.standing()
    shown = table("kind", "past its time", "the oldest", "held back", "by hold", "kept for")
    for kind, each in overdue.items():
        keeping = _which_keep(runtime, kind, each, standing)
        oldest = "" if each.oldest is None else _day(each.oldest)
        held = str(each.held or "")
        shown.add_row(words(kind), str(each.count), oldest, held, keeping, _kept_for(policy, kind))
    console().print(shown)


def _which_keep(runtime: Runtime, kind: str, each: Overdue, standing: list[Hold]) -> str:
    """The numbers of the holds that keep any of this kind."""
    if not each.held:
        return ""
    before = goes_before(runtime.house.policy.retention, kind, runtime.clock.now())
    expiring = runtime.records.expiring
    keep = [one for one in standing if expiring.overdue(kind, before, [one]).held]
    return ", ".join(str(one.id) for one in keep)


def _let_go(runtime: Runtime, count: int, tell: Tell) -> None:
    """Step by step, as a worker does it; beside one, whoever is quicker takes a step."""
    retention, desk, steps = Retention(runtime), runtime.house.policy.default_desk, 0
    while True:
        try:
            step = retention.take_one(desk, now_due=True)
        except Conflict:
            continue
        if step == "nothing more":
            return
        steps += step == "removed"
        tell(min(steps * MOST, count), count)


def refuse_unknown(runtime: Runtime, case: str | None, desk: str | None, by: str) -> None:
    """Raise `click.BadParameter` for a name that is nobody's, or nothing's."""
    officers = {name for each in runtime.house.policy.desk.values() for name in each.officers}
    if by not in officers and runtime.records.staff.get(by) is None:
        raise click.BadParameter(f"{by} is neither staff nor an officer", param_hint="--by")
    if desk is not None and desk not in runtime.desks:
        known = ", ".join(runtime.desks)
        raise click.BadParameter(f"no such desk; there is {known}", param_hint="--desk")
    if case is not None and runtime.directory.by_handle(case) is None:
        raise click.BadParameter("no such case", param_hint="--case")


def _kept_for(policy: Policy, kind: str) -> str:
    rule = policy.retention
    return f"{rule.disclosures_years} years" if kind == "disclosures" else f"{rule.days(kind)} days"


def _instant(day: datetime | None) -> float | None:
    return None if day is None else day.replace(tzinfo=UTC).timestamp()


def _day(at: float | None) -> str:
    return "" if at is None else f"{datetime.fromtimestamp(at, UTC):%d %b %Y}"
