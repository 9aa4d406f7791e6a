"""Who is asking: the bearer token, its scope and rate, and what is asked once; before any route."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import structlog
from flask import Flask, Response, g, jsonify, request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import HTTPException

from bot.api import idempotency, rates
from bot.api.problems import Refused
from bot.api_tokens import ApiToken, Scope
from bot.errors import Conflict, RingbackError, StorageRefused, StoreDown
from bot.runtime import Runtime
from bot.staff import Person
from bot.tokens import hash_of

log = structlog.get_logger()

B = TypeVar("B", bound=BaseModel)
Answered = tuple[int, BaseModel]
View = Callable[..., Answered]

AS_JSON, AS_CSV = "application/json", "text/csv"
_TITLES = {404: "There is no such page", 405: "This cannot be done here", 413: "Too much at once"}


def runtime_here() -> Runtime:
    """The runtime of this app."""
    runtime: Runtime = g.runtime
    return runtime


def who() -> Person:
    """As whom this request does things."""
    person: Person = g.person
    return person


def event() -> str:
    """What names this request, wherever it is written down: the same for the same key."""
    key: idempotency.Key = g.key
    return key.event


def for_scope(scope: Scope) -> Callable[[View], Callable[..., Response]]:
    """A view that only a token with this scope may use; one that changes something, once a key."""

    def guard(view: View) -> Callable[..., Response]:
        @wraps(view)
        def guarded(**given: Any) -> Response:
            runtime, token = runtime_here(), _token()
            if scope not in token.scopes:
                raise Refused(
                    403,
                    "scope_missing",
                    "This token may not do that",
                    f"It needs the scope {scope.value}: `ringback api token` makes one.",
                )
            rates.count(runtime, token)
            g.person = token.person(runtime.house.policy.default_desk)
            if request.method == "GET":
                return _sent(*view(**given))
            return _once(runtime, token, lambda: view(**given))

        guarded.scope = scope  # type: ignore[attr-defined]
        return guarded

    return guard


def body_of(kind: type[B]) -> B:
    """The body, as this kind. Raises `Refused` with what is wrong, never with what was sent."""
    _wants(AS_JSON)
    try:
        return kind.model_validate_json(request.get_data())
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(str(part) for part in each['loc']) or 'body'}: {each['msg']}"
            for each in error.errors(include_input=False, include_context=False, include_url=False)
        )
        raise Refused(422, "body_refused", "The body is not what this needs", wrong) from None


def csv_sent() -> bytes:
    """A file of CSV. Raises `Refused` for anything else."""
    _wants(AS_CSV)
    return request.get_data()


def stand_at(app: Flask, runtime: Runtime) -> None:
    """Have this app answer every error as a problem, and keep nothing."""

    @app.before_request
    def begin() -> None:
        g.runtime = runtime

    @app.after_request
    def end(response: Response) -> Response:
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    app.register_error_handler(Refused, lambda refused: refused.response())
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(StoreDown, _down)
    app.register_error_handler(StorageRefused, _down)
    app.register_error_handler(Conflict, _down)
    app.register_error_handler(Exception, _our_fault)


def _token() -> ApiToken:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    runtime = runtime_here()
    found = None
    if scheme.lower() == "bearer" and given.strip():
        found = runtime.records.api_tokens.find(hash_of(given.strip()), runtime.clock.now())
    if found is None:
        raise Refused(
            401,
            "token_missing",
            "No token that works",
            "Send `Authorization: Bearer TOKEN`; `ringback api token` makes one.",
            headers={"WWW-Authenticate": "Bearer"},
        )
    return found


def _once(runtime: Runtime, token: ApiToken, carry_out: Callable[[], Answered]) -> Response:
    asked = b"\n".join((request.method.encode(), request.path.encode(), request.get_data()))
    key = idempotency.key_of(token, request.headers.get("Idempotency-Key"), asked)
    before = idempotency.answered(runtime, key)
    if before is not None:
        return _plain(*before)
    g.key = key
    try:
        status, answer = carry_out()
    except Exception:
        idempotency.forget(runtime, key)  # whatever was done is the same as once when done again
        raise
    body = answer.model_dump(mode="json")
    idempotency.remember(runtime, key, status, body)
    return _plain(status, body)


def _sent(status: int, answer: BaseModel) -> Response:
    return _plain(status, answer.model_dump(mode="json"))


def _plain(status: int, body: Any) -> Response:
    response = jsonify(body)
    response.status_code = status
    return response


def _wants(media_type: str) -> None:
    if request.mimetype != media_type:
        raise Refused(
            415,
            "wrong_media_type",
            "The body is of another kind",
            f"Send Content-Type: {media_type}.",
        )


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    refused = Refused(
        status,
        error.name.lower().replace(" ", "_").replace("'", ""),
        _TITLES.get(status, error.name),
        "See the document at /v1/openapi.json.",
        headers={name: value for name, value in error.get_headers() if name == "Allow"},
    )
    return refused.response()


def _down(error: RingbackError) -> Response:
    log.warning("api_store_down", reason=type(error).__name__)
    return Refused(
        503,
        "try_again",
        "We cannot write it down at this moment",
        "Send it again in a few seconds, with the same Idempotency-Key.",
        headers={"Retry-After": "5"},
    ).response()


def _our_fault(error: Exception) -> Response:
    log.error("api_fault", reason=type(error).__name__, exc_info=True)
    return Refused(
        500,
        "our_fault",
        "Something went wrong on our side",
        "Send it again with the same Idempotency-Key; tell us if it happens again.",
    ).response()
