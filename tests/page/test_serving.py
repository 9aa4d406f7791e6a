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
    "headers", [{"Origin": "https://mallory.example"}, {"Host": "mallory.example"}]
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
        alice = telephone(page, "Alice")
        alice.get_by_label("Text to the service").fill("Before")
        button(alice, "Send").click()
        expect(alice).to_contain_text("no reply")
    expect(page.get_by_text("The phone network does not answer.")).to_be_visible()

    with scene.phone_network(service, int(address.rpartition(":")[2])) as (network, _):
        expect(page.get_by_text("The phone network does not answer.")).to_be_hidden()
        expect(page.get_by_text("Before")).to_have_count(0)
        button(alice, "Ring the service").click()
        expect(alice.get_by_role("log")).to_contain_text("Your number, please.")
        assert len(network.calls) == 1
        page.close()

    assert [told for told in complaints if "ERR_" not in told] == []
    complaints.clear()


def test_people_who_come_later_come_onto_the_page(network, page):
    network.add(scene.Held("Mallory", scene.MALLORY))

    expect(telephone(page, "Mallory")).to_be_visible()
