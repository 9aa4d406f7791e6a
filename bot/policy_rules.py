"""The groups of rules of `config/policy.toml`, each of which knows its source."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from bot.config_files import Strict
from bot.desk import RuleGroup, WebAddress, WeekHours
from bot.signing import PublicKeys
from bot.tasks import Priority

SLACK_SECONDS = 60  # the carrier takes a little longer than it was told


def _public_key_line(text: str) -> str:
    PublicKeys.of_lines([text])
    return text


PublicKeyLine = Annotated[str, AfterValidator(_public_key_line)]

# In plain small letters: two names that look alike are then one name, and one person.
StaffName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9._-]*$", max_length=60)]


class CallingHours(RuleGroup, WeekHours):
    """When customers may be rung; `bank_holidays` whether also on those."""

    bank_holidays: bool


class Numbers(RuleGroup):
    """Which kinds of UK number may be rung, and whether also those of which islands."""

    kinds: Annotated[
        tuple[Literal["mobile", "geographic", "uk_wide"], ...], Field(strict=False, min_length=1)
    ]
    islands: Annotated[
        tuple[Literal["isle_of_man", "jersey", "guernsey"], ...], Field(strict=False)
    ]


class Dialling(RuleGroup):
    """How a call is placed, and how long we wait for whom."""

    ring_seconds: int = Field(ge=15, le=120)
    time_limit_seconds: int = Field(ge=60, le=14400)
    calls_per_second_per_account: float = Field(gt=0)
    calls_at_once_per_account: int = Field(ge=1)
    send_by_seconds: int = Field(ge=1)
    http_timeout_seconds: int = Field(ge=1, le=60)
    list_lag_seconds: int = Field(ge=0)
    lease_seconds: int = Field(ge=1)
    clocks_apart_seconds: int = Field(ge=1, le=900)

    @model_validator(mode="after")
    def _lease_outlives_a_try(self) -> "Dialling":
        if self.lease_seconds <= self.send_by_seconds + self.http_timeout_seconds:
            raise ValueError("lease_seconds must be more than send_by + http_timeout")
        return self

    @property
    def settle_after_seconds(self) -> int:
        """From the claim on: when an attempt the carrier does not list was never placed."""
        return self.send_by_seconds + self.http_timeout_seconds + self.list_lag_seconds

    @property
    def longest_call_seconds(self) -> int:
        """After which a call that began to ring is over, whatever we heard of it."""
        return self.ring_seconds + self.time_limit_seconds + SLACK_SECONDS


class MachineDetection(RuleGroup):
    """Answering-machine detection, within the carrier's own limits."""

    timeout_seconds: int = Field(ge=3, le=59)
    speech_threshold_ms: int = Field(ge=1000, le=6000)
    speech_end_threshold_ms: int = Field(ge=500, le=5000)
    silence_timeout_ms: int = Field(ge=2000, le=10000)


class Attempts(RuleGroup):
    """How often a number is rung before a person decides, and how far apart by the clock."""

    per_case: int = Field(ge=1)
    hard_cap: int = Field(ge=1, le=6)
    hard_cap_days: int = Field(ge=1)
    per_number_per_day: int = Field(ge=1)
    hours_of_day_apart: int = Field(ge=0, le=6)

    @model_validator(mode="after")
    def _cap_is_the_most(self) -> "Attempts":
        if self.per_case > self.hard_cap:
            raise ValueError("per_case must be no more than hard_cap")
        return self


class AfterMachine(RuleGroup):
    """How long a number is left alone after a machine, or somebody who pressed no key."""

    hours: int = Field(ge=24)


class AfterAbandoned(RuleGroup):
    """How long a number is left alone after we dropped a call on somebody."""

    hours: int = Field(ge=72)


class ExpressRequest(RuleGroup):
    """Whether a customer who asked to be rung need not wait for another day."""

    lifts_waits: bool


class Retry(RuleGroup):
    """What follows an ending: `minutes` until the next attempt, a `task`, or nothing (`final`)."""

    minutes: int | None = Field(default=None, ge=1)
    final: bool = False
    task: bool = False

    @model_validator(mode="after")
    def _one_of_three(self) -> "Retry":
        if (self.minutes is not None) + self.final + self.task != 1:
            raise ValueError("needs exactly one of `minutes`, `final = true`, `task = true`")
        return self


class Breaker(RuleGroup):
    """When silent or failing calls stop the dialling of a desk, and what starts it again.

    Shares are of the latest calls, those of the last minutes; fewer than `least` say nothing.
    """

    latest_calls: int = Field(ge=10, le=1000)
    within_minutes: int = Field(ge=1, le=1440)
    silent_least: int = Field(ge=1, le=10)
    silent_share: float = Field(gt=0, le=1)
    failing_least: int = Field(ge=1, le=10)
    failing_share: float = Field(gt=0, le=1)
    pause_minutes: int = Field(ge=1, le=1440)
    longest_pause_minutes: int = Field(ge=1, le=1440)
    good_trials: int = Field(ge=1, le=10)

    @model_validator(mode="after")
    def _a_pause_is_no_longer_than_the_longest(self) -> "Breaker":
        if self.pause_minutes > self.longest_pause_minutes:
            raise ValueError("pause_minutes must be no more than longest_pause_minutes")
        return self


