"""What the noun Number asks for beside the number itself (d:voice/twiml/number)."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.simulator.calls.amd import AmdPlan, BadAmd, amd_asked, detect_beside
from bot.simulator.calls.calling import send_digits
from bot.simulator.calls.leg import Leg
from bot.simulator.calls.notices import Notices, asked_events
from bot.simulator.calls.player import GoTo
from bot.simulator.calls.process import Steps
from bot.simulator.error_numbers import UNKNOWN_PART
from bot.simulator.numbers import country, is_e164
from bot.simulator.twiml.reading import Document, Verb
from bot.simulator.verbs.attributes import method
from bot.simulator.webhooks.addresses import join

BAD_FORMAT, BAD_NUMBER, FORBIDDEN, COUNTRY_OFF = 13223, 13224, 13225, 13227  # d:api/errors
TOO_MANY = 13250  # [mem]: "Too many URIs passed" (d:api/errors/13250) is the nearest
MOST_NUMBERS = 10
PUNCTUATION = re.compile(r"[\s().-]")


@dataclass(frozen=True)
class Wishes:
    """What happens on the leg of one number."""

    notices: Notices
    whisper: GoTo | None = None
    digits: str = ""
    amd: AmdPlan | None = None

    def answered(self, leg: Leg) -> Steps[None]:
        """Machine detection runs beside the call, here always
        (d:voice/answering-machine-detection); the keys of an extension come first of all."""
        if self.amd is not None:
            detect_beside(leg, self.amd)
        yield from send_digits(leg, self.digits)


def wishes_of(parent: Leg, document: Document, noun: Verb) -> Wishes:
    """Read the attributes."""

    def there(name: str) -> str:
        return join(document.url, noun.get(name)) if noun.get(name) else ""

    events = asked_events([noun.get("statusCallbackEvent")])
    notices = Notices(there("statusCallback"), method(noun, "statusCallbackMethod"), events)
    whisper = GoTo(there("url"), method(noun), kind="whisper") if noun.get("url") else None
    return Wishes(notices, whisper, noun.get("sendDigits"), _amd(parent, noun, there))


def _amd(parent: Leg, noun: Verb, there: Callable[[str], str]) -> AmdPlan | None:
    """The attributes are named as the parameters of the Calls API, but for the first letter."""
    try:
        return amd_asked(
            lambda name: noun.get(name[0].lower() + name[1:]),
            there("amdStatusCallback"),
            method(noun, "amdStatusCallbackMethod"),
            asynchronous=True,
        )
    except BadAmd as wrong:
        parent.carrier.warn(UNKNOWN_PART, f"Number: {wrong}; no detection", parent.call.sid)
        return None


def numbers_of(parent: Leg, document: Document, dial: Verb) -> list[tuple[str, Verb]]:
    """What can be dialled of what a Dial asks for; ten at most."""
    plain = (Verb("Number", {}, dial.text),) if dial.text else ()
    nouns = [*plain, *dial.children]
    if len(nouns) > MOST_NUMBERS:
        words = f"{len(nouns)} numbers; {MOST_NUMBERS} are allowed"
        parent.carrier.warn(TOO_MANY, words, parent.call.sid, document.url)
        return []
    found = []
    for noun in nouns:
        number = _tidied(noun.text)
        if code := _refused(parent, number):
            words = f"cannot dial {noun.text!r}"
            parent.carrier.warn(code, words, parent.call.sid, document.url)
        else:
            found.append((number, noun))
    return found


def _refused(parent: Leg, number: str) -> int:
    """The error number, if that cannot be rung; a number of ours could be, but not here."""
    settings, numbers = parent.carrier.settings, parent.carrier.numbers
    if not is_e164(number):
        return BAD_NUMBER if number.lstrip("+").isdecimal() else BAD_FORMAT
    if number in settings.blocked_numbers:
        return FORBIDDEN
    if settings.call_countries is not None and country(number) not in settings.call_countries:
        return COUNTRY_OFF
    if number in numbers:
        words = "the simulator does not ring a number of the service's own"
        parent.carrier.warn(0, words, parent.call.sid)
    return 0


def _tidied(text: str) -> str:
    """A number without its punctuation; plain American ones get their country code."""
    number = PUNCTUATION.sub("", text)
    if re.fullmatch(r"1?[2-9]\d{9}", number):
        return "+1" + number[-10:]
    return number
