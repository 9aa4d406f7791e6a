"""Lists in pages, as twilio-python walks them: relative addresses, a token for the place."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, TypeVar
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from bot.simulator.carrier import Carrier
from bot.simulator.rest.errors import BAD_PARAMETER, Refused

PAGE_SIZE, LARGEST_PAGE = 50, 1000


class Resource(Protocol):
    """Anything with a sid."""

    @property
    def sid(self) -> str:
        """By which it is known."""
        ...


class Dated(Protocol):
    """Anything that knows when it was made."""

    created_at: datetime


R = TypeVar("R", bound=Resource)
D = TypeVar("D", bound=Dated)


def listed(carrier: Carrier, resources: Mapping[str, D]) -> list[D]:
    """What lists show: newest first, and only after a while, if the network is set so."""
    seen_until = carrier.clock.now() - timedelta(seconds=carrier.settings.list_lag_seconds)
    return [one for one in reversed(list(resources.values())) if one.created_at <= seen_until]


def page(
    path: str, key: str, found: Sequence[R], args: MultiDict[str, str], shown: Callable[[R], Any]
) -> dict[str, Any]:
    """One page of what was found, newest first."""
    size = min(max(1, args.get("PageSize", PAGE_SIZE, type=int)), LARGEST_PAGE)
    number = max(0, args.get("Page", 0, type=int))
    start = _start(found, args.get("PageToken", ""), number * size)
    records = found[start : start + size]
    more = start + size < len(found)
    filters = [(k, v) for k, v in args.items(multi=True) if not k.startswith("Page")]
    return {
        key: [shown(record) for record in records],
        "page": number,
        "page_size": size,
        "start": start,
        "end": start + max(0, len(records) - 1),
        "uri": _uri(path, filters, size, number, ""),
        "first_page_uri": _uri(path, filters, size, 0, ""),
        "previous_page_uri": _uri(path, filters, size, number - 1, "") if number else None,
        "next_page_uri": _uri(path, filters, size, number + 1, records[-1].sid) if more else None,
    }


def _start(found: Sequence[R], token: str, otherwise: int) -> int:
    """After the record of the token, so that newcomers do not shift the pages."""
    sids = [record.sid for record in found]
    sid = token.removeprefix("PA")
    return sids.index(sid) + 1 if sid in sids else otherwise


def _uri(path: str, filters: list[tuple[str, str]], size: int, number: int, last: str) -> str:
    query = [*filters, ("PageSize", str(size)), ("Page", str(number))]
    if last:
        query.append(("PageToken", f"PA{last}"))
    return f"{path}?{urlencode(query)}"


def in_time(args: MultiDict[str, str], name: str, moment: datetime | None) -> bool:
    """Does a time pass the filters `Name` (that day), `Name<` and `Name>`, both inclusive?
    Something without that time passes none of them."""
    for suffix in ("", "<", ">"):
        word = args.get(name + suffix)
        if word and (moment is None or not _passes(suffix, word, moment)):
            return False
    return True


def _passes(suffix: str, word: str, moment: datetime) -> bool:
    asked = _read(word)
    if suffix == "<":
        return moment <= asked
    if suffix == ">":
        return moment >= asked
    return moment.date() == asked.date()  # "on that day"; the library sends a date as its midnight


def _read(word: str) -> datetime:
    """A time in UTC, or the midnight of a date [oai]."""
    try:
        moment = datetime.strptime(word, "%Y-%m-%dT%H:%M:%SZ" if "T" in word else "%Y-%m-%d")
    except ValueError:
        raise Refused(BAD_PARAMETER) from None
    return moment.replace(tzinfo=UTC)
