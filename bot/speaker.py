"""Typed replies become words: the last step before the carrier; here alone details are opened.

Every prompt is checked once more against its listener, and case details open here against the
proof and the record that was committed (two locks: the type, and this check).
"""

from functools import singledispatchmethod

from bot import best_number, disclosure, spoken_caseload
from bot.actions import Apologise, Ask, Connect, HangUp, JoinMeeting, ReadCase, Reply, Say
from bot.cases import CaseDirectory
from bot.conversation import Conversation
from bot.engine import Answer
from bot.errors import NotDisclosable
from bot.invariants import (
    every_prompt_fits_its_listener,
    no_detail_without_a_proof,
    nobody_joins_unknown,
)
from bot.keys import Keyring
from bot.meetings import room_of
from bot.phone import PhoneNumber
from bot.policy import Policy
from bot.proof import Listener
from bot.speech_reading import SpeechReader
from bot.spoken import End, Item, Join, Listen, Meet, Spoken, Words
from bot.spoken_caseload import FIELDS as CASELOAD
from bot.wording import BUILT_IN_APOLOGY, Prompt, Wording


class Speaker:
    """Finds the words for an answer: prompts, the names and numbers in them, and opened details."""

    def __init__(
        self,
        wording: Wording,
        policy: Policy,
        directory: CaseDirectory,
        reader: SpeechReader,
        keyring: Keyring,
    ) -> None:
        self._keyring = keyring
        self._reader = reader
        self._wording = wording
        self._policy = policy
        self._directory = directory
        self._said = self._items  # bound once: it would be built anew at every reply

    def speak(self, answer: Answer) -> Spoken:
        """What the leg is about to hear. Raises `NotDisclosable`, `WrongEars`, `StoreDown`."""
        talk = answer.conversation
        if talk is None:
            return apology(answer.desk, answer.id)
        every_prompt_fits_its_listener(talk.listener, talk.replies, self._wording)
        no_detail_without_a_proof(
            talk.replies, self._wording, answer.proof, call=talk.id, case=talk.tokens.get("case")
        )
        items: list[Item] = []
        for reply in talk.replies:
            items += self._said(reply, answer, talk)
        return Spoken(talk.desk, talk.id, talk.turn, tuple(items))

    @singledispatchmethod
    def _items(self, reply: Reply, answer: Answer, talk: Conversation) -> list[Item]:
        raise TypeError(f"nobody speaks {type(reply).__name__}")

    @_items.register
    def _(self, reply: Say, answer: Answer, talk: Conversation) -> list[Item]:
        return [self._words(reply.prompt, talk)]

    @_items.register
    def _(self, reply: Ask, answer: Answer, talk: Conversation) -> list[Item]:
        one_key = 1 if reply.digits is None else None
        words = self._words(reply.prompt, talk)
        if not reply.speech:
            return [Listen(words, reply.seconds, one_key)]
        return [Listen(words, reply.seconds, one_key, True, self._reader.hints(reply))]

    @_items.register
    def _(self, reply: ReadCase, answer: Answer, talk: Conversation) -> list[Item]:
        details = self._directory.details(talk.tokens.get("case", ""))
        if details is None:
            raise NotDisclosable("there are no details of this case")
        opened = disclosure.open(details, answer.proof, answer.told)
        facts = {fact.value: opened[fact.value] for fact in reply.facts}
        return [Words(self._prompt(reply.prompt).fill(facts), slowly=reply.slowly)]

    @_items.register
    def _(self, reply: Connect, answer: Answer, talk: Conversation) -> list[Item]:
        desk = self._policy.desk[talk.desk]
        return [Join(desk.phone, desk.caller_id, reply.ring_seconds)]

    @_items.register
    def _(self, reply: JoinMeeting, answer: Answer, talk: Conversation) -> list[Item]:
        nobody_joins_unknown([reply], answer.proof, call=talk.id)
        return [Meet(room_of(talk))]

    @_items.register
    def _(self, reply: HangUp, answer: Answer, talk: Conversation) -> list[Item]:
        return [End()]

    @_items.register
    def _(self, reply: Apologise, answer: Answer, talk: Conversation) -> list[Item]:
        if talk.listener is Listener.MACHINE:
            return [End()]  # a machine hears the approved wording and nothing else
        return [Words(BUILT_IN_APOLOGY), End()]

    def _words(self, prompt_id: str, talk: Conversation) -> Words:
        prompt = self._prompt(prompt_id)
        return Words(prompt.fill({name: self._value(name, talk) for name in prompt.fields}))

    def _prompt(self, prompt_id: str) -> Prompt:
        return self._wording.prompt(prompt_id)

    def _value(self, name: str, talk: Conversation) -> str:
        """What stands for a placeholder that is no fact of a case (`bot.wording`: for whom)."""
        desk = self._policy.desk[talk.desk]
        match name:
            case "service_number":
                return desk.spoken_number
            case "desk_hours":
                return desk.hours_in_words("en")
            case "organisation":
                return self._policy.message.organisation
            case "full_name":
                return self._full_name(talk)
            case "case_handle" if "case" in talk.tokens:
                return spoken_caseload.handle_said(talk.tokens["case"])
            case _ if name in CASELOAD and spoken_caseload.TOKEN in talk.tokens:
                return spoken_caseload.said(talk.tokens[spoken_caseload.TOKEN], desk.hours.zone)[
                    name
                ]
            case "best_number" if best_number.TOKEN in talk.tokens:
                return self._best_number(talk)
        raise NotDisclosable(f"{name} is not said to everybody")

    def _best_number(self, talk: Conversation) -> str:
        """The number that was keyed in this very call, digit by digit."""
        bound_to = best_number.bound_to(talk.id)
        sealed = talk.tokens[best_number.TOKEN]
        return PhoneNumber(self._keyring.open(sealed, bound_to=bound_to)).spoken

    def _full_name(self, talk: Conversation) -> str:
        """Whom a call of ours asks for; on a call that came in, nobody is told a name."""
        handle = talk.tokens.get("case") if "callback" in talk.tokens else None
        name = self._directory.full_name(handle) if handle else None
        if name is None:
            raise NotDisclosable("nobody to ask for by name")
        return name


def apology(desk: str, conversation: str) -> Spoken:
    """The one built-in sentence, for any ears, and the end of the call."""
    return Spoken(desk, conversation, 0, (Words(BUILT_IN_APOLOGY), End()))
