"""What a page says when something cannot be done: why, and what to do next; never a detail."""

import structlog
from flask import Flask, Response, g, make_response, render_template, request
from werkzeug.exceptions import Forbidden, HTTPException

from bot.console.guarded import Access, rights_of
from bot.console.room import room
from bot.console.words import ROLES, may_do
from bot.errors import Conflict, DiskFull, RingbackError, StorageRefused, StoreDown

log = structlog.get_logger()


class MayNot(Forbidden):
    """Somebody lacks this right."""

    def __init__(self, right: Access) -> None:
        super().__init__()
        self.right = right


class NotMeant(Forbidden):
    """A request that changes something, and no form of ours says that it was meant."""


TOLD: dict[int, tuple[str, str]] = {
    400: ("This request cannot be read", "Go back, and try again from the page."),
    401: ("Sign in first", "Your session is over, or you have not signed in."),
    404: ("There is no such page", "Check the address, or go to the home page."),
    405: ("This page is not reached like this", "Go back, and use the form on the page."),
    409: (
        "Somebody else was quicker",
        "What you saw has changed meanwhile. Go back, load the page again, and look.",
    ),
    413: ("This is too much at once", "Send less. A file that is imported has its own limit."),
    415: ("This kind of content is not taken", "Go back, and use the form on the page."),
    429: ("Too many requests", "Wait a little, and try again."),
    500: (
        "Something went wrong",
        "It is a fault of ours, and it is written down. What you did may not have happened: look "
        "before you do it again.",
    ),
    503: (
        "The store or the database does not answer",
        "Nothing is lost: calls and texts wait. Try again in a minute. If it lasts, "
        "`ringback doctor` on the machine says what to mend.",
    ),
}

ARCHIVE_DOWN = (
    "The archive does not answer",
    "Nothing is lost: the lines of the flow log wait in Redis, and are archived when it is back. "
    "Now, Callbacks and the newest conversations work meanwhile. Try again in a minute. If it "
    "lasts, `ringback doctor` on the machine says what to mend.",
)

DISK_FULL = (
    "The disk of the records is full",
    "This was not done. Nothing is lost: the lines of the flow log wait in Redis. Somebody must "
    "make room on the machine of the database; then do it again.",
)


def answer_refusals(app: Flask) -> None:
    """Have every refusal and every fault answered by a page."""
    app.register_error_handler(MayNot, may_not)
    app.register_error_handler(NotMeant, not_meant)
    app.register_error_handler(HTTPException, refused)
    app.register_error_handler(Conflict, lambda error: page(409))
    app.register_error_handler(StoreDown, does_not_answer)
    app.register_error_handler(StorageRefused, does_not_answer)
    app.register_error_handler(Exception, our_fault)


def may_not(error: MayNot) -> Response:
    """403: which right is missing, and who can give it."""
    rights = rights_of(error.right)
    if not rights:
        return page(403, "You may not do this", "You have left the department's staff list.")
    having = sorted({ROLES[role] for right in rights for role in room().roles_with(right)})
    return page(
        403,
        f"You may not {' or '.join(map(may_do, rights))}",
        f"It needs the right {' or '.join(f'“{right.value}”' for right in rights)}. "
        + (f"It comes with the role of {_any_of(having)}. " if having else "No role has it. ")
        + "An administrator of the staff list can give you a role.",
    )


def not_meant(error: NotMeant) -> Response:
    """403: a form without its token, or from another site."""
    return page(
        403,
        "This was not done",
        "The form was too old, or did not come from a page of this console. Go back, load the "
        "page again, and repeat it if you meant it.",
    )


def refused(error: HTTPException) -> Response:
    """Any other refusal, as it was meant."""
    if error.response is not None:
        return make_response(error.response)
    code = error.code or 500
    title, told = TOLD.get(code, TOLD[500 if code >= 500 else 400])
    answer = page(code, title, told)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            answer.headers[name] = value
    return answer


def does_not_answer(error: RingbackError) -> Response:
    """503: the store or the records."""
    log.warning("console_without_store", route=request.endpoint, error=type(error).__name__)
    answer = page(503, *(DISK_FULL if isinstance(error, DiskFull) else ()))
    answer.headers["Retry-After"] = "30"
    return answer


def our_fault(error: Exception) -> Response:
    """500: written down by its type and place, told to nobody."""
    log.error("console_fault", route=request.endpoint, exc_info=error)
    return page(500)


def page(code: int, title: str = "", told: str = "") -> Response:
    """A page that says what cannot be done; without the navigation if even that fails."""
    words = (title, told) if title else TOLD[code]
    if "person" not in g:
        g.person = None
    return make_response(
        render_template("refused.html", title=words[0], told=words[1], live=False), code
    )


def _any_of(names: list[str]) -> str:
    return " or ".join(names)
