"""Now: the page as it is opened, its filter, and the hand on the dialling."""

from collections.abc import Callable

from flask import Flask

from bot.console import create_console
from bot.console.board import FRESH_SECONDS, Board
from bot.dialling_gate import gate_of
from bot.errors import StoreDown
from bot.storage.memory import MemoryStore
from bot.unit_of_work import UnitOfWork
from tests.console.staff import AUDREY, COLIN, MARY, OLIVE, Browser, Somebody
from tests.house_in_memory import HouseInMemory, text_sid
from tests.people import ALICE, BOB
from tests.stores_that_fail import CountingStore

Build = Callable[..., HouseInMemory]


def test_what_happened_last_stands_first_and_no_number_does(
    house: HouseInMemory, browser: Browser
) -> None:
    house.text(ALICE, "Sorry I missed you")
    house.text(BOB, "me too")

    shown = browser.signed_in(OLIVE).get("/now").text

    newest = house.store.log_after("main", "0")[-1][0]
    assert f'data-after="main:{newest}"' in shown
    alices, bobs = (f"due for +44…{person.phone[-2:]}" for person in (ALICE, BOB))
    assert 0 < shown.index(bobs) < shown.index(alices)
    for person in (ALICE, BOB):
        assert person.phone not in shown and person.phone.removeprefix("+44") not in shown
    assert "Sorry I missed you" not in shown
    assert f'href="/conversations/main/{text_sid(1)}"' in shown


def test_calls_in_progress_and_what_is_owed_stand_there(
    house: HouseInMemory, browser: Browser
) -> None:
    house.text(BOB, "hello")
    house.rings(ALICE)
    house.later(180)

    shown = browser.signed_in(OLIVE).get("/now").text

    assert "Calls in progress: 1" in shown
    assert "for 3 minutes" in shown
    assert "1 due now, the oldest for 3 minutes" in shown


def test_a_filter_is_posted_and_its_address_tells_nothing(
    house: HouseInMemory, browser: Browser
) -> None:
    house.text(BOB, "hello")
    house.ring_by_officer(ALICE).answered()

    answer = browser.signed_in(OLIVE).post("/now", case=ALICE.reference, desk="main")
    assert answer.status_code == 303
    assert ALICE.reference not in answer.location
    shown = browser.get(answer.location).text

    assert "outbound call" in shown
    assert "inbound text" not in shown
    assert ALICE.reference in shown  # in its form

    assert browser.post("/now").location == "/now"


def test_a_filter_that_is_none_is_refused_in_words(browser: Browser) -> None:
    answer = browser.signed_in(OLIVE).post("/now", case="12345", staff="' OR 1=1")

    assert answer.status_code == 422
    assert "Enter a case reference" in answer.text
    assert "Enter a staff number" in answer.text


def test_mary_pauses_the_dialling_and_lets_it_go_on(house: HouseInMemory, browser: Browser) -> None:
    browser.signed_in(MARY)
    answer = browser.post("/now/dialling", desk="main", order="pause", reason="a strike")
    assert answer.status_code == 303
    assert f"paused by {MARY.number}: a strike" in browser.get("/now").text

    browser.post("/now/dialling", desk="main", order="resume", reason="it is over")
    assert gate_of(UnitOfWork(house.store, "main")).runs
    did = [line for line in house.log() if line["kind"] == "staff"]
    assert [(line["event"], line["staff"], line["reason"]) for line in did] == [
        ("dialling_pause", MARY.number, "a strike"),
        ("dialling_resume", MARY.number, "it is over"),
    ]


def test_without_a_reason_or_with_a_number_in_it_nothing_is_done(
    house: HouseInMemory, browser: Browser
) -> None:
    browser.signed_in(MARY)
    for reason in ("", "ring 07700 900123"):
        answer = browser.post("/now/dialling", desk="main", order="pause", reason=reason)
        assert answer.status_code == 422
    assert (
        browser.post("/now/dialling", desk="nowhere", order="pause", reason="x").status_code == 422
    )
    assert gate_of(UnitOfWork(house.store, "main")).runs


def test_who_may_not_stop_it_sees_no_button_and_stops_nothing(
    house: HouseInMemory, browser: Browser
) -> None:
    for who in (AUDREY, COLIN):
        assert "Pause the dialling" not in browser.signed_in(who).get("/now").text
        answer = browser.post("/now/dialling", desk="main", order="pause", reason="mine")
        assert answer.status_code == 403
    assert gate_of(UnitOfWork(house.store, "main")).runs


class Down(MemoryStore):
    """A store that answers nothing any more when told to."""

    down = False

    def __getattribute__(self, name: str) -> object:
        if name in ("read", "members", "log_latest", "log_after") and self.down:
            raise StoreDown("no answer in time")
        return super().__getattribute__(name)


def test_a_store_that_is_down_is_said_to_be(build: Build, somebody: Somebody) -> None:
    store = Down()
    house: HouseInMemory = build(store=store)
    somebody.be(OLIVE)
    console = create_console(house.runtime, somebody)
    store.down = True

    answer = console.test_client().get("/now")

    assert answer.status_code == 200
    assert "The store does not answer" in answer.text
    assert "0 urgent" in answer.text  # the records do


def test_many_who_look_at_once_cost_one_look(build: Build, somebody: Somebody) -> None:
    store = CountingStore()
    house: HouseInMemory = build(store=store)
    console: Flask = create_console(house.runtime, somebody)
    time = [0.0]
    board = Board(console, lambda: time[0])
    board.html()
    looked = len(store.trips)
    assert looked > 0

    for _ in range(500):
        board.html()
    assert len(store.trips) == looked

    time[0] += FRESH_SECONDS
    board.html()
    assert len(store.trips) > looked


def test_a_page_that_is_open_says_when_somebody_moves(browser: Browser) -> None:
    assert browser.signed_in(OLIVE).post("/now/here").status_code == 204
