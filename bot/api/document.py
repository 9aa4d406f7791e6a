"""The OpenAPI 3.1 document of the API, made from its routes and its bodies."""

from collections.abc import Iterator
from typing import Any

from flask import Flask
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from bot.api.bodies import (
    CALLBACK_ID,
    Callback,
    CallbackRequest,
    CancelRequest,
    Contact,
    DealtWith,
    Done,
    Imported,
    Lead,
    LostPhone,
    Payment,
    Problem,
    Shut,
)

Json = dict[str, Any]
CSV = "text/csv"

# By view: what is sent, what is answered, and which refusals there are besides everybody's.
_BODIES: dict[str, tuple[type[BaseModel] | str | None, dict[int, type[BaseModel]], set[int]]] = {
    "callbacks.ask_for_call": (CallbackRequest, {201: Callback, 202: Lead}, set()),
    "callbacks.look_at_call": (None, {200: Callback}, {404}),
    "callbacks.cancel_call": (CancelRequest, {200: Callback}, {404}),
    "records.import_cases": (CSV, {200: Imported}, set()),
    "records.import_missed_calls": (CSV, {200: Imported}, set()),
    "records.payment_received": (Payment, {200: Done}, {404}),
    "records.contact_received": (Contact, {200: Done}, {404}),
    "records.contact_dealt_with": (DealtWith, {200: Done}, {404}),
    "records.phone_lost": (LostPhone, {200: Shut}, {404}),
}
_EVERYBODYS = {401, 403, 429, 500, 503}
_WHEN_WRITING = {400, 409, 413, 415, 422}
_WHY = {
    200: "Done",
    201: "A call is owed",
    202: "A person has to approve it first",
    400: "No Idempotency-Key",
    401: "No token that works",
    403: "The token lacks the scope",
    404: "There is no such thing",
    409: "It cannot be done as things stand, or is being done",
    413: "Too much at once",
    415: "A body of another kind",
    422: "The body, or the key, is not right",
    429: "Too many requests",
    500: "Our fault",
    503: "Try again",
}


def document_of(app: Flask, version: str) -> Json:
    """The document of all routes under /v1 that a token opens; `version` is that of the API."""
    models = _models()
    _, schemas = models_json_schema(
        [(model, "validation") for model in models], ref_template="#/components/schemas/{model}"
    )
    paths: Json = {}
    for rule in app.url_map.iter_rules():
        if rule.endpoint in _BODIES:
            path = rule.rule.replace("<id>", "{id}")
            (method,) = (rule.methods or set()) - {"HEAD", "OPTIONS"}
            paths.setdefault(path, {})[method.lower()] = _operation(app, rule.endpoint, path)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Ringback",
            "version": version,
            "description": "For the department's own systems, inside its network.",
        },
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}],
    }


def _operation(app: Flask, endpoint: str, path: str) -> Json:
    view: Any = app.view_functions[endpoint]
    sent, answers, more = _BODIES[endpoint]
    refusals = _EVERYBODYS | more | (_WHEN_WRITING if sent else set())
    said = (view.__doc__ or "").strip()
    operation: Json = {
        "operationId": endpoint.partition(".")[2],
        "summary": said.partition("\n")[0],
        "description": f"{said} Scope: `{view.scope.value}`.",
        "parameters": list(_parameters(path, writes=sent is not None)),
        "responses": {
            **{str(status): _answer(status, model) for status, model in answers.items()},
            **{str(status): _refusal(status) for status in sorted(refusals)},
        },
    }
    if sent is not None:
        operation["requestBody"] = {"required": True, "content": _content(sent)}
    return operation


def _parameters(path: str, *, writes: bool) -> Iterator[Json]:
    if "{id}" in path:
        yield {
            "name": "id",
            "in": "path",
            "required": True,
            "schema": {"type": "string", "pattern": CALLBACK_ID},
        }
    if writes:
        yield {
            "name": "Idempotency-Key",
            "in": "header",
            "required": True,
            "description": "Fresh for each request; the same one when it is sent again.",
            "schema": {"type": "string", "pattern": r"^[\x21-\x7e]{8,128}$"},
        }


def _content(sent: type[BaseModel] | str) -> Json:
    if isinstance(sent, str):
        return {sent: {"schema": {"type": "string"}}}
    return {"application/json": {"schema": _ref(sent)}}


def _answer(status: int, model: type[BaseModel]) -> Json:
    return {
        "description": _WHY[status],
        "content": {"application/json": {"schema": _ref(model)}},
    }


def _refusal(status: int) -> Json:
    refusal: Json = {
        "description": _WHY[status],
        "content": {"application/problem+json": {"schema": _ref(Problem)}},
    }
    if status in (429, 503):
        refusal["headers"] = {"Retry-After": {"schema": {"type": "integer"}}}
    return refusal


def _ref(model: type[BaseModel]) -> Json:
    return {"$ref": f"#/components/schemas/{model.__name__}"}


def _models() -> list[type[BaseModel]]:
    found: dict[str, type[BaseModel]] = {"Problem": Problem}
    for sent, answers, _ in _BODIES.values():
        for model in (sent, *answers.values()):
            if isinstance(model, type):
                found[model.__name__] = model
    return list(found.values())
