"""What all parts of the phone network share: its clock, its numbers, its calls, its books."""

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.simulator.clock import Clock
from bot.simulator.fetching import Errand
from bot.simulator.handsets.base import Handset
from bot.simulator.happenings import Journal, Kind
from bot.simulator.numbers import OwnNumber
from bot.simulator.records import Call, CarrierEvent, Exchange, Recording, Text
from bot.simulator.sids import Sids
from bot.simulator.timeline import Timeline
from bot.simulator.webhooks import WebhookRequest, WebhookResponse

if TYPE_CHECKING:
    from bot.simulator.courier import Courier
    from bot.simulator.leg import Leg


@dataclass
class Settings:
    """What may differ from network to network."""

    characters_per_second: float = 15.0
    play_seconds: float = 3.0
    spoken_words_per_second: float = 2.5  # of people, into the telephone
    speech_confidence: float = 0.9  # of the speech recognition in what it heard
    setup_seconds: float = 1.0
    calls_per_second: float = 1.0
    list_lag_seconds: float = 0.0


@dataclass
class Carrier:
    """The shared state. Everything but the journal is touched only under `lock`."""

    account_sid: str
    auth_token: str
    clock: Clock
    sids: Sids
    settings: Settings
    timeline: Timeline
    lock: threading.RLock = field(default_factory=threading.RLock)
    journal: Journal = field(default_factory=Journal)
    numbers: dict[str, OwnNumber] = field(default_factory=dict)
    handsets: dict[str, Handset] = field(default_factory=dict)
    calls: dict[str, Call] = field(default_factory=dict)
    legs: dict[str, "Leg"] = field(default_factory=dict)
    texts: dict[str, Text] = field(default_factory=dict)
    webhooks: list[Exchange] = field(default_factory=list)
    events: list[CarrierEvent] = field(default_factory=list)
    voicemails: dict[str, list[Recording]] = field(default_factory=dict)
    opted_out: set[tuple[str, str]] = field(default_factory=set)
    next_slot: datetime | None = None
    _courier: "Courier | None" = None

    @property
    def courier(self) -> "Courier":
        """Who carries the webhooks."""
        if self._courier is None:
            raise RuntimeError("the network has no courier yet")
        return self._courier

    def employ(self, courier: "Courier") -> None:
        """Let this courier carry the webhooks from now on."""
        self._courier = courier

    def errand(
        self, url: str, method: str, params: list[tuple[str, str]], kind: str, sid: str
    ) -> Errand:
        """A webhook with an idempotency token of its own."""
        return Errand(url, method or "POST", params, kind, sid, self.sids.token())

    def note(self, kind: Kind, who: str, to: str = "", words: str = "", sid: str = "") -> None:
        """Write a happening into the journal."""
        self.journal.note(self.clock.now(), kind, who, to, words, sid)

    def warn(self, code: int, words: str, sid: str = "", url: str = "") -> None:
        """Write a line into the carrier's debugger."""
        self.events.append(CarrierEvent(self.clock.now(), code, words, sid, url))
        self.note("carrier_event", "carrier", words=f"{code}: {words}", sid=sid)

    def exchanged(
        self,
        errand: Errand,
        request: WebhookRequest,
        response: WebhookResponse | None,
        failure: str,
    ) -> None:
        """Keep a webhook with its answer. Called without the lock: appending is all it does."""
        exchange = Exchange(self.clock.now(), errand.kind, errand.sid, request, response, failure)
        self.webhooks.append(exchange)
        owner = self.calls.get(errand.sid) or self.texts.get(errand.sid)
        if owner is not None:
            owner.webhooks.append(exchange)
        answered = str(response.status) if response else failure
        self.note("webhook", "carrier", request.url, f"{errand.kind}: {answered}", errand.sid)

    def take_slot(self) -> float:
        """Seconds until this account may dial again: so many calls per second, the rest queue."""
        now = self.clock.now()
        slot = max(now, self.next_slot or now)
        self.next_slot = slot + timedelta(seconds=1 / self.settings.calls_per_second)
        return (slot - now).total_seconds()

    def named(self, number: str) -> str:
        """Whoever has that number, by name if we know it."""
        handset = self.handsets.get(number)
        return handset.name if handset else number


def speaking_seconds(settings: Settings, words: str) -> float:
    """How long the machine takes to say that."""
    return len(words) / settings.characters_per_second
