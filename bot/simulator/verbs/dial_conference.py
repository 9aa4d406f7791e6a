"""Dialling a conference: the caller joins a room, and goes on when out of it again.

Source: d:voice/twiml/conference.
"""

from dataclasses import dataclass

from bot.simulator.calls.calling import LONGEST_CALL_SECONDS
from bot.simulator.calls.leg import Leg
from bot.simulator.calls.player import GoTo
from bot.simulator.calls.process import Steps
from bot.simulator.conferences.notices import ConferenceNotices, asked_conference_events
from bot.simulator.conferences.participants import Participant
from bot.simulator.conferences.rooms import room
from bot.simulator.conferences.terms import MOST_PARTICIPANTS, Music, Terms
from bot.simulator.twiml.reading import Document, Verb
from bot.simulator.verbs.attributes import method, truth, whole_number
from bot.simulator.webhooks.addresses import join
from bot.simulator.webhooks.parameters import Pairs

NO_NAME = 13237


@dataclass
class Joining:
    """One Dial into a conference."""

    leg: Leg
    document: Document
    verb: Verb
    noun: Verb
    participant: Participant | None = None

    def steps(self) -> Steps[None]:
        """Join, and stay."""
        if not self.noun.text:
            self._warn(NO_NAME, "the conference has no name")
            return
        terms = self._terms()
        conference = room(self.leg.carrier, self.noun.text, self._notices)
        code = conference.refuses(terms, of_api=False)
        if code:
            self._warn(code, f"cannot join {self.noun.text!r}")
            conference.discard_if_empty()
            return
        self.leg.answer()  # whoever waits with answerOnBridge is through now [mem]
        self.participant = Participant(conference, self.leg, terms)
        conference.enter(self.participant)
        limit = whole_number(self.leg, self.verb, "timeLimit", int(LONGEST_CALL_SECONDS))
        yield from self.participant.stay(limit, truth(self.verb, "hangupOnStar", False))

    def close(self) -> None:
        """Out of it: by the caller's own doing, unless it was put out before."""
        if self.participant is not None:
            redirected = self.leg.redirected
            self.participant.leave(
                "participant_updated_via_api" if redirected else "participant_hung_up"
            )

    def outcome(self) -> Pairs:
        """What the action is told; nothing about a call, since none was placed."""
        joined = self.participant is not None and not self.participant.failed
        status = "answered" if joined else "failed"
        return [("DialCallStatus", status), ("DialBridged", str(joined).lower())]

    def _notices(self) -> ConferenceNotices:
        url = self.noun.get("statusCallback")
        return ConferenceNotices(
            self._absolute(url) if url else "",
            method(self.noun, "statusCallbackMethod"),
            asked_conference_events([self.noun.get("statusCallbackEvent")]),
        )

    def _terms(self) -> Terms:
        noun = self.noun
        return Terms(
            muted=truth(noun, "muted", False),
            starts=truth(noun, "startConferenceOnEnter", True),
            ends=truth(noun, "endConferenceOnExit", False),
            beep=noun.get("beep", "true").lower(),
            label=noun.get("participantLabel"),
            most=whole_number(self.leg, noun, "maxParticipants", MOST_PARTICIPANTS),
            wait=self._wait(),
        )

    def _wait(self) -> Music:
        if "waitUrl" not in self.noun.attributes:
            return "hold music"
        url = self.noun.get("waitUrl")
        return (
            GoTo(self._absolute(url), method(self.noun, "waitMethod"), kind="wait")
            if url
            else "silence"
        )

    def _absolute(self, url: str) -> str:
        return join(self.document.url, url)

    def _warn(self, code: int, words: str) -> None:
        self.leg.carrier.warn(code, words, self.leg.call.sid, self.document.url)
