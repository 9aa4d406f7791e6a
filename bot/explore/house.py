"""The house of a walk: the real engine on a store that goes back, with every answer left open.

The seam is below the look-ups: the case directory and the desk's hours answer whatever the walk
chooses, so that the look-ups, the ledger and the budget are the ones that serve real calls.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from bot import answers, budget
from bot.answers import answer_mac
from bot.assembly import engine_of
from bot.best_number import BestNumbers
from bot.cases import Case, CaseDetails, ExpectedAnswer, MissedCall
from bot.clock import Clock
from bot.engine import Answer, Engine
from bot.events import CarrierEvent
from bot.explore.any_officer import OFFICER, AnyOfficer
from bot.explore.choices import Choices
from bot.explore.costs import Costs
from bot.explore.tracing import Traced
from bot.flow import Flow
from bot.keys import Keyring
from bot.officers import Officers
from bot.opening import Opens
from bot.phone import PhoneNumber
from bot.policy import Policy
from bot.powers import Powers
from bot.proof import Fact
from bot.question_set import Question, QuestionSet
from bot.speaker import Speaker
from bot.speech_reading import SpeechReader
from bot.staff import Role
from bot.step import WORDINGS
from bot.store import Store
from bot.text_reading import TextReader
from bot.unit_of_work import UnitOfWork
from bot.verification import Ledger, Verification
from bot.wording import Wording

NOW = 1_789_466_400.0  # a Tuesday at ten in London; time stands still
RELEASE = "walked"
NUMBER = "+447700900123"
HANDSET = "+447700900201"  # of the officer who is rung
KEYED_NUMBER = "07700900777"  # is said to be a better one
REFERENCE = "100000017"
WORN_OUT = "100000025"  # the handle of a case whose budget of tries is spent
LATE = "100000041"  # the handle of a case that is held: nobody is to open it by phone
RIGHT_DATE = "29021980"  # the keys of the right answer to every question about a day
THE_DESK, OPEN = "the desk", "open"
PLANTED = {fact: f"planted {fact.value}" for fact in Fact}  # told to the verified, kept nowhere


class Rewindable(Store, Protocol):
    """A store that can go back to where it was."""

    def snapshot(self) -> object:
        """All that is kept now."""

    def restore(self, snapshot: object) -> None:
        """Be as at that snapshot again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blueprint:
    """What is explored: the flows with what opens them, and the words and rules they live under.

    `store` is the twin store, empty.
    """

    opens: Opens
    flows: tuple[type[Flow], ...]
    policy: Policy
    questions: QuestionSet
    wording: Wording
    speech: SpeechReader
    texts: TextReader
    powers: Powers
    store: Rewindable


def answer_of(question: Question, *, rightly: bool) -> str:
    """The right answer of everybody here, or a wrong one of the same kind, in canonical form."""
    return answers.made_up(question, another=rightly)


class Anybody:
    """A case directory that finds whatever the walk chooses."""

    def __init__(self, choices: Choices, keyring: Keyring, questions: QuestionSet, desk: str):
        self._choices = choices
        self._keyring = keyring
        self._questions = questions.questions
        self._held_for = frozenset(questions.not_by_phone.restrictions)
        self._well, self._worn, self._late, self._other = (
            Case(handle=handle, customer=customer, desk=desk, officer=officer)
            for handle, customer, officer in (
                (REFERENCE, "one", OFFICER),
                (WORN_OUT, "one", "another"),
                (LATE, "late", "another"),
                ("100000033", "another", "another"),
            )
        )
        self._held = {
            handle: [self._expected(handle, *each) for each in self._questions.items()]
            for handle in (REFERENCE, WORN_OUT, LATE)
        }

    def by_handle(self, handle: str) -> Case | None:
        """The case, or none, or one whose budget is spent, or one that nobody opens by phone."""
        if not handle:
            return None
        return self._choices.choose(
            "the reference",
            {
                "known": self._well,
                "nobody's": None,
                "worn out": self._worn,
                "held": self._late,
            },
        )

    def by_number(self, number_hash: str) -> list[Case]:
        """The case, none, several people's, or one whose budget is spent."""
        options: dict[str, list[Case]] = {
            "known": [self._well],
            "nobody's": [],
            "several people's": [self._well, self._other],
            "worn out": [self._worn],
        }
        return self._choices.choose("the number", options) if number_hash else []

    def restrictions(self, customer: str) -> frozenset[str]:
        """What closes a case to whoever rings, where the walk chose such a case."""
        return self._held_for if customer == "late" else frozenset()

    def missed_call(self, number_hash: str) -> MissedCall | None:
        """None, about the case, or about no case that is known."""
        options = {
            "none": None,
            "about a case": MissedCall(REFERENCE, "", NOW),
            "about no case": MissedCall(None, "", NOW),
        }
        return self._choices.choose("the missed call", options) if number_hash else None

    def answers(self, handle: str) -> list[ExpectedAnswer]:
        """All of them, or all but whatever is drawn."""
        held = self._held.get(handle, [])
        if handle == LATE:
            return held  # what closes it is not that anything is lacking
        return self._choices.choose("the answers", {"held": held, "lacking": []}) if held else []

    def full_name(self, handle: str) -> str | None:
        """Somebody to ask for by name."""
        return "Planted Name"

    def number_of(self, handle: str) -> str | None:
        """The number that is on the case, or none."""
        return self._choices.choose("the number of the case", {"held": NUMBER, "none": None})

    def number_hashes(self, handle: str) -> list[str]:
        """Its hash."""
        return [self._keyring.number_hash(NUMBER)]

    def visits(self, officer: str, since: float, until: float) -> list[tuple[float, str]]:
        """One, or none."""
        return self._choices.choose("the visits", {"one": [(NOW, REFERENCE)], "none": []})

    def cases_of(self, officer: str, most: int) -> list[str]:
        """The one."""
        return [REFERENCE]

    def missed_by(self, officer: str, since: float) -> int:
        """One."""
        return 1

    def details(self, handle: str) -> CaseDetails | None:
        """Details that are recognised wherever they turn up."""
        return CaseDetails(handle, PLANTED)

    def _expected(self, case: str, name: str, question: Question) -> ExpectedAnswer:
        kind, answer = question.kind, answer_of(question, rightly=True)
        mac = answer_mac(self._keyring, case=case, question=name, kind=kind, answer=answer)
        return ExpectedAnswer(name, kind, self._keyring.newest, mac)


