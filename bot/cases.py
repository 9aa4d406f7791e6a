"""Cases, their people and their numbers, as the engine sees them; the records keep them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Never, NoReturn, Protocol, final

from bot.proof import Fact

_GATE = object()  # only `bot.disclosure` may use it: tests/test_types_house.py


@final
class CaseDetails:
    """What a case holds about a person: prints as `[case details]`, opens in `bot.disclosure`.

    Values are text ready to be spoken, one for each `Fact`. No attribute holds them: whatever walks
    over attributes finds a function, and that wants the key of the gate. Nothing can be changed,
    so that the details of one case do not pass for those of another.
    """

    __slots__ = ("_case", "_opened_by")

    _case: str
    _opened_by: Callable[[object], Mapping[Fact, str]]

    def __init__(self, case: str, values: Mapping[Fact, str]) -> None:
        held = MappingProxyType(dict(values))

        def opened_by(key: object) -> Mapping[Fact, str]:
            return held if key is _GATE else _refuse()

        object.__setattr__(self, "_case", case)
        object.__setattr__(self, "_opened_by", opened_by)

    @property
    def case(self) -> str:
        """The handle of the case that they are about."""
        return self._case

    def __repr__(self) -> str:
        return "[case details]"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return "[case details]"

    # What raises is typed as if it returned: mypy would not read on behind a NoReturn.

    def __setattr__(self, name: str, value: Never) -> None:
        raise AttributeError("case details do not change")

    def __delattr__(self, name: str) -> None:
        raise AttributeError("case details do not change")

    def __eq__(self, other: object) -> bool:
        return _refuse()

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> Any:
        return _refuse()

    def __getstate__(self) -> Any:
        return _refuse()

    def __init_subclass__(cls) -> None:
        _refuse()


def _refuse() -> NoReturn:
    raise TypeError("case details open only through bot.disclosure")


def is_case_handle(text: str) -> bool:
    """Whether this is eight digits and their check digit (Luhn): judged by the input alone."""
    return len(text) == 9 and text.isascii() and text.isdigit() and check_digit(text[:8]) == text[8]


def check_digit(eight: str) -> str:
    """The Luhn check digit of eight digits."""
    total = 0
    for place, char in enumerate(reversed(eight)):
        digit = int(char) * (2 if place % 2 == 0 else 1)
        total += digit - 9 if digit > 9 else digit
    return str(-total % 10)


@dataclass(frozen=True, slots=True)
class Case:
    """A case without its details: enough to decide whom to ring and whom to ask for.

    `handle` identifies and proves nothing. `customer` is the same for all cases of one person.
    `nation` is england, wales, scotland or northern_ireland. `held` names restrictions that stand
    against ringing (`breathing_space`, `deceased`, `letters_only` …; see `bot.dial_question`).
    `settled`: nothing is unpaid any more. `correspondence_at`: when something came that nobody has
    dealt with yet. `ring_hours`: their own wish, as in `bot.written_hours`.
    `unit`: the one whose own rules hold for it (`[unit]` in verification.toml), or blank.
    """

    handle: str
    customer: str
    desk: str
    officer: str
    nation: str = "england"
    language: str = "en"
    held: frozenset[str] = frozenset()
    settled: bool = False
    correspondence_at: float | None = None
    ring_hours: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class MissedCall:
    """An officer or the service rang this number and was missed; `case` where it is known."""

    case: str | None
    officer: str
    at: float


@dataclass(frozen=True, slots=True)
class ExpectedAnswer:
    """The keyed hash of the right answer to one question (`bot.verification` says over what)."""

    question: str
    kind: str
    key_id: str
    mac: str = field(repr=False)


class CaseDirectory(Protocol):
    """Where cases are found. Every method is one query, whether or not it finds anything."""

    def by_handle(self, handle: str) -> Case | None:
        """The case with this handle."""

    def by_number(self, number_hash: str) -> list[Case]:
        """The cases on which this number stands, the newest first."""

    def restrictions(self, customer: str) -> frozenset[str]:
        """What is held against ringing this person, over all of their cases."""

    def missed_call(self, number_hash: str) -> MissedCall | None:
        """The newest missed call to this number."""

    def answers(self, handle: str) -> list[ExpectedAnswer]:
        """The hashes of the right answers that are held for this case."""

    def full_name(self, handle: str) -> str | None:
        """Whom to ask for: the name as held, middle names included (DMBM512930)."""

    def number_of(self, handle: str) -> str | None:
        """The number (E.164) to ring for this case: the best one held."""

    def number_hashes(self, handle: str) -> list[str]:
        """The keyed hashes of all numbers on this case, the best one first."""

    def visits(self, officer: str, since: float, until: float) -> list[tuple[float, str]]:
        """This officer's planned visits in a span: when, and to which case; the first one first."""

    def cases_of(self, officer: str, most: int) -> list[str]:
        """The handles of this officer's cases, at most so many, the newest first."""

    def missed_by(self, officer: str, since: float) -> int:
        """How many customers this officer has rung since then, and missed."""

    def details(self, handle: str) -> CaseDetails | None:
        """The sealed details, opened into a value that only `bot.disclosure` can read."""