class Voice(Strict):
    """The carrier's voice for one language of ours."""

    language: str
    name: str


class Message(RuleGroup):
    """Whose calls these are, who may hear it, and how long a message to a machine may be."""

    name_organisation_on_machines: bool
    organisation: str = Field(min_length=1)
    longest_seconds: int = Field(ge=5, le=120)


class Speech(RuleGroup):
    """Whether answers may be spoken, and how sure the carrier must be of what it heard."""

    enabled: bool
    least_confidence: float = Field(ge=0, le=1)


class Disclosure(RuleGroup):
    """What is written down with every telling of case facts."""

    purpose: str = Field(min_length=1, max_length=200)
    authority: str = Field(min_length=1, max_length=200)
    restriction: str = Field(min_length=1, max_length=200)


class Reconciling(RuleGroup):
    """How often the carrier's lists are looked through for what no webhook told of.

    `overlap_minutes` is what each look repeats of the one before, `reach_days` how far back one
    can go: less than conversations are kept, or what we know would be taken for new.
    """

    minutes: int = Field(ge=1, le=60)
    overlap_minutes: int = Field(ge=5, le=720)
    reach_days: int = Field(ge=1, le=7)


class Archive(RuleGroup):
    """How long archived lines of the flow log stay in Redis too, and how far a search may reach.

    A line leaves Redis once it is older than the minutes, or once so many newer ones are there;
    never before it is archived.
    """

    keep_in_redis_minutes: int = Field(ge=1, le=10_080)
    keep_in_redis_lines: int = Field(ge=100, le=10_000_000)
    longest_search_days: int = Field(ge=1, le=3660)


class RecordsHeads(RuleGroup):
    """Where the newest head of each desk's archive is published, how often; who signed once."""

    publish_minutes: int = Field(ge=1, le=10_080)
    file: str
    syslog: str
    webhook: WebAddress
    former_keys: Annotated[tuple[PublicKeyLine, ...], Field(strict=False)]

    @property
    def published(self) -> bool:
        """Whether they go anywhere."""
        return bool(self.file or self.syslog or self.webhook)


class WordingApproval(RuleGroup):
    """Who may submit a wording, and who may approve one: never the same person for one text.

    `sample` says that these names are nobody's: production lets none of them approve.
    """

    sample: bool = False

    authors: Annotated[tuple[StaffName, ...], Field(strict=False)]
    approvers: Annotated[tuple[StaffName, ...], Field(strict=False)]

    @model_validator(mode="after")
    def _two_people(self) -> "WordingApproval":
        for author in self.authors:
            if not set(self.approvers) - {author}:
                raise ValueError(f"nobody but {author} could approve what {author} writes")
        return self


class TaskTimes(RuleGroup):
    """By when a task is to be done, by priority: minutes of the desk's hours since it was raised.

    At most a hundred days of eight hours.
    """

    urgent_minutes: int = Field(ge=1, le=48000)
    normal_minutes: int = Field(ge=1, le=48000)
    low_minutes: int = Field(ge=1, le=48000)

    def minutes_for(self, priority: Priority) -> int:
        """How long there is for a task of this priority."""
        return {
            Priority.URGENT: self.urgent_minutes,
            Priority.NORMAL: self.normal_minutes,
            Priority.LOW: self.low_minutes,
        }[priority]


class OutboundTexts(RuleGroup):
    """A closed list, off by default."""

    enabled: bool
    types: Annotated[
        tuple[Literal["appointment_reminder", "officer_alert"], ...], Field(strict=False)
    ]


class OfficerCheck(RuleGroup):
    """How often somebody may try an officer's codes on the officers' line (docs/officers.md)."""

    window_hours: int = Field(ge=1, le=168)
    tries: int = Field(ge=3, le=10)
    tries_elsewhere: int = Field(ge=3, le=100)
    ring_back_minutes: int = Field(ge=5, le=240)


class ApiRules(RuleGroup):
    """How much other systems may ask of the API, and how long it remembers (docs/api.md)."""

    requests_per_minute: int = Field(ge=1, le=100000)
    idempotency_hours: int = Field(ge=1, le=720)


class SignInRules(RuleGroup):
    """How long staff stay signed in, and how often somebody may try to be (docs/staff.md)."""

    idle_minutes: int = Field(ge=1, le=60)
    idle_minutes_on_call: int = Field(ge=1, le=60)
    longest_hours: int = Field(ge=1, le=24)
    window_minutes: int = Field(ge=1, le=1440)
    tries_per_device: int = Field(ge=3, le=100)
    tries_per_address: int = Field(ge=3, le=100)
    tries_per_account: int = Field(ge=3, le=100)
    tries_everywhere: int = Field(ge=10, le=100000)
    tries_without_wait: int = Field(ge=1, le=100)
    longest_wait_seconds: int = Field(ge=1, le=3600)
    device_days: int = Field(ge=1, le=365)
    invitation_hours: int = Field(ge=1, le=336)
