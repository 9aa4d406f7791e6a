"""Conferences: rooms by name, who is in them, when they begin and end.

Source: d:voice/twiml/conference.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.simulator.carrier import Carrier
from bot.simulator.conferences.notices import ConferenceNotices
from bot.simulator.conferences.participants import LEFT, Participant, ReasonLeft
from bot.simulator.conferences.terms import Terms
from bot.simulator.webhooks.parameters import Pairs

ENOUGH_TO_START = 2
FULL, BAD_LABEL, LABEL_IN_USE = 16020, 16023, 16025  # d:api/errors; one more for each by the API

ReasonEnded = Literal[
    "conference-ended-via-api",
    "participant-with-end-conference-on-exit-left",
    "participant-with-end-conference-on-exit-kicked",
    "last-participant-kicked",
    "last-participant-left",
]
HOST_LEFT: ReasonEnded = "participant-with-end-conference-on-exit-left"
HOST_KICKED: ReasonEnded = "participant-with-end-conference-on-exit-kicked"


@dataclass(eq=False)
class Conference:
    """One conference; the next one with its name is another."""

    carrier: Carrier
    sid: str
    name: str
    created_at: datetime
    notices: ConferenceNotices
    updated_at: datetime
    status: Literal["init", "in-progress", "completed"] = "init"
    participants: list[Participant] = field(default_factory=list)
    reason: ReasonEnded | None = None
    ended_by: str | None = None

    # Coming

    def refuses(self, terms: Terms, of_api: bool) -> int:
        """The error number, if somebody cannot join on these terms."""
        if terms.bad_label:
            return BAD_LABEL + of_api
        if terms.label and any(terms.label == other.terms.label for other in self.participants):
            return LABEL_IN_USE + of_api
        return FULL if len(self.participants) >= terms.most else 0

    def expect(self, participant: Participant) -> None:
        """Somebody is on the way."""
        self.participants.append(participant)

    def enter(self, participant: Participant) -> None:
        """Somebody comes in. Two make a conference, if one of them may start it."""
        if participant not in self.participants:
            self.participants.append(participant)
        participant.inside = True
        leg = participant.leg
        leg.line = participant
        self.carrier.note("joined", leg.handset.name, self.name, sid=leg.call.sid)
        self.tell("participant-join", participant.facts())
        begun = self.status == "in-progress"
        inside = [other for other in self.participants if other.inside]
        if begun or len(inside) < ENOUGH_TO_START or not any(p.terms.starts for p in inside):
            participant.in_touch()
        else:
            self._start(inside)
        if participant.terms.beep in ("true", "onenter"):
            self._beep()

    def _start(self, inside: list[Participant]) -> None:
        self.status = "in-progress"
        self.tell("conference-start", [])
        for participant in inside:
            participant.in_touch()

    # Speaking

    def heard(self, by: Participant, words: str) -> None:
        """Words or tones of one reach the others."""
        if by.speaks:
            for other in self.participants:
                if other is not by and other.hears:
                    other.leg.overhear(by.leg.handset.name, words)

    def spoken(self, by: Participant, words: str) -> None:
        """Somebody speaks; how long is told to those who want to know."""
        self.heard(by, words)
        if by.speaks:
            seconds = by.leg.call.spoken[-1].seconds
            self.tell("participant-speech-start", by.facts())
            by.leg.later(seconds, lambda: self._fell_silent(by))

    def _fell_silent(self, participant: Participant) -> None:
        if participant.inside:
            self.tell("participant-speech-stop", participant.facts())

    def _beep(self) -> None:
        for participant in self.participants:
            if participant.hears:
                participant.leg.overhear("carrier", "[beep]")

    # Going

    def remove(
        self,
        participant: Participant,
        reason: ReasonLeft,
        call_status: str = "",
        kicked: bool = False,
    ) -> None:
        """Somebody goes, or is put out; that may be the end of it all."""
        if participant not in self.participants:
            return
        self._put_out(participant, reason, call_status)
        if self.status == "completed":
            return
        if participant.ends:
            self.end(HOST_KICKED if kicked else HOST_LEFT, participant)
        elif not self.participants:
            self.end("last-participant-kicked" if kicked else "last-participant-left", participant)
        elif participant.beeps_on_exit:
            self._beep()

    def _put_out(self, participant: Participant, reason: ReasonLeft, call_status: str = "") -> None:
        self.participants.remove(participant)
        was_inside, participant.inside, participant.left = participant.inside, False, reason
        leg = participant.leg
        leg.line = None
        participant.music.stop()
        participant.announcements.stop()
        leg.process.wake(LEFT)
        if was_inside:
            status = call_status or ("completed" if leg.over else leg.call.status)
            left = [("ParticipantCallStatus", status), ("ReasonParticipantLeft", reason)]
            self.tell("participant-leave", [*participant.facts(), *left])

    def end(self, reason: ReasonEnded, by: Participant | None = None) -> None:
        """Everybody goes out; who has more TwiML goes on with it (endConferenceOnExit), who is
        still being rung is rung no longer."""
        if self.status == "completed":
            return
        self.status, self.reason = "completed", reason
        self.ended_by = by.sid if by else None
        why_left: ReasonLeft = "moderator_ended_conference"
        if reason == "conference-ended-via-api":
            why_left = "conference_ended_via_api"
        for other in list(self.participants):
            rung = other.leg.call.answered_at is None
            self._put_out(other, why_left, "canceled" if rung else "")
            if rung:
                other.leg.end("canceled")
        self.tell("conference-end", self._why(by))

    def _why(self, by: Participant | None) -> Pairs:
        pairs = [
            ("ReasonConferenceEnded", self.reason or ""),
            ("Reason", f"The conference ended: {(self.reason or '').replace('-', ' ')}"),  # [mem]
        ]
        if by is None:
            return pairs
        pairs.append(("CallSidEndingConference", by.sid))
        label = by.terms.label
        return [*pairs, ("ParticipantLabelEndingConference", label)] if label else pairs

    def discard_if_empty(self) -> None:
        """A room that nobody could enter was never there."""
        if not self.participants:
            self.carrier.conferences.pop(self.sid, None)

    def tell(self, event: str, pairs: Pairs) -> None:
        """Send a notice, if it was asked for."""
        self.updated_at = self.carrier.clock.now()
        self.notices.send(self.carrier, self.sid, event, [("FriendlyName", self.name), *pairs])


def room(carrier: Carrier, name: str, notices: Callable[[], ConferenceNotices]) -> Conference:
    """The conference of that name that goes on or waits, else a new one. Only the first to come
    says where notices go."""
    for conference in carrier.conferences.values():
        if conference.name == name and conference.status != "completed":
            return conference
    now = carrier.clock.now()
    conference = Conference(carrier, carrier.sids.new("CF"), name, now, notices(), now)
    carrier.conferences[conference.sid] = conference
    return conference
