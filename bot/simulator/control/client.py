"""A client for the simulator's own process: what a demo or a test asks of the phone network."""

import json
import urllib.request
from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast
from urllib.error import HTTPError
from urllib.parse import quote

from bot.simulator.happenings import Happening

Json = dict[str, Any]


class ControlRefused(Exception):
    """The simulator turned a request down, with the reason."""


class Control:
    """Speaks to `python -m bot.simulator` at its address."""

    def __init__(self, base_url: str, timeout: float = 30.0) -> None:
        """Take the simulator to be there."""
        self.base_url, self.timeout = base_url.rstrip("/"), timeout

    def own(self, number: str, voice_url: str = "", sms_url: str = "", **others: str) -> Json:
        """Give the service a number."""
        body = {"number": number, "voice_url": voice_url, "sms_url": sms_url, **others}
        return self._object("POST", "/numbers", body)

    def add(self, handset: Mapping[str, Any]) -> Json:
        """Connect a handset, described as in a scenario file."""
        return self._object("POST", "/handsets", dict(handset))

    def change(self, number: str, handset: Mapping[str, Any]) -> Json:
        """Put another handset in the place of that number's."""
        return self._object("PUT", f"/handsets/{quote(number)}", dict(handset))

    def text(self, sender: str, to: str, body: str, /, **extra: str) -> Json:
        """Somebody texts the service."""
        data = {"from": sender, "to": to, "body": body, "extra": extra}
        return self._object("POST", "/texts", data)

    def text_soon(self, sender: str, to: str, body: str) -> str:
        """Somebody texts the service, and does not wait for its answer; the MessageSid."""
        data = {"from": sender, "to": to, "body": body}
        return str(self._object("POST", "/texts/soon", data)["message_sid"])

    def dial(self, caller: str, to: str, withheld: bool | str = False) -> str:
        """Somebody rings the service; returns the CallSid."""
        data = {"from": caller, "to": to, "withheld": withheld}
        return str(self._object("POST", "/calls", data)["sid"])

    def press(self, number: str, digits: str) -> None:
        """Press keys in the call that number is in."""
        self._object("POST", f"/handsets/{quote(number)}/press", {"digits": digits})

    def speak(self, number: str, words: str) -> None:
        """Say something in the call that number is in."""
        self._object("POST", f"/handsets/{quote(number)}/speak", {"words": words})

    def answer(self, number: str) -> None:
        """Pick that ringing telephone up."""
        self._object("POST", f"/handsets/{quote(number)}/answer", {})

    def decline(self, number: str) -> None:
        """Turn the call down on that ringing telephone."""
        self._object("POST", f"/handsets/{quote(number)}/decline", {})

    def divert(self, number: str) -> None:
        """Leave that ringing telephone to its voicemail."""
        self._object("POST", f"/handsets/{quote(number)}/divert", {})

    def detect(self, number: str, answered_by: str) -> None:
        """Say what machine detection finds at that number, where it waits for it."""
        body = {"answered_by": answered_by}
        self._object("POST", f"/handsets/{quote(number)}/detect", body)

    def hang_up(self, number: str) -> None:
        """Put that number's phone down."""
        self._object("POST", f"/handsets/{quote(number)}/hang-up", {})

    def voicemails(self, number: str) -> list[Json]:
        """What that number's voicemail kept."""
        return self._list("GET", f"/handsets/{quote(number)}/voicemails")

    def calls(self) -> list[Json]:
        """Every call."""
        return self._list("GET", "/calls")

    def call(self, sid: str) -> Json:
        """One call, with what was heard and pressed."""
        return self._object("GET", f"/calls/{sid}")

    def texts(self) -> list[Json]:
        """Every text, with any replies."""
        return self._list("GET", "/texts")

    def webhooks(self) -> list[Json]:
        """Every webhook with its answer."""
        return self._list("GET", "/webhooks")

    def events(self) -> list[Json]:
        """The carrier's errors and warnings."""
        return self._list("GET", "/events")

    def happenings(self, after: int = 0, wait_seconds: float = 2.0) -> list[Happening]:
        """What happened after that number; waits a little when there is nothing yet."""
        path = f"/happenings?after={after}&wait={wait_seconds:g}"
        return [
            Happening(**row | {"at": datetime.fromisoformat(row["at"])})
            for row in self._list("GET", path)
        ]

    def busy(self) -> Json:
        """How many `calls` are up, how many of them `answered`; is a webhook on its way?"""
        return self._object("GET", "/busy")

    def speak_at(self, characters_per_second: float) -> None:
        """Let the service's voice be that fast from now on."""
        self._object("PUT", "/settings", {"characters_per_second": characters_per_second})

    def order_fault(self, fault: str, **how: Any) -> Json:
        """Have something go wrong, as `Faults.order` does."""
        return self._object("POST", "/faults", {"fault": fault, **how})

    def faults(self) -> Json:
        """Which faults were ordered, and which have happened."""
        return self._object("GET", "/faults")

    def clear_faults(self) -> Json:
        """Let nothing go wrong from now on."""
        return self._object("DELETE", "/faults")

    def advance(self, seconds: float) -> str:
        """Let that much time pass at once; returns what time it is then."""
        return str(self._object("POST", "/clock", {"seconds": seconds})["now"])

    def now(self) -> str:
        """What time it is there."""
        return str(self._object("GET", "/clock")["now"])

    def _object(self, method: str, path: str, body: Json | None = None) -> Json:
        return cast(Json, self._ask(method, path, body))

    def _list(self, method: str, path: str) -> list[Json]:
        return cast("list[Json]", self._ask(method, path, None))

    def _ask(self, method: str, path: str, body: Json | None) -> object:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(  # noqa: S310  our own process, on this machine
            f"{self.base_url}/simulator{path}",
            data=data,
            method=method,
            headers={"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=self.timeout) as answer:  # noqa: S310
                return json.load(answer)
        except HTTPError as refused:
            with refused:
                raise ControlRefused(refused.read().decode()) from None
