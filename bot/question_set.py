"""The questions of `config/verification.toml`, and how many of them each kind of contact needs."""

import hashlib
from collections.abc import Mapping
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Annotated

from pydantic import Field, PrivateAttr, model_validator

from bot.answers import KINDS, problem_of_choices
from bot.answers.year import FIRST_YEAR, LAST_YEAR
from bot.config_files import Layers, Strict, read_layers, validated
from bot.desk import Evidence, RuleGroup
from bot.proof import ContactType

# Kinds of which it is known among how many answers a stranger guesses (`bot.strength`).
_GUESSED_EVENLY = frozenset({"date", "month_year", "year", "digits", "choice"})
_YEARS = LAST_YEAR - FIRST_YEAR + 1
# The most answers that a kind can have: no figure that is stated is above it.
_MOST_ANSWERS = {
    "amount": 10**8,  # below one million pounds, by pence
    "date": _YEARS * 365 + _YEARS // 4,
    "month_year": _YEARS * 12,
    "postcode": 1_800_000,  # in use, by the Office for National Statistics
    "postcode_digits": 100 + 900,  # two, or three that do not begin with 0
    "year": _YEARS,
}
_Ways = Annotated[tuple[str, ...], Field(strict=False)]


class Question(Strict):
    """One question: its words are the prompt `question.<id>`, its answer is of this kind.

    `one_in`: one guess in so many is right, the commonest answer being guessed; stated with its
    source where some answers are commoner than others.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{0,40}$")
    kind: str
    length: int | None = Field(default=None, ge=1, le=20)
    choices: Mapping[str, _Ways] = Field(default_factory=dict)
    one_in: int | None = Field(default=None, ge=2)
    source: str | None = Field(default=None, min_length=1)
    evidence: Evidence | None = None

    @model_validator(mode="after")
    def _fits_its_kind(self) -> "Question":
        kind = KINDS.get(self.kind)
        if kind is None:
            raise ValueError(f"kind {self.kind!r} is none of {', '.join(sorted(KINDS))}")
        if kind.takes_length != (self.length is not None):
            raise ValueError("`length` belongs to the kinds digits and number, which need it")
        # A single 0 leads to a person, everywhere (GOV.UK Service Manual); as an answer it could
        # never be given. A `number` has no such answer: it counts from 1.
        if self.kind == "digits" and self.length == 1:
            raise ValueError("one digit may be 0, and 0 leads to a person: ask for two or more")
        if self.choices and not kind.takes_choices:
            raise ValueError("`choices` belong to the kind choice")
        if kind.takes_choices and (problem := problem_of_choices(self.choices)):
            raise ValueError(problem)
        return self

    @model_validator(mode="after")
    def _can_be_reckoned(self) -> "Question":
        if self.one_in is None and self.kind not in _GUESSED_EVENLY:
            raise ValueError(f"the answers to a {self.kind} are not even: state `one_in`")
        if len({self.one_in is None, self.source is None, self.evidence is None}) > 1:
            raise ValueError("`one_in`, `source` and `evidence` go together")
        if self.one_in and self.one_in > self.most_answers:
            raise ValueError(f"one_in = {self.one_in}, and there are {self.most_answers} answers")
        return self

    @property
    def most_answers(self) -> int:
        """How many answers of its kind there are, at most."""
        match self.kind:
            case "choice":
                return len(self.choices)
            case "digits":
                return int("1" + "0" * (self.length or 0))
            case "number":  # it counts from 1
                return int("9" * (self.length or 1))
        return _MOST_ANSWERS[self.kind]

    @property
    def prompt(self) -> str:
        """The id of the words that ask it."""
        return f"question.{self.id}"

    @property
    def only_said(self) -> bool:
        """Whether keys cannot give its answer, so that it needs speech."""
        return KINDS[self.kind].only_said


Abbreviation = Annotated[str, Field(pattern=r"^[A-Za-z0-9/.+-]{1,20}$")]


class Note(RuleGroup):
    """How the record has it noted that checks were made: the approved abbreviations."""

    passed: Abbreviation
    failed: Abbreviation
    not_completed: Abbreviation


class Contact(RuleGroup):
    """How many questions this kind of contact asks, and how many right answers it needs."""

    ask: int = Field(ge=1)
    passes: int = Field(ge=1, alias="pass")
    note: Note

    @model_validator(mode="after")
    def _can_be_passed(self) -> "Contact":
        if self.passes > self.ask:
            raise ValueError(f"pass = {self.passes} is more than ask = {self.ask}")
        return self


class Contacts(Strict):
    """The marks of every kind of contact."""

    inbound: Contact
    outbound: Contact
    officer_present: Contact


class Budget(RuleGroup):
    """Failed verifications, per case and per number, across calls.

    For `warn_days` after one, whoever handles the case is told of it. A call whose last answer has
    not come within `open_minutes` counts again only with that answer.
    """

    failed: int = Field(ge=1)
    hours: int = Field(ge=1)
    open_minutes: int = Field(ge=1)
    warn_days: int = Field(ge=1)

    @property
    def seconds(self) -> float:
        """The same span in seconds."""
        return self.hours * 3600.0

    @property
    def open_seconds(self) -> float:
        """For how long a call counts that has not come to its end."""
        return self.open_minutes * 60.0


class UnitPasses(Strict):
    """The right answers that a unit needs, where it needs more than others do."""

    inbound: int | None = None
    outbound: int | None = None
    officer_present: int | None = None


class Unit(RuleGroup):
    """The rules of a unit that has its own (DMBM512906): whether by telephone, and its marks.

    The number of questions is everybody's: another one would tell a stranger whose case it is.
    """

    by_phone: bool
    passes: UnitPasses = Field(default_factory=UnitPasses, alias="pass")


class NotByPhone(RuleGroup):
    """The restrictions under which a case is not verified by telephone, whoever rings."""

    restrictions: Annotated[tuple[str, ...], Field(strict=False)]


class Strength(RuleGroup):
    """How often a stranger may pass in a day, at most: production only receives above it.

    `guessing_one_in` for one who knows no answer, `knowing_one_in` for one who knows `knowing` of
    them. Years, and with them months and days, are guessed among `years_guessed_among`.
    """

    guessing_one_in: int = Field(ge=1)
    knowing: int = Field(ge=1)
    knowing_one_in: int = Field(ge=1)
    years_guessed_among: int = Field(ge=1, le=_YEARS)


class QuestionSet(Strict):
    """`config/verification.toml`, read. `sample` says that nobody has brought real questions."""

    sample: bool
    contact: Contacts
    budget: Budget
    not_by_phone: NotByPhone
    unit: Mapping[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,40}$")], Unit] = Field(
        default_factory=dict
    )
    strength: Strength
    question: Annotated[tuple[Question, ...], Field(strict=False, min_length=1)]
    _file: str = PrivateAttr("config/verification.toml")

    @classmethod
    def load(cls, config_dir: Path | None = None) -> "QuestionSet":
        """The packaged set with the operator's over it. Raises `ConfigError`."""
        layers = read_layers("verification.toml", config_dir)
        questions = validated(cls, layers)
        questions._refuse_contradictions(layers)
        questions._refuse_unfit_units(layers)
        if layers.operator_path is not None:
            questions._file = str(layers.operator_path)
        return questions

    @property
    def file(self) -> str:
        """Where they are to be mended: the operator's file, where there is one."""
        return self._file

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """By id, in the order of the file."""
        return {question.id: question for question in self.question}

    @cached_property
    def contacts(self) -> Mapping[ContactType, Contact]:
        """By kind of contact."""
        return {kind: getattr(self.contact, kind) for kind in ContactType}

    def passes(self, contact: ContactType, unit: str) -> int:
        """The right answers that a case of this unit needs; blank is a case of no unit."""
        own = getattr(self.unit[unit].passes, contact) if unit in self.unit else None
        return self.contacts[contact].passes if own is None else int(own)

    def by_phone(self, unit: str) -> bool:
        """Whether cases of this unit are verified by telephone; those of an unknown one are not."""
        return not unit or (unit in self.unit and self.unit[unit].by_phone)

    @property
    def prompts(self) -> frozenset[str]:
        """The ids of the words that ask them."""
        return frozenset(question.prompt for question in self.question)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the whole set: an altered question is another release."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()

    def _refuse_contradictions(self, layers: Layers) -> None:
        ids = [question.id for question in self.question]
        for place, question_id in enumerate(ids):
            if question_id in ids[:place]:
                raise layers.refusal(("question", place, "id"), f"{question_id!r} stands twice")
        for kind, contact in self.contacts.items():
            if contact.ask > len(ids):
                key, reason = ("contact", kind.value, "ask"), f"asks {contact.ask} of {len(ids)}"
                if "question" in layers.operator:  # whoever brought too few is to mend it
                    mend = f"questions: yours replace the whole list; {'.'.join(key)} is too many"
                    raise layers.refusal(("question",), f"{reason} {mend}")
                raise layers.refusal(key, f"{reason} questions")
        if not self.sample and layers.operator and "question" not in layers.operator:
            raise layers.refusal(("sample",), "the packaged questions are samples: bring your own")

    def _refuse_unfit_units(self, layers: Layers) -> None:
        for unit, (kind, contact) in product(self.unit, self.contacts.items()):
            passes = self.passes(kind, unit)
            if not contact.passes <= passes <= contact.ask:
                key = ("unit", unit, "pass", kind.value)
                reason = f"{passes} is not from {contact.passes} (contact.{kind.value}.pass)"
                raise layers.refusal(key, f"{reason} to {contact.ask} (ask)")
