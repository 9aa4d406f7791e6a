"""What all parts of the phone network share: its clock, its numbers, its calls, its books."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.simulator.books import Book
from bot.simulator.detection.sound import WORDS_A_SECOND
from bot.simulator.handsets.base import Handset
from bot.simulator.happenings import Journal, Kind
from bot.simulator.numbers import OwnNumber
from bot.simulator.records import Call, CarrierEvent, Exchange, Recording, Text
from bot.simulator.sids import Sids
from bot.simulator.timing.clock import Clock
from bot.simulator.timing.timeline import Timeline
from bot.simulator.webhooks.fetching import Errand
from bot.simulator.webhooks.request import WebhookRequest, WebhookResponse

if TYPE_CHECKING:
    from bot.simulator.calls.leg import Leg
    from bot.simulator.calls.player import PlayVerb
    from bot.simulator.conferences.rooms import Conference
    from bot.simulator.webhooks.courier import Courier


@dataclass
class Settings:
    """What may differ from network to network."""

    characters_per_second: float = 15.0
    play_seconds: float = 3.0
    wrong_verdict_rate: float = 0.0  # of machine detection: the share of its mistakes
    spoken_words_per_second: float = WORDS_A_SECOND  # of people, into the telephone
    speech_confidence: float = 0.9  # of the speech recognition in what it heard
    setup_seconds: float = 1.0
    calls_per_second: float = 1.0
    list_lag_seconds: float = 0.0
    webhooks_at_once: int = 256  # beside a wall clock; more wait until a thread is free
    ring_buffer_seconds: float = 0.0  # "for some call flows" 5 s are added to Timeout [oai]
    segments_per_second: float = 1.0  # of texts, for each number that sends them (d: sms limits)
    most_requests_at_once: int | None = None  # more are refused with 20429
    call_countries: frozenset[str] | None = None  # geographic permissions; None: everywhere
    text_countries: frozenset[str] | None = None
    blocked_numbers: frozenset[str] = frozenset()  # never rung (21216)
    advanced_opt_out: bool = False  # then the webhook of a keyword says OptOutType


@dataclass
class Carrier:
    """The shared state, which is touched only under `lock`, but for what keeps a lock of its own
    (the journal) and what is only ever written at its end.

    Webhooks are carried without the lock, or a slow answer would hold up every call. So
    `exchanged`, and `warn` for what goes wrong on the way, append to `webhooks`, `events` and the
    `webhooks` of one call or text without it. One append is one step in Python, nobody sees an
    entry before it is whole, and readers take a copy (`list(...)`): neither can break.
    """

    account_sid: str
    auth_token: str
    clock: Clock
    sids: Sids
    settings: Settings
    timeline: Timeline
    # What is built on this, and yet needed below: how a verb is played, how a text comes in.
    verbs: "Mapping[str, PlayVerb]"
    arrive: "Callable[[Carrier, OwnNumber, str, str], object]"
    lock: threading.RLock = field(default_factory=threading.RLock)
    journal: Journal = field(default_factory=Journal)
    numbers: dict[str, OwnNumber] = field(default_factory=dict)
    handsets: dict[str, Handset] = field(default_factory=dict)
    calls: dict[str, Call] = field(default_factory=dict)
    legs: dict[str, "Leg"] = field(default_factory=dict)
    conferences: dict[str, "Conference"] = field(default_factory=dict)
    texts: dict[str, Text] = field(default_factory=dict)
    webhooks: Book[Exchange] = field(default_factory=Book)
    events: Book[CarrierEvent] = field(default_factory=Book)
    voicemails: dict[str, list[Recording]] = field(default_factory=dict)
    opted_out: set[tuple[str, str]] = field(default_factory=set)
    keys: dict[str, str] = field(default_factory=dict)  # API keys and their secrets
    caller_ids: dict[str, str] = field(default_factory=dict)  # verified numbers and their sids
    messaging_services: dict[str, tuple[str, ...]] = field(default_factory=dict)
    text_troubles: dict[str, int] = field(default_factory=dict)  # numbers that no text reaches
    scheduled: dict[str, Callable[[], None]] = field(default_factory=dict)  # how to cancel a text
    text_slots: dict[str, datetime] = field(default_factory=dict)
    next_slot: datetime | None = None
    opened_at: datetime = field(init=False)
    _courier: "Courier | None" = None

    def __post_init__(self) -> None:
        """The account is as old as the network."""
        self.opened_at = self.clock.now()

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
        """Keep a webhook with its answer. Called without the lock: appending is all it does, and
        looking one sid up."""
        exchange = Exchange(self.clock.now(), errand.kind, errand.sid, request, response, failure)
        self.webhooks.append(exchange)
        owner = self.calls.get(errand.sid) or self.texts.get(errand.sid)
        if owner is not None:
            owner.webhooks.append(exchange)
        answered = str(response.status) if response else failure
        self.note("webhook", "carrier", request.url, f"{errand.kind}: {answered}", errand.sid)

    def opting(self, sender: str, person: str) -> tuple[str, str]:
        """Between whom an opt-out stands: a messaging service is one sender with all its numbers
        (d:proxy/opt-out-keywords)."""
        pools = self.messaging_services.items()
        return next((sid for sid, pool in pools if sender in pool), sender), person

    def take_slot(self) -> float:
        """Seconds until this account may dial again: so many calls per second, the rest queue."""
        now = self.clock.now()
        slot = max(now, self.next_slot or now)
        self.next_slot = slot + timedelta(seconds=1 / self.settings.calls_per_second)
        return (slot - now).total_seconds()

    def text_wait(self, sender: str) -> float:
        """Seconds until that sender's next text may go out: so many segments per second."""
        now = self.clock.now()
        return (max(now, self.text_slots.get(sender, now)) - now).total_seconds()

    def take_text_slot(self, sender: str, segments: int) -> float:
        """Stand in that sender's queue; how long until its turn comes."""
        wait = self.text_wait(sender)
        taken = segments / self.settings.segments_per_second
        self.text_slots[sender] = self.clock.now() + timedelta(seconds=wait + taken)
        return wait

    def service_of(self, number: str) -> str | None:
        """The messaging service whose pool that number is in."""
        pools = self.messaging_services.items()
        return next((sid for sid, pool in pools if number in pool), None)

    def may_show(self, number: str) -> bool:
        """May calls show that number: is it ours, or a verified caller ID?"""
        return number in self.numbers or number in self.caller_ids

    def named(self, number: str) -> str:
        """Whoever has that number, by name if we know it."""
        handset = self.handsets.get(number)
        return handset.name if handset else number


def speaking_seconds(settings: Settings, words: str) -> float:
    """How long the machine takes to say that."""
    return len(words) / settings.characters_per_second
