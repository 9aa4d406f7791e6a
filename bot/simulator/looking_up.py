"""What can be looked up while the phone network runs, and afterwards."""

from collections.abc import Mapping, Sequence

from bot.simulator.carrier import Carrier
from bot.simulator.happenings import Happening, Listener
from bot.simulator.records import Call, CarrierEvent, Exchange, Recording, Text


class LookingUp:
    """That part of the phone network. What it hands out grows while the network runs: beside a wall
    clock hold the carrier's lock, or take a copy."""

    carrier: Carrier

    @property
    def calls(self) -> Mapping[str, Call]:
        """Every call by its sid, in the order in which they began."""
        return self.carrier.calls

    @property
    def texts(self) -> Sequence[Text]:
        """Every text, received or sent, in order."""
        with self.carrier.lock:
            return list(self.carrier.texts.values())

    @property
    def webhooks(self) -> Sequence[Exchange]:
        """Every webhook with its answer, in order."""
        return self.carrier.webhooks

    @property
    def events(self) -> Sequence[CarrierEvent]:
        """The carrier's debugger: errors and warnings."""
        return self.carrier.events

    @property
    def happenings(self) -> Sequence[Happening]:
        """Everything that happened, in order."""
        return self.carrier.journal.happenings

    def happenings_after(self, number: int, wait_seconds: float = 0.0) -> Sequence[Happening]:
        """What happened after that one, in order; if nothing did yet, wait a little for it."""
        return self.carrier.journal.after(number, wait_seconds)

    def voicemails(self, number: str) -> Sequence[Recording]:
        """What the voicemail of that number kept."""
        return self.carrier.voicemails.get(number, [])

    def on(self, listener: Listener) -> None:
        """Tell this listener of each happening as it happens: on any thread, several at once, often
        under the network's lock. It must be quick and wait for nothing (`Journal.on`)."""
        self.carrier.journal.on(listener)
