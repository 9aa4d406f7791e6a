"""One party's live connection: what is said to it, the keys it presses, how it ends."""

from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from bot.simulator.calls.line import Line
from bot.simulator.calls.notices import Notices
from bot.simulator.calls.process import Process, Sleep, Steps
from bot.simulator.carrier import Carrier
from bot.simulator.handsets.base import Ear, Handset, Reaction
from bot.simulator.records import Call, CallStatus, Heard, Pressed, Recording, Spoken
from bot.simulator.timing.timeline import Timer

KEY, SPEECH, JOINED_LEG = "key", "speech", "joined leg"
PICKED_UP, DECLINED, DETECTED = "picked up", "declined", "detected"
DIVERTED = "diverted"
SIP_ANSWERED, SIP_CANCELED = "200", "487"
KEY_SECONDS, PAUSE_KEY_SECONDS = 0.25, 0.5


class Leg:
    """The live half of a Call; it is thrown away when the call is over."""

    def __init__(self, carrier: Carrier, call: Call, handset: Handset, notices: Notices) -> None:
        """Connect nobody yet."""
        self.carrier, self.call, self.handset, self.notices = carrier, call, handset, notices
        call.handset_number = handset.number
        self.ear: Ear = handset.ear()
        self.process = Process(carrier.timeline, carrier.courier, self.fail)
        self.fallback: tuple[str, str] = ("", "POST")
        self.on_end: Callable[[], None] = lambda: None
        self.keys: deque[str] = deque()
        self.listening = False  # for keys
        self.hears_speech = False
        self.detection: Callable[[str], None] | None = None  # waits for a verdict by hand
        self.line: Line | None = None  # to others, while they are joined
        self.redirected = False  # is it just now being sent elsewhere by a live update?
        self.documents_in_a_row = 0
        self.over = False
        self.sip = ""  # SipResponseCode of the last notice [log], when there is one to tell
        self._timers: list[Timer] = []
        self._since_asked: list[str] = []
        self._time_limit: Timer | None = None
        carrier.legs[call.sid] = self

    # How it goes on

    def later(self, seconds: float, action: Callable[[], None]) -> Timer:
        """Do something after a while, unless the call ends before."""
        timer = self.carrier.timeline.after(seconds, partial(self._attempt, action))
        self._timers.append(timer)
        return timer

    def _attempt(self, action: Callable[[], None]) -> None:
        try:
            action()
        except Exception as fault:
            self.fail(fault)
            raise

    def limit(self, seconds: float) -> None:
        """End the call after that long; the last word counts."""
        if self._time_limit is not None:
            self._time_limit.cancel()
        self._time_limit = self.later(seconds, lambda: self.end("completed"))

    def answer(self) -> None:
        """The call is up: billed from now on. A second time means nothing."""
        if self.call.answered_at is not None:
            return
        self.call.answered_at = self.carrier.clock.now()
        self.call.status = "in-progress"
        if self.call.direction != "inbound":
            self.sip = SIP_ANSWERED
        self.carrier.note("answered", self.handset.name, sid=self.call.sid)
        self.notices.send(self.carrier, self.call, "answered")
        self.react(self.ear.answered(self.call.answered_at))

    def end(self, status: CallStatus) -> None:
        """The call is over."""
        if self.over:
            return
        self.over = True
        if status == "canceled":
            self.sip = SIP_CANCELED
        self.process.stop()
        for timer in self._timers:
            timer.cancel()
        self.call.ended_at = self.carrier.clock.now()
        self.call.status = status
        self.carrier.legs.pop(self.call.sid, None)
        self._keep_recording()
        self.carrier.note("ended", self.handset.name, words=status, sid=self.call.sid)
        self.notices.send(self.carrier, self.call, "completed", self.sip)
        self.on_end()

    def fail(self, fault: Exception) -> None:
        """Something in the simulator is broken: say so, and leave no call standing."""
        self.carrier.warn(0, f"the simulator failed: {fault!r}", self.call.sid)
        self.end("failed")

    def _keep_recording(self) -> None:
        kept = self.ear.recording(self.carrier.clock.now())
        if kept is None:
            return
        number, sid = self.handset.number, self.call.sid
        self.carrier.voicemails.setdefault(number, []).append(Recording(kept[0], sid, kept[1]))
        self.carrier.note("voicemail_recorded", self.handset.name, words=kept[1], sid=sid)

    # What the far end hears

    def utter(self, words: str, seconds: float, who: str = "bot") -> Steps[bool]:
        """Say something; False if a key cut it short. What was said by then was heard."""
        started = self.carrier.clock.now()
        self.call.saying = Heard(started, who, words)
        self.carrier.note("saying", who, self.handset.name, words, self.call.sid)
        self.react(self.ear.during(words, seconds))
        woken: str = "stopped"
        try:
            woken = yield Sleep(seconds, self.interrupts)
        finally:
            self.call.saying = None
            self._heard(who, words, started, seconds, whole=woken == "time")
        self._since_asked.append(words)
        self.react(self.ear.after(words))
        return woken == "time"

    @property
    def interrupts(self) -> frozenset[str]:
        """What cuts speech short: keys or words, while somebody listens for them."""
        heard = ((KEY, self.listening), (SPEECH, self.hears_speech))
        return frozenset(word for word, listens in heard if listens)

    def _heard(self, who: str, words: str, started: datetime, seconds: float, whole: bool) -> None:
        now = self.carrier.clock.now()
        elapsed = (now - started).total_seconds()
        part = words if whole or elapsed >= seconds else _first_part(words, elapsed / seconds)
        kept = self.ear.hear(started, now, part)
        if not part:
            return
        self.call.heard.append(Heard(started, who, part))
        lost = "" if kept == part else " (before the beep)"
        self.carrier.note("said", who, self.handset.name, part + lost, self.call.sid)

    def overhear(self, who: str, words: str) -> None:
        """Somebody else on the line said this."""
        self._heard(who, words, self.carrier.clock.now(), 0.0, whole=True)
        self.react(self.ear.after(words))

    def ask(self, prompt_from: int, interrupted: bool) -> None:
        """The bot waits for keys: let the far end react to what it said since then, and before."""
        if interrupted:
            self._since_asked.clear()
            return
        prompt = " ".join(self._since_asked[prompt_from:])
        before = " ".join(self._since_asked[:prompt_from])
        self.react(self.ear.asked(prompt, before))
        self._since_asked.clear()

    @property
    def said_so_far(self) -> int:
        """How many things were said since the far end was last asked."""
        return len(self._since_asked)

    # What the far end does

    def react(self, reactions: Sequence[Reaction]) -> None:
        """The far end will do this, if the call is still up then."""
        if self.over:
            return
        for reaction in reactions:
            if reaction.keys:
                self.later(reaction.seconds, partial(self.press, reaction.keys))
            if reaction.speech:
                self.later(reaction.seconds, partial(self.speak, reaction.speech))
            if reaction.then is not None:
                self.later(reaction.seconds, partial(self._decide, reaction.then))
            if reaction.hang_up:
                self.later(reaction.seconds, self.hang_up)

    def _decide(self, then: Callable[[], Sequence[Reaction]]) -> None:
        self.react(then())

    def press(self, keys: str) -> None:
        """Press keys one after the other, at the speed of a hand."""
        seconds = 0.0
        for key in keys:
            if key.lower() == "w":
                seconds += PAUSE_KEY_SECONDS
                continue
            self.later(seconds, partial(self._key, key))
            seconds += KEY_SECONDS

    def _key(self, key: str) -> None:
        self.call.pressed.append(Pressed(self.carrier.clock.now(), key))
        self.carrier.note("pressed", self.handset.name, words=key, sid=self.call.sid)
        if self.line is not None:
            self.line.pressed(self, key)
        if self.listening:
            self.keys.append(key)
            self.process.wake(KEY)

    def speak(self, words: str) -> None:
        """Begin to say something; it is heard only while the service listens for speech."""
        seconds = len(words.split()) / self.carrier.settings.spoken_words_per_second
        self.call.spoken.append(Spoken(self.carrier.clock.now(), words, seconds))
        self.carrier.note("spoke", self.handset.name, words=words, sid=self.call.sid)
        if self.line is not None:
            self.line.spoke(self, words)
        if self.hears_speech:
            self.process.wake(SPEECH)

    def pick_up(self) -> None:
        """Whoever holds the ringing telephone answers it."""
        self.process.wake(PICKED_UP)

    def decline(self) -> None:
        """Whoever holds the ringing telephone does not want the call."""
        self.process.wake(DECLINED)

    def divert(self) -> None:
        """Whoever holds the ringing telephone leaves the call to the voicemail behind it."""
        self.process.wake(DIVERTED)

    def hand_to(self, handset: Handset) -> None:
        """From now on somebody else is at the far end of the line, such as a voicemail."""
        self.handset, self.ear = handset, handset.ear()

    def hang_up(self) -> None:
        """The far end puts the phone down."""
        if self.over:
            return
        self.carrier.note("hung_up", self.handset.name, sid=self.call.sid)
        if self.call.answered_at is not None:
            self.end("completed")
        else:
            self.end("no-answer" if self.call.direction == "inbound" else "busy")


def _first_part(words: str, share: float) -> str:
    """As many whole words as fit into that share of the time."""
    whole = words.split()
    return " ".join(whole[: int(len(whole) * share)])
