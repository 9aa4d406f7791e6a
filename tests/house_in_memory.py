"""The whole house in one process: real flows, engine, door and workers; stores in memory and file.

Everything from the signed webhook to the record is ours as it runs; only Redis is its twin, the
carrier a list of what it was asked, and the clock moves when told to.
"""

import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from argon2 import PasswordHasher
from sqlalchemy import Engine
from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

import webhooks
from bot.carrier import CallOrder, ListedCall, ListedText, ReceivedCall
from bot.cases import CaseDirectory
from bot.clock import Clock
from bot.dialler import Dialler
from bot.keys import Keyring
from bot.outbox import Outbox
from bot.passwords import Passwords
from bot.phone import PhoneNumber
from bot.policy import Policy
from bot.question_set import QuestionSet
from bot.records import (
    SAMPLE_CASES,
    SAMPLE_MISSED_CALLS,
    Known,
    Records,
    SqlCaseDirectory,
    connect,
    import_cases,
    import_missed_calls,
    upgrade,
)
from bot.ring_case import ring_case
from bot.runtime import Flows, House, Runtime
from bot.settings import Profile, Settings
from bot.storage.memory import MemoryStore
from bot.store import DUE, OUTBOX, Store
from bot.unit_of_work import UnitOfWork
from bot.wording import BUILT_IN_APOLOGY, Wording
from tests.people import SERVICE, Person

TOKEN = "12345"
BASE = "https://ringback.example"
TUESDAY_AT_TEN = (
    1_789_466_400.0  # 15 September 2026, ten in UTC and eleven in London: the desk is open
)
DESK = "main"
CHEAP = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
HOUR = 3600.0
RESTRICTIONS = {"breathing_space", "deceased"}


class MovableClock(Clock):
    """Stands still until it is moved; or goes with another clock, and is moved with it."""

    def __init__(self, wall: Callable[[], float] = lambda: TUESDAY_AT_TEN) -> None:
        super().__init__(wall=wall)

    def move(self, seconds: float) -> None:
        """Let time pass."""
        self.offset_seconds += seconds


class FakeCarrier:
    """A carrier that only remembers what it was asked to do."""

    def __init__(self) -> None:
        self.placed: list[CallOrder] = []
        self.redirected: list[str] = []
        self.ended: list[str] = []
        self.redacted: list[str] = []

    def place_call(self, order: CallOrder) -> str:
        """Have the number rung."""
        self.placed.append(order)
        return call_sid(1000 + len(self.placed))

    def redirect(self, call: str, *, desk: str, conversation: str) -> bool:
        """Have a live call fetch its current replies."""
        self.redirected.append(conversation)
        return True

    def end_call(self, call: str) -> bool:
        """End a call."""
        self.ended.append(call)
        return True

    def cancel(self, call: str) -> bool:
        """Take back a call."""
        return True

    def calls_to(self, number: PhoneNumber, caller_id: str, since: float) -> list[ListedCall]:
        """Nothing is listed."""
        return []

    def status_of(self, call: str) -> str | None:
        """Every call is over."""
        return "completed"

    def texts_received(self, number: PhoneNumber, since: float) -> list[ListedText]:
        """Nothing is listed."""
        return []

    def calls_received(self, number: PhoneNumber, since: float) -> list[ReceivedCall]:
        """Nothing is listed."""
        return []

    def redact_text(self, text: str) -> None:
        """Forget what a text said."""
        self.redacted.append(text)


def call_sid(number: int) -> str:
    """A call's id as Twilio writes one."""
    return f"CA{number:032x}"


def text_sid(number: int) -> str:
    """A text's id as Twilio writes one."""
    return f"SM{number:032x}"


def keyring() -> Keyring:
    """The same keys in every test."""
    return Keyring({"k1": bytes(range(32))})


