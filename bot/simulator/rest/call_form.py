"""What a request to place or move a call asks for, read from its form (twilio.md section 6)."""

from urllib.parse import urljoin

from werkzeug.datastructures import MultiDict

from bot.simulator.amd import BAD_AMD, AmdPlan, BadAmd, amd_asked
from bot.simulator.calling import LONGEST_CALL_SECONDS, LONGEST_RING_SECONDS, Plan
from bot.simulator.carrier import Carrier
from bot.simulator.notices import Notices, asked_events
from bot.simulator.numbers import MAGIC_CALL_FROM, MAGIC_CALL_TO, MAGIC_FROM_GOOD, is_e164
from bot.simulator.player import GoTo
from bot.simulator.rest import errors
from bot.simulator.rest.errors import Refused

MOST_TWIML = 4000
NOT_HEEDED = frozenset({"ApplicationSid", "SendDigits", "Record", "CallToken", "Byoc", "CallerId"})

Form = MultiDict[str, str]


def check_numbers(carrier: Carrier, form: Form) -> None:
    """Who may ring whom, the test credentials' magic numbers included."""
    to, from_ = form.get("To", ""), form.get("From", "")
    if not to:
        raise Refused(errors.NO_TO)
    if not from_:
        raise Refused(errors.NO_FROM)
    if magic := MAGIC_CALL_FROM.get(from_):
        raise Refused(magic)
    if from_ not in carrier.numbers and from_ != MAGIC_FROM_GOOD:
        raise Refused(errors.FROM_NOT_OURS if is_e164(from_) else errors.BAD_FROM)
    if magic := MAGIC_CALL_TO.get(to):
        raise Refused(magic)
    if not is_e164(to):
        raise Refused(errors.BAD_TO)


def plan_of(form: Form) -> Plan:
    """Everything else that was asked for."""
    events = asked_events(form.getlist("StatusCallbackEvent"))
    callback_method = form.get("StatusCallbackMethod", "POST")
    return Plan(
        start=start_of(form),
        fallback=(form.get("FallbackUrl", ""), form.get("FallbackMethod", "POST")),
        notices=Notices(form.get("StatusCallback", ""), callback_method, events),
        timeout=min(form.get("Timeout", 60.0, type=float), LONGEST_RING_SECONDS),
        time_limit=form.get("TimeLimit", LONGEST_CALL_SECONDS, type=float),
        amd=_amd(form),
    )


def start_of(form: Form) -> GoTo:
    """Url, which beats Twiml."""
    url, twiml = form.get("Url", ""), form.get("Twiml")
    if url:
        if not url.startswith(("http://", "https://")):
            raise Refused(errors.NO_URL)
        return GoTo(url, form.get("Method", "POST"))
    if not twiml:
        raise Refused(errors.NO_URL)
    if len(twiml) > MOST_TWIML:
        raise Refused(errors.TWIML_TOO_LONG)
    return GoTo("", twiml=twiml)


def _amd(form: Form) -> AmdPlan | None:
    """Machine detection, unless SendDigits switches it off (twilio.md section 2)."""
    if form.get("SendDigits"):
        return None
    callback = form.get("AsyncAmdStatusCallback", "")
    try:
        return amd_asked(
            lambda name: form.get(name, ""),
            urljoin(form.get("Url", ""), callback) if callback else "",
            form.get("AsyncAmdStatusCallbackMethod", "POST"),
            asynchronous=form.get("AsyncAmd", "").lower() == "true",
        )
    except BadAmd:
        raise Refused(BAD_AMD) from None
