"""Names, places and the service that the simulator's tests ring up."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from bot.simulator import (
    WebhookRequest,
    WebhookResponse,
)

SID, TOKEN = "AC" + "1" * 32, "12345"
DESK = "+442079460000"
ALICE, BOB, OMAR, MALLORY = "+447700900123", "+447700900456", "+447700900789", "+447700900666"
NAMES = {ALICE: "Alice", BOB: "Bob", OMAR: "Omar", MALLORY: "Mallory"}
BASE = "https://desk.example"
SORRY = "We are sorry. An application error has occurred. Goodbye."  # the carrier's own words
TUESDAY_AT_TEN = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)

Answer = str | WebhookResponse | Exception | Callable[[WebhookRequest], "Answer"]


def twiml(verbs: str) -> WebhookResponse:
    body = f'<?xml version="1.0" encoding="UTF-8"?><Response>{verbs}</Response>'
    return WebhookResponse(200, {"Content-Type": "text/xml"}, body.encode())


class Service:
    """Stands for the bot: answers each path as it was told to, the last answer again and again."""

    def __init__(self):
        self.answers: dict[str, list[Answer]] = {}
        self.requests: list[WebhookRequest] = []

    def answer(self, path: str, *answers: Answer) -> None:
        self.answers[path] = list(answers)

    def __call__(self, request: WebhookRequest) -> WebhookResponse:
        self.requests.append(request)
        assert signed(request), "a webhook that Twilio's own validator refuses"
        path = request.url.removeprefix(BASE).partition("?")[0]
        waiting = self.answers.get(path, [twiml("")])
        return self._given(waiting.pop(0) if len(waiting) > 1 else waiting[0], request)

    def _given(self, answer: Answer, request: WebhookRequest) -> WebhookResponse:
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, str):
            return twiml(answer)
        return (
            answer if isinstance(answer, WebhookResponse) else self._given(answer(request), request)
        )

    def asked(self, path: str) -> list[dict[str, str]]:
        """What was sent to that path, request by request."""
        return [
            dict(request.params)
            for request in self.requests
            if request.url.removeprefix(BASE).partition("?")[0] == path
        ]


def signed(request: WebhookRequest) -> bool:
    params = MultiDict() if request.method == "GET" else MultiDict(list(request.params))
    return RequestValidator(TOKEN).validate(
        request.url, params, request.headers["X-Twilio-Signature"]
    )


def refusal(action) -> tuple[int, int]:
    """The HTTP status and Twilio's number of what the API refused."""
    with pytest.raises(TwilioRestException) as refused:
        action()
    return refused.value.status, refused.value.code
