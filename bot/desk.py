"""A desk: who answers, when, who is told of its tasks, and which service numbers are its own."""

import re
from datetime import date, time
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from bot.config_files import Strict
from bot.errors import BadNumber
from bot.hours import NATIONS, Week, is_bank_holiday
from bot.phone import PhoneNumber
from bot.tasks import Priority

Evidence = Literal["full", "cut", "title", "withheld", "other", "secondary", "default"]
MOST_AT_ONCE = 1000  # calls of a desk that are counted; a larger one is several desks
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class RuleGroup(Strict):
    """Rules with the page they come from, and how well that page is known."""

    source: str = Field(min_length=1)
    evidence: Evidence


class CallerLine(StrEnum):
    """For whom a service number is; which flow opens hangs on it."""

    CUSTOMERS = "customers"
    OFFICERS = "officers"


class DayHours(Strict):
    """From the first instant to the last, which is no longer within."""

    from_: time = Field(alias="from")
    until: time

    @model_validator(mode="after")
    def _in_order(self) -> "DayHours":
        if self.from_.tzinfo or self.until.tzinfo or self.from_ >= self.until:
            raise ValueError("`from` must be before `until`, on one day, as local times")
        return self


# `sunday = false` closes a day that the packaged file opens.
Day = Annotated[DayHours | None, BeforeValidator(lambda value: None if value is False else value)]


class WeekHours(Strict):
    """Hours by weekday; a day that is not named, or `false`, is closed."""

    zone: str
    monday: Day = None
    tuesday: Day = None
    wednesday: Day = None
    thursday: Day = None
    friday: Day = None
    saturday: Day = None
    sunday: Day = None

    @model_validator(mode="after")
    def _usable(self) -> "WeekHours":
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(f"no time zone is called {self.zone!r}") from None
        if not self.week.days:
            raise ValueError("no day is open")
        return self

    @cached_property
    def week(self) -> Week:
        """The same, as something that can be asked for an instant."""
        named = {place: getattr(self, day) for place, day in enumerate(_WEEKDAYS)}
        return Week(self.zone, {at: (day.from_, day.until) for at, day in named.items() if day})


def _checked_number(text: str) -> str:
    try:
        return PhoneNumber(text).e164
    except BadNumber:
        raise ValueError("not a number in E.164 form, like +443069990100") from None


def _checked_number_or_none(text: str) -> str:
    return _checked_number(text) if text else text


def _known_nation(text: str) -> str:
    if text not in NATIONS:
        raise ValueError(f"none of {', '.join(NATIONS)}")
    return text


ServiceNumber = Annotated[str, AfterValidator(_checked_number)]


class Lines(Strict):
    """The service numbers of a desk (E.164), by who rings them."""

    customers: Annotated[tuple[ServiceNumber, ...], Field(strict=False, min_length=1)]
    officers: Annotated[tuple[ServiceNumber, ...], Field(strict=False)] = ()


def _web_address(text: str) -> str:
    try:
        url = urlsplit(text)
        plain = not (url.fragment or url.username or url.password) and url.port != 0
    except ValueError:
        plain = False
    clean = text.isascii() and text.isprintable() and " " not in text
    if text and not (plain and clean and url.scheme in ("http", "https") and url.hostname):
        raise ValueError("not an address of the form https://host[:port][/path], without a user")
    return text


def _mail_address(text: str) -> str:
    if text and not re.fullmatch(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", text):
        raise ValueError("not one plain e-mail address, like desk@example.gov.uk")
    return text


WebAddress = Annotated[str, AfterValidator(_web_address)]
MailAddress = Annotated[str, AfterValidator(_mail_address)]


class DeskAlerts(RuleGroup):
    """Who is told of a desk's tasks, and how often again; an empty address is nobody's.

    Times are minutes: urgent ones by the clock, since the task was raised; normal ones of the
    desk's hours, since it was due.
    """

    tell: Annotated[tuple[Annotated[Priority, Field(strict=False)], ...], Field(strict=False)]
    webhook: WebAddress
    email: MailAddress
    manager_webhook: WebAddress
    manager_email: MailAddress
    sender: MailAddress
    urgent_again_minutes: int = Field(ge=1, le=10080)
    normal_again_minutes: int = Field(ge=1, le=10080)

    @model_validator(mode="after")
    def _mail_comes_from_somebody(self) -> "DeskAlerts":
        if (self.email or self.manager_email) and not self.sender:
            raise ValueError("e-mail needs a `sender`")
        return self


class Desk(RuleGroup):
    """One desk. `caller_id` is what a called person sees; `phone` where transfers go, or empty."""

    name: str = Field(min_length=1)
    phone: Annotated[str, AfterValidator(_checked_number_or_none)]
    caller_id: ServiceNumber
    calls_per_second: float = Field(gt=0)
    calls_at_once: int = Field(ge=1, le=MOST_AT_ONCE)
    bank_holidays_of: Annotated[str, AfterValidator(_known_nation)]
    lines: Lines
    officers: dict[str, Annotated[str, Field(min_length=1)]] = Field(default_factory=dict)
    spoken_hours: dict[str, Annotated[str, Field(min_length=1)]] = Field(min_length=1)
    hours: WeekHours
    alerts: DeskAlerts | None = None

    @model_validator(mode="after")
    def _shows_a_number_that_can_be_rung(self) -> "Desk":
        if self.caller_id not in self.lines.customers:  # whoever rings it back is a customer
            raise ValueError("caller_id must be one of the desk's own lines for customers")
        # Ofcom General Condition C6: dialable, and no mobile, premium or revenue-share number.
        if not _is_ordinary_rate(self.caller_id):
            raise ValueError("caller_id must be a UK number that begins with 01, 02 or 03")
        return self

    @model_validator(mode="after")
    def _is_reached_at_an_ordinary_rate(self) -> "Desk":
        if self.phone and not _is_ordinary_rate(self.phone):
            raise ValueError("phone must be a UK number that begins with 01, 02 or 03")
        return self

    def takes_calls(self, now: float) -> bool:
        """Whether somebody answers here now: a transfer number, within hours, no bank holiday."""
        return bool(self.phone) and self.hours.week.is_open(now, self._closed)

    def after_working(self, since: float, minutes: float) -> float:
        """The instant by which the desk has been open for so many minutes since then."""
        return self.hours.week.after_open(since, minutes * 60, self._closed)

    def minutes_worked(self, since: float, until: float) -> float:
        """For how many minutes the desk has been open between two instants."""
        return self.hours.week.open_seconds(since, until, self._closed) / 60

    def today(self, now: float) -> tuple[float, float]:
        """From when to when it is today at this desk, by its own wall clock."""
        midnight = self.hours.week.local(now).replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight.timestamp(), self.hours.week.next_day(now)

    def hours_in_words(self, language: str) -> str:
        """The hours as they are spoken: in this language, or the first that there is."""
        return self.spoken_hours.get(language) or next(iter(self.spoken_hours.values()))

    @property
    def spoken_number(self) -> str:
        """The number to ring, digit by digit: `0 3 0 6, 9 9 9, 0 1 0 0`."""
        return PhoneNumber(self.caller_id).spoken

    def _closed(self, day: date) -> bool:
        return is_bank_holiday(day, self.bank_holidays_of)


def _is_ordinary_rate(e164: str) -> bool:
    if not e164.startswith(("+441", "+442", "+443")):
        return False
    # Jersey, Guernsey and the Isle of Man share 01 with us. None is a number kept for drama.
    return phonenumbers.region_code_for_number(phonenumbers.parse(e164)) in ("GB", None)
