"""Plays a conversation written down in a text file, and writes beside each line what came of it.

A line that begins with `>` is something that happens; the indented lines below it are what the
house did: the flow's move, lines of the log and of the queues, and what was heard. Everything goes
through the signed webhooks; between two lines nothing is remembered but what was stored. Answers
to questions are never printed, nor are details of a case: what was heard is printed as the ids of
prompts.

What can happen (NAME is somebody in `tests/people.py`):

    > text from NAME: "words"             > NAME rings
    > NAME rings from NAME's phone        > somebody rings the officers' line
    > the worker rings                    > Omar has NAME rung
    > answered                            > busy, no answer, failed, ringing
    > machine heard: machine              (or person, fax, unknown)
    > the call is redirected              > the worker carries out what is owed
    > presses KEYS                        > keys the reference of NAME
    > answers rightly                     > answers wrongly     (as NAME, with: as NAME)
    > answers beside the point            > silence
    > hangs up                            > the desk answers, does not answer
    > later 3 h                           > again               (the last webhook, once more)
"""

import re
from collections.abc import Callable
from typing import Any

from bot.store import DUE, OUTBOX
from tests.house_in_memory import DESK, HOUR, Heard, HouseInMemory, LiveCall
from tests.people import (
    ALICE,
    MEANINGLESS,
    NOBODYS_NUMBER,
    OFFICERS_LINE,
    PEOPLE,
    UNKNOWN_REFERENCE,
    WITHHELD,
    Person,
)

SECONDS = {"s": 1.0, "min": 60.0, "h": HOUR, "d": 24 * HOUR}
VERDICTS = {
    "machine": "machine_end_beep",
    "person": "human",
    "fax": "fax",
    "unknown": "unknown",
}


def play(text: str, house: HouseInMemory) -> str:
    """The transcript again, with what really came of each line below it."""
    player = Player(house)
    written: list[str] = []
    for line in text.splitlines():
        if line.startswith("  "):
            continue  # what was expected: written anew
        written.append(line)
        if line.startswith("> "):
            written += [f"  {what}" for what in player.step(line.removeprefix("> ").strip())]
    return "\n".join(written) + "\n"


class Player:
    """Makes things happen to a house, one line at a time."""

    def __init__(self, house: HouseInMemory) -> None:
        self._house = house
        self._call: LiveCall | None = None
        self._answering = ALICE
        self._listener: dict[str, str] = {}
        self._again: Callable[[], Any] | None = None
        self._owed: set[str] = set()

    def step(self, line: str) -> list[str]:
        """Have this happen; what came of it."""
        heard = self._happen(line)
        return [*self._from_the_log(), *self._from_the_queues(), *_reply(heard, self._house)]

    # what happens

    def _happen(self, line: str) -> Any:
        for pattern, method in WORDS:
            if match := re.fullmatch(pattern, line):
                return getattr(self, method)(*match.groups())
        raise ValueError(f"nobody knows what this is: {line}")

    def text(self, name: str, body: str) -> Any:
        """Somebody texts."""
        number = self._house.next_sid()
        return self._post(lambda: self._house.text(_person(name), body, sid=f"SM{number:032x}"))

    def rings(self, name: str, owner: str | None = None) -> Any:
        """Somebody rings, perhaps from another's telephone."""
        self._answering = _person(name)
        phone = _person(owner) if owner else self._answering
        self._call = self._house.rings(phone)
        return self._call.last

    def rings_line(self, line: str) -> Any:
        """Somebody rings another line of ours."""
        to = OFFICERS_LINE if line == "the officers' line" else NOBODYS_NUMBER
        self._call = self._house.rings(ALICE, to=to)
        return self._call.last

    def worker_rings(self) -> None:
        """The worker takes the next callback."""
        self._call = self._house.place()

    def officer_rings(self, name: str) -> None:
        """An officer has somebody rung."""
        self._answering = _person(name)
        self._call = self._house.ring_by_officer(self._answering)

    def worker_works(self) -> None:
        """The worker carries out what is owed."""
        self._house.work()

    def answered(self) -> Any:
        """Our call is picked up."""
        return self._post(self.call.answered)

    def notice(self, word: str) -> Any:
        """A notice of the carrier."""
        return self._post(lambda: self.call.status(word.replace(" ", "-")))

    def verdict(self, word: str) -> Any:
        """A verdict on who picked up."""
        return self._post(lambda: self.call.verdict(VERDICTS[word]))

    def redirected(self) -> Any:
        """The call fetches its current words."""
        return self._post(self.call.again)

    def presses(self, keys: str) -> Any:
        """Keys."""
        action = self.call.heard().action
        return self._post(lambda: self.call.post(action, Digits=keys))

    def reference(self, name: str) -> Any:
        """The reference on somebody's letter."""
        return self.presses(UNKNOWN_REFERENCE if name == "nobody" else _person(name).reference)

    def answers(self, how: str, name: str | None = None) -> Any:
        """An answer to the question that was asked."""
        person = _person(name) if name else self._answering
        question = self.call.question
        if how == "beside the point":
            return self.presses(MEANINGLESS)
        return self.presses(person.right(question) if how == "rightly" else person.wrong(question))

    def silence(self) -> Any:
        """Nothing."""
        return self.presses("")

    def hangs_up(self) -> Any:
        """The end of the call."""
        return self._post(self.call.hang_up)

    def desk(self, word: str) -> Any:
        """What the desk did."""
        path, status = self.call.heard().action, "completed" if word == "answers" else "no-answer"
        return self._post(lambda: self.call.post(path, DialCallStatus=status))

    def later(self, number: str, unit: str) -> None:
        """Time passes."""
        self._house.later(float(number) * SECONDS[unit])

    def again(self) -> Any:
        """The last webhook is delivered once more."""
        assert self._again is not None
        return self._again()

    @property
    def call(self) -> LiveCall:
        """The call that is going on."""
        assert self._call is not None, "nobody is on the line"
        return self._call

    def _post(self, post: Callable[[], Any]) -> Any:
        self._again = post
        return post()

    # what came of it

    def _from_the_log(self) -> list[str]:
        return [told for line in self._house.news() for told in self._tell(line)]

    def _tell(self, line: dict[str, str]) -> list[str]:
        match line["kind"]:
            case "step":
                return self._tell_step(line)
            case "callback":
                return [_row("callback", line["event"], line.get("disposition"))]
            case "task":
                return [_row("task", line["reason"], line.get("detail"))]
            case "disclosure":
                return [_row("discloses", line["detail"].partition(" on ")[0])]
        return [_row(line["kind"], line["event"], line.get("reason"))]

    def _tell_step(self, line: dict[str, str]) -> list[str]:
        told = [
            _row("flow", f"{line['flow']}: {line['before']} -> {line['after']} ({line['event']})")
        ]
        listener = line["listener"]
        if self._listener.get(line["conversation"], "unknown") != listener:
            told.append(_row("listener", listener))
        self._listener[line["conversation"]] = listener
        if "disposition" in line:
            told.append(_row("ends as", line["disposition"]))
        return told

    def _from_the_queues(self) -> list[str]:
        """Lines of the queues since the last step; tasks are in the log, too."""
        lines = [line for name in (DUE, OUTBOX) for line in self._house.store.waiting(DESK, name)]
        fresh = [line for line in lines if line.id not in self._owed]
        self._owed |= {line.id for line in lines}
        now = self._house.clock.now()
        return [
            _row("owes", line.kind, _when(line.due - now)) for line in fresh if line.kind != "task"
        ]


