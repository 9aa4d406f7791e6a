"""Somebody in a conference, or on the way into one: what they hear, and who hears them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from bot.simulator.calls.leg import Leg
from bot.simulator.calls.limited import MUSIC, run_limited
from bot.simulator.calls.line import STAR, tone
from bot.simulator.calls.player import End
from bot.simulator.calls.process import TIME, Process, Sleep, Steps
from bot.simulator.conferences.terms import Music, Terms
from bot.simulator.webhooks.parameters import Pairs

if TYPE_CHECKING:
    from bot.simulator.conferences.rooms import Conference

LEFT = "left"

# d:voice/twiml/conference#attributes-status-callback-parameters
ReasonLeft = Literal[
    "conference_ended_via_api",
    "moderator_ended_conference",
    "participant_updated_via_api",
    "participant_hung_up",
    "participant_add_failed",
]


@dataclass(eq=False)
class Participant:
    """One leg in one conference."""

    conference: "Conference"
    leg: Leg
    terms: Terms
    muted: bool = field(init=False)
    ends: bool = field(init=False)
    beeps_on_exit: bool = field(init=False)
    wait: Music = field(init=False)
    hold: bool = False
    inside: bool = False  # not only on the way
    failed: bool = False
    left: ReasonLeft | None = None
    updated_at: datetime | None = None

    def __post_init__(self) -> None:
        """Begin as the terms say; they may be changed later."""
        carrier, terms = self.leg.carrier, self.terms
        self.muted, self.ends, self.wait = terms.muted, terms.ends, terms.wait
        self.beeps_on_exit = terms.beep in ("true", "onexit")
        self.created_at = carrier.clock.now()
        self.music = Process(carrier.timeline, carrier.courier, self.leg.fail)
        self.announcements = Process(carrier.timeline, carrier.courier, self.leg.fail)
        self.star_leaves = False

    @property
    def sid(self) -> str:
        """A participant goes by the sid of the call."""
        return self.leg.call.sid

    @property
    def hears(self) -> bool:
        """Do words spoken in the conference reach this one?"""
        up = self.leg.call.answered_at is not None
        return up and self.inside and not self.hold and self.conference.status == "in-progress"

    @property
    def speaks(self) -> bool:
        """Does the conference hear this one?"""
        return self.hears and not self.muted

    def stay(self, limit: float | None = None, star_leaves: bool = False) -> Steps[None]:
        """Be there until put out, or until the time is over or a star is pressed, if it counts."""
        self.star_leaves = star_leaves
        clock = self.leg.carrier.clock
        since, woken = clock.now(), ""
        while self.left is None and woken not in (TIME, STAR):
            spent = (clock.now() - since).total_seconds()
            rest = None if limit is None else max(0.0, limit - spent)
            woken = yield Sleep(rest, frozenset({LEFT, STAR}))

    def leave(self, reason: ReasonLeft, call_status: str = "") -> None:
        """Go out, unless out already."""
        self.conference.remove(self, reason, call_status)

    # What it hears

    def play(self, music: Music) -> None:
        """In place of what was played so far."""
        self.music.stop()
        if self.leg.call.answered_at is None or music == "silence":
            return
        if music == "hold music":
            self.leg.overhear("carrier", "[hold music]")
        else:
            self.music.start(run_limited(self.leg, music, MUSIC), self._played)

    def _played(self, end: End | None) -> None:
        """After the end there is silence. Who cannot be given anything to wait with is not let in
        (d:voice/twiml/conference#attributes-waiturl)."""
        if end is None and self.conference.status == "init":
            self.failed = True
            self.leave("participant_add_failed")

    def in_touch(self) -> None:
        """From now on the others can be heard, or else there is music to wait with."""
        if self.leg.call.answered_at is None:
            return
        if self.conference.status == "init":
            self.play(self.wait)
        else:
            self.music.stop()
            self.leg.react(self.leg.ear.joined())

    # What it does

    def spoke(self, leg: Leg, words: str) -> None:
        """The others hear it, if they may."""
        self.conference.spoken(self, words)

    def pressed(self, leg: Leg, key: str) -> None:
        """The others hear the tone, unless it is the star that leaves."""
        if key == "*" and self.star_leaves:
            self.leg.process.wake(STAR)
        else:
            self.conference.heard(self, tone(key))

    # What is done to it

    def mute(self, muted: bool) -> None:
        """Let the others hear it or not."""
        if muted != self.muted:
            self.muted = muted
            self._changed("participant-mute" if muted else "participant-unmute")

    def put_on_hold(self, hold: bool, music: Music) -> None:
        """Neither hear nor be heard, but for music; or take part again."""
        if hold == self.hold:
            return
        self.hold = hold
        self.music.stop()
        if hold:
            self.play(music)
        elif self.conference.status == "init":
            self.play(self.wait)
        self._changed("participant-hold" if hold else "participant-unhold")

    def modified(self) -> None:
        """Another of its terms was changed."""
        self._changed("participant-modify")

    def _changed(self, event: str) -> None:
        self.updated_at = self.leg.carrier.clock.now()
        if self.inside:
            self.conference.tell(event, self.facts())

    def facts(self) -> Pairs:
        """What every notice about it says."""
        pairs = [
            ("CallSid", self.sid),
            ("Muted", _word(self.muted)),
            ("Hold", _word(self.hold)),
            ("Coaching", "false"),
            ("EndConferenceOnExit", _word(self.ends)),
            ("StartConferenceOnEnter", _word(self.terms.starts)),
        ]
        return [*pairs, ("ParticipantLabel", self.terms.label)] if self.terms.label else pairs


def _word(truth: bool) -> str:
    return str(truth).lower()
