"""What other systems know: files of cases and missed calls, payments, contacts, lost telephones."""

import io
from typing import BinaryIO, Literal

from flask import Blueprint

from bot.api.bodies import Contact, DealtWith, Done, Imported, LostPhone, Payment, Shut
from bot.api.door import Answered, body_of, csv_sent, for_scope, runtime_here, who
from bot.api.problems import Refused
from bot.api_tokens import Scope
from bot.errors import BadImport
from bot.lost_phone import lose_phone
from bot.records.staff import NotOnTheList
from bot.samples import known_of
from bot.staff_log import act

blueprint = Blueprint("records", __name__, url_prefix="/v1")

MOST_ROWS_TOLD = 100


class _Sent:
    """A file that was sent, as the readers of files open it."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def open(self, mode: Literal["rb"], /) -> BinaryIO:
        """Its bytes from the beginning."""
        return io.BytesIO(self._content)


@blueprint.post("/cases")
@for_scope(Scope.CASES_WRITE)
def import_cases() -> Answered:
    """Import a file of cases: all of it, or nothing and every reason. The columns: docs/api.md."""
    runtime, sent = runtime_here(), _Sent(csv_sent())
    known = known_of(runtime.house.policy, runtime.house.questions)
    questions, now = runtime.house.questions.questions, runtime.clock.now()
    act(runtime.store, runtime.clock, who(), "cases_imported")
    try:
        done = runtime.records.case_files.cases(sent, questions, known=known, now=now)
    except BadImport as error:
        raise _bad_rows(error) from None
    return 200, Imported(imported=done)


@blueprint.post("/missed-calls")
@for_scope(Scope.CASES_WRITE)
def import_missed_calls() -> Answered:
    """Import a file of missed calls, in the same way."""
    runtime, sent = runtime_here(), _Sent(csv_sent())
    known, now = known_of(runtime.house.policy), runtime.clock.now()
    act(runtime.store, runtime.clock, who(), "missed_calls_imported")
    try:
        done = runtime.records.case_files.missed_calls(sent, known=known, now=now)
    except BadImport as error:
        raise _bad_rows(error) from None
    return 200, Imported(imported=done)


@blueprint.post("/payments")
@for_scope(Scope.EVENTS_WRITE)
def payment_received() -> Answered:
    """Everything was paid: nobody is rung about this case any more."""
    paid, runtime = body_of(Payment), runtime_here()
    act(runtime.store, runtime.clock, who(), "payment_received", case=paid.case)
    if not runtime.records.case_notes.settled(paid.case, paid.settled_on):
        raise _no_such_case()
    return 200, Done(done=True)


@blueprint.post("/contacts")
@for_scope(Scope.EVENTS_WRITE)
def contact_received() -> Answered:
    """Something came from the customer: nobody is rung until it was dealt with."""
    came = body_of(Contact)
    return _noted(came.case, "contact_received", came.received_at.timestamp())


@blueprint.post("/contacts/dealt-with")
@for_scope(Scope.EVENTS_WRITE)
def contact_dealt_with() -> Answered:
    """What had come was dealt with: they may be rung again."""
    return _noted(body_of(DealtWith).case, "contact_dealt_with", None)


@blueprint.post("/lost-phones")
@for_scope(Scope.PHONES_WRITE)
def phone_lost() -> Answered:
    """An officer's telephone is lost: everything of theirs is shut, their manager is told."""
    lost = body_of(LostPhone)
    try:
        shut = lose_phone(runtime_here(), lost.staff, who())
    except NotOnTheList:
        raise Refused(
            404,
            "no_such_officer",
            "Nobody who works here has this staff number",
            "`ringback staff list` has them.",
        ) from None
    return 200, Shut(news=shut.news, calls_ended=shut.calls)


def _noted(case: str, what: str, at: float | None) -> Answered:
    runtime = runtime_here()
    act(runtime.store, runtime.clock, who(), what, case=case)
    if not runtime.records.case_notes.correspondence(case, at):
        raise _no_such_case()
    return 200, Done(done=True)


def _no_such_case() -> Refused:
    return Refused(
        404, "no_such_case", "There is no case with this handle", "Import it first: POST /v1/cases."
    )


def _bad_rows(error: BadImport) -> Refused:
    rows = [{"line": line, "reason": reason} for line, reason in error.rows[:MOST_ROWS_TOLD]]
    return Refused(
        422,
        "bad_rows",
        "Nothing was imported",
        f"{len(error.rows)} rows are refused; mend them and send the file again with a fresh key.",
        rows=rows,
    )
