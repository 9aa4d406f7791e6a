"""Connection overrides: the fragment of a webhook's URL says how patient to be and what to retry.

Source: twilio.md section 5 (d:usage/webhooks/webhooks-connection-overrides).
"""

from dataclasses import dataclass
from urllib.parse import parse_qsl

from bot.simulator.webhooks.request import Limits
from bot.simulator.whole_numbers import whole

RETRIED_BY_ALL = frozenset({"4xx", "5xx", "ct", "rt"})


@dataclass(frozen=True)
class Overrides:
    """How often and on what to retry, and how long to wait, in seconds.

    `wrong` names the retry policies that there are none of (d:api/errors/11243).
    """

    retries: int = 1
    retry_on: frozenset[str] = frozenset({"ct"})
    connect_seconds: float = 5.0
    read_seconds: float = 15.0
    total_seconds: float = 15.0
    wrong: str = ""

    def limits(self, seconds_left: float) -> Limits:
        """The limits of one single try, when that much time is left for all of them."""
        left = max(0.0, seconds_left)
        return Limits(min(self.connect_seconds, left), min(self.read_seconds, left), left)


def split_overrides(url: str) -> tuple[str, Overrides]:
    """The URL as it is requested and signed, and what its fragment asked for."""
    requested, _, fragment = url.partition("#")
    asked = dict(parse_qsl(fragment))
    policies = frozenset(asked.get("rp", "ct").split(","))
    return requested, Overrides(
        retries=_number(asked, "rc", 1, 0, 5),
        retry_on=RETRIED_BY_ALL if "all" in policies else policies & RETRIED_BY_ALL,
        connect_seconds=_number(asked, "ct", 5000, 100, 10000) / 1000,
        read_seconds=_number(asked, "rt", 15000, 100, 15000) / 1000,
        total_seconds=_number(asked, "tt", 15000, 100, 15000) / 1000,
        wrong=", ".join(sorted(policies - RETRIED_BY_ALL - {"all"})),
    )


def _number(asked: dict[str, str], name: str, default: int, least: int, most: int) -> int:
    """A whole number in its range; anything else is as if it had not been written."""
    number = whole(asked.get(name, ""), least, most)
    return default if number is None else number