def write_sample_records(path: Path) -> None:
    """The records with the sample cases and missed calls, in a file that tests copy."""
    records = connect(f"sqlite:///{path}")
    upgrade(records)
    policy = Policy.load()
    known = Known(
        desks=set(policy.desk),
        officers={officer for desk in policy.desk.values() for officer in desk.officers},
        restrictions=RESTRICTIONS,
    )
    questions = QuestionSet.load().questions
    import_cases(records, keyring(), questions, SAMPLE_CASES, known=known, now=TUESDAY_AT_TEN)
    import_missed_calls(
        records, keyring(), SAMPLE_MISSED_CALLS, known=known, now=TUESDAY_AT_TEN - HOUR
    )
    records.dispose()


@cache
def _as_shipped() -> House:
    """The shipped rules, words and flows: nothing changes them, and reading them takes long."""
    return House.load(Settings.from_env({}), webhooks.OUR_FLOWS)


class HouseInMemory:
    """A runtime on the twin store, its app, and what tests do to them."""

    def __init__(
        self,
        sample_records: Path | str,  # a file that is copied, or the URL of a database
        directory: Path,
        *,
        store: Store | None = None,
        flows: Flows = webhooks.OUR_FLOWS,
        environment: Mapping[str, str] | None = None,
        cases: Callable[[Engine, Keyring], CaseDirectory] = SqlCaseDirectory,
        profile: str = "demo",
        clock: MovableClock | None = None,
    ) -> None:
        url = sample_records
        if isinstance(sample_records, Path):
            url = f"sqlite:///{shutil.copy(sample_records, directory / 'records.db')}"
        self.records = connect(str(url))
        self.clock = clock or MovableClock()
        self.store: Store = store or MemoryStore(clock=self.clock.now)
        self.carrier = FakeCarrier()
        settings = Settings.from_env(
            {
                "RINGBACK_DATA_DIR": str(directory),
                "RINGBACK_PUBLIC_URL": BASE,
                "RINGBACK_TWILIO_AUTH_TOKEN": TOKEN,
                **(environment or {}),
            }
        )
        self.runtime = Runtime.assemble(
            replace(settings, profile=Profile(profile)),
            flows,
            keyring=keyring(),
            clock=self.clock,
            store=self.store,
            records=replace(
                Records.on(self.records, keyring()), directory=cases(self.records, keyring())
            ),
            passwords=CHEAP,
            house=_as_shipped() if flows is webhooks.OUR_FLOWS and not environment else None,
        )
        # As the demo, so that no server is examined: what production does is the runtime's.
        self.app = webhooks.create_app(runtime=replace(self.runtime, settings=settings))
        self.client = self.app.test_client()
        self.wording = self.runtime.house.wording
        self._told = "0"
        self._sids = 0

    def close(self) -> None:
        """Give up the database."""
        self.records.dispose()

    def next_sid(self) -> int:
        """A number that no call or text has had."""
        self._sids += 1
        return self._sids

    # webhooks

    def post(self, path: str, **form: str) -> TestResponse:
        """Post a webhook as Twilio would, signed."""
        signature = RequestValidator(TOKEN).compute_signature(f"{BASE}{path}", form)
        return self.client.post(path, data=form, headers={"X-Twilio-Signature": signature})

    def text(self, person: Person, body: str, *, sid: str = "", to: str = SERVICE) -> TestResponse:
        """Somebody texts us."""
        message = sid or text_sid(self.next_sid())
        return self.post(
            "/text/received",
            MessageSid=message,
            From=person.phone,
            To=to,
            Body=body,
            NumMedia="0",
        )

    def rings(self, person: Person, *, to: str = SERVICE) -> "LiveCall":
        """Somebody rings us."""
        call = LiveCall(self, call_sid(self.next_sid()), caller=person.phone, service=to)
        call.post("/call/received")
        return call

    def ring_by_officer(self, person: Person, officer: str = "s1001") -> "LiveCall":
        """An officer has somebody rung, and the worker does it."""
        ring_case(self.runtime, person.reference, officer)
        return self.place()

    def place(self) -> "LiveCall":
        """The worker takes the next due callback and has it rung."""
        outcome = self.dial()
        assert outcome == "placed", outcome
        order = self.carrier.placed[-1]
        return LiveCall(
            self,
            call_sid(1000 + len(self.carrier.placed)),
            attempt=order.attempt,
            caller=order.caller_id,
            service=order.to.e164,
        )

    def dial(self) -> str | None:
        """The worker takes the next due callback; what became of it."""
        return Dialler(self.runtime, self.carrier).take_one(DESK)

    def work(self) -> list[str]:
        """The worker carries out what is due in the outbox; the kinds."""
        outbox, done = Outbox(self.runtime, self.carrier), []
        while kind := outbox.take_one(DESK):
            done.append(kind)
        return done

    def later(self, seconds: float) -> None:
        """Let time pass."""
        self.clock.move(seconds)

    # what is to be seen

    def log(self) -> list[dict[str, str]]:
        """The whole flow log."""
        return [line for _, line in self.store.log_after(DESK, "0", 100_000)]

    def news(self) -> list[dict[str, str]]:
        """The lines of the flow log since this was asked last."""
        found = self.store.log_after(DESK, self._told, 100_000)
        self._told = found[-1][0] if found else self._told
        return [line for _, line in found]

    def owed(self) -> list[str]:
        """The ids of what is owed to people: every line but the carrier's orders to forget."""
        lines = [line for queue in (DUE, OUTBOX) for line in self.store.waiting(DESK, queue)]
        return [line.id for line in lines if line.kind != "redact_text"]

    def tasks(self) -> list[str]:
        """The reasons of the tasks that are in the outbox."""
        lines = self.store.waiting(DESK, OUTBOX)
        return [line.data["reason"] for line in lines if line.kind == "task"]

    def record(self, key: str) -> Any:
        """One record of the desk."""
        return self.store.read(DESK, (key,))[key].data

    def write(self, key: str, data: Any) -> None:
        """Alter one record of the desk, as no code of ours would."""
        unit = UnitOfWork(self.store, DESK, (key,))
        unit.put(key, data)
        unit.commit()

    def everything(self) -> tuple[object, ...]:
        """All that is kept, to be compared with itself later."""
        room = self.store._partitions[DESK]  # type: ignore[attr-defined]
        queues = {name: (dict(q.scores), dict(q.texts)) for name, q in room.queues.items()}
        indexes = {name: dict(index) for name, index in room.indexes.items()}
        return dict(room.records), queues, indexes, list(room.log)


