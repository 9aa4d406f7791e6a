"""Another system of the department's that uses the API: its name, and what its token may do."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.staff import Person

NAME_FORM = re.compile(r"[a-z][a-z0-9-]{1,29}")


class Scope(StrEnum):
    """One thing that a token may be used for. A token without it is refused: deny by default."""

    CALLBACKS_READ = "callbacks:read"
    CALLBACKS_WRITE = "callbacks:write"
    CASES_WRITE = "cases:write"
    EVENTS_WRITE = "events:write"
    PHONES_WRITE = "phones:write"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiToken:
    """One system's token, as it is listed: never the token itself. Times are seconds since 1970."""

    name: str
    scopes: frozenset[Scope]
    made_by: str
    made_at: float
    used_at: float | None = None
    revoked_at: float | None = None

    def person(self, desk: str) -> Person:
        """As whom it does things: its name stands in every line of the flow log."""
        return Person(number=f"api.{self.name}", name="", roles=frozenset(), desk=desk)


def scopes_named(words: Iterable[str]) -> frozenset[Scope]:
    """The scopes of these names. Raises `ValueError` with those that there are."""
    known = {scope.value for scope in Scope}
    wrong = [word for word in words if word not in known]
    if wrong:
        raise ValueError(f"no scope is called {wrong[0]!r}; there are {', '.join(sorted(known))}")
    return frozenset(Scope(word) for word in words)
