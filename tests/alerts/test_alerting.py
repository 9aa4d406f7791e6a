"""From a webhook of the carrier's to real receivers: told, told again, and not for ever."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from bot.alert_health import troubles
from bot.alerting import GIVE_UP_SECONDS, LEASE_SECONDS, Alerting, backoff
from bot.alerts import refuse_alerts_that_cannot_go
from bot.delivery import RealCourier
from bot.errors import ConfigError, NotDelivered
from bot.outbox import Outbox
from bot.owing import owe_task
from bot.store import ALERTS, OUTBOX, Line
from bot.tasks import Priority
from bot.unit_of_work import UnitOfWork
from bot.worker import Worker
from tests.alerts.conftest import BOB_WANTS_A_PERSON, IMPATIENT, KEY_TEXT, production
from tests.alerts.receivers import Mailbox, Receiver, mail, web
from tests.house_in_memory import DESK, FakeCarrier, HouseInMemory
from tests.people import BOB
from tests.worker.world import Killable, Killed

MINUTE, HALF_AN_HOUR = 60.0, 1800.0
SENDER = "ringback@dept.example"
POLICY = """
[desk.main.alerts]
webhook = "{web}/desk"
manager_webhook = "{web}/manager"
email = "{email}"
sender = "{sender}"
"""


class Told(HouseInMemory):
    """A house whose desk is told by webhook and, if there is a mailbox, by e-mail."""

    receiver: Receiver
    box: Mailbox | None = None
    alerting: Alerting

    def bob_wants_a_person(self) -> None:
        """Bob rings and presses the key for a person; the task is filed, and nobody told yet."""
        call = self.rings(BOB)
        call.press("0")
        self.work()
        assert [task.reason.value for task in self.runtime.tasks.open()] == ["wants_person"]

    def tell(self) -> int:
        """The worker carries out what is due of the alerts; how many lines."""
        done = 0
        while self.alerting.take_one(DESK):
            done += 1
        return done

    def told(self) -> list[tuple[str, int]]:
        """Who was told by webhook, and which telling it was; in the order of the tellings."""
        found = [(one.path, json.loads(one.body)["step"]) for one in self.receiver.posted]
        return sorted(found, key=lambda one: (one[1], one[0]))

    def troubles(self) -> list[str]:
        desk = self.runtime.house.policy.desk[DESK]
        return troubles(self.store, DESK, desk, self.clock.now())

    def waiting(self) -> list[str]:
        return [line.id for line in self.store.waiting(DESK, ALERTS)]


@contextmanager
def told_house(build, tmp_path, box: Mailbox | None = None) -> Iterator[Told]:
    with web() as receiver:
        config = tmp_path / "config"
        config.mkdir(exist_ok=True)
        (config / "policy.toml").write_text(
            POLICY.format(web=receiver.url, email="desk@dept.example" if box else "", sender=SENDER)
        )
        environment = {
            "RINGBACK_CONFIG_DIR": str(config),
            "RINGBACK_ALERT_WEBHOOK_KEY": KEY_TEXT,
            "RINGBACK_SMTP_URL": f"smtp://localhost:{box.port if box else 1}",
        }
        house = build(environment=environment)
        house.__class__ = Told
        house.receiver, house.box = receiver, box
        courier = RealCourier(house.runtime.settings, seconds=IMPATIENT)
        house.alerting = Alerting(house.runtime, courier)
        yield house


@pytest.fixture
def told(build, tmp_path) -> Iterator[Told]:
    with told_house(build, tmp_path) as house:
        yield house


def test_the_desk_is_told_at_once_and_its_manager_when_nobody_takes_it(told):
    told.bob_wants_a_person()
    told.tell()
    assert told.told() == [("/desk", 0)]

    told.later(HALF_AN_HOUR - 1)
    told.tell()
    assert told.told() == [("/desk", 0)]

    told.later(1)
    told.tell()
    assert told.told()[1:] == [("/desk", 1), ("/manager", 1)]

    told.later(HALF_AN_HOUR)
    told.tell()
    assert told.told()[3:] == [("/desk", 2), ("/manager", 2)]


@pytest.mark.parametrize("ending", ["take", "finish"])
def test_what_is_taken_or_done_is_told_no_more(told, ending):
    told.bob_wants_a_person()
    told.tell()
    (task,) = told.runtime.tasks.open()
    assert getattr(told.runtime.tasks, ending)(task.id, "s1001", told.clock.now())

    told.later(10 * HALF_AN_HOUR)
    told.tell()

    assert told.told() == [("/desk", 0)]
    assert told.waiting() == []


def test_what_was_done_before_anybody_was_told_is_told_to_nobody(told):
    told.bob_wants_a_person()
    (task,) = told.runtime.tasks.open()
    told.runtime.tasks.finish(task.id, "s1001", told.clock.now())

    told.tell()

    assert told.told() == []


def test_nothing_about_bob_leaves_the_house(build, tmp_path):
    with mail(Mailbox()) as box, told_house(build, tmp_path, box) as told:
        told.bob_wants_a_person()
        told.tell()
        (task,) = told.runtime.tasks.open()

        sent = [str(one) for one in told.receiver.posted] + [str(one) for one in box.letters]
        assert len(sent) == 2
        secrets = [BOB.reference, BOB.full_name, BOB.phone[-6:], task.number, task.conversation]
        answers = [answer for answer in BOB.answers.values() if len(answer) > 3]
        for secret in (*secrets, *answers, "s1001", "Omar"):
            assert secret
            assert not [text for text in sent if secret in text], secret


# Receivers that fail


def test_a_receiver_that_is_down_is_told_later_and_once(told):
    told.receiver.answers = [500, 503, "drop"]
    told.bob_wants_a_person()
    for _ in range(4):
        told.tell()
        told.later(30)
    told.tell()

    assert told.told() == [("/desk", 0)] * 4
    assert len({one.headers["webhook-id"] for one in told.receiver.posted}) == 1
    assert told.waiting() == [line for line in told.waiting() if line.endswith(":1")]


def test_doctor_is_told_of_it_until_it_works_again(told):
    told.receiver.answers = [500]
    told.bob_wants_a_person()
    told.tell()
    told.later(5 * MINUTE)
    assert told.troubles() == [
        "the desk main, webhook: fails since 5 min ago (answered with HTTP 500)"
    ]

    told.tell()

    assert told.troubles() == []


def test_the_next_telling_takes_the_place_of_one_that_never_arrived(told):
    """Down all night: in the morning one alert comes, not one for each half hour."""
    told.bob_wants_a_person()
    told.receiver.answers = [500] * 1000
    for _ in range(20):
        told.tell()
        told.later(HALF_AN_HOUR)
    told.receiver.answers.clear()
    told.receiver.posted.clear()

    told.later(HALF_AN_HOUR)
    told.tell()

    assert told.told() == [("/desk", 21), ("/manager", 21)]


def test_a_worker_that_was_away_tells_the_newest_only(told):
    told.bob_wants_a_person()
    told.later(7 * HALF_AN_HOUR)
    told.tell()

    assert told.told() == [("/desk", 7), ("/manager", 7)]


def test_what_cannot_be_told_for_a_day_is_given_up_loudly(build, tmp_path):
    with told_house(build, tmp_path) as told:
        told.receiver.answers = [500] * 1000
        raised = told.clock.now()
        file_low_task(told)
        for _ in range(200):
            told.tell()
            told.later(900)

        assert told.waiting() == []
        assert told.clock.now() - raised > GIVE_UP_SECONDS
        tries = len(told.receiver.posted)
        assert 90 < tries < 120
        assert any("given up within the last week" in one for one in told.troubles())
        assert [task.id for task in told.runtime.tasks.open()] == ["by-hand"]

        told.later(8 * 86400)
        assert not any("given up" in one for one in told.troubles())


def file_low_task(told: Told) -> None:
    """Nobody is told again of such a one, so nothing takes the place of what fails."""
    raised = told.clock.now()
    unit = UnitOfWork(told.store, DESK)
    low = replace(BOB_WANTS_A_PERSON, id="by-hand", priority=Priority.LOW, raised_at=raised)
    owe_task(unit, low)
    unit.commit()
    told.work()


def test_one_channel_that_fails_holds_up_no_other(build, tmp_path):
    with mail(Mailbox(refuses="RCPT")) as box, told_house(build, tmp_path, box) as told:
        told.bob_wants_a_person()
        told.tell()

        assert told.told() == [("/desk", 0)]
        assert box.letters == []
        assert told.troubles() == [
            "the desk main, email: fails since 0 min ago (the mail server refused the address)"
        ]


def test_no_address_and_no_word_of_a_receiver_is_logged(told, capsys, caplog):
    told.receiver.answers = [500]
    told.bob_wants_a_person()
    told.tell()

    said = caplog.text + "".join(capsys.readouterr())
    assert told.receiver.url not in said


def test_an_address_that_was_taken_away_is_told_no_more(told):
    told.receiver.answers = [500]
    told.bob_wants_a_person()
    told.tell()
    desk = told.runtime.house.policy.desk[DESK]
    alerts = desk.alerts.model_copy(update={"webhook": "", "manager_webhook": ""})
    policy = told.runtime.house.policy
    object.__setattr__(
        told.runtime.house,
        "policy",
        policy.model_copy(update={"desk": {DESK: desk.model_copy(update={"alerts": alerts})}}),
    )

    told.later(MINUTE)
    told.tell()

    assert told.told() == [("/desk", 0)]


def test_backoff_grows_and_is_bounded():
    assert [backoff(tries) for tries in (1, 2, 3, 9, 10_000)] == [5, 10, 20, 900, 900]


# Workers that die, and several at once


def test_a_worker_may_die_at_any_step_and_bob_is_told_of(build, tmp_path):
    """At least once each, and what is told twice bears the same id."""
    steps = telling_with(build, tmp_path, None)[0]
    assert steps[0] == "claim" and "commit" in steps and "done" in steps

    # What was done before a call is the same as after the one before it: `read` changes nothing.
    deaths = [(place, "before") for place, step in enumerate(steps) if step != "read"]
    for place, side in (*deaths, (len(steps) - 1, "after")):
        _, posted, waiting = telling_with(build, tmp_path, (place, side))

        ids = {one.headers["webhook-id"] for one in posted}
        assert len(ids) == 1, f"killed {side} {steps[place]} (step {place})"
        assert len(posted) <= 2
        assert len(waiting) == 1 and waiting[0].endswith(":1"), "the next telling is owed"


def telling_with(build, tmp_path, die_at):
    """A worker that files the task and tells of it, or dies on the way; then another."""
    with told_house(build, tmp_path) as told:
        call = told.rings(BOB)
        call.press("0")
        killable = Killable(told.store)
        killable.die_at = die_at
        runtime = replace(told.runtime, store=killable)
        alerting = Alerting(runtime)
        outbox = Outbox(runtime, told.carrier)
        try:
            while outbox.take_one(DESK) or alerting.take_one(DESK):
                pass
        except Killed:
            assert die_at
        told.later(LEASE_SECONDS + 1)
        told.work()
        told.tell()
        told.later(LEASE_SECONDS + 1)
        told.tell()
        return killable.calls, told.receiver.posted, told.waiting()


def test_what_redis_has_lost_is_told_again_at_its_next_time(told):
    told.bob_wants_a_person()
    told.tell()
    for line in told.waiting():
        unit = UnitOfWork(told.store, DESK)
        unit.drop(ALERTS, line)
        unit.commit()

    told.alerting.revive(DESK)
    told.tell()
    assert told.told() == [("/desk", 0)]

    told.later(HALF_AN_HOUR)
    told.tell()
    assert told.told()[1:] == [("/desk", 1), ("/manager", 1)]


def test_a_worker_that_starts_repeats_nothing_that_is_owed(told):
    told.bob_wants_a_person()
    told.tell()
    owed = told.store.waiting(DESK, ALERTS)

    told.alerting.revive(DESK)

    assert told.store.waiting(DESK, ALERTS) == owed
    (task,) = told.runtime.tasks.open()
    told.runtime.tasks.take(task.id, "s1001", told.clock.now())
    told.later(HALF_AN_HOUR)
    told.tell()
    told.alerting.revive(DESK)
    assert told.waiting() == []


def test_two_workers_tell_once(told):
    told.bob_wants_a_person()
    other = Alerting(told.runtime)
    while told.alerting.take_one(DESK) or other.take_one(DESK):
        pass

    assert told.told() == [("/desk", 0)]


def test_a_slow_receiver_keeps_no_call_waiting(told):
    """While the alert hangs, the same worker ends a call that is owed its end."""

    class Hanging:
        hangs = threading.Event()
        goes_on = threading.Event()

        def webhook(self, url, alert, now):
            self.hangs.set()
            self.goes_on.wait(10)
            raise NotDelivered("no answer in time")

    told.bob_wants_a_person()
    courier, carrier, stop = Hanging(), FakeCarrier(), threading.Event()
    ended = threading.Event()
    carrier.end_call = lambda call: ended.set()
    worker = threading.Thread(
        target=Worker(told.runtime, carrier, courier).run, args=(stop,), daemon=True
    )
    worker.start()
    try:
        assert courier.hangs.wait(10)
        unit = UnitOfWork(told.store, DESK)
        data = {"conversation": "CA9", "turn": 1, "call": "CA9"}
        now = told.clock.now()
        unit.owe(Line(queue=OUTBOX, id="end_call:CA9:1", kind="end_call", due=now, data=data))
        unit.commit()
        assert ended.wait(10)
        assert not courier.goes_on.is_set()
    finally:
        courier.goes_on.set()
        stop.set()
        worker.join(10)
    assert not worker.is_alive()


def test_production_does_not_start_with_a_webhook_in_clear(told):
    with pytest.raises(ConfigError, match=r"desk\.main\.alerts\.webhook: production needs https"):
        refuse_alerts_that_cannot_go(told.runtime.house.policy, production(told.runtime.settings))