@dataclass
class LiveCall:
    """A call that is going on: what it heard last, and what its caller does next.

    `attempt` is the id that rides in the URLs of a call that we placed.
    """

    house: HouseInMemory
    sid: str
    attempt: str = ""
    caller: str = ""
    service: str = ""
    last: TestResponse | None = field(default=None, repr=False)

    @property
    def id(self) -> str:
        """The id of its conversation."""
        return self.attempt or self.sid

    @property
    def place(self) -> str:
        """Desk and id, as they stand in URLs."""
        return f"{DESK}/{self.id}"

    def post(self, path: str, **form: str) -> TestResponse:
        """Post a webhook of this call; what it answers is what the caller hears."""
        self.last = self.house.post(
            path, CallSid=self.sid, From=self.caller, To=self.service, **form
        )
        return self.last

    # what the carrier does

    def answered(self) -> TestResponse:
        """Somebody, or something, picks up a call of ours."""
        return self.post(f"/call/answered/{self.place}")

    def verdict(self, word: str) -> TestResponse:
        """Answering-machine detection has made up its mind."""
        return self._aside(f"/call/machine-heard/{self.place}", AnsweredBy=word)

    def again(self) -> TestResponse:
        """The live call is redirected: it fetches its current words."""
        return self.post(f"/call/again/{self.place}")

    def status(self, word: str) -> TestResponse:
        """A notice about this call."""
        path = f"/call/status/{self.place}" if self.attempt else "/call/status"
        return self._aside(path, CallStatus=word)

    def hang_up(self) -> TestResponse:
        """The call is over."""
        return self.status("completed")

    def desk(self, word: str) -> TestResponse:
        """What became of the leg to the desk."""
        path = self.heard().action
        return self.post(path, DialCallStatus=word)

    # what the caller does

    def press(self, keys: str) -> TestResponse:
        """Press keys in answer to the last words."""
        return self.post(self.heard().action, Digits=keys)

    def say(self, words: str, confidence: str = "0.9") -> TestResponse:
        """Say something in answer to the last words."""
        return self.post(self.heard().action, SpeechResult=words, Confidence=confidence)

    def silence(self) -> TestResponse:
        """Say and press nothing."""
        return self.press("")

    def answer(self, person: Person, *, rightly: bool = True) -> TestResponse:
        """Answer the question that was asked last, as this person would."""
        question = self.question
        return self.press(person.right(question) if rightly else person.wrong(question))

    def answer_all(self, person: Person, *, mistakes: int = 0) -> None:
        """Answer every question that is asked; the first ones wrongly."""
        asked = 0
        while self.heard().asked.startswith("question."):
            self.answer(person, rightly=asked >= mistakes)
            asked += 1

    def verify(self, person: Person, *, mistakes: int = 0) -> None:
        """Give the reference, answer every question, and leave the number as it is."""
        self.press(person.reference)
        self.answer_all(person, mistakes=mistakes)
        self.keep_number()

    def keep_number(self) -> None:
        """They are best reached as they are, if they are asked."""
        keys = {"best_number.in_use": "1", "best_number.key_it": "9"}
        if self.heard().asked in keys:
            self.press(keys[self.heard().asked])

    # what was heard

    @property
    def question(self) -> str:
        """The id of the question that was asked last."""
        return self.heard().asked.removeprefix("question.")

    def heard(self) -> "Heard":
        """The last words, as prompts."""
        assert self.last is not None
        return Heard.of(self.last.get_data(as_text=True), self.house.wording)

    @property
    def talk(self) -> Any:
        """The conversation as it is kept."""
        return self.house.record(f"call:{self.id}")

    def _aside(self, path: str, **form: str) -> TestResponse:
        """A notice: its answer is heard by nobody."""
        kept = self.last
        answer = self.post(path, **form)
        self.last = kept
        return answer


