"""Whom the console sees: the proxy that is named is believed who is behind it, and nobody else."""

import pytest
import requests
from flask import Flask, request

from bot.settings import Settings
from bot.settings_refused import SettingsRefused
from tests.console.served import serving

MALLORY = "198.51.100.7"


def seen(said: str, *proxies: str) -> str:
    """The address for which a try to sign in would count."""
    pages = Flask(__name__)
    pages.add_url_rule("/", "who", lambda: request.remote_addr or "nobody")
    with serving(pages, proxies=proxies) as address:
        return requests.get(address, headers={"X-Forwarded-For": said}, timeout=10).text


@pytest.mark.parametrize("proxy", ["127.0.0.1", "127.0.0.0/8"])
def test_whoever_comes_through_the_proxy_is_seen_as_themselves(proxy: str) -> None:
    assert seen(MALLORY, proxy) == MALLORY


def test_what_mallory_writes_before_the_proxy_does_is_not_believed() -> None:
    assert seen(f"203.0.113.1, {MALLORY}", "127.0.0.1") == MALLORY


@pytest.mark.parametrize("proxies", [(), ("192.0.2.1",)], ids=["none is named", "another is"])
def test_nobody_else_is_believed(proxies: tuple[str, ...]) -> None:
    assert seen(MALLORY, *proxies) == "127.0.0.1"


def test_several_may_be_named() -> None:
    settings = Settings.from_env({"RINGBACK_CONSOLE_PROXIES": "10.0.0.5, 10.1.0.0/24,fd00::1"})

    assert settings.console_proxies == ("10.0.0.5", "10.1.0.0/24", "fd00::1")


@pytest.mark.parametrize("bad", ["proxy.example", "10.0.0.5/8", "0.0.0.0/0", "::/0", "*", "10.0.0"])
def test_what_is_no_address_or_is_everybody_is_refused_by_name(bad: str) -> None:
    with pytest.raises(SettingsRefused) as refused:
        Settings.from_env({"RINGBACK_CONSOLE_PROXIES": bad})

    assert "RINGBACK_CONSOLE_PROXIES" in str(refused.value)
    assert "10.0.0.5" in str(refused.value)
