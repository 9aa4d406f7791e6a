"""An HTTP client for twilio-python that calls the REST app directly: no port, no thread."""

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from twilio.http import HttpClient  # type: ignore[import-untyped,unused-ignore]
from twilio.http.response import Response  # type: ignore[import-untyped,unused-ignore]
from werkzeug.datastructures import MultiDict
from werkzeug.test import Client

from bot.simulator.faults.rest import IN_PROCESS, NoAnswer, as_requests

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class InProcessHttpClient(HttpClient):  # type: ignore[misc,unused-ignore]
    """`twilio.rest.Client(sid, token, http_client=InProcessHttpClient(rest_app(network)))`."""

    def __init__(self, app: "WSGIApplication") -> None:
        """Send every request to that app."""
        super().__init__(logging.getLogger(__name__), is_async=False)
        self._client = Client(app)

    def request(
        self,
        method: str,
        uri: str,
        params: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """One request, as twilio-python's own client would make it over the wire."""
        parts = urlsplit(uri)
        query = MultiDict(_pairs(params)) if params else parts.query
        try:
            answer = self._client.open(
                parts.path,
                method=method,
                query_string=query,
                data=MultiDict(_pairs(data or {})),
                headers=dict(headers or {}),
                auth=auth,
                environ_base={IN_PROCESS: True},
            )
        except NoAnswer as silence:
            raise as_requests(silence, uri) from None
        return Response(answer.status_code, answer.text, dict(answer.headers))


def _pairs(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Repeated keys for lists, nothing for None, as an HTTP form has it."""
    pairs = []
    for name, value in values.items():
        each = value if isinstance(value, (list, tuple)) else [value]
        pairs += [(name, str(one)) for one in each if one is not None]
    return pairs
