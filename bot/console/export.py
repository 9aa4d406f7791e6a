"""What a search finds as a file: first how many lines that is, then the lines as they are read.

The flow log has who exported what before the first line goes out. How many it says stands in a
header, by which a script shows how far it is; a browser without scripts simply saves the file.
"""

from collections.abc import Iterator
from functools import partial
from itertools import islice
from threading import BoundedSemaphore

from flask import Blueprint, Response, current_app, render_template
from flask.blueprints import BlueprintSetupState

from bot.console.asked import in_words
from bot.console.csv_file import rows
from bot.console.refusals import ARCHIVE_DOWN
from bot.console.refusals import page as refusal
from bot.console.room import person, runtime
from bot.console.search import how_many, kept_search, reader, zone
from bot.errors import StoreDown
from bot.records.flow_log_search import LONGEST_PAGE, Found, Page, Wanted
from bot.staff import Right
from bot.staff_log import act

page = Blueprint("export", __name__)

MOST = 100_000  # lines in a file
AT_ONCE = 100  # lines that are handed to the server together
# Files that are handed out by one process at a time: a browser that reads slowly keeps one of
# its few threads (`bot.console.asgi`), and the other pages need theirs.
MOST_FILES = 3
OTHERS_EXPORT = (
    "Others are exporting",
    f"{MOST_FILES} files are being handed out. Try again in a minute: your search is kept.",
)
LINES = "Ringback-Lines"  # the header that says how many follow
TURNS = "ringback-exports"  # what the app keeps of its files


@page.record
def have_turns(state: BlueprintSetupState) -> None:
    """Let each console hand out so many."""
    state.app.extensions[TURNS] = BoundedSemaphore(MOST_FILES)


@page.get("/search/<id>/export", right=Right.EXPORT)
def offered(id: str) -> str | Response | tuple[str, int]:
    """How many lines it would be, and what to do to have them."""
    wanted = kept_search(id)
    try:
        return _shown(id, how_many(wanted, MOST))
    except StoreDown:
        return refusal(503, *ARCHIVE_DOWN)


@page.post("/search/<id>/export", right=Right.EXPORT)
def handed_out(id: str) -> str | Response | tuple[str, int]:
    """All of it as CSV."""
    wanted = kept_search(id)
    look = reader(wanted, LONGEST_PAGE)
    try:
        lines, first = how_many(wanted, MOST), look()
    except StoreDown:
        return refusal(503, *ARCHIVE_DOWN)
    if lines > MOST:
        return _shown(id, lines), 400
    turns: BoundedSemaphore = current_app.extensions[TURNS]
    if not turns.acquire(blocking=False):
        return refusal(503, *OTHERS_EXPORT)
    try:
        _note(wanted, lines)
    except BaseException:
        turns.release()
        raise
    answer = _file(_pages(first, look, lines), lines)
    answer.call_on_close(turns.release)
    return answer


def _file(found: Iterator[Found], lines: int) -> Response:
    told = _together(rows(found, zone()))
    answer = Response(told, mimetype="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="flow-log.csv"'
    answer.headers[LINES] = str(lines)
    return answer


def _note(wanted: Wanted, lines: int) -> None:
    """Write down who exports what. Raises `StoreDown`."""
    act(
        runtime().store,
        runtime().clock,
        person(),
        "exported",
        case=wanted.case or "",
        number_hash=wanted.numbers[0] if wanted.numbers else "",
        detail=f"{lines} lines: {in_words(wanted, zone())}",
    )


def _shown(id: str, lines: int) -> str:
    return render_template("export.html", id=id, lines=lines, most=MOST)


def _pages(shown: Page, look: partial[Page], most: int) -> Iterator[Found]:
    """Page after page, while somebody reads; no more than the flow log says."""
    while True:
        yield from shown.found[:most]
        most -= len(shown.found)
        if most <= 0 or shown.cursor is None:
            return
        shown = look(cursor=shown.cursor)


def _together(rows: Iterator[str]) -> Iterator[str]:
    """The same in larger pieces: each piece costs the server a turn."""
    while piece := "".join(islice(rows, AT_ONCE)):
        yield piece
