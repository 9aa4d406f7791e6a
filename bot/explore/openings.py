"""How a conversation can begin, in the words of a transcript."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.events import CallAnswered, CallMissed, CallReceived, CarrierEvent, TextReceived
from bot.explore.house import NOW, NUMBER
from bot.phone import PhoneNumber
from bot.secret import Secret

CALL, OTHER_CALL = "CA" + "1" * 32, "CA" + "2" * 32
TEXT, OTHER_TEXT = "SM" + "1" * 32, "SM" + "2" * 32
CALLBACK = "OF" + "1" * 32
ATTEMPT = f"{CALLBACK}-1"
OPT_OUT = "STOP"
TEXTS = (  # one for each way to read a text; the first comes again and again
    "Sorry I missed you",
    OPT_OUT,
    "Ring me tomorrow after 5",
    "I am out until 5",
    "My husband has died",
)


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that can happen. `words` is the line of a transcript, without its `> `.

    `looks` is what it is for somebody who does not know what is right: equal for a right and a
    wrong answer; and what it is to be taken as: "a person" as 0, words that are not heard as
    silence. `fetches` is a live redirect, which reads the current words. `aside` names, whatever
    the turn is, what the engine should answer by itself: the flow is not asked.
    """

    words: str
    event: CarrierEvent
    looks: str = ""
    fetches: bool = False
    aside: str = ""

    @property
    def label(self) -> str:
        """What is seen of it from outside."""
        return self.looks or self.words


@dataclass(frozen=True, slots=True)
class Opening:
    """How a conversation begins: the event and the line by which `flows.OPENS` knows it."""

    event: str
    line: str
    desk: str

    @property
    def conversation(self) -> str:
        """The id that the conversation will have."""
        ids = {"text_received": TEXT, "call_received": CALL, "call_missed": CALL}
        return ids.get(self.event, ATTEMPT)

    @property
    def is_attempt(self) -> bool:
        """Whether it is a call that we place."""
        return self.event == "call_answered"

    def begins(self) -> Iterator[Happening]:
        """The events that open it."""
        if self.event == "text_received":
            yield from self._texts()
        elif self.event == "call_received":
            yield from self._calls(CALL)
        elif self.event == "call_missed":
            yield from self._missed()
        else:
            event = CallAnswered(desk=self.desk, conversation=ATTEMPT, call=CALL)
            yield Happening("answered", event)

    def another_call(self) -> Happening:
        """A new call from the same number, to the customers' line."""
        return next(self._calls(OTHER_CALL, line="customers"))

    def another_text(self) -> Happening:
        """A text from the same number, to the customers' line."""
        return next(self._texts(OTHER_TEXT, line="customers"))

    def _texts(self, id: str = TEXT, line: str = "") -> Iterator[Happening]:
        for sender, name in ((PhoneNumber(NUMBER), "Alice"), (None, "A withheld caller")):
            for body in TEXTS:
                event = TextReceived(
                    desk=self.desk,
                    conversation=id,
                    line=line or self.line,
                    sender=sender,
                    body=Secret(body),
                    opted_out=body == OPT_OUT,
                )
                yield Happening(f'text from {name}: "{body}"', event)

    def _missed(self) -> Iterator[Happening]:
        for caller, name in ((PhoneNumber(NUMBER), "Alice"), (None, "A withheld caller")):
            event = CallMissed(
                desk=self.desk,
                conversation=CALL,
                line=self.line,
                call=CALL,
                caller=caller,
                listed_at=NOW,
            )
            yield Happening(f"# {name} rang, and no webhook told of it", event)

    def _calls(self, id: str, line: str = "") -> Iterator[Happening]:
        for caller, name in ((PhoneNumber(NUMBER), "Alice"), (None, "A withheld caller")):
            event = CallReceived(
                desk=self.desk, conversation=id, line=line or self.line, call=id, caller=caller
            )
            yield Happening(f"{name} rings", event)
