"""What Prometheus is told of how people are helped: Alice's text, her call, a desk that stands."""

import re

from bot.actions import Disposition, TaskReason
from bot.alert_health import note_failure, note_given_up
from bot.alerts import Channel
from bot.dialling_gate import pause
from bot.errors import StoreDown
from bot.signals import series
from bot.storage.memory import MemoryStore
from bot.tasks import Priority, Task
from bot.unit_of_work import UnitOfWork
from tests.house_in_memory import DESK, HOUR, TUESDAY_AT_TEN, HouseInMemory
from tests.people import ALICE, BOB
from tests.signals.scrape import Prometheus


def test_alices_text_shows_as_a_due_callback_and_her_call_by_how_it_ended(
    house: HouseInMemory,
) -> None:
    prometheus = Prometheus(house.runtime)

    house.text(ALICE, "Hello")
    house.later(40)
    owed = prometheus.scrape()
    assert owed.get("callbacks", desk=DESK, state="due") == 1
    assert owed.get("callbacks_oldest_due_seconds", desk=DESK) == 40
    assert owed.get("queue_lines_due", desk=DESK, queue="due") == 1
    assert owed.get("calls_at_once", desk=DESK) == 0
    assert owed.get("archive_lag_seconds", desk=DESK) == 40  # no worker has archived her text
    assert (owed.get("archive_lag_lines", desk=DESK) or 0) > 0

    call = house.place()
    rings = prometheus.scrape()
    assert rings.get("callbacks", desk=DESK, state="due") == 0
    assert rings.get("callbacks", desk=DESK, state="under_way") == 1
    assert rings.get("callbacks_oldest_due_seconds", desk=DESK) == 0
    assert rings.get("calls_at_once", desk=DESK) == 1
    assert rings.get("calls_at_once_limit", desk=DESK) == 20

    call.status("busy")
    ended = prometheus.scrape()
    labels = {"desk": DESK, "flow": "outbound_call"}
    assert ended.get("calls_ended_total", **labels, disposition="busy") == 1
    assert ended.get("calls_ended_total", **labels, disposition="connected") == 0
    assert ended.get("callback_steps_total", desk=DESK, step="placed") == 1
    assert ended.get("callbacks", desk=DESK, state="later") == 1
    assert ended.get("calls_at_once", desk=DESK) == 0
    assert ended.get("dialling_latest_calls", desk=DESK, showed="good") == 1


def test_a_line_is_counted_once_however_often_it_is_scraped(house: HouseInMemory) -> None:
    house.text(BOB, "Hello")  # before anybody looked: not counted
    prometheus = Prometheus(house.runtime)
    house.text(ALICE, "Hello")

    told = {prometheus.scrape().get("callback_steps_total", desk=DESK, step="due") for _ in "123"}
    assert told == {1.0}


def test_a_rule_that_holds_alice_back_is_counted_by_its_name(house: HouseInMemory) -> None:
    prometheus = Prometheus(house.runtime)
    house.text(ALICE, "Hello")
    house.later(12 * HOUR)  # it is night
    assert house.dial() == "refused"

    told = prometheus.scrape()
    (rule,) = {
        dict(labels)["rule"]
        for (name, labels), value in told.values.items()
        if name == "ringback_callbacks_held" and value
    }
    assert rule == "calling_hours"
    assert told.get("dial_refusals_total", desk=DESK, rule=rule) == 1
    assert told.get("callbacks", desk=DESK, state="later") == 1


def test_a_desk_that_omar_pauses_is_stopped_by_a_person(house: HouseInMemory) -> None:
    prometheus = Prometheus(house.runtime)
    assert prometheus.scrape().get("dialling_stopped", desk=DESK, by="person") == 0

    unit = UnitOfWork(house.store, DESK)
    pause(unit, "s1001", "the line crackles", house.clock.now())
    unit.commit()

    told = prometheus.scrape()
    assert told.get("dialling_stopped", desk=DESK, by="person") == 1
    assert told.get("dialling_stopped", desk=DESK, by="breaker") == 0


