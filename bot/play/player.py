"""Makes happen what a line of a transcript says, and tells what came of it.

Everything goes through the phone network and the signed webhooks; the worker's part is done by the
real dialler and outbox, over the carrier's REST interface. `WORDS` lists what can happen.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from bot import answers
from bot.carrier import Carrier
from bot.dialler import Dialler
from bot.outbox import Outbox
from bot.play.officers import Sheet
from bot.play.path import row
from bot.play.people import NOBODYS_REFERENCE, Caller
from bot.play.telephone import NothingCame, OnTheLine, Telephone
from bot.play.telling import Teller
from bot.ring_case import ring_case
from bot.runtime import Runtime
from bot.simulator import Happening, PhoneNetwork, WebhookResponse, WsgiDelivery
from bot.simulator.records import Exchange
from bot.store import OUTBOX

SECONDS = {"s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
VERDICTS = {
    "machine": "machine_end_beep",
    "person": "human",
    "fax": "fax",
    "unknown": "unknown",
}
UNSURE = 0.3  # of what was said
MEANINGLESS = "39131"  # of the right length and no answer: the thirty-ninth of the thirteenth month


@dataclass(frozen=True)
class Stage:
    """The service, the network that it lives on, and who has a telephone there.

    `service` is the number that is rung and texted; `lines` are others of ours, by what a
    transcript calls them; `door` is the way by which the network's webhooks arrive.
    """

    runtime: Runtime
    carrier: Carrier
    network: PhoneNetwork
    door: WsgiDelivery
    people: Mapping[str, Caller]
    service: str
    lines: Mapping[str, str]
    sheets: Mapping[str, Sheet] = field(default_factory=dict)

    @property
    def desk(self) -> str:
        """The desk whose telephones these are."""
        return self.runtime.house.policy.default_desk


class Player:
    """Takes one line of a transcript after the other."""

    def __init__(self, stage: Stage, answering: str) -> None:
        """`answering` is who picks up when the worker rings."""
        self._stage, self._network = stage, stage.network
        desk = stage.runtime.house.policy.desk[stage.desk].phone
        self.line = OnTheLine(stage.network, desk)
        self.answering = stage.people[answering]
        self._telephones = {one.phone: Telephone(one.name, one.phone) for one in _all(stage)}
        self._network.add(*self._telephones.values(), Telephone("the desk", desk))
        self._network.on(self._listen)
        self._teller = Teller(stage.runtime, stage.desk, self.line)

    def step(self, line: str) -> list[str]:
        """Have this happen; what came of it."""
        self._teller.begin()
        self._happen(line)
        return self._teller.end()

    def _listen(self, happening: Happening) -> None:
        if happening.kind == "webhook":
            self._teller.answered(self._network.webhooks[-1])

    def _happen(self, line: str) -> None:
        for pattern, method in self.WORDS.items():
            if match := re.fullmatch(pattern, line):
                return getattr(self, method)(*match.groups())  # type: ignore[no-any-return]
        raise ValueError(f"nobody knows what this is: {line}")

    # what happens

    def text(self, name: str, body: str) -> None:
        """Somebody texts."""
        sent = self._network.text(self._stage.people[name].phone, self._stage.service, body)
        if sent.replies:
            self._teller.add(row("texts", "a reply"))

    def rings(self, name: str, owner: str | None = None) -> None:
        """Somebody rings, perhaps from another's telephone."""
        self.answering = self._stage.people[name]
        self.line.dial(self._stage.people[owner or name].phone, self._stage.service)

    def rings_line(self, name: str, line: str, owner: str | None = None) -> None:
        """Somebody rings another line of ours."""
        if name in self._stage.people:
            self.answering = self._stage.people[name]
        phone = self._stage.people[owner].phone if owner else self.answering.phone
        self.line.dial(phone, self._stage.lines[line])

    def keys_of_officer(self, what: str, name: str) -> None:
        """What stands on an officer's sheet; a code is the next one, or the one before again."""
        sheet = self._stage.sheets[name]
        keys: dict[str, Callable[[], str]] = {
            "staff number": lambda: sheet.number,
            "PIN": lambda: sheet.issued.pin,
            "duress PIN": lambda: sheet.issued.duress,
            "next code": sheet.next_code,
            "last code": lambda: sheet.last_code,
        }
        self.line.press(keys[what]())

    def worker_rings(self) -> None:
        """The worker takes the next callback; no time passes before it is placed."""
        known = len(self._network.calls)
        outcome = Dialler(self._stage.runtime, self._stage.carrier).take_one(self._stage.desk)
        if outcome != "placed":
            self._teller.add(row("dials", "nobody:", outcome or "nothing is due"))
        placed = list(self._network.calls.values())[known:]
        self.line.expect(placed[0] if placed else None)

    def officer_rings(self, name: str) -> None:
        """An officer has somebody rung."""
        self.answering = self._stage.people[name]
        ring_case(self._stage.runtime, self.answering.reference, "s1001")
        self.worker_rings()

    def worker_works(self) -> None:
        """The worker carries out what is owed."""
        outbox = Outbox(self._stage.runtime, self._stage.carrier)
        while outbox.take_one(self._stage.desk):
            pass

    def call_goes(self, word: str) -> None:
        """Somebody picks up, or does not."""
        ways: dict[str, Callable[[], None]] = {
            "ringing": self.line.ring,
            "answered": self.line.answer,
            "busy": self.line.decline,
            "no answer": self.line.end,
            "failed": self._fail,
        }
        ways[word]()

    def _fail(self) -> None:
        telephone = self._telephones[self.line.call.far_number]
        telephone.reachable = False
        self.line.end()
        telephone.reachable = True

    def verdict(self, word: str) -> None:
        """Machine detection says who picked up."""
        self.line.detected(VERDICTS[word])

    def redirected(self) -> None:
        """The call goes where the worker has sent it."""
        self.line.follow_redirect()

    def presses(self, keys: str) -> None:
        """Keys."""
        self.line.press(keys)

    def keys_reference(self, name: str) -> None:
        """The reference on somebody's letter."""
        nobodys = name == "nobody"
        self.line.press(NOBODYS_REFERENCE if nobodys else self._stage.people[name].reference)

    def answers(self, how: str, name: str | None = None) -> None:
        """An answer to the question that was asked last."""
        person = self._stage.people[name] if name else self.answering
        if how == "beside the point":
            self.line.press(MEANINGLESS)
        else:
            self.line.press((person.right if how == "rightly" else person.wrong)(self.question))

    def says(self, words: str, unsure: str | None) -> None:
        """Words, of which the carrier may not be sure."""
        self.line.say(words, UNSURE if unsure else None)

    def says_reference(self, name: str) -> None:
        """The reference on somebody's letter, figure by figure."""
        reference = self._stage.people[name].reference if name != "nobody" else NOBODYS_REFERENCE
        self.line.say(" ".join(reference))

    def answers_by_voice(self, how: str, name: str | None = None) -> None:
        """An answer to the question that was asked last, said as somebody would say it."""
        person = self._stage.people[name] if name else self.answering
        rule = self._stage.runtime.house.questions.questions[self.question]
        keys = (person.right if how == "rightly" else person.wrong)(self.question)
        canonical = answers.keyed(rule, keys)
        if canonical is None:
            raise NothingCame("nobody here knows how to say that")
        self.line.say(answers.as_said(rule, canonical))

    def silence(self) -> None:
        """Nothing is said or pressed."""
        self.line.wait()

    def hangs_up(self) -> None:
        """The end of the call: by its caller, or by the bot when its last words were said."""
        last = self.line.reply
        self.line.hang_up()
        if not last.goes_on:
            self._teller.check_heard(last.words)

    def desk(self, word: str) -> None:
        """What the desk does."""
        ways = {
            "answers": self.line.desk_answers,
            "is busy": self.line.desk_declines,
            "does not answer": self.line.wait,
        }
        ways[word]()

    def later(self, number: str, unit: str) -> None:
        """Time passes."""
        self._network.advance(float(number) * SECONDS[unit])

    def again(self) -> None:
        """The last webhook comes once more; its answer is heard by nobody."""
        last = self._network.webhooks[-1]
        self.strayed(last.kind, self._stage.door(last.request))

    def strayed(self, kind: str, response: WebhookResponse) -> None:
        """A webhook that is not the network's own doing was answered."""
        request = self._network.webhooks[-1].request if self._network.webhooks else None
        if request is not None:
            moment = self._network.clock.now()
            self._teller.answered(Exchange(moment, kind, "", request, response))

    # the call as it stands

    @property
    def conversation(self) -> str:
        """The id of the call's conversation: of a call that we placed, its attempt's."""
        call = self.line.call
        return call.sid if call.direction == "inbound" else self._teller.attempt

    @property
    def question(self) -> str:
        """The id of the question that was asked last."""
        return self._teller.prompts.id(self.line.reply.words[-1]).removeprefix("question.")

    def owes(self, *kinds: str) -> bool:
        """Whether one of these is due now."""
        now = self._stage.runtime.clock.now()
        waiting = self._stage.runtime.store.waiting(self._stage.desk, OUTBOX)
        return any(line.kind in kinds and line.due <= now for line in waiting)

    _NAME = r"([A-Z][A-Za-z ]*?)"
    _LINES = r"the officers' line|a number that is nobody's"
    _ON_A_SHEET = r"staff number|PIN|duress PIN|next code|last code"
    WORDS: ClassVar[dict[str, str]] = {
        rf'text from {_NAME}: "(.*)"': "text",
        rf"(somebody|{_NAME[1:-1]}) rings ({_LINES})(?: from {_NAME}'s phone)?": "rings_line",
        rf"keys the ({_ON_A_SHEET}) of {_NAME}": "keys_of_officer",
        rf"{_NAME} rings from {_NAME}'s phone": "rings",
        rf"{_NAME} rings": "rings",
        r"the worker rings": "worker_rings",
        rf"Omar has {_NAME} rung": "officer_rings",
        r"the worker carries out what is owed": "worker_works",
        r"(ringing|answered|busy|no answer|failed)": "call_goes",
        r"machine heard: (machine|person|fax|unknown)": "verdict",
        r"the call is redirected": "redirected",
        r"presses ([0-9*#]+)": "presses",
        r"keys the reference of ([A-Z][a-z]+|nobody)": "keys_reference",
        rf"answers (rightly|wrongly|beside the point)(?: as {_NAME})?": "answers",
        r'says "([^"]*)"( \(unsure\))?': "says",
        r"says the reference of ([A-Z][a-z]+|nobody)": "says_reference",
        rf"answers (rightly|wrongly) by voice(?: as {_NAME})?": "answers_by_voice",
        r"silence": "silence",
        r"hangs up": "hangs_up",
        r"the desk (answers|is busy|does not answer)": "desk",
        r"later ([0-9.]+) (s|min|h|d)": "later",
        r"again": "again",
    }


def _all(stage: Stage) -> Iterable[Caller]:
    return {one.phone: one for one in reversed(list(stage.people.values()))}.values()
