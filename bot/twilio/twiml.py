"""What a leg is about to hear, as TwiML.

Written by template: `VoiceResponse` takes ten times as long for the same answer. Words are never
altered, only freed of characters that XML cannot hold: what was approved is what is said.
"""

import re
from collections.abc import Mapping
from html import escape

from bot.spoken import End, Item, Join, Listen, Meet, Spoken, Words
from bot.twilio.characters import fit
from bot.twilio.urls import Urls

CONTENT_TYPE = "text/xml; charset=utf-8"
_PROLOGUE = '<?xml version="1.0" encoding="UTF-8"?>'

# The answer to every text, and to every notice: nothing is said and nothing is sent.
EMPTY = f"{_PROLOGUE}<Response/>"

# Polly speaks 3,000 characters at a time (Twilio's error 13521).
LONGEST_SAY = 2900

# Of the languages that we speak, those that Twilio can recognise: Welsh is not one (13331).
RECOGNISED = frozenset({"en-GB"})

PAUSE_IN_A_NUMBER_SECONDS = 2  # people look at their letter between the digits

# A sentence ends where white space follows, so that no amount (£1,234.50) is ever cut.
_AFTER_SENTENCE = re.compile(r"(?<=[.!?…])\s+")


def render(spoken: Spoken, urls: Urls, voices: Mapping[str, str]) -> str:
    """The document for one request. `voices` names Twilio's voice for each language.

    A language without a voice is left to the account's setting.
    """
    if not spoken.items:
        return EMPTY
    verbs = "".join(_verb(item, spoken, urls, voices) for item in spoken.items)
    return f"{_PROLOGUE}<Response>{verbs}</Response>"


def _verb(item: Item, spoken: Spoken, urls: Urls, voices: Mapping[str, str]) -> str:
    match item:
        case Words():
            return _say(item, voices)
        case Listen():
            action = urls.digits_pressed(spoken.desk, spoken.conversation, spoken.turn)
            return _gather(item, escape(action), voices)
        case Join():
            action = urls.leg_ended(spoken.desk, spoken.conversation, spoken.turn)
            return _dial(item, escape(action))
        case Meet():
            action = urls.leg_ended(spoken.desk, spoken.conversation, spoken.turn)
            return _meet(item, escape(action))
        case End():
            return "<Hangup/>"


def _say(words: Words, voices: Mapping[str, str]) -> str:
    voice = voices.get(words.language)
    how = f' voice="{escape(voice)}"' if voice else ""
    return "".join(
        f'<Say{how} language="{escape(words.language)}">{_paced(part, words)}</Say>'
        for part in _parts(fit(words.text).strip())
    )


def _paced(part: str, words: Words) -> str:
    """The words as they are, or said slowly (www.twilio.com/docs/voice/twiml/say/text-speech)."""
    said = escape(part, quote=False)
    return f'<prosody rate="slow">{said}</prosody>' if words.slowly else said


def _gather(listen: Listen, action: str, voices: Mapping[str, str]) -> str:
    """Say and wait for keys or words; silence is posted too, the redirect catches what is not.

    Where one key is awaited none finishes, so that # and * count as keys like any other.
    """
    heard = _hearing(listen)
    if listen.most_keys == 1:
        ends = ' numDigits="1" finishOnKey=""'
    elif listen.most_keys:
        ends = f' numDigits="{listen.most_keys}" finishOnKey="#"'
    else:
        ends = ' finishOnKey="#"'
    return (
        f'<Gather {heard} method="POST" action="{action}" timeout="{listen.seconds}"'
        f'{ends} actionOnEmptyResult="true">{_say(listen.words, voices)}</Gather>'
        f'<Redirect method="POST">{action}</Redirect>'
    )


def _hearing(listen: Listen) -> str:
    """What is listened for, after www.twilio.com/docs/voice/twiml/gather and its error pages.

    Whichever begins first counts, keys or speech. No `speechModel`: Twilio chooses one for the
    language, and `auto` is only allowed without it (13335). `auto` ends at the first short pause,
    too soon for somebody who reads a number out. No `profanityFilter`: what is said is read by
    rules, shown to nobody, and asterisks would only make it unreadable. `hints`: 13330.
    """
    language = listen.words.language
    if not listen.speech or language not in RECOGNISED:
        return 'input="dtmf"'
    hints = f' hints="{escape(", ".join(listen.hints))}"' if listen.hints else ""
    pause = "auto" if listen.most_keys == 1 else PAUSE_IN_A_NUMBER_SECONDS
    return (
        f'input="dtmf speech" language="{escape(language)}" speechTimeout="{pause}"'
        f' profanityFilter="false"{hints}'
    )


def _dial(join: Join, action: str) -> str:
    return (
        f'<Dial method="POST" action="{action}" callerId="{escape(join.caller_id)}"'
        f' timeout="{join.ring_seconds}"><Number>{escape(join.number)}</Number></Dial>'
    )


def _meet(meet: Meet, action: str) -> str:
    """Two, and no more; no tone tells of them; whoever leaves ends it (www.twilio.com/docs/voice/
    twiml/conference)."""
    return (
        f'<Dial method="POST" action="{action}"><Conference beep="false" maxParticipants="2"'
        f' endConferenceOnExit="true">{escape(meet.room)}</Conference></Dial>'
    )


def _parts(text: str) -> list[str]:
    """The text in pieces that can be said: cut after sentences, else between words."""
    if len(text) <= LONGEST_SAY:
        return [text] if text else []
    parts, rest = [], text
    while len(rest) > LONGEST_SAY:
        cut = _cut(rest)
        parts.append(rest[:cut].strip())
        rest = rest[cut:].strip()
    return [part for part in (*parts, rest) if part]


def _cut(text: str) -> int:
    ends = [match.end() for match in _AFTER_SENTENCE.finditer(text, 0, LONGEST_SAY)]
    return ends[-1] if ends else text.rfind(" ", 1, LONGEST_SAY) + 1 or LONGEST_SAY
