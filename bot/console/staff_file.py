"""A file of staff, imported: first what it would change, then, if that is meant, just that.

The file goes back to the browser sealed, for whoever sent it, together with what they were shown:
what is imported is what was looked at. No cell is ever run: a formula is refused where a name must
be (`bot.records.staff_sheet`), and everything else has a form of its own.
"""

import json
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Literal

from flask import flash, redirect, render_template, request, url_for

from bot.console.room import person, runtime
from bot.console.session import staff_book
from bot.console.staff import Answer, Errors, page
from bot.errors import BadImport, BadSeal
from bot.records import SAMPLE_STAFF
from bot.staff import Right

__all__ = ["page"]  # the same as the list's: one line of the menu

MOST_BYTES = 256 * 1024  # of a file: some thousand people
MOST_SENT = 3 * MOST_BYTES  # of a request: what is sealed is longer
MOST_TOLD = 50  # errors on a page


@page.get("/staff/import", right=Right.MANAGE_STAFF)
def choose() -> str:
    """The form."""
    return _form([])


@page.post("/staff/import", right=Right.MANAGE_STAFF, most_bytes=MOST_SENT)
def dry_run() -> Answer:
    """Tell what the file would change, and what is wrong with it; nothing is written."""
    sent = request.files.get("file")
    content = sent.read() if sent else b""
    if not content:
        return _form([{"text": "Choose a CSV file", "href": "#file"}]), 400
    if len(content) > MOST_BYTES:
        told = f"The file is larger than {MOST_BYTES // 1024} KB: import it in parts"
        return _form([{"text": told, "href": "#file"}]), 400
    return _seen(Sent(content, request.form.get("complete") == "yes"))


@page.post("/staff/import/done", right=Right.MANAGE_STAFF, most_bytes=MOST_SENT)
def take() -> Answer:
    """Import what was shown. Raises `Conflict` if the list has been changed meanwhile."""
    sealed, book = request.form.get("sealed", ""), staff_book()
    try:
        opened = json.loads(runtime().keyring.open(sealed, bound_to=_bound_to()))
    except BadSeal:
        told = "This is not what you were shown: choose the file again"
        return _form([{"text": told, "href": "#file"}]), 400
    sent = Sent(opened["file"].encode(), opened["complete"])
    try:
        changes = book.would_change(sent, complete=sent.complete)
        if _digest(changes) != opened["seen"]:
            return _seen(sent, changed_meanwhile=True)
        book.take(sent, person(), changes, complete=sent.complete)
    except BadImport as bad:
        return _form(_told(bad)), 400
    flash("The staff list is what the file says.", "done")
    return redirect(url_for("staff.staff"), 303)


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that somebody sent; `complete`: whoever is not in it has left."""

    content: bytes = field(repr=False)
    complete: bool

    def open(self, mode: Literal["rb"], /) -> BytesIO:
        """Its bytes."""
        return BytesIO(self.content)


def _seen(sent: Sent, *, changed_meanwhile: bool = False) -> Answer:
    if runtime().settings.production and sent.content == SAMPLE_STAFF.read_bytes():
        told = "These are the demo's samples: nobody works here"
        return _form([{"text": told, "href": "#file"}]), 400
    try:
        changes = staff_book().would_change(sent, complete=sent.complete)
    except BadImport as bad:
        return _form(_told(bad)), 400
    kept = {"file": sent.content.decode(), "complete": sent.complete, "seen": _digest(changes)}
    shown = render_template(
        "staff_import_seen.html",
        changes=changes,
        sealed=runtime().keyring.seal(json.dumps(kept, ensure_ascii=False), bound_to=_bound_to()),
        changed_meanwhile=changed_meanwhile,
    )
    return (shown, 409) if changed_meanwhile else shown


def _form(errors: Errors) -> str:
    return render_template("staff_import.html", errors=errors, most_kb=MOST_BYTES // 1024)


def _told(bad: BadImport) -> Errors:
    """Every reason by its line; never what stands in the cell."""
    told = [f"Line {line}: {reason}" for line, reason in bad.rows[:MOST_TOLD]]
    more = len(bad.rows) - MOST_TOLD
    told += [f"And {more} more: mend these, and send it again"] if more > 0 else []
    return [{"text": each, "href": "#file"} for each in told]


def _digest(changes: Any) -> str:
    return runtime().keyring.mac("staff import", repr(changes))


def _bound_to() -> str:
    return f"staff import by {person().number}"
