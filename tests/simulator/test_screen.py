"""What the phone page asks for: the news since it asked last, also where much was forgotten."""

import time

import pytest

from bot.simulator.load.forgetting import forget_old
from bot.simulator.server import simulator_app
from tests.simulator.scene import ALICE, DESK

KEEP = 3
SEEN = ("happenings", "webhooks", "events")


@pytest.fixture
def look(network):
    """Ask as the page does, with what it has seen (or not), and see what there is."""
    page = simulator_app(network).test_client()
    return lambda **seen: page.get("/simulator/screen", query_string=seen).json


@pytest.fixture
def long_day(network, service):
    """So many texts, each with a webhook and a warning, that most of them were forgotten."""
    service.answer("/text/received", "<Wave/>")
    for number in range(10):
        network.text(ALICE, DESK, str(number))
        with network.carrier.lock:
            forget_old(network.carrier, KEEP)


def bodies(screen) -> list[str]:
    return [dict(map(tuple, each["params"]))["Body"] for each in screen["webhooks"]]


def test_who_comes_late_sees_what_is_left_and_then_only_what_is_new(network, look, long_day):
    late = look()
    assert bodies(late)[-1] == "9"
    assert len(bodies(late)) < 10

    assert look(**late["seen"])["webhooks"] == look(**late["seen"])["events"] == []
    network.text(ALICE, DESK, "New")

    news = look(**late["seen"])
    assert bodies(news) == ["New"]
    assert len(news["events"]) == 1


def test_who_was_there_before_misses_nothing_that_is_left(network, look, service):
    service.answer("/text/received", "<Wave/>")
    network.text(ALICE, DESK, "First")
    before = look()["seen"]
    for number in range(2 * KEEP - 1):
        network.text(ALICE, DESK, str(number))
    with network.carrier.lock:
        forget_old(network.carrier, KEEP)

    assert bodies(look(**before)) == ["2", "3", "4"]


def test_the_last_happening_is_counted_though_others_were_forgotten(network, look, long_day):
    assert look()["seen"]["happenings"] == network.happenings[-1].number > len(network.happenings)


def test_the_page_waits_for_news_of_this_network_but_not_of_one_that_ran_before(look, long_day):
    this = {**look()["seen"], "run": look()["run"]}
    begun = time.monotonic()
    look(**this, wait=0.3)
    assert time.monotonic() - begun >= 0.3

    begun = time.monotonic()
    look(happenings=1000, run="another", wait=10)
    assert time.monotonic() - begun < 5