class AnyNumber(BestNumbers):
    """Whether the number in use may be rung is whatever the walk chooses."""

    def __init__(self, choices: Choices, policy: Policy) -> None:
        super().__init__(policy, rehearsal=True)
        self._choices = choices

    def may_be_rung(self, number: PhoneNumber) -> bool:
        """Of the number in use; the one that is keyed is judged as it is."""
        if number.e164 != NUMBER:
            return super().may_be_rung(number)
        return self._choices.choose("the number in use", {"may be rung": True, "may not": False})


class WatchedEngine(Engine):
    """The engine, which also remembers the fault that it met."""

    fault: Exception | None = None

    def give_up(self, event: CarrierEvent, error: Exception, **told: Any) -> Answer:
        """As the engine does, and keep the reason."""
        self.fault = error
        return super().give_up(event, error, **told)


class WalkedHouse:
    """Everything that a walk needs, built once for it."""

    def __init__(self, blueprint: Blueprint, keyring: Keyring) -> None:
        self.blueprint = blueprint
        self.keyring = keyring
        self.choices = Choices()
        self.costs = Costs()
        self.desk = blueprint.policy.default_desk
        self.store = blueprint.store
        self.traced = Traced(blueprint.flows)
        self.verification = Verification(keyring, blueprint.questions)
        self.officers = Officers(keyring)
        self.ledgers: dict[tuple[str, str], Ledger | None] = {}  # as they were opened
        anybody = Anybody(self.choices, keyring, blueprint.questions, self.desk)
        directory = self.costs.directory(anybody)
        self.speaker = Speaker(
            blueprint.wording, blueprint.policy, directory, blueprint.speech, keyring
        )
        engine = engine_of(
            flows=self.traced.flows,
            opens=blueprint.opens,
            policy=blueprint.policy,
            questions=blueprint.questions,
            wording=blueprint.wording,
            release=RELEASE,
            speech=blueprint.speech,
            keyring=self.costs.keyring(keyring),
            clock=Clock(wall=lambda: NOW),
            store=self.costs.store(self.store),
            directory=directory,
            desk_open=self._desk_open,
            numbers=AnyNumber(self.choices, blueprint.policy),
            texts=blueprint.texts,
            book=AnyOfficer(self.choices),
            powers=self._powers,
            kind=WatchedEngine,
        )
        assert isinstance(engine, WatchedEngine)  # noqa: S101 - for the type
        self.engine = engine
        self._furnish()

    def _powers(self, roles: Iterable[Role], nation: str) -> tuple[str, ...]:
        found = self.blueprint.powers.of(roles, nation)
        return self.choices.choose("the powers", {"some": found, "none": ()})

    def _desk_open(self, desk: str, now: float) -> bool:
        return self.choices.choose(THE_DESK, {OPEN: True, "closed": False})

    def _furnish(self) -> None:
        """The wording is approved; the tries of one case are used up."""
        unit = UnitOfWork(self.store, self.desk)
        unit.put(WORDINGS, {"releases": [RELEASE], "withdrawn": {}})
        most = self.blueprint.questions.budget.failed
        tries = [{"call": f"earlier {n}", "at": NOW} for n in range(most)]
        unit.put(budget.key_of_case(self.keyring, WORN_OUT), {"tries": tries})
        unit.commit()
