"""The file of people for a load: whom the service knows, what kinds of them there are, how often.

A JSON object:

* `number`: the service's own number; `voice_url`, `sms_url`, `status_callback`,
  `voice_fallback_url`, `sms_fallback_url`: where it is announced, relative to `--service`.
* `verified_when`, `apology`: a call that hears the one counts as verified, one that hears the other
  as a fault. An empty phrase is never heard.
* `answers`: by name, what somebody keys at each question: `{"right": {"date of birth": "…#"}}`.
* `customers`: `name`, `number`, perhaps `facts` and `answers` of their own.
* `kinds`: `name`, `weight`, `begins` ("text" or "call"), `words` of the text, `rung_back` (is a
  call to be waited for? by default after a text) and `handset`, as in a scenario file but without
  name and number. In it `{fact}` stands for a fact of the customer (`{name}` and `{number}` too),
  and `{"answers": "right"}` for the answers of that name.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, TypeVar

from bot.simulator.handsets.base import Handset
from bot.simulator.handsets.kinds import handset_from_json

Answers = Mapping[str, Mapping[str, str]]


class BadPeople(ValueError):
    """A file of people that makes no sense, with the reason."""


@dataclass(frozen=True)
class Customer:
    """Somebody whom the service may know."""

    name: str
    number: str
    facts: Mapping[str, str] = field(default_factory=dict)
    answers: Answers = field(default_factory=dict)


@dataclass(frozen=True)
class Kind:
    """What somebody does, and how often that is met."""

    name: str
    handset: Mapping[str, Any]
    begins: Literal["text", "call"]
    weight: float = 1.0
    words: str = "Sorry I missed you"
    rung_back: bool | None = None

    @property
    def waits_for_a_call(self) -> bool:
        """Is it over only when the service has rung?"""
        return self.begins == "text" if self.rung_back is None else self.rung_back


@dataclass(frozen=True)
class People:
    """All of a file."""

    number: str
    customers: tuple[Customer, ...]
    kinds: tuple[Kind, ...]
    answers: Answers = field(default_factory=dict)
    verified_when: str = ""
    apology: str = ""
    voice_url: str = ""
    sms_url: str = ""
    status_callback: str = ""
    voice_fallback_url: str = ""
    sms_fallback_url: str = ""

    def handset(self, customer: Customer, kind: Kind) -> Handset:
        """The telephone of that customer, in the hands of somebody of that kind."""
        facts = {**customer.facts, "name": customer.name, "number": customer.number}
        filled = _filled(kind.handset, facts, {**self.answers, **customer.answers})
        return handset_from_json(filled | {"name": customer.name, "number": customer.number})


Shape = TypeVar("Shape", Customer, Kind, People)


def read_people(path: Path) -> People:
    """Read a file, and try every kind on a customer, so that a slip shows at once."""
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
        people = _people(given)
        for kind in people.kinds:
            people.handset(people.customers[0], kind)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as wrong:
        raise BadPeople(f"{path}: {_words(wrong)}") from wrong
    return people


def _people(given: Mapping[str, Any]) -> People:
    customers = tuple(_made(Customer, each) for each in given["customers"])
    kinds = tuple(_made(Kind, each) for each in given["kinds"])
    if not customers or not kinds:
        raise ValueError("it needs at least one customer and one kind")
    if any(kind.begins not in ("text", "call") for kind in kinds):
        raise ValueError("a kind begins with a 'text' or a 'call'")
    if min(kind.weight for kind in kinds) < 0 or not sum(kind.weight for kind in kinds):
        raise ValueError("weights are not negative, and not all of them zero")
    return _made(People, {**given, "customers": customers, "kinds": kinds})


def _made(shape: type[Shape], given: Mapping[str, Any]) -> Shape:
    if unknown := given.keys() - {each.name for each in fields(shape)}:
        raise ValueError(f"{shape.__name__.lower()}: unknown {', '.join(sorted(unknown))}")
    return shape(**given)


def _filled(value: Any, facts: Mapping[str, str], answers: Answers) -> Any:
    """The same data with the customer's facts and answers in it."""
    if isinstance(value, str):
        for name, fact in facts.items():
            value = value.replace(f"{{{name}}}", fact)
        return value
    if isinstance(value, list):
        return [_filled(each, facts, answers) for each in value]
    if isinstance(value, Mapping):
        filled = {name: _filled(each, facts, answers) for name, each in value.items()}
        if isinstance(filled.get("answers"), str):
            filled["answers"] = answers[filled["answers"]]
        return filled
    return value


def _words(wrong: Exception) -> str:
    return f"missing: {wrong}" if isinstance(wrong, KeyError) else str(wrong)
