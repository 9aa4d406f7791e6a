"""What web processes count, added up from all of them: in processes of their own, as it runs."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import ConfigError
from bot.signals.counting import answer_class, begin, forget_the_dead
from bot.storage.embedded import EmbeddedServer
from tests.house_in_memory import BASE, DESK, TOKEN, HouseInMemory, text_sid
from tests.people import ALICE, SERVICE
from tests.signals.scrape import Prometheus

A_WEB_PROCESS = f"""
import os, sys
from twilio.request_validator import RequestValidator
import webhooks
app = webhooks.create_app()
client = app.test_client()
form = dict(MessageSid={text_sid(1)!r}, From={ALICE.phone!r}, To={SERVICE!r}, Body="Hi")
signature = RequestValidator({TOKEN!r}).compute_signature({BASE + "/text/received"!r}, form)
signed = {{"X-Twilio-Signature": signature}}
assert client.post("/text/received", data=form, headers=signed).status_code == 200
assert client.post("/text/received", data=form).status_code == 403
assert client.get("/wp-login.php?user=" + {ALICE.phone!r}).status_code == 404
app.extensions["ringback"].runtime.store.close()
os._exit(0)  # as if killed: nothing is tidied up
"""


def environment(redis_url: str, directory: Path) -> dict[str, str]:
    return {
        "RINGBACK_DATA_DIR": str(directory / "data"),
        "RINGBACK_REDIS_URL": redis_url,
        "RINGBACK_PUBLIC_URL": BASE,
        "RINGBACK_TWILIO_AUTH_TOKEN": TOKEN,
        "RINGBACK_METRICS_DIR": str(directory / "counts"),
        "PATH": "/usr/bin:/bin",
    }


def test_two_web_processes_are_one_sum(build, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    given = {"RINGBACK_METRICS_DIR": str(tmp_path / "counts")}
    with EmbeddedServer.start(tmp_path / "redis") as server:  # of ours, so that it ends
        for _ in "12":
            subprocess.run(
                [sys.executable, "-c", A_WEB_PROCESS],
                cwd=Path(__file__).parents[2],
                env=environment(server.url, tmp_path),
                check=True,
                timeout=120,
            )
    from bot.signals.exporter import Exporter
    from tests.signals.scrape import FLOWS, Scrape

    house = build()
    exporter = Exporter(house.runtime, FLOWS, Path(given["RINGBACK_METRICS_DIR"]))
    told = Scrape(exporter.text("text/plain")[0].decode())

    assert told.get("webhooks_total", route="/text/received", answer="answered") == 2
    assert told.get("webhooks_total", route="/text/received", answer="refused") == 2
    assert told.get("webhooks_total", route="other", answer="rejected") == 2
    assert told.get("webhook_duration_seconds_count", route="/text/received") == 4
    refused = {"process": "web", "level": "warning", "event": "signature_refused", "error": ""}
    assert told.get("warnings_total", **refused) == 2
    assert ALICE.phone not in str(told.values)
    assert DESK not in str([labels for name, labels in told.values if "webhook" in name])

    forget_the_dead(tmp_path / "counts")
    assert not list((tmp_path / "counts").glob("*.db"))


def test_while_one_of_them_lives_nothing_is_forgotten(tmp_path: Path) -> None:
    sleeper = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        dead, living = tmp_path / "counter_4194305.db", tmp_path / f"counter_{sleeper.pid}.db"
        dead.touch(), living.touch()
        forget_the_dead(tmp_path)
        assert dead.exists() and living.exists()
    finally:
        sleeper.communicate(b"\n")
    forget_the_dead(tmp_path)
    assert not dead.exists() and not living.exists()


def test_nothing_is_counted_unless_it_is_configured() -> None:
    assert begin(None, "web") is None


def test_a_process_that_cannot_count_says_so(house: HouseInMemory, tmp_path: Path) -> None:
    """Here the library was imported long ago: it would count for itself, unseen."""
    Prometheus(house.runtime)
    with pytest.raises(ConfigError, match="imported before"):
        begin(tmp_path, "web")
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match="RINGBACK_METRICS_DIR"):
        begin(tmp_path / "file" / "counts", "web")


@pytest.mark.parametrize(
    ("status", "told"),
    [(200, "answered"), (403, "refused"), (404, "rejected"), (413, "rejected"), (503, "failed")],
)
def test_an_answer_in_a_word(status: int, told: str) -> None:
    assert answer_class(status) == told
