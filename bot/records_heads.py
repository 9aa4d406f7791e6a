"""Who signs the archive, and how its heads get out of the house: published at intervals.

A head covers its block and all before it, so the newest is enough. It goes out after the commit,
to every place that the rules name, and is marked when all have it: at least once, and twice is the
same as once. Any number of workers may run.
"""

from collections.abc import Callable
from typing import Protocol

import structlog

from bot.chain import Block
from bot.chain_text import published_text
from bot.clock import Clock
from bot.errors import ConfigError, NotDelivered
from bot.policy_rules import RecordsHeads
from bot.records import SqlChain
from bot.settings import Settings
from bot.signing import NAME, PublicKeys, Signer

log = structlog.get_logger()

LOOK_SECONDS = 30.0  # between two looks whether a head is to go out
CLOCKS_APART_SECONDS = 900.0


class HeadCourier(Protocol):
    """Puts heads where nobody of ours can take them back."""

    def file(self, path: str, text: str) -> None:
        """Add a line to a file. Raises `NotDelivered`."""

    def syslog(self, socket: str, text: str) -> None:
        """Give it to the machine's own daemon. Raises `NotDelivered`."""

    def webhook(self, url: str, text: str, id: str, now: float) -> None:
        """Post it, signed at `now`. Raises `NotDelivered`."""


def signer_of(settings: Settings) -> Signer | None:
    """Who signs. Raises `ConfigError` in production without a key: its archive proves nothing."""
    if settings.records_key is not None:
        return Signer.parse(settings.records_key)
    if settings.production:
        step = "workers in production sign the archive: `ringback records new-key` makes one"
        raise ConfigError("environment", NAME, step)
    return None


def trusted(settings: Settings, rules: RecordsHeads) -> PublicKeys:
    """Whose signatures are: those of the key of the environment, and of former ones."""
    former = PublicKeys.of_lines(rules.former_keys)
    signer = Signer.parse(settings.records_key) if settings.records_key else None
    return signer.keys.and_those(former) if signer else former


class HeadPublisher:
    """Publishes the newest heads of any desk."""

    def __init__(
        self, chain: SqlChain, rules: RecordsHeads, clock: Clock, courier: HeadCourier
    ) -> None:
        self._chain, self._rules = chain, rules
        self._clock, self._courier = clock, courier
        self._look_at: dict[str, float] = {}

    def take_one(self, desk: str) -> int | None:
        """Publish the newest head of a desk, if it is time; the number of its block.

        What did not get out everywhere goes out again at the next look. Raises `StoreDown`.
        """
        now = self._clock.now()
        if not self._rules.published or now < self._look_at.get(desk, 0.0) <= now + LOOK_SECONDS:
            return None
        self._look_at[desk] = now + LOOK_SECONDS
        newest = self._chain.newest(desk)
        if newest is None or newest[1] is not None or not self._is_time(desk, now):
            return None
        block = newest[0]
        if not self._is_out(block, now):
            return None
        self._chain.mark_published(block, now)
        return block.number

    def _is_time(self, desk: str, now: float) -> bool:
        last = self._chain.last_published_at(desk)
        if last is None or last > now + CLOCKS_APART_SECONDS:  # a clock that ran far ahead
            return True
        return now - last >= self._rules.publish_minutes * 60

    def _is_out(self, block: Block, now: float) -> bool:
        """Whether every place has it. One that fails keeps it from no other."""
        rules, courier, text = self._rules, self._courier, published_text(block)
        deliveries: dict[str, Callable[[], None]] = {
            "file": lambda: courier.file(rules.file, text),
            "syslog": lambda: courier.syslog(rules.syslog, text),
            "webhook": lambda: courier.webhook(rules.webhook, text, block.head[:32], now),
        }
        everywhere = True
        for place, deliver in deliveries.items():
            try:
                if getattr(rules, place):
                    deliver()
            except NotDelivered as error:
                log.error("head_not_published", desk=block.desk, place=place, error=str(error))
                everywhere = False
        return everywhere
