"""Parameters that many requests have: addresses, methods, whole numbers, yes or no."""

from collections.abc import Collection, Iterable

from werkzeug.datastructures import MultiDict

from bot.simulator.calls.calling import LONGEST_CALL_SECONDS
from bot.simulator.carrier import Carrier
from bot.simulator.rest.errors import BAD_EVENT, BAD_HTTP_METHOD, BAD_PARAMETER, BAD_URL, Refused
from bot.simulator.webhooks.addresses import BadAddress, checked
from bot.simulator.whole_numbers import whole

Form = MultiDict[str, str]
LONGEST_URL, MOST = 4000, 10**9 - 1


def url(form: Form, name: str, code: int = BAD_URL) -> str:
    """An absolute address, or nothing."""
    value = form.get(name, "")
    if not value:
        return ""
    if len(value) > LONGEST_URL:
        raise Refused(code)
    try:
        checked(value)
    except BadAddress:
        raise Refused(code) from None
    return value


def method(form: Form, name: str, code: int = BAD_HTTP_METHOD, default: str = "POST") -> str:
    """GET or POST (d:api/errors/21209)."""
    value = form.get(name) or default
    if value.upper() not in ("GET", "POST"):
        raise Refused(code)
    return value.upper()


def whole_number(
    form: Form,
    name: str,
    default: int,
    least: int = 1,
    most: int = MOST,
    code: int = BAD_PARAMETER,
) -> int:
    """A whole number in that range."""
    number = whole(form.get(name) or str(default), least, most)
    if number is None:
        raise Refused(code)
    return number


def time_limit(form: Form) -> int:
    """How long a call may last: four hours for most accounts ("Constraints depend on account and
    configuration" [oai]); which number refuses more is not said [mem]."""
    longest = int(LONGEST_CALL_SECONDS)
    return whole_number(form, "TimeLimit", longest, most=longest)


def events(
    carrier: Carrier, name: str, given: Iterable[str], known: Collection[str]
) -> frozenset[str] | None:
    """The events that notices were asked for. A wrong one (several in one, say) is taken with 201,
    is an error in the debugger, and no notice ever comes
    [log: qisoft/i-hate-making-calls issue 31]."""
    asked = frozenset(given)
    if wrong := sorted(asked.difference(known)):
        carrier.warn(BAD_EVENT, f"{name} {', '.join(wrong)}")
        return None
    return asked


def truth(form: Form, name: str) -> bool:
    """`true` in any case; anything else is no."""
    return form.get(name, "").lower() == "true"
