"""Faults upon webhooks: some before anything is sent, some upon a single try."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from bot.simulator.error_numbers import CONNECTION_FAILED
from bot.simulator.faults.orders import ON_ERRANDS, ON_TRIES, Fault, Faults, Order
from bot.simulator.timing.timeline import Timeline
from bot.simulator.webhooks.courier import Carried, Courier, Then
from bot.simulator.webhooks.fetching import Answer, Errand, OnExchange
from bot.simulator.webhooks.overrides import split_overrides
from bot.simulator.webhooks.request import Deliver, DeliveryError, WebhookRequest, WebhookResponse

LATE_SECONDS = 30.0
OVERTAKEN_SECONDS = 1.0  # how long after the one that overtook it
WAITED_FOR_SECONDS = 30.0  # when nothing comes to overtake it
# A call waits for these, which is why no other can overtake them, and not for long.
CALL_NEEDS_IT = frozenset({"voice", "action", "whisper", "fallback"})
A_CALL_WAITS = 10.0


def mishap(faults: Faults, errand: Errand) -> Order | None:
    """What goes wrong with an errand before it is sent."""
    return faults.meet(ON_ERRANDS, errand.kind, errand.values, errand.sid, errand.url)


def time_out(errand: Errand) -> tuple[float, Answer]:
    """What the carrier makes of a webhook that was lost, retries and all, and when."""
    seconds = split_overrides(errand.url)[1].total_seconds
    words = f"no answer within {seconds:g} s"
    return seconds, Answer(errand.url, None, CONNECTION_FAILED, words)


@dataclass
class FaultyCourier:
    """Stands before the real courier: called under the network's lock, as that is."""

    courier: Courier
    faults: Faults
    timeline: Timeline
    _held: dict[tuple[str, str], Callable[[], None]] = field(default_factory=dict)

    def send(self, errand: Errand, then: Then) -> None:
        """Run the errand, unless something was ordered to happen to it."""
        key = (errand.sid, errand.kind)
        if (overtaken := self._held.pop(key, None)) is not None:
            self.timeline.after(OVERTAKEN_SECONDS, overtaken)
            self.courier.send(errand, then)
        elif not self.strike(errand, then):
            self.courier.send(errand, then)

    def strike(self, errand: Errand, then: Then) -> bool:
        """Let go wrong with the errand what was ordered; False if nothing was."""
        order = mishap(self.faults, errand)
        if order is None:
            return False

        def send() -> None:
            self.courier.send(errand, then)

        a_call_waits = errand.kind in CALL_NEEDS_IT
        if order.fault == Fault.WEBHOOK_REORDERED and not a_call_waits:
            self._hold((errand.sid, errand.kind), send)
        elif order.fault in (Fault.WEBHOOK_LATE, Fault.WEBHOOK_REORDERED):
            seconds = order.seconds or LATE_SECONDS
            self.timeline.after(min(seconds, A_CALL_WAITS) if a_call_waits else seconds, send)
        elif order.fault == Fault.WEBHOOK_LOST or a_call_waits:
            seconds, answer = time_out(errand)
            self.timeline.after(seconds, lambda: then(answer))
        return True

    def _hold(self, key: tuple[str, str], send: Callable[[], None]) -> None:
        self._held[key] = send

        def waited_long_enough() -> None:
            if self._held.get(key) is send:
                del self._held[key]
                send()

        self.timeline.after(WAITED_FOR_SECONDS, waited_long_enough)

    @property
    def on_carried(self) -> Callable[[Carried], None]:
        """Who is told of each errand that was run."""
        return self.courier.on_carried

    @on_carried.setter
    def on_carried(self, told: Callable[[Carried], None]) -> None:
        self.courier.on_carried = told

    @property
    def idle(self) -> bool:
        """Is no errand under way? What was ordered to be late lies in the timeline."""
        return self.courier.idle

    def close(self) -> None:
        """Take no more errands."""
        self.courier.close()


@dataclass(frozen=True)
class FaultyWire:
    """Between the fetcher and the delivery: what happens to a single try."""

    faults: Faults
    told: OnExchange

    def __call__(
        self, errand: Errand, request: WebhookRequest, deliver: Deliver
    ) -> WebhookResponse:
        """Deliver it, unless something was ordered to happen to it."""
        order = self.faults.meet(ON_TRIES, errand.kind, errand.values, errand.sid, errand.url)
        if order is None:
            return deliver(request)
        if order.fault == Fault.WEBHOOK_REFUSED:
            raise DeliveryError("ct", "TCP connection refused (11202)")
        response = deliver(request)
        if order.fault == Fault.WEBHOOK_ANSWER_LOST:
            return replace(response, seconds=request.limits.read_seconds + 1)
        self.told(errand, request, response, "")
        return deliver(request)