def _reply(answer: Any, house: HouseInMemory) -> list[str]:
    """What was heard, by the ids of prompts."""
    if answer is None:
        return []
    if answer.status_code != 200:
        return [_row("answer", str(answer.status_code))]
    heard = Heard.of(answer.get_data(as_text=True), house.wording)
    if heard.nothing:
        return [_row("reply", "(none)")]
    then = "hangs up" if heard.hangs_up else "rings the desk" if heard.dials else ""
    if heard.asked:
        then = f"(waits {heard.seconds} s)"
    return [_row("reply", *heard.prompts, then)]


def _row(name: str, *what: str | None) -> str:
    return f"{name:<10}{' '.join(filter(None, what))}"


def _when(seconds: float) -> str:
    if seconds <= 0:
        return "now"
    return f"in {seconds / HOUR:.0f} h" if seconds >= HOUR else f"in {seconds:.0f} s"


def _person(name: str) -> Person:
    return WITHHELD if name == "A withheld caller" else PEOPLE[name]


_NAME = r"([A-Z][A-Za-z ]*?)"
WORDS = [
    (rf'text from {_NAME}: "(.*)"', "text"),
    (r"somebody rings (the officers' line|a number that is nobody's)", "rings_line"),
    (rf"{_NAME} rings from {_NAME}'s phone", "rings"),
    (rf"{_NAME} rings", "rings"),
    (r"the worker rings", "worker_rings"),
    (rf"Omar has {_NAME} rung", "officer_rings"),
    (r"the worker carries out what is owed", "worker_works"),
    (r"answered", "answered"),
    (r"(busy|no answer|failed|ringing)", "notice"),
    (r"machine heard: (\w+)", "verdict"),
    (r"the call is redirected", "redirected"),
    (r"presses ([0-9*#]+)", "presses"),
    (r"keys the reference of ([A-Z][a-z]+|nobody)", "reference"),
    (rf"answers (rightly|wrongly|beside the point)(?: as {_NAME})?", "answers"),
    (r"silence", "silence"),
    (r"hangs up", "hangs_up"),
    (r"the desk (answers|does not answer)", "desk"),
    (r"later ([0-9.]+) (s|min|h|d)", "later"),
    (r"again", "again"),
]
