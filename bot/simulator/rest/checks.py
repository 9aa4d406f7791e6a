"""Parameters that many requests have: addresses, methods, whole numbers, yes or no."""

from werkzeug.datastructures import MultiDict

from bot.simulator.rest.errors import BAD_HTTP_METHOD, BAD_PARAMETER, BAD_URL, Refused
from bot.simulator.webhooks.addresses import BadAddress, checked

Form = MultiDict[str, str]
LONGEST_URL = 4000


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
    form: Form, name: str, default: int, least: int = 1, code: int = BAD_PARAMETER
) -> int:
    """A positive whole number."""
    value = form.get(name) or str(default)
    if not value.isdecimal() or int(value) < least:
        raise Refused(code)
    return int(value)


def truth(form: Form, name: str) -> bool:
    """`true` in any case; anything else is no."""
    return form.get(name, "").lower() == "true"
