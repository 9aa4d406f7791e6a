"""Mary comes from the department's identity provider: a real one, started by these tests."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from bot.open_id import Journey, NotIdentified, OpenId, Provider
from tests.sign_in_world import MARY

BACK = "http://localhost/sign-in/back"
STRONG = {"acr": "urn:strong", "amr": ["pwd", "otp"]}
PATIENCE_SECONDS = 60


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """A provider in a process of its own (the PyPI package oidc-provider-mock)."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    people = [
        {"sub": "mary@department", "staff_number": MARY, **STRONG},
        {"sub": "weak", "staff_number": MARY, "acr": "urn:weak", "amr": ["pwd"]},
        {"sub": "numberless", **STRONG},
    ]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "-n"]
    for each in people:
        command += ["--user-claims", json.dumps(each)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://localhost:{port}"
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            try:
                requests.get(address, timeout=1)
                break
            except requests.ConnectionError:
                assert process.poll() is None, "the provider did not start"
                time.sleep(0.05)
        yield address
    finally:
        process.terminate()
        process.wait()


@pytest.fixture
def provider(issuer: str) -> Provider:
    return Provider(
        issuer=issuer, client_id="ringback", client_secret="a secret", claim="staff_number"
    )


def returns(url: str, sub: str) -> dict[str, str]:
    """Somebody signs in at the provider; what comes back with them."""
    answer = requests.post(url, data={"sub": sub}, allow_redirects=False, timeout=10)
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    return {name: values[0] for name, values in query.items()}


def comes(provider: Provider, sub: str = "mary@department", now=time.time) -> str:
    open_id = OpenId(provider, BACK, now)
    url, journey = open_id.begin()
    back = returns(url, sub)
    return open_id.finish(journey, back["code"], back["state"])


def test_the_provider_says_who_it_is(provider: Provider) -> None:
    assert comes(provider) == MARY


def test_pkce_state_and_nonce_go_along(provider: Provider) -> None:
    url, journey = OpenId(provider, BACK, time.time).begin()
    query = parse_qs(urlsplit(url).query)
    assert query["code_challenge_method"] == ["S256"]
    assert query["state"] == [journey.state]
    assert query["nonce"] == [journey.nonce]
    assert journey.verifier not in url
    assert journey.verifier not in repr(journey)


def test_the_code_of_another_browser_signs_nobody_in(provider: Provider) -> None:
    open_id = OpenId(provider, BACK, time.time)
    url, mallorys = open_id.begin()
    _, marys = open_id.begin()
    back = returns(url, "mary@department")
    with pytest.raises(NotIdentified, match="not the sign-in that was begun"):
        open_id.finish(marys, back["code"], back["state"])
    with pytest.raises(NotIdentified, match="another sign-in"):
        open_id.finish(replace(mallorys, nonce="another"), back["code"], back["state"])


def test_a_code_is_good_once(provider: Provider) -> None:
    open_id = OpenId(provider, BACK, time.time)
    url, journey = open_id.begin()
    back = returns(url, "mary@department")
    assert open_id.finish(journey, back["code"], back["state"])
    with pytest.raises(NotIdentified, match="no token"):
        open_id.finish(journey, back["code"], back["state"])


def test_a_weak_sign_in_is_refused_where_a_strong_one_is_required(provider: Provider) -> None:
    for required in ({"acr": "urn:strong"}, {"amr": "otp"}):
        strict = replace(provider, **required)
        assert comes(strict) == MARY
        with pytest.raises(NotIdentified, match="the provider did not"):
            comes(strict, "weak")


def test_whoever_has_no_staff_number_there_is_nobody(provider: Provider) -> None:
    with pytest.raises(NotIdentified, match="told no staff_number"):
        comes(provider, "numberless")


def test_a_token_whose_time_is_over_is_none(provider: Provider) -> None:
    with pytest.raises(NotIdentified, match="the ID token"):
        comes(provider, now=lambda: time.time() + 7200)


def test_a_token_for_another_client_is_none(provider: Provider) -> None:
    open_id = OpenId(provider, BACK, time.time)
    url, journey = open_id.begin()
    back = returns(url, "mary@department")
    other = OpenId(replace(provider, client_id="another"), BACK, time.time)
    with pytest.raises(NotIdentified):
        other.finish(journey, back["code"], back["state"])


def test_a_provider_that_is_down_or_another_is_told_without_detail(provider: Provider) -> None:
    with pytest.raises(NotIdentified, match="the provider: "):
        OpenId(replace(provider, issuer="http://localhost:9"), BACK, time.time).begin()
    with pytest.raises(NotIdentified, match="another issuer"):
        OpenId(replace(provider, issuer=provider.issuer + "/"), BACK, time.time).begin()


def test_a_journey_shows_nothing() -> None:
    assert "secret" not in repr(Journey("secret", "secret", "secret"))
