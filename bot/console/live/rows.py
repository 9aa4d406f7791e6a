"""A line of the flow log as a row of the page: one renderer for the first look and for what comes.

Of a number it shows the mask; what else a line holds are words of ours (`bot.flow_log`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import Flask
from markupsafe import Markup

from bot.console.links import Links
from bot.discreet import discreet
from bot.flow_log import FlowLogLine
from bot.log_view import short, words_of

_LONG_AGO_SECONDS = 12 * 3600.0  # then the day stands before the time

_MARKED = frozenset({"fault", "task", "dialling", "staff"})  # by a colour at the edge


@dataclass(frozen=True, slots=True)
class Entry:
    """A line with its id at its desk."""

    id: str
    line: FlowLogLine


Render = Callable[[Entry], Markup]


def renderer(console: Flask) -> Render:
    """What makes an entry HTML, on one line. Any thread may use it."""
    template = console.jinja_env.get_template("now_row.html")
    links, clock = Links(console), console.extensions["ringback"].runtime.clock

    def render(entry: Entry) -> Markup:
        line = discreet(entry.line)
        with console.app_context():
            html = template.render(
                line=line,
                words=words_of(line),
                with_day=clock.now() - line.at > _LONG_AGO_SECONDS,
                conversation=short(line.conversation),
                marked=_MARKED,
                href=links.conversation(line.desk, line.conversation),
            )
        return Markup(" ".join(html.split()))  # noqa: S704 - by an autoescaping template

    return render


def newest_first(rows: Iterable[Markup]) -> Markup:
    """Rows in the order in which the page has them."""
    return Markup("\n").join(reversed(list(rows)))
