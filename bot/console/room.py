"""What the pages of the console are given: the runtime, who is signed in, and what roles may do."""

from dataclasses import dataclass
from typing import Protocol

from flask import Request, current_app, g

from bot.runtime import Runtime
from bot.staff import Person, Right, Role, Roles


class SignedIn(Protocol):
    """Who sits before a page. `bot.console.session.Sessions` keeps it; tests are somebody."""

    def person(self, request: Request) -> Person | None:
        """Whose session this request belongs to; None if it is nobody's, or over."""

    def binding(self, request: Request) -> str:
        """What ties a form to this session, and is no secret of it; "" where there is none."""


class Nobody:
    """Nobody is ever signed in: what a console has that was given no sessions."""

    def person(self, request: Request) -> Person | None:
        """Nobody."""
        return None

    def binding(self, request: Request) -> str:
        """Nothing."""
        return ""


@dataclass(frozen=True, slots=True)
class Room:
    """Everything a view needs."""

    runtime: Runtime
    sessions: SignedIn
    roles: Roles

    @property
    def https(self) -> bool:
        """Whether staff reach the console by https."""
        return self.runtime.settings.console_url.startswith("https:")

    def roles_with(self, right: Right) -> list[Role]:
        """The roles that have this right."""
        return [role for role, rights in self.roles.roles.items() if right in rights]


def room() -> Room:
    """The room of the app that handles this request."""
    found: Room = current_app.extensions["ringback"]
    return found


def runtime() -> Runtime:
    """The collaborators."""
    return room().runtime


def person() -> Person:
    """Who is signed in, where the route lets in nobody else."""
    found: Person | None = g.get("person")
    if found is None:
        raise LookupError("nobody is signed in: this route must name a right")
    return found
