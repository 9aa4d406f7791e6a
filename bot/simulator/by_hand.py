"""What whoever has a telephone does with it: text, ring, answer, press keys, speak, hang up."""

from bot.simulator.calls.calling import engaged, receive_call
from bot.simulator.calls.leg import Leg
from bot.simulator.carrier import Carrier
from bot.simulator.faults.webhooks import FaultyCourier
from bot.simulator.handsets.held import Held
from bot.simulator.handsets.person import Person
from bot.simulator.numbers import OwnNumber, shown_number
from bot.simulator.records import TextOutcome
from bot.simulator.texts.texting import arrive, receive_text
from bot.simulator.webhooks.fetching import Fetcher


class NotConnected(LookupError):
    """Nobody has that number, or that number is not in a call."""


class Engaged(RuntimeError):
    """A telephone that is in a call, or rings, cannot ring anybody."""


class ByHand:
    """That part of the phone network."""

    carrier: Carrier
    _fetcher: Fetcher
    _mishaps: FaultyCourier

    def text(self, sender: str, to: str, body: str, /, **extra: str) -> TextOutcome:
        """Somebody texts the service; returns when its webhook was answered, or could not be.
        `extra` adds parameters or replaces them."""
        with self.carrier.lock:
            own = self._owned(to)
            conversation = receive_text(self.carrier, own, sender, body, extra)
        return conversation.hold(self._fetcher.fetch, self._mishaps.strike)

    def text_soon(self, sender: str, to: str, body: str) -> str:
        """Somebody texts the service, and nobody waits for its answer; returns the MessageSid."""
        with self.carrier.lock:
            return arrive(self.carrier, self._owned(to), sender, body).sid

    def dial(self, caller: str, to: str, withheld: bool | str = False) -> str:
        """Somebody rings the service; returns the CallSid. `withheld` may be the word to show."""
        with self.carrier.lock:
            handset = self.carrier.handsets.get(caller) or Person(caller, caller)
            if isinstance(handset, Held) and engaged(self.carrier.legs.values(), handset):
                raise Engaged(f"{caller} is in a call already")
            shown = shown_number(caller, handset.withheld if withheld is False else withheld)
            leg = receive_call(self.carrier, self._owned(to), handset, shown)
            return leg.call.sid

    def press(self, number: str, digits: str) -> None:
        """Whoever has that number presses keys in the call they are in."""
        with self.carrier.lock:
            self._leg_of(number).press(digits)

    def speak(self, number: str, words: str) -> None:
        """Whoever has that number says something in the call they are in."""
        with self.carrier.lock:
            leg = self._leg_of(number)
            leg.later(0, lambda: leg.speak(words))

    def answer(self, number: str) -> None:
        """Whoever holds that ringing telephone picks up."""
        with self.carrier.lock:
            self._leg_of(number).pick_up()

    def decline(self, number: str) -> None:
        """Whoever holds that ringing telephone turns the call down."""
        with self.carrier.lock:
            self._leg_of(number).decline()

    def divert(self, number: str) -> None:
        """Whoever holds that ringing telephone lets its voicemail answer."""
        with self.carrier.lock:
            leg = self._leg_of(number)
            if leg.handset.voicemail() is None:
                raise NotConnected(f"{number} has no voicemail that could answer")
            leg.divert()

    def detect(self, number: str, answered_by: str) -> None:
        """Machine detection makes up its mind about that number's call: for handsets whose
        verdict waits for it."""
        with self.carrier.lock:
            leg = self._leg_of(number)
            if leg.detection is None:
                raise NotConnected(f"machine detection does not wait for {number}")
            leg.detection(answered_by)

    def hang_up(self, number: str) -> None:
        """Whoever has that number puts the phone down."""
        with self.carrier.lock:
            leg = self._leg_of(number)
            leg.later(0, leg.hang_up)

    def _owned(self, number: str) -> OwnNumber:
        try:
            return self.carrier.numbers[number]
        except KeyError:
            raise NotConnected(f"{number} is not a number of the service") from None

    def _leg_of(self, number: str) -> Leg:
        legs = [leg for leg in self.carrier.legs.values() if leg.handset.number == number]
        if not legs:
            raise NotConnected(f"{number} is not in a call")
        return next((leg for leg in legs if leg.call.answered_at), legs[-1])
