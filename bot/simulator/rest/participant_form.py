"""What a request to ring somebody into a conference asks for, read from its form."""

from collections.abc import Collection

from bot.simulator.calls.amd import BAD_AMD, AmdPlan, BadAmd, amd_asked
from bot.simulator.calls.calling import RING_SECONDS
from bot.simulator.calls.notices import DEFAULT_EVENTS, EVENTS, Notices
from bot.simulator.calls.player import GoTo
from bot.simulator.carrier import Carrier
from bot.simulator.conferences.inviting import Invitation
from bot.simulator.conferences.notices import EVENTS as CONFERENCE_EVENTS
from bot.simulator.conferences.notices import ConferenceNotices
from bot.simulator.conferences.terms import MOST_PARTICIPANTS, Music, Terms
from bot.simulator.handsets.base import LONGEST_RING_SECONDS
from bot.simulator.rest import checks, errors
from bot.simulator.rest.call_form import callback_of
from bot.simulator.rest.checks import Form
from bot.simulator.rest.errors import Refused

NOT_HEEDED = frozenset({"Record", "ConferenceRecord", "CallerId", "CallReason", "Byoc"})
BEEPS = frozenset({"true", "false", "onenter", "onexit"})
FEWEST_PARTICIPANTS, SHORTEST_RING_SECONDS = 2, 5


def invitation_of(carrier: Carrier, form: Form) -> Invitation:
    """Everything but the two numbers and the conference."""
    ring = checks.whole_number(form, "Timeout", int(RING_SECONDS), code=errors.BAD_TIMEOUT)
    return Invitation(
        terms=_terms(form),
        notices=_notices(carrier, form),
        timeout=min(max(ring, SHORTEST_RING_SECONDS), LONGEST_RING_SECONDS),
        time_limit=checks.time_limit(form),
        early_media=_yes(form, "EarlyMedia"),
        amd=_amd(form),
    )


def _notices(carrier: Carrier, form: Form) -> Notices:
    """The events may share a parameter here, with spaces between them [oai]."""
    url, method = callback_of(form)
    events = _events(carrier, form, "StatusCallbackEvent", EVENTS)
    return Notices() if events is None else Notices(url, method, events or DEFAULT_EVENTS)


def _events(
    carrier: Carrier, form: Form, name: str, known: Collection[str]
) -> frozenset[str] | None:
    words = (word for group in form.getlist(name) for word in group.split())
    return checks.events(carrier, name, words, known)


def _terms(form: Form) -> Terms:
    fewest, most = FEWEST_PARTICIPANTS, MOST_PARTICIPANTS
    beep = form.get("Beep", "true").lower()
    if beep not in BEEPS:
        raise Refused(errors.BAD_PARAMETER)
    return Terms(
        muted=checks.truth(form, "Muted"),
        starts=_yes(form, "StartConferenceOnEnter"),
        ends=checks.truth(form, "EndConferenceOnExit"),
        beep=beep,
        label=form.get("Label", ""),
        most=checks.whole_number(form, "MaxParticipants", most, fewest, most),
        wait=music_of(form, "Wait", "POST"),
    )


def _yes(form: Form, name: str) -> bool:
    """True unless the form says otherwise."""
    return form.get(name, "true").lower() == "true"


def music_of(form: Form, what: str, default: str) -> Music:
    """What is heard in the meantime: WaitUrl or HoldUrl with its method; empty: nothing."""
    if f"{what}Url" not in form:
        return "hold music"
    url = checks.url(form, f"{what}Url")
    if not url:
        return "silence"
    return GoTo(url, checks.method(form, f"{what}Method", default=default), kind=what.lower())


def conference_notices(carrier: Carrier, form: Form) -> ConferenceNotices:
    """Where the conference tells of itself, if this participant is the first to say so."""
    url = checks.url(form, "ConferenceStatusCallback", errors.BAD_CALLBACK)
    method = checks.method(form, "ConferenceStatusCallbackMethod")
    known = frozenset(CONFERENCE_EVENTS.values())
    events = _events(carrier, form, "ConferenceStatusCallbackEvent", known)
    if events is None:
        return ConferenceNotices()
    return ConferenceNotices(url, method, events or frozenset({"start", "end"}))


def _amd(form: Form) -> AmdPlan | None:
    """Here always beside the call (d:voice/answering-machine-detection)."""
    try:
        return amd_asked(
            lambda name: form.get(name, ""),
            checks.url(form, "AmdStatusCallback", errors.BAD_CALLBACK),
            checks.method(form, "AmdStatusCallbackMethod"),
            asynchronous=True,
        )
    except BadAmd:
        raise Refused(BAD_AMD) from None


def refuse_coaching(carrier: Carrier, form: Form) -> None:
    """A coach whom everybody hears would be worse than none."""
    if checks.truth(form, "Coaching") or form.get("CallSidToCoach"):
        carrier.warn(0, "the simulator does not play coaching in a conference")
        raise Refused(errors.BAD_PARAMETER)
