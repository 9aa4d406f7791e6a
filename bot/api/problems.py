"""Errors of the API as problem+json (RFC 9457): what went wrong, and the next step.

Nothing that was sent stands in one: it might be about a person.
"""

from typing import Any

from flask import Response, jsonify

from bot.api.bodies import Problem

MEDIA_TYPE = "application/problem+json"


class Refused(Exception):
    """A request that cannot be answered as it was asked."""

    def __init__(
        self,
        status: int,
        name: str,
        title: str,
        detail: str,
        *,
        rows: list[dict[str, Any]] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status} {name}")
        self.status = status
        self.headers = headers or {}
        kind = f"urn:ringback:problem:{name}"
        self.problem = Problem.model_validate(
            {"type": kind, "title": title, "status": status, "detail": detail, "rows": rows}
        )

    def response(self) -> Response:
        """As it is sent."""
        response = jsonify(self.problem.model_dump(exclude_none=True))
        response.status_code = self.status
        response.mimetype = MEDIA_TYPE
        response.headers.update(self.headers)
        return response
