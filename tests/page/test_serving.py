"""How the page is served: from here only, to here only, and after the network began anew."""

from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import expect

from tests.page import scene
from tests.page.conftest import button, telephone


def test_nothing_is_loaded_from_anywhere_else(address, open_page):
    page = open_page("about:blank")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    expect(telephone(page, "Alice")).to_be_visible()

    assert [url for url in asked if not url.startswith(address)] == []
    with urlopen(address) as answer:
        policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://mallory.example"},
        {"Origin": "http://127.0.0.1"},  # at another port
        {"Origin": "null"},  # a frame in a sandbox
        {"Origin": "file://"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Host": "mallory.example"},
    ],
)
def test_no_other_site_plays_with_the_telephones(address, network, headers):
    wanted = Request(f"{address}/simulator/calls", b'{"from": "+447700900123"}', headers)
    with pytest.raises(HTTPError) as refused:
        urlopen(wanted)
    refused.value.close()

    assert refused.value.code == 403
    assert network.calls == {}


def test_it_begins_anew_with_the_network(service, open_page, complaints):
    with scene.phone_network(service) as (network, address):
        page = open_page(address)
        told = page.locator("#connection")
        alice, bob = telephone(page, "Alice"), telephone(page, "Bob")
        button(bob, "Ring the service").click()
        expect(bob.get_by_role("timer")).not_to_be_empty()
        draft = alice.get_by_label("Text to the service")
        draft.fill("Before")
        button(alice, "Send").click()
        expect(alice).to_contain_text("no reply")
    network.text_soon(scene.BOB, scene.LINE, "News")  # for the page, which may still wait for some
    expect(told).to_contain_text("The phone network does not answer.")
    expect(bob.get_by_role("timer")).to_be_empty()
    draft.fill("Half of a")
    draft.press("Enter")
    expect(alice.get_by_role("status")).to_have_text(
        "That did not work: the phone network does not answer."
    )
    expect(draft).to_have_value("Half of a")

    with scene.phone_network(service, int(address.rpartition(":")[2])) as (network, _):
        expect(told).to_contain_text("The phone network has begun anew")
        expect(page.get_by_text("Before")).to_have_count(0)
        expect(bob).to_contain_text("Nothing going on")
        expect(alice.locator(".problem")).to_be_empty()
        expect(draft).to_have_value("Half of a")
        expect(draft).to_be_focused()
        page.mouse.wheel(0, 2000)
        expect(told).to_be_in_viewport(ratio=1)
        button(told, "Close").click()
        expect(told).to_be_empty()
        button(alice, "Ring the service").click()
        expect(alice.get_by_role("log")).to_contain_text("Your number, please.")
        assert len(network.calls) == 1
        page.close()

    assert [told for told in complaints if "ERR_" not in told] == []
    complaints.clear()


def test_people_who_come_later_come_onto_the_page(network, page):
    network.add(scene.Held("Mallory", scene.MALLORY))

    expect(telephone(page, "Mallory")).to_be_visible()
