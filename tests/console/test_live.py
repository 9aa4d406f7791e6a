"""The stream that an open page watches: what comes, what it missed, and when it is over."""

import asyncio
import time
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from markupsafe import Markup

from bot.console.live import Hub, Live, live_of
from bot.console.live.filters import LiveFilter
from bot.console.live.hub import MOST_OF_ONE, MOST_WAITING, Watcher
from bot.console.live.rows import renderer
from bot.flow_log import FlowLogLine, LineKind
from bot.storage.memory import MemoryStore
from bot.store import Change
from tests.console.served import serving
from tests.console.staff import ADA, MARY, OLIVE, Somebody
from tests.console.watching import PATIENCE, watching
from tests.house_in_memory import HouseInMemory
from tests.people import ALICE, BOB

TICK = 0.02


def quick(console: Flask, house: HouseInMemory, **different: float) -> Live:
    """The same, at a pace at which nobody has to wait."""
    render = renderer(console)
    hub = Hub(house.store, ["main"], render, lambda: "how things stand", tick_seconds=TICK)
    return Live(console, house.runtime, hub, render, **different)


@pytest.fixture
def live(console: Flask, house: HouseInMemory, somebody: Somebody) -> Live:
    somebody.be(OLIVE)
    return quick(console, house)


@pytest.fixture
def address(console: Flask, live: Live) -> Iterator[str]:
    with serving(console, live) as address:
        yield address
    live.hub.close()


def until(true: Callable[[], bool]) -> None:
    """Wait for what another thread does."""
    ends = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < ends, "it does not come"
        time.sleep(0.005)


def test_alice_texts_and_her_line_is_told_without_her_number(
    house: HouseInMemory, address: str
) -> None:
    with watching(address) as page:
        house.text(ALICE, "Sorry I missed you")
        told = page.next()

    assert "text received" in told.data.replace("_", " ")
    assert "callback owed" in told.data.replace("_", " ")
    assert ALICE.phone not in told.data and ALICE.phone.removeprefix("+44") not in told.data
    assert "Sorry" not in told.data


def test_how_things_stand_is_told_too(address: str) -> None:
    with watching(address) as page:
        assert page.next("panels").data == "how things stand"


def test_a_page_that_comes_back_is_told_exactly_what_it_missed(
    house: HouseInMemory, address: str
) -> None:
    with watching(address) as page:
        house.text(ALICE, "first")
        page.next()
        stood_at = page.stands_at
    house.text(BOB, "second")
    house.text(ALICE, "third")
    missed = house.store.log_after("main", stood_at.partition(":")[2])

    with watching(address, "main:0", last_event=stood_at) as again:
        rows = again.rows_until(f"main:{missed[-1][0]}")

    assert len(rows) == len(missed) > 1
    assert "received" in rows[0] and "asked again" in rows[-1]


def test_what_redis_let_go_is_told_from_the_archive(house: HouseInMemory, address: str) -> None:
    for person in (ALICE, BOB, ALICE):
        house.text(person, "hello")
    lines = house.store.log_after("main", "0")
    stood_at = lines[1][0]
    house.runtime.records.flow_log.append("main", lines[:-1], house.clock.now())
    house.store.commit("main", Change(trim_log=lines[3][0]))

    with watching(address, f"main:{stood_at}") as page:
        rows = page.rows_until(f"main:{lines[-1][0]}")

    assert len(rows) == len(lines) - 2


@pytest.mark.parametrize("stood_at", ["main:3-0", "north:3-0", "", "main:x", "'; DROP"])
def test_who_was_away_too_long_or_elsewhere_is_told_to_reload(
    house: HouseInMemory, address: str, stood_at: str
) -> None:
    for _ in range(5):
        house.text(ALICE, "hello")
    lines = house.store.log_after("main", "0")
    house.store.commit("main", Change(trim_log=lines[-2][0]))  # and no archive knows them

    with watching(address, stood_at) as page:
        messages = list(page.messages())

    assert [told.event for told in messages] == ["reload"]
    assert "load the page again" in messages[0].data


def test_only_what_is_asked_for_comes_and_the_address_does_not_tell_what(
    house: HouseInMemory, address: str
) -> None:
    wanted = LiveFilter(flow="outbound_call", case=ALICE.reference)
    view = wanted.sealed(house.runtime.keyring)
    assert ALICE.reference not in view

    with watching(address, view=view) as page:
        house.text(BOB, "hello")
        house.ring_by_officer(ALICE).answered()
        told = page.next()

    assert "outbound call" in told.data
    assert "inbound text" not in told.data


def test_a_view_that_is_none_of_ours_is_refused(address: str) -> None:
    with watching(address, view="k1:abcd") as page:
        assert page.answer.status == 400


@pytest.mark.parametrize(("who", "why"), [(None, "signed out"), (ADA, "may not see the flow log")])
def test_nobody_watches_who_may_not(
    somebody: Somebody, address: str, who: object, why: str
) -> None:
    somebody.be(who)  # type: ignore[arg-type]
    with watching(address) as page:
        messages = list(page.messages())

    assert [told.event for told in messages] == ["ended"]
    assert why in messages[0].data


def test_a_session_that_is_revoked_watches_no_longer(
    console: Flask, house: HouseInMemory, somebody: Somebody
) -> None:
    somebody.be(OLIVE)
    live = quick(console, house, check_seconds=TICK)
    with serving(console, live) as address, watching(address) as page:
        page.next("panels")
        somebody.be(None)
        told = page.next("ended")
        assert list(page.messages()) == []
    live.hub.close()

    assert "signed out" in told.data


def test_another_site_cannot_open_a_stream(console: Flask, somebody: Somebody) -> None:
    somebody.be(OLIVE)
    answer = console.test_client().get("/live", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


def test_a_page_that_vanished_costs_nothing(live: Live, address: str) -> None:
    with watching(address) as page:
        page.next("panels")
        assert len(live.hub.watchers) == 1
    until(lambda: not live.hub.watchers)


def test_one_person_watches_on_so_many_pages_and_no_more(somebody: Somebody, address: str) -> None:
    pages = [watching(address) for _ in range(MOST_OF_ONE)]
    for page in pages:
        page.__enter__().next("panels")
    with watching(address) as one_more:
        assert "close one" in one_more.next("ended").data
    somebody.be(MARY)
    with watching(address) as hers:
        assert hers.next("panels")
    for page in pages:
        page.__exit__(None, None, None)


def test_a_slow_page_is_dropped_and_holds_up_no_other() -> None:
    store = MemoryStore()
    dropped: list[str] = []

    async def play() -> int:
        hub = Hub(store, ["main"], lambda entry: Markup("<li >"), lambda: "", tick_seconds=0.001)
        slow = Watcher("slow", LiveFilter(), lambda: dropped.append("slow"))
        quick = Watcher("quick", LiveFilter(), lambda: dropped.append("quick"))
        for watcher in (slow, quick):
            await hub.join(watcher, {"main": "0"})
        seen = 0
        for n in range(MOST_WAITING + 5):
            line = FlowLogLine(at=float(n), kind=LineKind.NOTE, desk="main")
            store.commit("main", Change(log=[line.to_fields()]))
            async with asyncio.timeout(PATIENCE):
                seen += b"event: lines" in await quick.waiting.get()
        hub.close()
        return seen

    assert asyncio.run(play()) == MOST_WAITING + 5
    assert dropped == ["slow"]


def test_the_console_has_it_at_its_own_pace(console: Flask) -> None:
    assert isinstance(live_of(console), Live)
