"""What every template can use: the GOV.UK macros, our assets, times as people read them, the menu.

Templates of a page live in `bot/console/templates/`, and extend `base.html` (docs/console.md).
"""

from dataclasses import dataclass
from datetime import datetime

from flask import Flask, current_app, g, request, url_for
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader

from bot.console import csrf
from bot.console.assets import asset
from bot.console.guarded import GuardedRule
from bot.console.room import room
from bot.console.runbook import has_help
from bot.staff import Person, Right


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A line of the navigation."""

    text: str
    href: str
    active: bool


def furnish(app: Flask) -> None:
    """Give the templates what they use."""
    app.jinja_env.loader = ChoiceLoader(
        [
            PackageLoader("bot.console"),
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        ]
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        asset=asset,
        csrf_field=csrf.field,
        csrf_token=csrf.token,
        has_help=has_help,
        may=may,
        menu=menu,
        Right=Right,
    )
    app.jinja_env.filters.update(moment=moment, time_of_day=time_of_day, instant=instant, ago=ago)
    app.context_processor(about)


def about() -> dict[str, object]:
    """What every page knows of the console itself."""
    rule = request.url_rule
    return {
        "sample_data": not room().runtime.settings.production,
        "me": g.get("person"),
        "live": isinstance(rule, GuardedRule) and rule.live,
        "can_sign_out": "session.sign_out" in current_app.view_functions,
    }


def menu() -> list[MenuItem]:
    """The navigation: what this person may see, in the order in which pages were registered."""
    someone: Person | None = g.get("person")
    if someone is None:
        return []
    return [
        MenuItem(rule.menu, url_for(rule.endpoint), _within(rule))
        for rule in current_app.url_map.iter_rules()
        if isinstance(rule, GuardedRule) and rule.menu and rule.lets_in(someone)
    ]


def may(right: Right) -> bool:
    """Whether whoever looks at this page has this right: for buttons that others do not see."""
    someone: Person | None = g.get("person")
    return someone is not None and someone.may(right)


def moment(at: float | None) -> str:
    """A time with its date, where the desk's clocks are: `15 September 2026, 11:00:05`."""
    return "" if at is None else f"{_local(at):%-d %B %Y, %H:%M:%S}"


def time_of_day(at: float) -> str:
    """The time of day, to the second."""
    return f"{_local(at):%H:%M:%S}"


def instant(at: float) -> str:
    """The same for machines: `2026-09-15T11:00:05+01:00`."""
    return _local(at).isoformat(timespec="seconds")


def ago(at: float) -> str:
    """How long since then, in the largest unit that fits: `3 minutes`, `2 days`."""
    seconds = max(room().runtime.clock.now() - at, 0.0)
    for unit, length in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= length:
            return _counted(int(seconds // length), unit)
    return _counted(int(seconds), "second")


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def _local(at: float) -> datetime:
    return datetime.fromtimestamp(at, room().runtime.house.policy.calling_hours.week.zone)


def _within(rule: GuardedRule) -> bool:
    """Whether the page that is shown belongs to this line: the same blueprint."""
    return request.blueprint == str(rule.endpoint).partition(".")[0]
