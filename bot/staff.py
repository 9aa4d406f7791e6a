"""Who of the department's staff may do what: persons, their roles, and the rights of each role.

Rights are data (`config/roles.toml`); a page or command names the right it needs, never a role.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import Field

from bot.config_files import read_layers, validated
from bot.desk import RuleGroup


class Role(StrEnum):
    """What somebody is at the department; one person may be several."""

    OPERATIONS = "operations"
    OFFICER = "officer"
    COLLECTOR = "collector"
    MANAGER = "manager"
    WORDING_AUTHOR = "wording_author"
    WORDING_APPROVER = "wording_approver"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Right(StrEnum):
    """One thing that may be done. Whoever may do nothing sees nothing: deny by default."""

    SEE_FLOW = "see_flow"  # the live log, conversations, search, callbacks and tasks
    SEE_FIGURES = "see_figures"
    SEE_TEXTS = "see_texts"  # the words of a customer's text; each view is logged
    ACT_ON_TASKS = "act_on_tasks"
    ACT_ON_CALLBACKS = "act_on_callbacks"
    ACT_IN_BULK = "act_in_bulk"  # needs a second person who has it too
    STOP_DIALLING = "stop_dialling"
    SEE_WORDING = "see_wording"
    AUTHOR_WORDING = "author_wording"
    APPROVE_WORDING = "approve_wording"
    SEE_STAFF = "see_staff"
    MANAGE_STAFF = "manage_staff"
    SHUT_OUT = "shut_out"  # report a lost telephone, let in again, begin wrong tries anew
    GIVE_PHONE_CODES = "give_phone_codes"
    MANAGE_API = "manage_api"  # tokens of other systems
    SEE_DOCTOR = "see_doctor"
    EXPORT = "export"
    RING_CUSTOMERS = "ring_customers"  # and the officers' line, for their own cases
    OPEN_ANY_CASE = "open_any_case"  # on the officers' line, of their desk


# What a staff number looks like: in plain small letters and digits, so that it may stand in logs,
# URLs and keys, and two that look alike are one.
NUMBER_FORM = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")


def keyed(number: str) -> str:
    """A staff number as it is keyed on a telephone: its digits; may be none."""
    return "".join(char for char in number if char.isdigit())


_Rights = Annotated[
    tuple[Annotated[Right, Field(strict=False)], ...], Field(strict=False, default=())
]


class Roles(RuleGroup):
    """Which rights each role has: `config/roles.toml`, the operator's over it."""

    roles: Mapping[Annotated[Role, Field(strict=False)], _Rights]

    @classmethod
    def load(cls, config_dir: Path | None = None) -> "Roles":
        """Read and check it. Raises `ConfigError` with file, key and reason."""
        return validated(cls, read_layers("roles.toml", config_dir))

    def rights(self, roles: frozenset[Role]) -> frozenset[Right]:
        """All that somebody with these roles may do."""
        return frozenset(right for role in roles for right in self.roles.get(role, ()))

    def grant(self, person: "Person") -> "Person":
        """The same person with the rights that their roles give."""
        return replace(person, rights=self.rights(person.roles))


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One of the department's staff, as the staff list has them.

    `number` is the staff number: it names them in every log. `handsets` are their work phones,
    masked. `left_at`, `lost_at` and `leave` are seconds since 1970, UTC; who has left may do
    nothing, and neither may whose telephone is lost (`bot.lost_phone`).
    `version` counts what changes who they are here (roles, desk, leaving, how they sign in): a
    session that was begun under another one is over.
    """

    number: str
    name: str
    roles: frozenset[Role]
    desk: str
    manager: str = ""  # a staff number
    language: str = "en"
    handsets: tuple[str, ...] = ()
    leave: tuple[float, float] | None = None
    left_at: float | None = None
    lost_at: float | None = None
    version: int = 1
    rights: frozenset[Right] = field(default=frozenset(), repr=False)

    def may(self, right: Right) -> bool:
        """Whether they have this right."""
        return not self.shut_out and right in self.rights

    @property
    def shut_out(self) -> bool:
        """Whether nothing of theirs opens anything: they left, or their telephone is lost."""
        return self.left_at is not None or self.lost_at is not None

    def away(self, now: float) -> bool:
        """Whether they are on leave."""
        return self.leave is not None and self.leave[0] <= now < self.leave[1]
