"""Nonsense, made from a seed: TwiML documents, answers and forms that no service should send."""

import random
from xml.sax.saxutils import escape, quoteattr

from bot.simulator import WebhookResponse
from tests.simulator.scene import ALICE, BASE, BOB, DESK, OMAR

VERBS = (
    "Say Play Pause Gather Record Redirect Hangup Reject Dial Number Conference Message Body"
    " Client Sip Queue Enqueue say Bogus break prosody"
)
ATTRIBUTES = (
    "action method input timeout finishOnKey numDigits speechTimeout maxSpeechTime hints language"
    " actionOnEmptyResult bargeIn partialResultCallback speechModel loop voice digits length reason"
    " maxLength playBeep trim recordingStatusCallback recordingStatusCallbackEvent timeLimit to"
    " callerId answerOnBridge hangupOnStar sequential record muted beep startConferenceOnEnter url"
    " endConferenceOnExit participantLabel waitUrl maxParticipants statusCallback sendDigits from"
    " statusCallbackEvent machineDetection machineDetectionTimeout amdStatusCallback bogus"
)
NUMBERS = ["", "0", "-1", "1", "5", "601", "9" * 12, "9" * 5000, "\u0663", "\u00b2", "1e3"]
URLS = [
    *(
        "http://[",
        "//[",
        "http://x:y/",
        "http://x:99999/",
        "/next",
        "relative",
        "mailto:x",
        "https://",
    ),
    *(
        f"#rc={'9' * 5000}",
        "#rp=foo",
        f"{BASE}/next?x=1#rc=2&rp=all",
        "http://a b/",
        "http://\u00fc/",
    ),
    *("%00", "?a=b", "ftp://x", "http://desk.example:0/", "http://name:word@desk.example/next"),
]
WORDS = [
    *("true", "FALSE", "dtmf speech", "auto", "#", "*", "1w2#", "Polly.Amy", "cy-GB", "busy"),
    *("start end join leave", "initiated ringing answered completed", "DetectMessageEnd", "Enable"),
    *("x" * 200, "CA" + "0" * 32, "{}", "%s", "\n", " ", "\U0001f600", "GET", "PUT", "completed"),
    *("canceled", "9999-12-31", "0001-01-01T00:00:00Z", "<Response/>", "MG" + "0" * 32, "fixed"),
]
PEOPLE = [ALICE, BOB, OMAR, DESK, "+15005550001", f"{BOB}\n", "07700 900456", "client:bob"]
ANYTHING = NUMBERS + URLS + WORDS + PEOPLE
TYPES = [*["text/xml"] * 12, "text/html", "text/plain", "audio/mpeg", "", "application/json", ";"]
STATUSES = [*[200] * 20, 204, 302, 303, 307, 401, 404, 429, 500, 100, 600]
COOKIES = ["a=b; Max-Age=x", "a=b; Max-Age=-1", "=b", "a=\u00fc; Expires=some day", "\x01=1", "; ;"]


class Nonsense:
    """One source of it."""

    def __init__(self, seed: str) -> None:
        self.chance = random.Random(seed)

    def verb(self, depth: int = 0) -> str:
        chance = self.chance
        verbs = VERBS.split()
        name = chance.choice(verbs if chance.random() < 0.5 else verbs[:11])
        names = chance.sample(ATTRIBUTES.split(), chance.choice([0, 0, 1, 1, 2, 3]))
        attributes = "".join(f" {a}={quoteattr(chance.choice(ANYTHING))}" for a in names)
        most = chance.choice([0, 0, 1, 1, 2]) if depth < 3 else 0
        inside = "".join(self.verb(depth + 1) for _ in range(most))
        return f"<{name}{attributes}>{escape(chance.choice(ANYTHING))}{inside}</{name}>"

    def body(self) -> bytes:
        chance = self.chance
        verbs = "".join(self.verb() for _ in range(chance.choice([0, 1, 1, 2, 3])))
        whole = bytearray(f"<Response>{verbs}</Response>".encode())
        if chance.random() < 0.1:
            for _ in range(3):
                whole[chance.randrange(len(whole))] = chance.randrange(256)
        return bytes(whole)

    def answer(self) -> WebhookResponse:
        chance = self.chance
        status = chance.choice(STATUSES)
        headers = {"Content-Type": chance.choice(TYPES), "Location": chance.choice(ANYTHING)}
        cookies = (chance.choice(COOKIES),) if chance.random() < 0.05 else ()
        seconds = chance.choice([*[0.0] * 20, 3.0, 14.9, 15.1, 1e9])
        return WebhookResponse(status, headers, self.body(), seconds, cookies)

    def form(self, names: str, good: dict[str, str]) -> dict[str, str]:
        """A few of these parameters, as a rule beside good ones."""
        chance = self.chance
        base = dict(good) if chance.random() < 0.7 else {}
        known = names.split()
        some = chance.sample(known, chance.randint(0, min(4, len(known))))
        return base | {name: chance.choice(ANYTHING) for name in some}
