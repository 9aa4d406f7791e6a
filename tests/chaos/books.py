"""What the carrier's books and our records say when all is over: plain facts to compare."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.archivist import CURSOR
from bot.callbacks import Callback
from bot.demo.people import SERVICE
from bot.flow_log import FlowLogLine
from bot.runtime import Runtime
from bot.simulator import Control
from bot.store import DUE, OUTBOX
from tests.chaos.people import Customer

DESK = "main"
LEFT = "This is a message for"  # the beginning of what a machine hears
AGAIN = "/call/again/"  # where a redirected call is sent
ALL = 100_000  # lines of a queue
AT_ONCE = 500  # records or lines of the log


@dataclass(frozen=True, slots=True)
class CarrierText:
    """A text that the carrier took; `acknowledged` is when we first said that we have it."""

    id: str
    number: str
    at: float
    acknowledged: float | None = None


@dataclass(frozen=True, slots=True)
class CarrierCall:
    """A call that the carrier placed for us; `messages` is how often it left ours on a machine."""

    id: str
    number: str
    at: float
    attempt: str
    messages: int = 0


@dataclass(frozen=True, slots=True)
class Filed:
    """A task on the list: why, and about which conversation."""

    conversation: str
    reason: str


@dataclass(frozen=True, slots=True)
class OwedCall:
    """A callback as the records have it, and whose number it is."""

    number: str
    callback: Callback


@dataclass(frozen=True, slots=True)
class Books:
    """Both sides. `due` are the attempts that wait in the queue, `followed` those that are settled,
    or whose calls are looked after; `log` is the flow log."""

    texts: tuple[CarrierText, ...]
    calls: tuple[CarrierCall, ...]
    callbacks: tuple[OwedCall, ...]
    due: frozenset[str]
    followed: frozenset[str]
    tasks: tuple[Filed, ...]
    log: tuple[FlowLogLine, ...]


def read_books(network: Control, runtime: Runtime, people: list[Customer]) -> Books:
    """Ask both sides. Raises `StoreDown` if one does not answer."""
    numbers = {runtime.keyring.number_hash(one.number): one.number for one in people}
    machines = {one.number for one in people if one.telephone == "machine"}
    return Books(
        texts=tuple(_text(text) for text in network.texts() if text["to"] == SERVICE),
        calls=tuple(_calls(network, machines)),
        callbacks=tuple(OwedCall(numbers[one.number_hash], one) for one in every_callback(runtime)),
        due=frozenset(line.id for line in runtime.store.waiting(DESK, DUE, limit=ALL)),
        followed=frozenset(
            line.data["conversation" if line.kind == "follow" else "attempt"]
            for line in runtime.store.waiting(DESK, OUTBOX, limit=ALL)
            if line.kind in ("follow", "settle")
        ),
        tasks=tuple(Filed(task.conversation, task.reason.value) for task in runtime.tasks.open()),
        log=tuple(_log(runtime)),
    )


def every_callback(runtime: Runtime) -> Iterator[Callback]:
    """All that were ever owed, those done with too."""
    keys = [key for key in runtime.store.records(DESK) if key.startswith("callback:")]
    for start in range(0, len(keys), AT_ONCE):
        found = runtime.store.read(DESK, keys[start : start + AT_ONCE])
        yield from (Callback.from_json(one.data) for one in found.values() if one.data)


def _text(text: dict[str, Any]) -> CarrierText:
    taken = [_seconds(at) for at, status in text["answers"] if status and status < 300]
    return CarrierText(
        text["sid"], text["from"], _seconds(text["created_at"]), min(taken, default=None)
    )


def _calls(network: Control, machines: set[str]) -> Iterator[CarrierCall]:
    messages = {
        kept["call_sid"]: kept["words"].count(LEFT)
        for number in machines
        for kept in network.voicemails(number)
    }
    for call in network.calls():
        attempt = call["url"].partition("#")[0].rpartition("/")[2]
        at = _seconds(call["created_at"])
        left = messages.get(call["sid"], 0)
        if left > 1:
            left = min(left, _said_at_last(network.call(call["sid"])))
        yield CarrierCall(call["sid"], call["to"], at, attempt, left)


def _said_at_last(call: dict[str, Any]) -> int:
    """How often our message was said after the carrier was sent to its beginning the last time.

    A live redirect cuts off what is being said. Nobody speaks as fast as here, where the message
    is over before that.
    """
    sent = [each["at"] for each in call["webhooks"] if AGAIN in each["url"] and each["status"]]
    since = max(sent, default="")
    return sum(words.count(LEFT) for at, _, words in call["heard"] if at >= since)


def _log(runtime: Runtime) -> Iterator[FlowLogLine]:
    """What is archived, and what waits in Redis for it: each line once, or the books are wrong."""
    seen = 0
    while found := runtime.records.flow_log_search.numbered_after(DESK, seen):
        seen = found[-1].number
        yield from (each.line for each in found)
    cursor = runtime.store.read(DESK, (CURSOR,))[CURSOR].data
    after = cursor["through"] if cursor else "0"
    while lines := runtime.store.log_after(DESK, after, limit=AT_ONCE):
        after = lines[-1][0]
        yield from (FlowLogLine.from_fields(fields) for _, fields in lines)


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()
