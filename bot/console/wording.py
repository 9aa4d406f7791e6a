"""Wording: how every text stands, what is new in it, and who submits, approves and withdraws it.

Who may is a right of their role, and their staff number is the name in the book; whoever wrote a
text never approves it (`bot.wording_release`).
"""

from collections.abc import Sequence
from dataclasses import replace

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from bot.console.room import person, runtime
from bot.console.wording_told import TAGS, Sheet, sheet_of, waiting
from bot.errors import ApprovalRefused, ConfigError
from bot.release import Text
from bot.staff import Person, Right
from bot.staff_log import BadReason, act, reason_given
from bot.submissions import State, Submission
from bot.wording_release import WordingRelease

page = Blueprint("wording", __name__)

OPEN = (State.APPROVED, State.SUBMITTED)
NO_LANGUAGE = "-"  # in an address: of the questions, and of what a desk says of itself
WHOEVER_DECIDES = (Right.AUTHOR_WORDING, Right.APPROVE_WORDING)


@page.get("/wording", right=Right.SEE_WORDING, menu="Wording")
def wording() -> str:
    """Every text of this release, what is not approved first."""
    return _listed()


@page.get("/wording/text/<item>/<language>", right=Right.SEE_WORDING)
def text(item: str, language: str) -> str:
    """One text: its words, its history, and what is new against what was approved."""
    return render_template("wording_text.html", sheet=_sheet(item, language), tags=TAGS)


@page.get("/wording/waiting", right=Right.APPROVE_WORDING)
def to_approve() -> str:
    """Everything that waits for an approver, whole."""
    return _waiting()


@page.post("/wording/submit", right=Right.AUTHOR_WORDING)
def submit() -> AnyResponse:
    """Put the ticked texts before the approvers, as they are configured here."""
    release = _as(person())
    chosen = [text for text in release.texts if text.key in request.form.getlist("text")]
    if not chosen:
        return _refused(_listed, "Tick the texts that you submit", "#texts")
    try:
        submitted = release.submit(chosen, person().number)
    except (ApprovalRefused, ConfigError) as error:
        return _refused(_listed, _in_words(error))
    _log("wording_submitted", submitted)
    flash(f"{len(submitted)} submitted. Somebody else approves them.", "done")
    return redirect(url_for("wording.wording"))


@page.post("/wording/approve", right=Right.APPROVE_WORDING)
def approve() -> AnyResponse:
    """Approve the ticked ones, each of which somebody else wrote."""
    release, ticked = _as(person()), request.form.getlist("submission")
    chosen = [one for one in waiting(release) if str(one.number) in ticked]
    if not chosen or len(chosen) != len(ticked):
        return _refused(_waiting, "Tick the texts that you approve; some may be decided by now")
    try:
        release.approve(chosen, person().number, runtime().store, runtime().desks)
    except (ApprovalRefused, ConfigError) as error:
        return _refused(_waiting, _in_words(error))
    _log("wording_approved", chosen)
    flash(f"{len(chosen)} approved.", "done")
    return redirect(url_for("wording.wording"))


@page.post("/wording/withdraw/<item>/<language>", right=WHOEVER_DECIDES)
def withdraw(item: str, language: str) -> AnyResponse:
    """Withdraw every version that stands. It bites at once, in the middle of a call too."""
    release, sheet = _as(person()), _sheet(item, language)
    try:
        reason = reason_given(request.form.get("reason", ""))
    except BadReason as refused:
        why = str(refused)
        problem = [{"text": why[:1].upper() + why[1:], "href": "#reason"}]
        told = render_template("wording_text.html", sheet=sheet, tags=TAGS, errors=problem)
        return make_response(told, 400)
    chosen = [one for one in sheet.history if one.state in OPEN]
    if chosen:
        release.withdraw(chosen, person().number, runtime().store, runtime().desks)
        _log("wording_withdrawn", chosen, reason)
    flash(f"{item} is withdrawn." if chosen else "Nothing of it stood any more.", "done")
    return redirect(url_for("wording.text", item=item, language=language))


def _as(person: Person) -> WordingRelease:
    """The release, decided on by the rights of whoever is signed in and not by names of a file."""
    release = runtime().wordings
    own = {
        "sample": False,  # these are somebody's names
        "authors": (person.number,) if person.may(Right.AUTHOR_WORDING) else (),
        "approvers": (person.number,) if person.may(Right.APPROVE_WORDING) else (),
    }
    return replace(release, rule=release.rule.model_copy(update=own))


def _listed(errors: Sequence[dict[str, str]] = ()) -> str:
    release = runtime().wordings
    book = release.submissions()
    standings = sorted(release.standings(book), key=lambda one: one.state is State.APPROVED)
    return render_template(
        "wording.html",
        standings=standings,
        waiting=len(waiting(release)),
        open_states=OPEN,
        no_language=NO_LANGUAGE,
        tags=TAGS,
        errors=errors,
    )


def _waiting(errors: Sequence[dict[str, str]] = ()) -> str:
    release = runtime().wordings
    book = release.submissions()
    sheets = [
        (one, sheet_of(Text(one.item, one.language, one.audience, one.text, one.hash), book))
        for one in waiting(release)
    ]
    return render_template("wording_waiting.html", sheets=sheets, tags=TAGS, errors=errors)


def _sheet(item: str, language: str) -> Sheet:
    release = runtime().wordings
    wanted = (item, "" if language == NO_LANGUAGE else language)
    for text in release.texts:
        if (text.item, text.language) == wanted:
            return sheet_of(text, release.submissions())
    raise NotFound


def _refused(shown, why: str, href: str = "") -> Response:  # type: ignore[no-untyped-def]
    """The same page again, with what is wrong at its top."""
    error = {"text": why, "href": href} if href else {"text": why}
    return make_response(shown([error]), 409)


def _in_words(error: ApprovalRefused | ConfigError) -> str:
    return error.reason if isinstance(error, ConfigError) else str(error)


def _log(what: str, chosen: Sequence[Submission], reason: str = "") -> None:
    """One line at every desk: what is said there has been decided on."""
    for desk in runtime().desks:
        for one in chosen:
            detail = " ".join(filter(None, (f"{one.item} version {one.version}", one.language)))
            act(
                runtime().store,
                runtime().clock,
                person(),
                what,
                desk=desk,
                detail=detail,
                reason=reason,
            )