def test_tasks_are_told_by_priority_and_those_overdue(house: HouseInMemory) -> None:
    for place, due in enumerate((TUESDAY_AT_TEN - 1, TUESDAY_AT_TEN + 60)):
        house.runtime.tasks.file(
            Task(
                id=f"t{place}",
                desk=DESK,
                reason=TaskReason.WANTS_PERSON,
                priority=Priority.URGENT,
                owner=DESK,
                raised_at=TUESDAY_AT_TEN - 60,
                conversation="",
                due_at=due,
            )
        )

    told = Prometheus(house.runtime).scrape()
    assert told.get("tasks_open", desk=DESK, priority="urgent") == 2
    assert told.get("tasks_overdue", desk=DESK, priority="urgent") == 1
    assert told.get("tasks_open", desk=DESK, priority="low") == 0


def test_an_alert_that_does_not_arrive_is_told_by_its_channel(house: HouseInMemory) -> None:
    note_failure(house.store, DESK, Channel.WEBHOOK, "no answer in time", house.clock.now())
    note_given_up(house.store, DESK, Channel.EMAIL, "no such host", house.clock.now())

    told = Prometheus(house.runtime).scrape()
    assert told.get("alerts_failing", desk=DESK, channel="webhook") == 1
    assert told.get("alerts_given_up", desk=DESK, channel="webhook") == 0
    assert told.get("alerts_given_up", desk=DESK, channel="email") == 1


def test_a_store_that_is_down_is_told_and_nothing_is_made_up(house: HouseInMemory) -> None:
    prometheus = Prometheus(house.runtime)
    store = house.store
    assert isinstance(store, MemoryStore)

    def down(*_: object) -> object:
        raise StoreDown("no answer in time")

    store.read = store.count = store.members = store.log_after = down  # type: ignore[assignment, method-assign]
    told = prometheus.scrape()
    assert told.get("up", store="redis") == 0
    assert told.get("up", store="records") == 1
    assert told.get("callbacks", desk=DESK, state="due") is None
    assert told.get("wording_approved", desk=DESK) is None
    assert told.get("tasks_open", desk=DESK, priority="urgent") == 0

    del store.read, store.count, store.members, store.log_after
    assert prometheus.scrape().get("up", store="redis") == 1


def test_a_record_that_nobody_can_read_hides_nothing_else(house: HouseInMemory) -> None:
    prometheus = Prometheus(house.runtime)
    house.write("reconciling", {"nonsense": 1})

    told = prometheus.scrape()
    assert told.get("up", store="redis") == 0
    assert told.get("reconciling_age_seconds", desk=DESK) is None
    assert told.get("callbacks", desk=DESK, state="due") == 0


def test_every_series_is_well_named_and_has_a_label_for_nobody() -> None:
    assert len({one.name for one in series.ALL}) == len(series.ALL)
    for one in series.ALL:
        assert re.fullmatch(r"ringback_[a-z_]+", one.name)
        assert one.name.endswith("_total") == (one.kind is series.Kind.COUNTER)
        assert not {"case", "number", "callback", "conversation", "task", "id"} & {*one.labels}


def test_every_flow_has_a_zero_for_each_ending(house: HouseInMemory) -> None:
    told = Prometheus(house.runtime).scrape()
    for disposition in Disposition:
        labels = {"desk": DESK, "flow": "inbound_call", "disposition": disposition.value}
        assert told.get("calls_ended_total", **labels) == 0


def test_neither_alice_nor_her_case_is_in_it(house: HouseInMemory) -> None:
    prometheus = Prometheus(house.runtime)
    house.text(ALICE, "Hello")
    house.place()

    told = str(prometheus.scrape().values)
    assert ALICE.phone[-6:] not in told
    assert ALICE.reference not in told
