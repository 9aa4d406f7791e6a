"""Mary comes by way of the identity provider; whoever is not on the list does not."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from bot.console import create_console
from bot.console.session import StaffSessions
from tests.house_in_memory import HouseInMemory
from tests.sign_in.test_open_id import issuer
from tests.sign_in_world import MARY, OMAR, RealTime, StaffWorld

__all__ = ["issuer"]


@pytest.fixture
def staff(build: Callable[..., HouseInMemory]) -> StaffWorld:
    import time

    clock = RealTime()
    clock.at = time.time()  # the provider's tokens go by real time
    return StaffWorld(build(clock=clock))


def client_of(staff: StaffWorld, issuer: str):  # type: ignore[no-untyped-def]
    settings = replace(
        staff.house.runtime.settings,
        oidc_issuer=issuer,
        oidc_client_id="ringback",
        oidc_client_secret="a secret",
        oidc_amr="otp",
        console_url="http://localhost",
    )
    runtime = replace(staff.house.runtime, settings=settings)
    return create_console(runtime, StaffSessions(staff.book)).test_client()


def comes(client, sub: str):  # type: ignore[no-untyped-def]
    url = client.get("/sign-in/provider").location
    answer = requests.post(url, data={"sub": sub}, allow_redirects=False, timeout=10)
    back = urlsplit(answer.headers["Location"])
    assert back.path == "/sign-in/back"
    assert "code" in parse_qs(back.query)
    return client.get(f"{back.path}?{back.query}")


def test_mary_is_let_in_with_the_roles_of_the_staff_list(staff, issuer) -> None:  # type: ignore[no-untyped-def]
    client = client_of(staff, issuer)
    assert comes(client, "mary@department").location == "/"
    assert "Mary Example" in client.get("/").text
    assert staff.told()[-1] == f"signed_in {MARY} identity provider"


def test_whoever_is_not_on_the_list_or_has_left_is_refused(staff, issuer) -> None:  # type: ignore[no-untyped-def]
    staff.book.leave(MARY, None)
    client = client_of(staff, issuer)
    assert comes(client, "mary@department").location == "/sign-in"
    assert "could not be signed in" in client.get("/sign-in").text
    assert client.get("/").location == "/sign-in?next=/"


def test_a_weak_or_foreign_account_is_refused_and_the_log_says_so(staff, issuer) -> None:  # type: ignore[no-untyped-def]
    client = client_of(staff, issuer)
    assert comes(client, "weak").location == "/sign-in"
    assert comes(client, "numberless").location == "/sign-in"
    assert staff.told() == ["sign_in_refused not_identified"] * 2
    assert OMAR not in str(staff.told())


def test_marys_browser_takes_no_code_that_was_begun_in_mallorys(staff, issuer) -> None:  # type: ignore[no-untyped-def]
    mallory, mary = client_of(staff, issuer), client_of(staff, issuer)
    url = mallory.get("/sign-in/provider").location
    answer = requests.post(url, data={"sub": "mary@department"}, allow_redirects=False, timeout=10)
    back = urlsplit(answer.headers["Location"])
    assert mary.get(f"{back.path}?{back.query}").location == "/sign-in"
    mary.get("/sign-in/provider")
    assert mary.get(f"{back.path}?{back.query}").location == "/sign-in"


def test_without_a_provider_there_is_no_such_way(staff) -> None:  # type: ignore[no-untyped-def]
    client = create_console(staff.house.runtime, StaffSessions(staff.book)).test_client()
    assert client.get("/sign-in/provider").status_code == 404
    assert client.get("/sign-in/back?code=x&state=y").status_code == 404
    assert staff.told() == []
    assert "department's account" not in client.get("/sign-in").text


def test_whoever_hammers_the_way_back_does_not_fill_the_flow_log(staff, issuer) -> None:  # type: ignore[no-untyped-def]
    mallory = client_of(staff, issuer)
    for _ in range(40):
        assert mallory.get("/sign-in/back?code=x&state=y").location == "/sign-in"
    few = staff.told()
    assert len(few) < 10
    assert few[0] == "sign_in_refused not_identified"
    assert few[-1] == "sign_in_refused too_many_tries"

    assert comes(client_of(staff, issuer), "mary@department").location == "/"
