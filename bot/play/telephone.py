"""A telephone in your hand, on a phone network whose clock stands still until you act.

Whatever you do, time then passes just until the call waits for you again: the words of the next
answer were heard and keys are awaited, or the desk rings, or the last words begin, or it is over.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bot.play.reply import Reply
from bot.simulator import Call, Exchange, Heard, Held, PhoneNetwork, Ring

SPEAKING = frozenset({"voice", "action", "fallback"})  # webhooks whose answer is heard in the call
STEP_SECONDS = 0.25
LONGEST_WAIT_SECONDS = 180.0
TALK_SECONDS = 30.0  # with the desk


class NothingCame(Exception):
    """Whatever was waited for did not come."""


@dataclass
class Telephone(Held):
    """Held by hand; machine detection waits to be told, and the line may be dead."""

    amd: str = ""
    reachable: bool = True

    def ring(self) -> Ring:
        """As any held telephone, unless it cannot be reached."""
        return super().ring() if self.reachable else Ring("failed")


class OnTheLine:
    """The call that is going on, from the side of whoever holds its telephone."""

    def __init__(self, network: PhoneNetwork, desk: str) -> None:
        """`desk` is the number to which callers are put through."""
        self._network, self._desk = network, desk
        self._call: Call | None = None

    # The call

    @property
    def call(self) -> Call:
        """The call as the carrier keeps it."""
        if self._call is None:
            raise NothingCame("nobody is on the line")
        return self._call

    @property
    def exchange(self) -> Exchange | None:
        """The last webhook whose answer is said in this call."""
        spoken = (one for one in reversed(self.call.webhooks) if one.kind in SPEAKING)
        return next(spoken, None)

    @property
    def reply(self) -> Reply:
        """The last answer; empty if there is none, or none that can be played."""
        return read_reply(self.exchange)

    @property
    def heard(self) -> list[Heard]:
        """What was heard since that answer came, be it of the bot or of the carrier itself."""
        last = self.exchange
        return [heard for heard in self.call.heard if last and heard.at >= last.at]

    @property
    def up(self) -> bool:
        """Whether there is a call that is not over."""
        return self._call is not None and not self._call.over

    # How it begins

    def dial(self, phone: str, to: str) -> None:
        """Ring the service."""
        self._call = self._network.calls[self._network.dial(phone, to)]
        self._go_on(None)

    def expect(self, call: Call | None) -> None:
        """A call was placed to a telephone: it will ring."""
        self._call = call

    def ring(self) -> None:
        """Let it come so far that the telephone rings."""
        self._until(lambda: self.call.status == "ringing" or bool(self.call.answered_at))

    def answer(self) -> None:
        """Pick up."""
        self.ring()
        self._network.answer(self.call.far_number)
        self._go_on(None)

    def decline(self) -> None:
        """Turn it down: the line is busy."""
        self.ring()
        self._network.decline(self.call.far_number)
        self.end()

    # What is done in it

    def press(self, keys: str) -> None:
        """Press these keys, and the one that ends them if it is wanted."""
        before = self.exchange
        self._network.press(self.call.far_number, self.reply.keyed(keys))
        self._go_on(before)

    def say(self, words: str, sure: float | None = None) -> None:
        """Say this; `sure` is how sure the carrier is of what it heard, if not as ever."""
        before, settings = self.exchange, self._network.settings
        as_ever = settings.speech_confidence
        settings.speech_confidence = as_ever if sure is None else sure
        try:
            self._network.speak(self.call.far_number, words)
            self._go_on(before)
        finally:
            settings.speech_confidence = as_ever

    def wait(self) -> None:
        """Do nothing, until the service says something else."""
        self._go_on(self.exchange)

    def follow_redirect(self) -> None:
        """Go where the service has sent the call meanwhile: no time passes before it does."""
        before = self.exchange
        self._network.advance(0)
        if self.exchange is before:
            raise NothingCame("nobody has redirected the call")
        self._go_on(before)

    def detected(self, answered_by: str) -> None:
        """Machine detection makes up its mind."""
        self._network.detect(self.call.far_number, answered_by)
        self._network.advance(0)

    def hang_up(self) -> None:
        """Put the telephone down; last words are heard to the end, and then the bot hangs up."""
        if self.up and (self.reply.goes_on or self.exchange is None):
            self._network.hang_up(self.call.far_number)
        self.end()

    def end(self) -> None:
        """Until the call is over, and the service was told."""
        self._until(lambda: self.call.over)

    # The desk

    @property
    def desk_rings(self) -> bool:
        """Whether the desk is being rung for the caller."""
        return any(leg.status == "ringing" for leg in self._legs())

    def desk_answers(self) -> None:
        """They talk for a while, then the desk rings off."""
        before = self.exchange
        self._network.answer(self._desk)
        self._until(lambda: any(leg.status == "in-progress" for leg in self._legs()))
        self._network.advance(TALK_SECONDS)
        self._network.hang_up(self._desk)
        self._go_on(before)

    def desk_declines(self) -> None:
        """The desk is busy."""
        before = self.exchange
        self._network.decline(self._desk)
        self._go_on(before)

    def _legs(self) -> list[Call]:
        return [leg for leg in self._network.calls.values() if leg.parent_sid == self.call.sid]

    # Time

    def _go_on(self, before: Exchange | None) -> None:
        """Until another answer than that one was heard, and the call waits; or it is over."""
        self._until(lambda: self.exchange is not before and self._waits())

    def _waits(self) -> bool:
        reply, heard = self.reply, self.heard
        if not reply.goes_on:  # last words, or the carrier's own when there was no answer
            return True
        rings = not reply.dials or self.desk_rings
        return len(heard) >= len(reply.words) and rings

    def _until(self, done: Callable[[], bool]) -> None:
        self._network.advance(0)
        for _ in range(int(LONGEST_WAIT_SECONDS / STEP_SECONDS)):
            if done() or self.call.over:
                self._network.advance(0)
                return
            self._network.advance(STEP_SECONDS)
        raise NothingCame("nothing came of it")


def read_reply(exchange: Exchange | None) -> Reply:
    """What was answered, if it can be played."""
    response = exchange.response if exchange else None
    played = response is not None and 200 <= response.status < 300
    return Reply.of(response.text) if response and played else Reply()
