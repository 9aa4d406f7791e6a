"""What can happen to a conversation next, in the words of a transcript."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot import answers
from bot.actions import Ask, Connect
from bot.conversation import Conversation
from bot.events import (
    AnsweredBy,
    CallAnswered,
    CallEnded,
    CallMissed,
    CallOutcome,
    CallReceived,
    CallRinging,
    CarrierEvent,
    DigitsPressed,
    LegEnded,
    LegOutcome,
    MachineHeard,
    Silence,
    SpeechHeard,
    TextReceived,
)
from bot.explore.house import KEYED_NUMBER, NOW, NUMBER, REFERENCE, answer_of
from bot.keypad import ALWAYS
from bot.phone import PhoneNumber
from bot.proof import Listener
from bot.question_set import Question, QuestionSet
from bot.secret import Secret
from bot.vocabulary import Vocabulary

CALL, OTHER_CALL = "CA" + "1" * 32, "CA" + "2" * 32
TEXT, OTHER_TEXT = "SM" + "1" * 32, "SM" + "2" * 32
CALLBACK = "OF" + "1" * 32
ATTEMPT = f"{CALLBACK}-1"
PERSON = ("a person", "I'd like to speak to a manager please")
BESIDE_THE_POINT = "9" * 20  # answers nothing that can be asked
MEANINGLESS = "it may rain later in the north"
QUESTION = "question."
OPT_OUT = "STOP"
TEXTS = (  # one for each way to read a text; the first comes again and again
    "Sorry I missed you",
    OPT_OUT,
    "Ring me tomorrow after 5",
    "I am out until 5",
    "My husband has died",
)
ANSWERS, SILENCE, UNCLEAR = "answers", "silence", "says something unclear"
LEGS = {
    LegOutcome.ANSWERED: "the desk answers",
    LegOutcome.BUSY: "the desk is busy",
    LegOutcome.NO_ANSWER: "the desk does not answer",
    LegOutcome.FAILED: "# the desk cannot be rung",
}
ENDS = {
    CallOutcome.COMPLETED: "hangs up",
    CallOutcome.BUSY: "busy",
    CallOutcome.NO_ANSWER: "no answer",
    CallOutcome.FAILED: "failed",
    CallOutcome.CANCELED: "# the call is cancelled",
}


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that can happen. `words` is the line of a transcript, without its `> `.

    `looks` is what it is for somebody who does not know what is right: equal for a right and a
    wrong answer; and what it is to be taken as: "a person" as 0, words that are not heard as
    silence. `fetches` is a live redirect, which reads the current words.
    """

    words: str
    event: CarrierEvent
    looks: str = ""
    fetches: bool = False

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


