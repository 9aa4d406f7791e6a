"""Ringing somebody into a conference by the API (d:voice/api/conference-participant-resource)."""

from dataclasses import dataclass, field

from bot.simulator.calls.amd import AmdPlan, detect_beside
from bot.simulator.calls.calling import LONGEST_CALL_SECONDS, RING_SECONDS, handset_at, ring, start
from bot.simulator.calls.leg import Leg
from bot.simulator.calls.notices import Notices
from bot.simulator.calls.process import Sleep, Steps
from bot.simulator.conferences.participants import Participant
from bot.simulator.conferences.rooms import Conference
from bot.simulator.conferences.terms import Terms
from bot.simulator.records import Call, CallStatus

BUFFER_SECONDS = 5  # "We always add a 5-second timeout buffer" (the same)


@dataclass(frozen=True)
class Invitation:
    """What somebody asked for who invites."""

    terms: Terms
    notices: Notices = field(default_factory=Notices)
    timeout: float = RING_SECONDS
    time_limit: float = LONGEST_CALL_SECONDS
    early_media: bool = True
    amd: AmdPlan | None = None


def invite(conference: Conference, call: Call, invitation: Invitation) -> Participant:
    """Put a call into the account's queue that leads into the conference."""
    carrier = conference.carrier
    leg = Leg(carrier, call, handset_at(carrier, call.to), invitation.notices)
    participant = Participant(conference, leg, invitation.terms)
    conference.expect(participant)
    carrier.calls[call.sid] = call
    carrier.note("call_placed", call.from_, leg.handset.name, sid=call.sid)
    call.queue_seconds = carrier.take_slot()
    start(leg, _course(participant, invitation))
    return participant


def _course(participant: Participant, invitation: Invitation) -> Steps[CallStatus]:
    """With early media the conference hears the ringing: then whoever is rung counts as there."""
    leg, conference = participant.leg, participant.conference

    def ringing() -> None:
        if invitation.early_media:
            conference.enter(participant)

    try:
        yield Sleep(leg.call.queue_seconds)
        ended = yield from ring(leg, invitation.timeout + BUFFER_SECONDS, ringing)
        if ended is not None:
            participant.leave("participant_add_failed", ended)
            return ended
        leg.limit(invitation.time_limit)
        if invitation.amd is not None:
            detect_beside(leg, invitation.amd)
        if invitation.early_media:
            participant.in_touch()
        else:
            conference.enter(participant)
        yield from participant.stay()
        return "completed"
    finally:
        _goes(participant)


def _goes(participant: Participant) -> None:
    """Whoever is not out already hung up, was rung in vain, or has been sent elsewhere."""
    leg = participant.leg
    if leg.redirected:
        participant.leave("participant_updated_via_api")
    elif leg.over and leg.call.answered_at is None:
        participant.leave("participant_add_failed", "canceled")
    elif leg.over:
        participant.leave("participant_hung_up")
