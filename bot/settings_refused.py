"""What is wrong with the environment: every reason at once, for whoever starts the service."""

from dataclasses import dataclass

from bot.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Problem:
    """One setting that cannot be used: why, and what to do. Never shows a value of a secret."""

    name: str
    reason: str
    next_step: str

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}. {self.next_step}"


class SettingsRefused(ConfigError):
    """The environment cannot be used; `problems` has every reason, by name."""

    def __init__(self, problems: list[Problem]) -> None:
        names = ", ".join(problem.name for problem in problems)
        listed = "".join(f"\n  {problem}" for problem in problems)
        super().__init__("environment", names, f"{len(problems)} to mend{listed}")
        self.problems = tuple(problems)