class Happenings:
    """Lists what can happen, for one way of opening."""

    def __init__(self, opening: Opening, questions: QuestionSet, vocabulary: Vocabulary) -> None:
        self._opening = opening
        self._questions = questions.questions
        self._vocabulary = vocabulary
        self._at: Any = {"desk": opening.desk, "conversation": opening.conversation}

    def of(self, talk: Conversation | None) -> Iterator[Happening]:
        """Everything that can reach the conversation as it stands; None before it began."""
        begins = list(self._opening.begins())
        yield from begins if talk is None else begins[:1]
        if self._opening.event == "text_received":
            return
        if self._opening.event == "call_missed":
            yield from self._notices(talk)
            return
        begun = talk is not None and talk.turn > 0
        if talk is None or begun:  # else no address with a turn in it was given out yet
            yield from self._turns(talk)
        yield from self._notices(talk)
        if begun:
            event = CallAnswered(**self._at, call=CALL)
            yield Happening("the call is redirected", event, fetches=True)

    def _turns(self, talk: Conversation | None) -> Iterator[Happening]:
        turn = talk.turn if talk else 0
        asked = talk.asked if talk else None
        if asked is not None:
            yield from self._keys(asked, turn)
            yield from self._person(asked, turn)
            if asked.speech and _patient(talk):
                yield from self._words(asked, turn)
        else:
            yield self._digits("presses 1", "1", turn)
        yield Happening(SILENCE, Silence(**self._at, turn=turn))
        waits = any(isinstance(reply, Connect) for reply in (talk.replies if talk else ()))
        for outcome, words in LEGS.items() if waits else [(LegOutcome.BUSY, "stray: " + NO_LEG)]:
            yield Happening(words, LegEnded(**self._at, turn=turn, outcome=outcome))
        yield from self._strays(turn)

    def _strays(self, turn: int) -> Iterator[Happening]:
        """Keys, silence and legs of another turn: come late, come too early, or garbled."""
        for other in (turn - 1, turn + 1, None):
            yield self._digits(f"# keys come for turn {other}", "1", other)
        late = turn - 1
        yield Happening(f"# silence comes for turn {late}", Silence(**self._at, turn=late))
        leg = LegEnded(**self._at, turn=late, outcome=LegOutcome.ANSWERED)
        yield Happening(f"# a leg ends for turn {late}", leg)

    def _keys(self, asked: Ask, turn: int) -> Iterator[Happening]:
        question = self._question(asked)
        meaningful = [*asked.keys, *ALWAYS]
        if asked.any_key:
            meaningful.append("5")
        for keys in dict.fromkeys([*meaningful, BESIDE_THE_POINT]):
            yield self._digits(f"presses {keys}", keys, turn)
        if question is not None:
            for rightly, words in ((True, "answers rightly"), (False, "answers wrongly")):
                given = answers.as_keyed(question, answer_of(question, rightly=rightly))
                if given is not None:  # else it can only be said
                    yield self._digits(words, given, turn, looks=ANSWERS)
        elif asked.reference:
            words = "keys the reference of Alice"
            yield self._digits(words, REFERENCE, turn)
        elif asked.digits is not None:
            yield self._digits(f"presses {KEYED_NUMBER}", KEYED_NUMBER, turn)

    def _person(self, asked: Ask, turn: int) -> Iterator[Happening]:
        """A person is asked for by voice; where keys alone are heard, words are as silence."""
        looks = "presses 0" if asked.speech else SILENCE
        yield from (self._said(f'says "{words}"', words, turn, looks=looks) for words in PERSON)

    def _words(self, asked: Ask, turn: int) -> Iterator[Happening]:
        """What else may be said instead.

        Words become the same events as keys, which come everywhere; so they are walked once a
        question, and not once more for every count of the caller's silences.
        """
        for key, choice in [("*", ALWAYS["*"]), *list(asked.keys.items())[:1]]:
            for phrase in self._vocabulary.choices.get(choice, ())[:1]:
                yield self._said(f'says "{phrase}"', phrase, turn, looks=f"presses {key}")
        looks = UNCLEAR if asked.digits is None else ""  # else it is an answer, if a bad one
        yield self._said(f'says "{MEANINGLESS}"', MEANINGLESS, turn, looks=looks)
        yield self._said('says "repeat" (unsure)', "repeat", turn, looks=UNCLEAR, sure=0.0)
        words = '# "repeat" is said, and nobody tells how sure that is'
        yield self._said(words, "repeat", turn, looks=UNCLEAR, sure=None)
        yield self._said(f"# words come for turn {turn - 1}", "a person", turn - 1)
        question = self._question(asked)
        if question is not None:
            for rightly, how in ((True, "rightly"), (False, "wrongly")):
                said = _spoken(question, rightly=rightly)
                words = f"answers {how} by voice"
                yield self._said(words, said, turn, looks=f"{ANSWERS} by voice")
        elif asked.reference:
            said = " ".join(REFERENCE)
            yield self._said("says the reference of Alice", said, turn, looks="says a reference")
        elif asked.digits is not None:
            said = " ".join(KEYED_NUMBER)
            yield self._said(f'says "{said}"', said, turn)

    def _question(self, asked: Ask) -> Question | None:
        named = asked.prompt.removeprefix(QUESTION)
        return self._questions.get(named) if asked.prompt.startswith(QUESTION) else None

    def _digits(self, words: str, keys: str, turn: int | None, looks: str = "") -> Happening:
        event = DigitsPressed(**self._at, turn=turn, digits=Secret(keys))
        return Happening(words, event, looks=looks)

    def _said(
        self, words: str, said: str, turn: int, *, looks: str = "", sure: float | None = 1.0
    ) -> Happening:
        event = SpeechHeard(**self._at, turn=turn, words=Secret(said), confidence=sure)
        return Happening(words, event, looks=looks)

    def _notices(self, talk: Conversation | None) -> Iterator[Happening]:
        """News of the carrier's: a call that was answered ends as completed, or as failed."""
        if self._opening.is_attempt:
            known = talk is not None and talk.listener is not Listener.UNKNOWN
            for by in (AnsweredBy.MACHINE,) if known else AnsweredBy:  # known: it is only noted
                event = MachineHeard(**self._at, call=CALL, by=by)
                yield Happening(f"machine heard: {by.value}", event)
        yield Happening("ringing", CallRinging(**self._at, call=CALL, stage="ringing"))
        answered = (CallOutcome.COMPLETED, CallOutcome.FAILED)
        for outcome in answered if talk is not None and talk.turn > 0 else CallOutcome:
            yield Happening(ENDS[outcome], CallEnded(**self._at, call=CALL, outcome=outcome))


NO_LEG = "the desk does not answer"


def _patient(talk: Conversation | None) -> bool:
    """Whether nothing is counted yet: no silence, no keys without a meaning."""
    counts = [fact for fact in talk.facts.values() if type(fact) is int] if talk else [1]
    return not any(counts)


def _spoken(question: Question, *, rightly: bool) -> str:
    """The right answer of everybody here, or a wrong one, as somebody would say it."""
    return answers.as_said(question, answer_of(question, rightly=rightly))
