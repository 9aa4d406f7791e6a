"""What can happen to a conversation next, in the words of a transcript."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bot import answers
from bot.actions import Ask, Connect, JoinMeeting, News
from bot.attempts import IN_MEETING
from bot.conversation import Conversation
from bot.events import (
    AnsweredBy,
    CallAnswered,
    CallEnded,
    CallOutcome,
    CallRinging,
    DigitsPressed,
    LegEnded,
    LegOutcome,
    MachineHeard,
    OtherLeg,
    Silence,
    SpeechHeard,
)
from bot.explore.any_officer import KEYED
from bot.explore.house import KEYED_NUMBER, REFERENCE, answer_of
from bot.explore.openings import CALL, Happening, Opening
from bot.keypad import ALWAYS
from bot.opening import MEETING
from bot.proof import Listener
from bot.question_set import Question, QuestionSet
from bot.secret import Secret
from bot.vocabulary import Vocabulary

PERSON, MANAGER = "a person", "I'd like to speak to a manager please"
BESIDE_THE_POINT = "9" * 20  # answers nothing that can be asked
MEANINGLESS = "it may rain later in the north"
QUESTION = "question."
ANSWERS, SILENCE, UNCLEAR = "answers", "silence", "says something unclear"
TO_CUSTOMERS = (News.COMING, News.GONE, News.ABSENT)
TO_OFFICERS = tuple(news for news in News if news not in (News.COMING, News.ABSENT))
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
        yield from begins if talk is None else [replace(begins[0], aside="begun before")]
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
            words = "the call is redirected"
            yield Happening(words, event, fetches=True, aside=words)

    def _turns(self, talk: Conversation | None) -> Iterator[Happening]:
        turn = talk.turn if talk else 0
        asked = talk.asked if talk else None
        if asked is not None:
            yield from self._keys(asked, turn)
            yield self._person(PERSON, asked, turn)
            if _patient(talk):
                yield self._person(MANAGER, asked, turn)
                yield from self._words(asked, turn) if asked.speech else ()
        else:
            yield self._digits("presses 1", "1", turn)
        yield Happening(SILENCE, Silence(**self._at, turn=turn))
        waits = any(
            isinstance(reply, (Connect, JoinMeeting)) for reply in (talk.replies if talk else ())
        )
        for outcome, words in LEGS.items() if waits else ():
            yield Happening(words, LegEnded(**self._at, turn=turn, outcome=outcome))
        if not waits:
            event = LegEnded(**self._at, turn=turn, outcome=LegOutcome.BUSY)
            yield Happening(NO_LEG, event, aside=NO_LEG)
        yield from self._strays(turn)

    def _strays(self, turn: int) -> Iterator[Happening]:
        """Keys, silence and legs of another turn: come late, come too early, or garbled."""
        for when, other in (("late", turn - 1), ("early", turn + 1), ("for no turn", None)):
            words = f"# keys come for turn {other}"
            yield self._digits(words, "1", other, aside=f"keys come {when}")
        late = turn - 1
        silence = Silence(**self._at, turn=late)
        yield Happening(f"# silence comes for turn {late}", silence, aside="silence comes late")
        leg = LegEnded(**self._at, turn=late, outcome=LegOutcome.ANSWERED)
        yield Happening(f"# a leg ends for turn {late}", leg, aside="a leg ends late")

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
            keys = KEYED_NUMBER if asked.number else KEYED[: asked.digits[0]]
            yield self._digits(f"presses {keys}", keys, turn)

    def _person(self, words: str, asked: Ask, turn: int) -> Happening:
        """A person is asked for by voice; where keys alone are heard, words are as silence."""
        looks = "presses 0" if asked.speech else SILENCE
        return self._said(f'says "{words}"', words, turn, looks=looks)

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

    def _digits(
        self, words: str, keys: str, turn: int | None, looks: str = "", aside: str = ""
    ) -> Happening:
        event = DigitsPressed(**self._at, turn=turn, digits=Secret(keys))
        return Happening(words, event, looks=looks, aside=aside)

    def _said(
        self, words: str, said: str, turn: int, *, looks: str = "", sure: float | None = 1.0
    ) -> Happening:
        event = SpeechHeard(**self._at, turn=turn, words=Secret(said), confidence=sure)
        return Happening(words, event, looks=looks)

    def _other_leg(self, talk: Conversation | None) -> Iterator[Happening]:
        """Whatever the other leg of a meeting may tell, to whichever of them."""
        other = _of_meeting(talk)
        told = TO_CUSTOMERS if self._opening.line == IN_MEETING else TO_OFFICERS
        for news in told if other else ():
            event = OtherLeg(**self._at, of=other, news=news.value)
            yield Happening(f"# the other leg tells: {news.value}", event)

    def _notices(self, talk: Conversation | None) -> Iterator[Happening]:
        """News of the carrier's: a call that was answered ends as completed, or as failed."""
        if self._opening.is_attempt:
            known = talk is not None and talk.listener is not Listener.UNKNOWN
            for by in (AnsweredBy.MACHINE,) if known else AnsweredBy:  # known: it is only noted
                event = MachineHeard(**self._at, call=CALL, by=by)
                aside = "a late verdict" if known else ""
                yield Happening(f"machine heard: {by.value}", event, aside=aside)
        yield from self._other_leg(talk)
        yield Happening("ringing", CallRinging(**self._at, call=CALL, stage="ringing"))
        answered = (CallOutcome.COMPLETED, CallOutcome.FAILED)
        for outcome in answered if talk is not None and talk.turn > 0 else CallOutcome:
            yield Happening(ENDS[outcome], CallEnded(**self._at, call=CALL, outcome=outcome))


def _of_meeting(talk: Conversation | None) -> str:
    """The other leg of its meeting, if it is in one."""
    return talk.tokens.get(MEETING, "") if talk is not None and not talk.ended else ""


NO_LEG = "stray: the desk does not answer"


def _patient(talk: Conversation | None) -> bool:
    """Whether nothing is counted yet: no silence, no keys without a meaning."""
    counts = [fact for fact in talk.facts.values() if type(fact) is int] if talk else [1]
    return not any(counts)


def _spoken(question: Question, *, rightly: bool) -> str:
    """The right answer of everybody here, or a wrong one, as somebody would say it."""
    return answers.as_said(question, answer_of(question, rightly=rightly))
