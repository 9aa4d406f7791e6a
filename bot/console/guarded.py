"""Deny by default: every route of the console says who may use it, or it is not registered.

`@page.get("/search", right=Right.SEE_FLOW)` on any Flask blueprint of the console; `Gate.SIGNED_IN`
for what all staff may see, `Gate.PUBLIC` for sign-in and the files of the pages.
"""

from enum import Enum
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from bot.staff import Person, Right


class Gate(Enum):
    """Who may pass without a right of their own."""

    PUBLIC = "public"  # anybody who reaches the console
    SIGNED_IN = "signed_in"  # whoever the department knows


Access = Right | Gate | tuple[Right, ...]  # of several, any one will do


class GuardedRule(Rule):
    """A route that knows who may use it, and (`menu`) whether it stands in the navigation.

    `live` pages load htmx, which writes parts of a page: they do without Trusted Types.
    `most_bytes` is how large a request may be, where it may be larger than forms are.
    """

    def __init__(
        self,
        string: str,
        *,
        right: Access | None = None,
        menu: str = "",
        live: bool = False,
        most_bytes: int = 0,
        **options: Any,
    ) -> None:
        if right is None or not (isinstance(right, Gate) or _all_rights(rights_of(right))):
            raise TypeError(f"the route {string} names no right: say right=… (docs/console.md)")
        super().__init__(string, **options)
        self.right: Access = right
        self.rights = rights_of(right)
        self.menu, self.live, self.most_bytes = menu, live, most_bytes

    def get_empty_kwargs(self) -> dict[str, Any]:
        """What a copy of this rule is made of."""
        own = ("right", "menu", "live", "most_bytes")
        return {**super().get_empty_kwargs(), **{name: getattr(self, name) for name in own}}

    def lets_in(self, person: Person | None) -> bool:
        """Whether this person, or nobody, may use it."""
        if self.right is Gate.PUBLIC:
            return True
        if person is None or person.shut_out:
            return False
        return self.right is Gate.SIGNED_IN or any(map(person.may, self.rights))


def rights_of(access: Access) -> tuple[Right, ...]:
    """The rights any of which will do; none where a gate says who may pass."""
    if isinstance(access, Gate):
        return ()
    return access if isinstance(access, tuple) else (access,)


def _all_rights(rights: tuple[object, ...]) -> bool:
    return bool(rights) and all(isinstance(right, Right) for right in rights)


class GuardedFlask(Flask):
    """A Flask app all of whose routes are `GuardedRule`s."""

    url_rule_class: type[Rule] = GuardedRule
