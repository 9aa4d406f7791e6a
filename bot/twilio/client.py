"""The carrier's REST interface, for the worker: calls are placed, changed and listed here."""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from bot.carrier import CallOrder, ListedCall, ListedText, ReceivedCall
from bot.phone import PhoneNumber
from bot.twilio import received
from bot.twilio.refusals import CALL_NOT_LIVE, NOT_FOUND, code_of, trouble
from bot.twilio.statuses import call_status
from bot.twilio.urls import Urls

if TYPE_CHECKING:
    from twilio.http import HttpClient
    from twilio.rest.api.v2010.account.call import CallInstance

Result = TypeVar("Result")

_EVENTS = ["initiated", "ringing", "answered", "completed"]
_MOST_LISTED = 1000  # without a limit, twilio-python reads every page there is
_PAGE = 100
_DIALLED = "outbound-dial"  # a leg that somebody dialled through another call of the account


class TwilioCarrier:
    """`bot.carrier.Carrier` on twilio-python.

    One HTTP session with a pool of connections is shared by all threads; nothing of it is changed
    after the start. No retries: whether to try again is for the caller to say.
    """

    def __init__(
        self,
        *,
        account_sid: str,
        auth_token: str,
        urls: Urls,
        api_url: str | None = None,
        timeout_seconds: float = 10.0,
        fallback_url: str | None = None,
        http_client: "HttpClient | None" = None,
    ) -> None:
        """`api_url` is for the demo's simulator; `fallback_url` the static words of last resort."""
        from twilio.http.http_client import TwilioHttpClient
        from twilio.rest import Client  # 74 ms and 27 MB: only the worker pays

        client = Client(
            account_sid,
            auth_token,
            http_client=http_client or TwilioHttpClient(timeout=timeout_seconds, logger=_silent()),
            environment={"TWILIO_REGION": "", "TWILIO_EDGE": ""},  # these would rewrite the host
        )
        if api_url:
            client.api.base_url = api_url
        self._account = client.api.v2010.account
        self._urls = urls
        self._fallback = {"fallback_url": fallback_url} if fallback_url else {}

    def place_call(self, order: CallOrder) -> str:
        """Have the number rung; the SID of the call.

        Detection runs beside our first words (`async_amd`): a person is never met by silence
        (Ofcom's two seconds, `policy.md` 10.2).
        """
        at = (order.desk, order.attempt)
        return _ask(
            lambda: _sid_of(
                self._account.calls.create(
                    to=order.to.e164,
                    from_=order.caller_id,
                    url=self._urls.call_answered(*at),
                    method="POST",
                    status_callback=self._urls.call_status(*at),
                    status_callback_method="POST",
                    status_callback_event=_EVENTS,
                    timeout=order.ring_seconds,
                    time_limit=order.time_limit_seconds,
                    machine_detection="DetectMessageEnd",
                    machine_detection_timeout=order.detect_seconds,
                    machine_detection_speech_threshold=order.speech_threshold_ms,
                    machine_detection_speech_end_threshold=order.speech_end_threshold_ms,
                    machine_detection_silence_timeout=order.silence_timeout_ms,
                    async_amd="true",
                    async_amd_status_callback=self._urls.machine_heard(*at),
                    async_amd_status_callback_method="POST",
                    **self._fallback,
                )
            )
        )

    def redirect(self, call: str, *, desk: str, conversation: str) -> bool:
        """Have a live call fetch its conversation's current replies; False when it is over."""
        url = self._urls.call_again(desk, conversation)
        return self._if_live(lambda: self._account.calls(call).update(url=url, method="POST"))

    def end_call(self, call: str) -> bool:
        """End a call, answered or not; False when it was over already."""
        return self._if_live(lambda: self._account.calls(call).update(status="completed"))

    def cancel(self, call: str) -> bool:
        """Take back a call that nobody has answered; False when it is past that."""
        return self._if_live(lambda: self._account.calls(call).update(status="canceled"))

    def calls_to(self, number: PhoneNumber, caller_id: str, since: float) -> list[ListedCall]:
        """Calls that were ordered by REST, to a number, since then, newest first.

        Chosen by the time of creation, here: a call that is still queued has no start time, so
        that Twilio's own filter would hide it (`twilio.md` 1.4).
        """
        found = _ask(
            lambda: self._account.calls.list(
                to=number.e164, from_=caller_id, limit=_MOST_LISTED, page_size=_PAGE
            )
        )
        listed = (_listed(call, since) for call in found if call.direction != _DIALLED)
        # Twilio knows no fractions of a second.
        return [call for call in listed if call.created >= int(since)]

    def status_of(self, call: str) -> str | None:
        """How a call stands, in our words; None when Twilio knows no such call."""
        try:
            found = self._account.calls(call).fetch()
        except Exception as error:
            if code_of(error) == NOT_FOUND:
                return None
            raise trouble(error) from None
        return call_status(str(found.status))

    def redact_text(self, text: str) -> None:
        """Remove the words of a received text from Twilio's records."""
        _ask(lambda: self._account.messages(text).update(body=""))

    def texts_received(self, number: PhoneNumber, since: float) -> list[ListedText]:
        """The texts to a number of ours since then, every page of them."""
        return _ask(lambda: received.texts_to(self._account, number, since))

    def calls_received(self, number: PhoneNumber, since: float) -> list[ReceivedCall]:
        """The calls to a number of ours since then, every page of them."""
        return _ask(lambda: received.calls_to(self._account, number, since))

    @staticmethod
    def _if_live(change: Callable[[], object]) -> bool:
        try:
            change()
        except Exception as error:
            if code_of(error) == CALL_NOT_LIVE:
                return False
            raise trouble(error) from None
        return True


def _ask(request: Callable[[], Result]) -> Result:
    """Do it. Raises `CarrierError`, without the cause, whose text may hold the number."""
    try:
        return request()
    except Exception as error:
        raise trouble(error) from None


def _sid_of(placed: "CallInstance") -> str:
    if not placed.sid:
        raise ValueError("an answer without a call in it")
    return str(placed.sid)


def _listed(call: "CallInstance", since: float) -> ListedCall:
    return ListedCall(
        call=str(call.sid),
        status=call_status(str(call.status)),
        created=received.seconds(call.date_created, since),
    )


def _silent() -> logging.Logger:
    """A log that goes nowhere: requests hold full numbers (design section 1, invariant 8)."""
    logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)  # its DEBUG prints URLs
    silent = logging.Logger("twilio.silent")  # noqa: LOG001  not in the tree, so nobody turns it on
    silent.disabled = True
    return silent
