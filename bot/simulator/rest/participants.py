"""The Participants of a conference: ring somebody into it, mute, hold, put out.

Source: d:voice/api/conference-participant-resource.
"""

import re
from typing import Any

from flask import Blueprint, Response, jsonify, request

from bot.simulator.carrier import Carrier
from bot.simulator.conferences.announcements import announce
from bot.simulator.conferences.inviting import invite
from bot.simulator.conferences.participants import Participant
from bot.simulator.conferences.rooms import Conference, room
from bot.simulator.records import Call
from bot.simulator.rest import checks, errors
from bot.simulator.rest.call_form import check_numbers
from bot.simulator.rest.checks import Form
from bot.simulator.rest.conferences import active, announcement, known
from bot.simulator.rest.errors import Refused
from bot.simulator.rest.paging import page
from bot.simulator.rest.participant_form import (
    NOT_HEEDED,
    conference_notices,
    invitation_of,
    music_of,
    refuse_coaching,
)
from bot.simulator.rest.place import base_uri, the_carrier
from bot.simulator.webhooks import parameters

CONFERENCE_SID = re.compile("CF[0-9a-fA-F]{32}")
STATUSES = {"queued": "queued", "initiated": "connecting", "ringing": "ringing"}

blueprint = Blueprint("participants", __name__)


@blueprint.post("/Conferences/<sid>/Participants.json")
def create_participant(sid: str) -> tuple[Response, int]:
    """Ring somebody into a conference; a name that none has makes a new one."""
    carrier, form = the_carrier(), request.form
    with carrier.lock:
        check_numbers(carrier, form)
        refuse_coaching(carrier, form)
        invitation = invitation_of(carrier, form)
        notices = conference_notices(carrier, form)
        is_sid = CONFERENCE_SID.fullmatch(sid)
        conference = active(carrier, sid) if is_sid else room(carrier, sid, lambda: notices)
        if code := conference.refuses(invitation.terms, of_api=True):
            conference.discard_if_empty()
            raise Refused(code)
        now = carrier.clock.now()
        call = Call(carrier.sids.new("CA"), form["From"], form["To"], "outbound-api", now)
        for name in sorted(form.keys() & NOT_HEEDED):
            carrier.warn(0, f"the simulator does not heed {name} of a participant", call.sid)
        participant = invite(conference, call, invitation)
        shown = to_json(carrier, participant)
        shown["queue_time"] = str(round(call.queue_seconds * 1000))
        return jsonify(shown), 201


@blueprint.get("/Conferences/<sid>/Participants.json")
def list_participants(sid: str) -> Response:
    """Who is in it, or on the way: nobody, once it is over."""
    carrier = the_carrier()
    with carrier.lock:
        found = [p for p in known(carrier, sid).participants if _wanted(p, request.args)]
        shown = page(
            request.path, "participants", found, request.args, lambda p: to_json(carrier, p)
        )
        return jsonify(shown)


def _wanted(participant: Participant, args: Form) -> bool:
    is_so = {"Muted": participant.muted, "Hold": participant.hold, "Coaching": False}
    return all(
        args[name].lower() == str(truth).lower() for name, truth in is_so.items() if name in args
    )


@blueprint.get("/Conferences/<sid>/Participants/<who>.json")
def fetch_participant(sid: str, who: str) -> Response:
    """One of them, by the sid of the call or by label."""
    carrier = the_carrier()
    with carrier.lock:
        return jsonify(to_json(carrier, _known(active(carrier, sid), who)))


@blueprint.post("/Conferences/<sid>/Participants/<who>.json")
def update_participant(sid: str, who: str) -> Response:
    """Mute, put on hold, announce, change what the exit means."""
    carrier, form = the_carrier(), request.form
    with carrier.lock:
        participant = _known(active(carrier, sid), who)
        refuse_coaching(carrier, form)
        if "Muted" in form:
            participant.mute(checks.truth(form, "Muted"))
        if "Hold" in form:
            participant.put_on_hold(checks.truth(form, "Hold"), music_of(form, "Hold", "GET"))
        _change_terms(participant, form)
        if going := announcement(form):
            announce(participant.conference, going, participant)
        return jsonify(to_json(carrier, participant))


def _change_terms(participant: Participant, form: Form) -> None:
    if not form.keys() & {"EndConferenceOnExit", "BeepOnExit", "WaitUrl"}:
        return
    if "EndConferenceOnExit" in form:
        participant.ends = checks.truth(form, "EndConferenceOnExit")
    if "BeepOnExit" in form:
        participant.beeps_on_exit = checks.truth(form, "BeepOnExit")
    if "WaitUrl" in form:
        participant.wait = music_of(form, "Wait", "POST")
        if participant.conference.status == "init":
            participant.play(participant.wait)
    participant.modified()


@blueprint.delete("/Conferences/<sid>/Participants/<who>.json")
def delete_participant(sid: str, who: str) -> tuple[str, int]:
    """Put somebody out: a call with more TwiML goes on with it, one still ringing is canceled."""
    carrier = the_carrier()
    with carrier.lock:
        participant = _known(active(carrier, sid), who)
        leg = participant.leg
        rung = leg.call.answered_at is None
        status = "canceled" if rung else leg.call.status
        participant.conference.remove(participant, "participant_updated_via_api", status, True)
        if rung:
            leg.end("canceled")
        return "", 204


def _known(conference: Conference, who: str) -> Participant:
    for participant in conference.participants:
        if who in (participant.sid, participant.terms.label):
            return participant
    raise Refused(errors.NOT_FOUND)


def to_json(carrier: Carrier, participant: Participant) -> dict[str, Any]:
    """The resource as the API shows it."""
    conference = f"{base_uri(carrier)}/Conferences/{participant.conference.sid}"
    return {
        "account_sid": carrier.account_sid,
        "call_sid": participant.sid,
        "label": participant.terms.label or None,
        "conference_sid": participant.conference.sid,
        "date_created": parameters.rfc2822(participant.created_at),
        "date_updated": parameters.rfc2822(participant.updated_at or participant.created_at),
        "start_conference_on_enter": participant.terms.starts,
        "end_conference_on_exit": participant.ends,
        "muted": participant.muted,
        "hold": participant.hold,
        "status": STATUSES.get(participant.leg.call.status, "connected"),
        "coaching": False,
        "call_sid_to_coach": None,
        "queue_time": None,
        "uri": f"{conference}/Participants/{participant.sid}.json",
    }
