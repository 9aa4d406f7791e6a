"""What a form of *Search* asks for, read strictly: each field has its form, none wild characters.

What cannot be read is told with the field and what to give, and is not shown again: it may be a
telephone number in the wrong field.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.actions import Disposition
from bot.cases import is_case_handle
from bot.discreet import asks_which
from bot.errors import BadNumber
from bot.flow_log import LineKind
from bot.keys import Keyring
from bot.phone import PhoneNumber
from bot.records.flow_log_search import Wanted
from bot.staff import NUMBER_FORM

NAME = re.compile(r"[a-z][a-z0-9_]{0,60}")
CONVERSATION = re.compile(r"[A-Z]{2}[A-Za-z0-9]{1,60}(-\d{1,3})?")
WORDING = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*(@[0-9a-f]{12})?")
DESK = re.compile(r"[a-z0-9][a-z0-9_-]{0,60}")
TELEPHONE = re.compile(r"(0|44)\d{9,10}")
WHOLE = "wild characters find nothing"
FIELDS = (
    "desk",
    "flow",
    "state",
    "kind",
    "disposition",
    "case",
    "staff",
    "conversation",
    "wording",
)


class BadField(Exception):
    """A field that cannot be read: which, and what to give."""

    def __init__(self, field: str, told: str) -> None:
        super().__init__(told)
        self.field, self.told = field, told


def wanted_of(form: Mapping[str, str], keyring: Keyring, zone: ZoneInfo) -> Wanted:
    """What is asked for. A number is its hashes from here on. Raises `BadField`."""
    given = {name: form.get(name, "").strip() or None for name in FIELDS}
    for name, text in given.items():
        if text and name in READ and not READ[name][0](text):
            raise BadField(name, READ[name][1])
    if given["wording"] and asks_which(given["wording"]):
        raise BadField("wording", "Give another wording: which checks were asked is not told")
    since, until = (_moment(form, name, zone) for name in ("since", "until"))
    return Wanted(since=since, until=until, numbers=_hashes(form, keyring), **given)


def in_words(wanted: Wanted, zone: ZoneInfo) -> str:
    """The same for the flow log: a number is only told to have been given."""
    words = [f"{name}={getattr(wanted, name)}" for name in FIELDS if getattr(wanted, name)]
    for name in ("since", "until"):
        at = getattr(wanted, name)
        if at is not None:
            words.append(f"{name}={datetime.fromtimestamp(at, zone).isoformat(timespec='minutes')}")
    return " ".join([*words, "number"] if wanted.numbers else words)


def _staff_number(text: str) -> bool:
    """Whether it may be one; a telephone number in this field is not to be kept."""
    return bool(NUMBER_FORM.fullmatch(text)) and not TELEPHONE.fullmatch(text)


READ: dict[str, tuple[Callable[[str], object], str]] = {
    "case": (is_case_handle, f"Give the whole handle of the case, its nine digits: {WHOLE}"),
    "conversation": (CONVERSATION.fullmatch, f"Give the whole id of the conversation: {WHOLE}"),
    "staff": (_staff_number, f"Give the whole staff number: {WHOLE}"),
    "flow": (NAME.fullmatch, f"Give the whole name of a flow, as inbound_call: {WHOLE}"),
    "state": (NAME.fullmatch, f"Give the whole name of a state, as callback_owed: {WHOLE}"),
    "wording": (WORDING.fullmatch, f"Give the whole id of a wording, as checks.begin: {WHOLE}"),
    "disposition": (set(Disposition).__contains__, "Choose an ending of the list"),
    "kind": (set(LineKind).__contains__, "Choose a kind of the list"),
    "desk": (DESK.fullmatch, "Choose a desk of the list"),
}


def _moment(form: Mapping[str, str], field: str, zone: ZoneInfo) -> float | None:
    text = form.get(field, "").strip()
    if not text:
        return None
    try:
        local = datetime.strptime(text.replace(" ", "T"), "%Y-%m-%dT%H:%M")
        return local.replace(tzinfo=zone).timestamp()
    except (ValueError, OverflowError):
        raise BadField(field, "Give a day and a time, as 2026-09-15 14:30") from None


def _hashes(form: Mapping[str, str], keyring: Keyring) -> tuple[str, ...] | None:
    """What the number is called in the log, under each live key; itself it is kept nowhere."""
    text = form.get("number", "").strip()
    if not text:
        return None
    try:
        e164 = PhoneNumber.parse(text).e164
    except BadNumber:
        raise BadField("number", "Give a whole telephone number, as 07700 900123") from None
    return tuple(keyring.named_by(key).number_hash(e164) for key in keyring.live)
