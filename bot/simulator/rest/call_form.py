"""What a request to place or move a call asks for, read from its form (twilio.md section 6)."""

import re

from bot.simulator.calls.amd import BAD_AMD, AmdPlan, BadAmd, amd_asked
from bot.simulator.calls.calling import (
    RING_SECONDS,
    Plan,
)
from bot.simulator.calls.notices import DEFAULT_EVENTS, EVENTS, Notices
from bot.simulator.calls.player import GoTo
from bot.simulator.carrier import Carrier
from bot.simulator.handsets.base import LONGEST_RING_SECONDS
from bot.simulator.numbers import (
    MAGIC_CALL_FROM,
    MAGIC_CALL_TO,
    MAGIC_FROM_GOOD,
    country,
    is_e164,
)
from bot.simulator.rest import checks, errors
from bot.simulator.rest.checks import Form
from bot.simulator.rest.errors import Refused
from bot.simulator.webhooks.parameters import call_token

MOST_TWIML = 4000
DIGITS = re.compile(r"[0-9A-D#*wW]{1,32}")  # d:api/errors/21206
NOT_HEEDED = frozenset({"Byoc", "CallerId", "CallReason", "Trim", "RecordingStatusCallback"})


def check_numbers(carrier: Carrier, form: Form) -> None:
    """Who may ring whom, the test credentials' magic numbers included."""
    to, from_ = form.get("To", ""), form.get("From", "")
    if not to:
        raise Refused(errors.NO_TO)
    if not from_:
        raise Refused(errors.NO_FROM)
    if magic := MAGIC_CALL_FROM.get(from_):
        raise Refused(magic)
    if not _may_show(carrier, from_, form):
        raise Refused(errors.FROM_NOT_OURS if is_e164(from_) else errors.BAD_FROM)
    _check_called(carrier, to)


def _may_show(carrier: Carrier, from_: str, form: Form) -> bool:
    """A number of ours, a verified one, or the caller of a call that is passed on: its CallToken
    says so [oai]."""
    if carrier.may_show(from_) or from_ == MAGIC_FROM_GOOD:
        return True
    token = form.get("CallToken", "")
    passed_on = (c for c in carrier.calls.values() if c.direction == "inbound" and not c.over)
    return any(c.from_ == from_ and token == call_token(c.sid) for c in passed_on)


def _check_called(carrier: Carrier, to: str) -> None:
    settings = carrier.settings
    if to.startswith(("client:", "sip:", "sim:")):
        carrier.warn(0, f"the simulator rings telephone numbers only, not {to}")
        raise Refused(errors.BAD_TO)
    if magic := MAGIC_CALL_TO.get(to):
        raise Refused(magic)
    if not is_e164(to):
        raise Refused(errors.BAD_TO)
    if settings.call_countries is not None and country(to) not in settings.call_countries:
        raise Refused(errors.COUNTRY_OFF)
    if to in settings.blocked_numbers:
        raise Refused(errors.BLOCKED)


def plan_of(carrier: Carrier, form: Form) -> Plan:
    """Everything else that was asked for."""
    digits = form.get("SendDigits", "")
    if digits and not DIGITS.fullmatch(digits):
        raise Refused(errors.BAD_DIGITS)
    timeout = checks.whole_number(form, "Timeout", int(RING_SECONDS), code=errors.BAD_TIMEOUT)
    buffer = carrier.settings.ring_buffer_seconds
    return Plan(
        start=start_of(carrier, form),
        fallback=fallback_of(form),
        notices=_notices(carrier, form),
        timeout=min(timeout, LONGEST_RING_SECONDS) + buffer,
        time_limit=checks.time_limit(form),
        amd=_amd(form),
        digits=digits,
    )


def start_of(carrier: Carrier, form: Form) -> GoTo:
    """Url, which beats Twiml."""
    if form.get("ApplicationSid"):
        carrier.warn(0, "the simulator has no applications: give a Url or Twiml")
        raise Refused(errors.BAD_APPLICATION)
    url, twiml = checks.url(form, "Url"), form.get("Twiml")
    if url:
        return GoTo(url, checks.method(form, "Method"))
    if not twiml:
        raise Refused(errors.BAD_URL)
    if len(twiml) > MOST_TWIML:
        raise Refused(errors.TWIML_TOO_LONG)
    return GoTo("", twiml=twiml)


def fallback_of(form: Form) -> tuple[str, str]:
    """The second chance, and its method."""
    return checks.url(form, "FallbackUrl"), checks.method(form, "FallbackMethod")


def callback_of(form: Form) -> tuple[str, str]:
    """Where notices go, and by which method."""
    url = checks.url(form, "StatusCallback", errors.BAD_CALLBACK)
    return url, checks.method(form, "StatusCallbackMethod")


def _notices(carrier: Carrier, form: Form) -> Notices:
    """One event a parameter."""
    url, method = callback_of(form)
    name = "StatusCallbackEvent"
    events = checks.events(carrier, name, form.getlist(name), EVENTS)
    return Notices() if events is None else Notices(url, method, events or DEFAULT_EVENTS)


def _amd(form: Form) -> AmdPlan | None:
    """Machine detection, unless SendDigits switches it off (twilio.md section 2)."""
    if form.get("SendDigits"):
        return None
    try:
        return amd_asked(
            lambda name: form.get(name, ""),
            checks.url(form, "AsyncAmdStatusCallback", errors.BAD_CALLBACK),
            checks.method(form, "AsyncAmdStatusCallbackMethod"),
            asynchronous=checks.truth(form, "AsyncAmd"),
        )
    except BadAmd:
        raise Refused(BAD_AMD) from None
