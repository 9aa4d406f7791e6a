"""What a failed request to Twilio means: can trying again help, and may it have been carried out?

The reasons are ours. Twilio's own texts name the number that was rung, so they are never repeated.
"""

import json
from typing import Any

from bot.errors import CarrierError

CALL_NOT_LIVE = 21220
NOT_FOUND = 20404

# Refusals that say something about this number or this request: trying again cannot help.
_REASONS = {
    20003: "account SID and token do not fit",
    20404: "no such call or text",
    20429: "too many requests",
    21201: "no number to ring",
    21205: "a webhook address that Twilio does not take",
    21210: "a caller ID that is not this account's",
    21211: "not a number that can be rung",
    21212: "a caller ID that cannot be used",
    21214: "a number that cannot be reached",
    21215: "the account may not ring that country",
    21216: "a number on Twilio's list of blocked ones",
    21217: "a number that no route leads to",
    CALL_NOT_LIVE: "the call is over",
    13227: "the account may not ring that country",
}


def code_of(error: Exception) -> int | None:
    """Twilio's number for what went wrong, if Twilio said it."""
    code = getattr(error, "code", None)
    return code if isinstance(code, int) else None


def trouble(error: Exception) -> CarrierError:
    """Our word for whatever twilio-python raised."""
    from requests import RequestException
    from twilio.base.exceptions import (
        TwilioException,
        TwilioRestException,
        TwilioServiceException,
    )

    if isinstance(error, TwilioRestException | TwilioServiceException):
        return _refused(int(error.status), code_of(error))
    if isinstance(error, TwilioException) and (answer := _page_of(error)) is not None:
        return _refused(int(answer.status_code), _code_in(answer))
    if isinstance(error, RequestException):
        return _lost(error)
    # The answer came and could not be read, so the request arrived.
    return CarrierError(f"no readable answer ({_name(error)})", retryable=True, unclear=True)


def _refused(status: int, code: int | None) -> CarrierError:
    """4xx was not carried out (`twilio.md` 1.4); anything else but 2xx may have been.

    429 passes by itself. So does 401, once people have put the token right: it says nothing about
    the customer, who would otherwise be given up.
    """
    reason = f"refused with HTTP {status}, code {code}: {_REASONS.get(code or 0, 'see its code')}"
    if 400 <= status < 500:
        account, too_many = status == 401, status == 429
        retryable = account or too_many
        return CarrierError(reason, retryable=retryable, account=account, too_many=too_many)
    return CarrierError(f"failed with HTTP {status}", retryable=True, unclear=True)


def _page_of(error: Exception) -> Any:
    """The answer with which a page of a list was refused: the library only hands it on."""
    answer = error.args[1] if len(error.args) > 1 else None
    return answer if getattr(answer, "status_code", 200) != 200 else None


def _code_in(answer: Any) -> int | None:
    try:
        code = json.loads(answer.text).get("code")
    except (AttributeError, TypeError, ValueError):
        return None
    return code if isinstance(code, int) else None


def _lost(error: Exception) -> CarrierError:
    """No answer. Only where no connection was made is it sure that nothing was carried out."""
    from requests import ConnectTimeout
    from urllib3.exceptions import NewConnectionError

    cause = getattr(error.args[0] if error.args else None, "reason", None)
    if isinstance(error, ConnectTimeout) or isinstance(cause, NewConnectionError):
        return CarrierError(f"not reached ({_name(error)})", retryable=True)
    return CarrierError(f"no answer ({_name(error)})", retryable=True, unclear=True)


def _name(error: Exception) -> str:
    return type(error).__name__
