"""What Twilio lists as received: texts and calls to one number, every page of them.

Chosen once more here, by direction and time: a list holds what was sent from elsewhere in the
account to that number as well, and Twilio knows no fractions of a second.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.carrier import ListedText, ReceivedCall
from bot.phone import PhoneNumber
from bot.secret import Secret
from bot.twilio.characters import fit
from bot.twilio.forms import count
from bot.twilio.statuses import call_status

if TYPE_CHECKING:
    from twilio.rest.api.v2010.account import AccountContext
    from twilio.rest.api.v2010.account.call import CallInstance
    from twilio.rest.api.v2010.account.message import MessageInstance

PAGE = 200
CHANNELS = ("", "whatsapp:")  # as which a number of ours can be written to; others have no number
INBOUND = "inbound"


def texts_to(account: "AccountContext", number: PhoneNumber, since: float) -> list[ListedText]:
    """The texts to this number since then. Raises what twilio-python raises."""
    found: list[ListedText] = []
    for channel in CHANNELS:
        listed: Iterable[MessageInstance] = account.messages.stream(
            to=f"{channel}{number.e164}", date_sent_after=_moment(since), page_size=PAGE
        )
        inbound = (text for text in listed if text.direction == INBOUND)
        found += [_text(text, since, other_channel=bool(channel)) for text in inbound]
    return [text for text in found if text.at >= int(since)]


def calls_to(account: "AccountContext", number: PhoneNumber, since: float) -> list[ReceivedCall]:
    """The calls to this number since then. Raises what twilio-python raises."""
    listed: Iterable[CallInstance] = account.calls.stream(
        to=number.e164, start_time_after=_moment(since), page_size=PAGE
    )
    found = [
        ReceivedCall(
            call=str(call.sid),
            at=seconds(call.start_time or call.date_created, since),
            caller=PhoneNumber.from_caller_id(call._from or ""),  # the library's name for it
            status=call_status(str(call.status)),
        )
        for call in listed
        if call.direction == INBOUND
    ]
    return [call for call in found if call.at >= int(since)]


def seconds(moment: datetime | None, otherwise: float) -> float:
    """A time of Twilio's in seconds since 1970; where it tells none, `otherwise`."""
    if moment is None:
        return otherwise
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _text(text: "MessageInstance", since: float, *, other_channel: bool) -> ListedText:
    return ListedText(
        text=str(text.sid),
        at=seconds(text.date_sent or text.date_created, since),
        sender=None if other_channel else PhoneNumber.from_caller_id(text.from_ or ""),
        body=Secret(fit(text.body or "")),
        pictures=count(text.num_media),
        other_channel=other_channel,
    )


def _moment(since: float) -> datetime:
    return datetime.fromtimestamp(int(since), UTC)
