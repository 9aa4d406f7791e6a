"""The rules of `config/policy.toml`, typed; each group knows its source."""

from collections import Counter
from pathlib import Path
from typing import Annotated

from pydantic import Field

from bot.actions import Disposition
from bot.config_files import Layers, Strict, read_layers, validated
from bot.desk import CallerLine, Desk, Lines
from bot.policy_rules import (
    AfterAbandoned,
    AfterMachine,
    ApiRules,
    Archive,
    Attempts,
    Breaker,
    CallingHours,
    Dialling,
    Disclosure,
    ExpressRequest,
    MachineDetection,
    Message,
    Numbers,
    OfficerCheck,
    OutboundTexts,
    Reconciling,
    RecordsHeads,
    Retry,
    SignInRules,
    Speech,
    TaskTimes,
    Voice,
    WordingApproval,
)
from bot.retention_rules import Retention

# Tables that the operator's file replaces whole: a half-replaced one would mean something else.
_WHOLE = ("retry.*", "desk.*.officers", "wording_approval")

DeskId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,30}$")]


class Policy(Strict):
    """All rules, read once at the start; `Policy.load` is the way in."""

    default_desk: str
    desk: dict[DeskId, Desk] = Field(min_length=1)
    calling_hours: CallingHours
    numbers: Numbers
    dialling: Dialling
    machine_detection: MachineDetection
    attempts: Attempts
    after_machine: AfterMachine
    after_abandoned: AfterAbandoned
    express_request: ExpressRequest
    retry: dict[Annotated[Disposition, Field(strict=False)], Retry]
    breaker: Breaker
    voice: dict[str, Voice]
    message: Message
    speech: Speech
    disclosure: Disclosure
    disclosure_to_officers: Disclosure
    reconciling: Reconciling
    retention: Retention
    archive: Archive
    records: RecordsHeads
    wording_approval: WordingApproval
    tasks: TaskTimes
    outbound_texts: OutboundTexts
    sign_in: SignInRules
    officer_check: OfficerCheck
    api: ApiRules

    @classmethod
    def load(cls, config_dir: Path | None = None) -> "Policy":
        """The packaged rules with the operator's over them. Raises `ConfigError`."""
        layers = read_layers("policy.toml", config_dir, whole=_WHOLE)
        _drop_the_sample_desk(layers)
        policy = validated(cls, layers)
        for keys, reason in policy._contradictions():
            raise layers.refusal(keys, reason)
        return policy

    def desk_of(self, number_e164: str) -> tuple[str, str] | None:
        """The desk and the line (`customers`, `officers`) of a service number, or None."""
        for desk_id, desk in self.desk.items():
            for line in CallerLine:
                if number_e164 in getattr(desk.lines, line):
                    return desk_id, line.value
        return None

    def _contradictions(self) -> list[tuple[tuple[str, ...], str]]:
        """What is wrong between groups: (keys, reason), the first to be refused first."""
        found: list[tuple[tuple[str, ...], str]] = []
        if self.default_desk not in self.desk:
            found.append((("default_desk",), f"there is no desk.{self.default_desk}"))
        counted = Counter(
            number for desk in self.desk.values() for number in _numbers_of(desk.lines)
        )
        for number in (number for number, times in counted.items() if times > 1):
            found.append((("desk",), f"{number} stands on two lines"))
        for name, desk in self.desk.items():
            if desk.phone in counted:
                found.append((("desk", name, "phone"), "a line of ours: a transfer would ring us"))
        for key in ("calls_per_second", "calls_at_once"):
            shares = sum(getattr(desk, key) for desk in self.desk.values())
            most = getattr(self.dialling, f"{key}_per_account")
            if shares > most + 1e-9:
                found.append((("desk",), f"{key} sum to {shares:g}, the account has {most:g}"))
        if missing := [disposition for disposition in Disposition if disposition not in self.retry]:
            found.append((("retry", missing[0].value), "missing: every disposition needs a rule"))
        return found


def _numbers_of(lines: Lines) -> tuple[str, ...]:
    return (*lines.customers, *lines.officers)


def _drop_the_sample_desk(layers: Layers) -> None:
    """An operator who names desks has those and no others: the packaged one is a sample."""
    named = layers.operator.get("desk")
    if isinstance(named, dict) and named:
        desks = layers.merged["desk"]
        layers.merged["desk"] = {name: desks[name] for name in desks if name in named}
