"""The service and a phone network in one process, on one clock that tests move."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.callbacks import Callback
from bot.carrier import CallOrder
from bot.dialler import Dialler
from bot.errors import CarrierError
from bot.outbox import Outbox
from bot.reconciling import Reconciling
from bot.simulator import (
    DeliveryError,
    InProcessHttpClient,
    PhoneNetwork,
    VirtualClock,
    WebhookRequest,
    WebhookResponse,
    WsgiDelivery,
    rest_app,
)
from bot.simulator.handsets.kinds import handset_from_json
from bot.store import Store
from bot.twilio.client import TwilioCarrier
from bot.twilio.urls import Urls
from tests.house_in_memory import (
    BASE,
    DESK,
    TOKEN,
    TUESDAY_AT_TEN,
    HouseInMemory,
    MovableClock,
)
from tests.people import SERVICE, Person

ACCOUNT = "AC" + "0" * 32
STEP = 0.5


class Killed(BaseException):
    """The worker's process is no more. Not an `Exception`: nothing may catch it."""


class Killable:
    """Passes calls on to a store or a carrier, and dies before or after the chosen one.

    `calls` names everything that was asked, so that a test can find its own kill points.
    """

    def __init__(self, real: Any) -> None:
        self._real = real
        self.calls: list[str] = []
        self.die_at: tuple[int, str] | None = None

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._real, name)
        if not callable(real):
            return real

        def asked(*args: object, **kwargs: object) -> object:
            place = len(self.calls)
            self.calls.append(name)
            if self.die_at == (place, "before"):
                raise Killed
            answer = real(*args, **kwargs)
            if self.die_at == (place, "after"):
                raise Killed
            return answer

        return asked


class Faulty:
    """A carrier whose next orders go wrong, each in the way that was asked for."""

    def __init__(self, real: TwilioCarrier) -> None:
        self._real = real
        self.faults: list[str] = []
        self.status_fault: CarrierError | None = None

    def status_of(self, call: str) -> str | None:
        if self.status_fault is not None:
            raise self.status_fault
        return self._real.status_of(call)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def place_call(self, order: CallOrder) -> str:
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "never arrives":
            raise CarrierError("no answer", retryable=True, unclear=True)
        if fault == "too many":
            raise CarrierError("refused with HTTP 429", retryable=True, too_many=True)
        if fault == "bad number":
            raise CarrierError("refused with HTTP 400, code 21211", retryable=False)
        call = self._real.place_call(order)
        if fault == "answer lost":
            raise CarrierError("no answer", retryable=True, unclear=True)
        return call


class World:
    """A house, its worker and the telephones of its customers."""

    def __init__(
        self, build: Callable[..., HouseInMemory], seed: int = 0, **different: object
    ) -> None:
        clock = VirtualClock(datetime.fromtimestamp(TUESDAY_AT_TEN, UTC))
        ours = MovableClock(wall=lambda: clock.now().timestamp())
        self.house = build(clock=ours, **different)
        self.door_shut = False
        self.door = WsgiDelivery(self.house.app, BASE)
        self.network = PhoneNetwork(ACCOUNT, TOKEN, clock, deliver=self._deliver, seed=seed)
        self.network.own(
            SERVICE, f"{BASE}/call/received", f"{BASE}/text/received", f"{BASE}/call/status"
        )
        self.carrier = Faulty(
            TwilioCarrier(
                account_sid=ACCOUNT,
                auth_token=TOKEN,
                urls=Urls(BASE),
                http_client=InProcessHttpClient(rest_app(self.network)),
            )
        )
        self.killable = Killable(self.house.store)
        self.hire(self.killable)
        self.reconciling = Reconciling(self.house.runtime, self.carrier)

    def _deliver(self, request: WebhookRequest) -> WebhookResponse:
        if self.door_shut:
            raise DeliveryError("ct", "connection refused")
        return self.door(request)

    def hire(self, store: Store | Killable) -> None:
        """A new worker, on this store."""
        runtime = replace(self.house.runtime, store=store)
        self.dialler, self.outbox = Dialler(runtime, self.carrier), Outbox(runtime, self.carrier)

    def add(self, person: Person, kind: str = "machine", **handset: object) -> None:
        """Give somebody a telephone."""
        described = {"kind": kind, "name": person.name, "number": person.phone, **handset}
        self.network.add(handset_from_json(described))

    def drain(self) -> list[str]:
        """The worker does all that is due now; what became of the calls it took."""
        outcomes = []
        while True:
            while self.reconciling.take_one(DESK) is not None:
                pass
            outcome = self.dialler.take_one(DESK)
            if outcome is not None:
                outcomes.append(outcome.value)
            if self.outbox.take_one(DESK) is None and outcome is None:
                return outcomes

    def run(self, seconds: float, *, working: bool = True) -> list[str]:
        """Let time pass; the worker works all the while, or there is none."""
        outcomes: list[str] = []
        for _ in range(int(seconds / STEP)):
            if working:
                outcomes += self.drain()
            self.network.advance(STEP)
        return outcomes

    def skip(self, seconds: float) -> None:
        """Let a long time pass in which nothing happens."""
        self.network.advance(seconds)

    def text(self, person: Person, body: str = "Sorry I missed you") -> str:
        """Somebody texts; the id of the text, which is the callback's."""
        sent = self.network.text(person.phone, SERVICE, body)
        assert (sent.status, list(sent.replies)) == (200, [])
        return sent.message_sid

    def callback(self, id: str) -> Callback:
        """A callback as it stands."""
        return Callback.from_json(self.house.record(f"callback:{id}"))

    def dispositions(self, id: str) -> list[str | None]:
        """How the attempts at a callback ended, so far."""
        return [attempt.disposition for attempt in self.callback(id).attempts]

    def calls_to(self, person: Person) -> list[Any]:
        """The calls that the carrier placed to somebody."""
        return [call for call in self.network.calls.values() if call.to == person.phone]

    def tasks(self) -> list[str]:
        """The reasons of all tasks that were filed."""
        return [task.reason.value for task in self.house.runtime.tasks.open()]
