"""The phone network as one object: what tests and the simulator's own process hold in hand."""

import time
from dataclasses import replace
from datetime import timedelta

from bot.simulator.by_hand import ByHand, Engaged, NotConnected
from bot.simulator.carrier import Carrier, Settings
from bot.simulator.faults.orders import Faults
from bot.simulator.faults.webhooks import FaultyCourier, FaultyWire
from bot.simulator.handsets.base import Handset
from bot.simulator.looking_up import LookingUp
from bot.simulator.numbers import OwnNumber
from bot.simulator.sids import Sids
from bot.simulator.texts.sending import UNREACHABLE
from bot.simulator.texts.texting import arrive
from bot.simulator.timing.clock import Clock, VirtualClock
from bot.simulator.timing.running import Stepper, Ticker
from bot.simulator.timing.timeline import Timeline
from bot.simulator.verbs import VERBS
from bot.simulator.webhooks.cookies import CookieJar
from bot.simulator.webhooks.courier import ThreadCourier, TurnCourier
from bot.simulator.webhooks.delivery import HttpDelivery
from bot.simulator.webhooks.fetching import Fetcher, still
from bot.simulator.webhooks.request import Deliver

__all__ = ["Engaged", "NotConnected", "PhoneNetwork"]

MOST_AT_ONCE_SECONDS = 10 * 366 * 86400.0


class PhoneNetwork(ByHand, LookingUp):
    """A carrier, its customers' phones and the time they live in."""

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        clock: Clock,
        deliver: Deliver | None = None,
        seed: int = 0,
        settings: Settings | None = None,
    ) -> None:
        """With a VirtualClock nothing moves until somebody calls `advance`; with any other clock
        a thread does what is due, and each webhook runs on a thread of its own."""
        settings = settings or Settings()
        timeline = Timeline(clock)
        sids = Sids(seed)
        self.carrier = Carrier(
            account_sid, auth_token, clock, sids, settings, timeline, VERBS, arrive
        )
        self.faults = Faults(seed, clock, self.carrier.warn)
        told, virtual = self.carrier.exchanged, isinstance(clock, VirtualClock)
        self._fetcher = Fetcher(
            auth_token,
            deliver or HttpDelivery(),
            told,
            CookieJar(clock.now),
            FaultyWire(self.faults, told),
            stopwatch=still if virtual else time.monotonic,
        )
        self._stepper: Stepper | None = None
        self._ticker: Ticker | None = None
        if isinstance(clock, VirtualClock):
            turns = TurnCourier(self._fetcher, timeline, self.carrier.lock)
            self._mishaps = FaultyCourier(turns, self.faults, timeline)
            self._stepper = Stepper(clock, timeline, turns.carry_all, self.carrier.lock)
        else:
            at_once = settings.webhooks_at_once
            threads = ThreadCourier(self._fetcher, self.carrier.lock, at_once)
            self._mishaps = FaultyCourier(threads, self.faults, timeline)
            self._ticker = Ticker(clock, timeline, self.carrier.lock)
        self.carrier.employ(self._mishaps)

    @property
    def settings(self) -> Settings:
        """How fast it speaks, and other things that may be changed."""
        return self.carrier.settings

    # Time

    @property
    def clock(self) -> Clock:
        """The network's clock."""
        return self.carrier.clock

    def advance(self, seconds: float) -> None:
        """Let that much time pass. A virtual clock does on the way all that falls due."""
        if not 0 <= seconds <= MOST_AT_ONCE_SECONDS:
            raise ValueError(f"time goes forward, and by ten years at most: not by {seconds:g} s")
        if self._stepper is not None:
            self._stepper.advance(seconds)
            return
        with self.carrier.lock:
            self.carrier.clock.move(timedelta(seconds=seconds))
            self.carrier.timeline.changed()

    def run_until_quiet(self, limit_seconds: float = 3600.0) -> None:
        """On a virtual clock: go on until nothing is due any more."""
        if self._stepper is None:
            raise RuntimeError("only a virtual clock can be run until quiet")
        self._stepper.run_until_quiet(limit_seconds)

    def close(self) -> None:
        """End the threads, if there are any."""
        if self._ticker is not None:
            self._ticker.stop()
        self.carrier.courier.close()

    # Who is there

    def own(
        self,
        number: str,
        voice_url: str = "",
        sms_url: str = "",
        status_callback: str = "",
        voice_fallback_url: str = "",
        sms_fallback_url: str = "",
    ) -> OwnNumber:
        """Give the service a number, or change where one is announced: a URL that is not given
        is cleared."""
        with self.carrier.lock:
            now = self.carrier.clock.now()
            known = self.carrier.numbers.get(number)
            own = replace(
                known or OwnNumber(number, self.carrier.sids.new("PN"), created_at=now),
                voice_url=voice_url,
                sms_url=sms_url,
                status_callback=status_callback,
                voice_fallback_url=voice_fallback_url,
                sms_fallback_url=sms_fallback_url,
                updated_at=now,
            )
            self.carrier.numbers[number] = own
            return own

    def verify_caller_id(self, number: str) -> str:
        """Let calls show a number that is not the service's; returns its sid."""
        with self.carrier.lock:
            sid = self.carrier.caller_ids.get(number) or self.carrier.sids.new("PN")
            self.carrier.caller_ids[number] = sid
            return sid

    def add_key(self, sid: str, secret: str) -> None:
        """Let REST requests be signed in by an API key, beside the account's own token."""
        with self.carrier.lock:
            self.carrier.keys[sid] = secret

    def add_messaging_service(self, *numbers: str) -> str:
        """Put numbers of the service into a sender pool; returns its sid."""
        with self.carrier.lock:
            sid = self.carrier.sids.new("MG")
            self.carrier.messaging_services[sid] = numbers
            return sid

    def let_no_text_reach(self, number: str, code: int = UNREACHABLE) -> None:
        """From now on texts to that number are not delivered, for that reason."""
        with self.carrier.lock:
            self.carrier.text_troubles[number] = code

    def add(self, *handsets: Handset) -> None:
        """Connect handsets. One with a number that is known takes the other's place from the next
        call on: so a person becomes a voicemail."""
        with self.carrier.lock:
            for handset in handsets:
                self.carrier.handsets[handset.number] = handset
