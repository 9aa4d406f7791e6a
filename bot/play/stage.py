"""The stage of `ringback play`: the whole service in memory, on a phone network in this process.

Its clock is the network's, and stands still between what is typed: a path can be played again.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import structlog

from bot.clock import Clock
from bot.errors import BadImport, ConfigError
from bot.keys import Keyring
from bot.passwords import Passwords
from bot.play import CreateApp
from bot.play.officers import OFFICERS_LINE, give_sheet
from bot.play.people import OFFICER, SOMEBODY, Person, the_people
from bot.play.player import Stage
from bot.records import Records, connect, upgrade
from bot.runtime import Flows, Runtime
from bot.samples import import_samples
from bot.settings import Profile, Settings
from bot.simulator import (
    InProcessHttpClient,
    PhoneNetwork,
    VirtualClock,
    WsgiDelivery,
    rest_app,
)
from bot.storage.memory import MemoryStore
from bot.twilio.client import TwilioCarrier
from bot.twilio.urls import Urls

TUESDAY_AT_TEN = datetime(2026, 9, 15, 9, 0, tzinfo=UTC)  # 10:00 in London: the desk is open
OFFICERS_NUMBER = "s1001"  # of the sample staff
BASE, ACCOUNT, TOKEN = "https://play.example", "AC" + "0" * 32, "play"
# The key of the tests: the same questions are drawn when the same path is played again.
KEYRING = Keyring({"k1": bytes(range(32))})


@contextmanager
def set_up(
    settings: Settings, flows: Flows, create_app: CreateApp, number: str
) -> Iterator[tuple[Stage, Sequence[Person]]]:
    """The stage of one play and its people, whoever has this number among them.

    Nothing of it is kept. Raises `ConfigError`.
    """
    with TemporaryDirectory(prefix="ringback-play-") as folder, _log_kept():
        records = connect(f"sqlite:///{Path(folder) / 'records.sqlite'}")
        try:
            upgrade(records)
            clock = VirtualClock(TUESDAY_AT_TEN)
            runtime = _runtime(settings, flows, Path(folder), records, clock)
            _import_samples(runtime, records)
            app = create_app(runtime=runtime)
            structlog.configure(processors=[_drop])
            people = _people(runtime, number)
            yield _stage(runtime, app, clock, people), people
        finally:
            records.dispose()


def _runtime(
    settings: Settings, flows: Flows, folder: Path, records: Any, clock: VirtualClock
) -> Runtime:
    ours = Clock(wall=lambda: clock.now().timestamp())
    return Runtime.assemble(
        replace(
            settings,
            profile=Profile.DEMO,
            data_dir=folder,
            redis_url=None,
            keys=None,
            public_url=BASE,
            twilio_account_sid=ACCOUNT,
            twilio_auth_token=TOKEN,
            twilio_auth_token_secondary=None,
        ),
        flows,
        keyring=KEYRING,
        clock=ours,
        store=MemoryStore(clock=ours.now),
        records=Records.on(records, KEYRING),
    )


def _import_samples(runtime: Runtime, records: Any) -> None:
    try:
        import_samples(records, runtime)
    except BadImport:
        reason = "the invented people do not fit your desks or questions; unset it to play"
        raise ConfigError("play", "RINGBACK_CONFIG_DIR", reason) from None


def _people(runtime: Runtime, number: str) -> Sequence[Person]:
    questions = runtime.house.questions.questions
    people = the_people(questions)
    known = any(one.phone == number for one in people)
    return people if known else [*people, Person(SOMEBODY, number, questions)]


def _stage(runtime: Runtime, app: Any, clock: VirtualClock, people: Sequence[Person]) -> Stage:
    policy, urls, door = runtime.house.policy, Urls(BASE), WsgiDelivery(app, BASE)
    network = PhoneNetwork(ACCOUNT, TOKEN, clock, deliver=door)
    lines = policy.desk[policy.default_desk].lines
    for number in (*lines.customers, *lines.officers):
        network.own(number, urls.call_received(), urls.text_received(), urls.call_status())
    http_client = InProcessHttpClient(rest_app(network))
    return Stage(
        runtime=runtime,
        carrier=TwilioCarrier(
            account_sid=ACCOUNT, auth_token=TOKEN, urls=urls, http_client=http_client
        ),
        network=network,
        door=door,
        people={one.name: one for one in reversed(people)},
        service=lines.customers[0],
        lines={OFFICERS_LINE: lines.officers[0]} if lines.officers else {},
        sheets={OFFICER: give_sheet(runtime, OFFICERS_NUMBER, Passwords())},
    )


@contextmanager
def _log_kept() -> Iterator[None]:
    """The application log is for us, and would stand between the lines of the play."""
    before = structlog.get_config()
    try:
        yield
    finally:
        structlog.configure(**before)


def _drop(*_: object) -> dict[str, object]:
    raise structlog.DropEvent
