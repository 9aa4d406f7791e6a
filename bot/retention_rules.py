"""How long each kind of record is kept: the rules of `[retention]` in `config/policy.toml`."""

from pydantic import Field

from bot.desk import RuleGroup


class Kept(RuleGroup):
    """How long one kind is kept: so many days since it was written, or done with."""

    days: int = Field(ge=1, le=36500)


class Retention(RuleGroup):
    """How long records are kept, kind by kind (`bot.records.expiring`)."""

    disclosures_years: int = Field(ge=1, le=100)
    erasures_file: str = ""
    task_texts: Kept
    task_numbers: Kept
    tasks: Kept
    missed_calls: Kept
    flow_log_personal: Kept
    flow_log_lines: Kept
    leavers: Kept

    def days(self, kind: str) -> int:
        """How long this kind is kept."""
        rule: Kept = getattr(self, kind)
        return rule.days

    def source_of(self, kind: str) -> str:
        """Where the rule for this kind comes from."""
        rule: RuleGroup = self if kind == "disclosures" else getattr(self, kind)
        return rule.source