@dataclass(frozen=True)
class Heard:
    """An answer of ours, read back: prompts by their ids, and what follows them.

    `text` is everything that is spoken, as it is spoken.
    """

    prompts: tuple[str, ...]
    asked: str
    seconds: int
    action: str
    dials: str
    hangs_up: bool
    text: str = field(repr=False)

    @classmethod
    def of(cls, document: str, wording: Wording) -> "Heard":
        """Read TwiML."""
        root = ElementTree.fromstring(document)
        says = [say for say in root.iter("Say")]
        gather, dial = root.find("Gather"), root.find("Dial")
        waits = gather if gather is not None else dial
        asked = "" if gather is None else prompt_id(_text(gather.find("Say")), wording)
        return cls(
            prompts=tuple(prompt_id(_text(say), wording) for say in says),
            asked=asked,
            seconds=0 if gather is None else int(gather.get("timeout", "0")),
            action="" if waits is None else _path(waits.get("action", "")),
            dials="" if dial is None else _text(dial.find("Number")),
            hangs_up=root.find("Hangup") is not None,
            text=" ".join(_text(say) for say in says),
        )

    @property
    def nothing(self) -> bool:
        """Whether the answer was empty."""
        return not (self.prompts or self.action or self.hangs_up)

    @property
    def apology(self) -> bool:
        """Whether it was the built-in sentence and the end of the call."""
        return self.prompts == ("(apology)",) and self.hangs_up


def prompt_id(text: str, wording: Wording) -> str:
    """Which prompt this sentence is; its fields may hold anything."""
    if text == BUILT_IN_APOLOGY:
        return "(apology)"
    for prompt in wording.prompts.values():
        pattern = re.sub(r"\\\{[a-z_]+\\\}", ".+", re.escape(prompt.text))
        if re.fullmatch(pattern, text):
            return prompt.id
    return "(words of nobody)"


def _text(element: ElementTree.Element | None) -> str:
    return "" if element is None else "".join(element.itertext())


def _path(url: str) -> str:
    return url.removeprefix(BASE).partition("#")[0]
