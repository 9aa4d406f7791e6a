"""What an officer may do about a case, by role and by the nation of the case: data with sources."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field

from bot.config_files import Strict, read_layers, validated
from bot.desk import RuleGroup
from bot.staff import Role

PROMPT = "power."
LEVY = "levy"
NATIONS = ("england", "wales", "scotland", "northern_ireland")

PowersOf = Callable[[Iterable[Role], str], tuple[str, ...]]  # `Powers.of`

PowerName = Annotated[str, Field(pattern=r"^[a-z][a-z_]{2,40}$")]


class RolePowers(RuleGroup):
    """What one role may do."""

    powers: Annotated[tuple[PowerName, ...], Field(strict=False, min_length=1)]


class Levy(RuleGroup):
    """The name of a levy, by nation; where it is empty there is none."""

    england: PowerName | None = None
    wales: PowerName | None = None
    scotland: PowerName | None = None
    northern_ireland: PowerName | None = None


class Powers(Strict):
    """`config/powers.toml`, the operator's over it (DMBM510150)."""

    officer: RolePowers
    collector: RolePowers
    levy: Levy

    @classmethod
    def load(cls, config_dir: Path | None = None) -> "Powers":
        """Read and check it. Raises `ConfigError` with file, key and reason."""
        return validated(cls, read_layers("powers.toml", config_dir))

    def of(self, roles: Iterable[Role], nation: str) -> tuple[str, ...]:
        """What somebody with these roles may do about a case of this nation, each once."""
        held = {Role.OFFICER: self.officer, Role.COLLECTOR: self.collector}
        named = [power for role in held if role in set(roles) for power in held[role].powers]
        called: Mapping[str, str | None] = {LEVY: getattr(self.levy, nation, None)}
        found = (called.get(power, power) for power in named)
        return tuple(dict.fromkeys(power for power in found if power is not None))

    @property
    def prompts(self) -> frozenset[str]:
        """The prompts that say them."""
        named = {*self.officer.powers, *self.collector.powers} - {LEVY}
        levies = (getattr(self.levy, nation) for nation in NATIONS)
        return frozenset(f"{PROMPT}{power}" for power in {*named, *filter(None, levies)})
