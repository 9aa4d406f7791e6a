"""The application log: whom a line is about by id, and nothing that anybody said or is called."""

import json
import logging
from typing import Any

import pytest
import structlog
from twilio.base.exceptions import TwilioRestException

from bot import application_log
from bot.carrier import CallOrder
from bot.errors import CarrierError
from bot.phone import PhoneNumber
from bot.twilio.client import TwilioCarrier
from bot.twilio.urls import Urls
from tests.house_in_memory import BASE, DESK, HouseInMemory, call_sid, text_sid
from tests.people import ALICE

SECRET = "a-token-that-nobody-may-see"
TWILIOS_ID = "fdbfa04a-3aaf-4d96-8a40-1f60a3f0e4a1"


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Any:
    def lines() -> list[dict[str, Any]]:
        return [json.loads(line) for line in capsys.readouterr().err.splitlines()]

    return lines


def test_a_line_at_the_door_carries_request_desk_and_conversation(
    house: HouseInMemory, lines: Any
) -> None:
    application_log.configure("web")
    call = house.rings(ALICE)

    other = call_sid(77)

    house.post(f"/call/digits-pressed/{DESK}/{call.sid}/1", CallSid=other, Digits="1")

    (line,) = lines()
    assert line["event"] == "webhook_of_another_call"
    assert (line["process"], line["level"]) == ("web", "warning")
    assert (line["desk"], line["conversation"], line["call"]) == (DESK, call.sid, other)
    assert line["request"] and line["timestamp"].endswith("Z")


def test_a_line_of_the_next_request_knows_nothing_of_it(house: HouseInMemory, lines: Any) -> None:
    application_log.configure("web")
    house.text(ALICE, "Hello", sid=text_sid(1))
    house.client.post("/text/received", data={"MessageSid": text_sid(2)})  # Mallory signs nothing
    structlog.get_logger().warning("told_outside")

    refused, outside = lines()
    assert refused["event"] == "signature_refused"
    assert not {"text", "conversation", "desk"} & refused.keys()
    assert not {"request", "text"} & outside.keys()


def test_the_carriers_own_id_of_a_request_is_taken_if_it_is_one() -> None:
    assert application_log.request_id(TWILIOS_ID) == TWILIOS_ID
    for other in ("", ALICE.phone, f"{TWILIOS_ID} and more", TWILIOS_ID.upper()):
        made = application_log.request_id(other)
        assert made and made != other
        assert made != application_log.request_id(other)


def test_a_line_of_the_worker_carries_its_job(house: HouseInMemory, lines: Any) -> None:
    application_log.configure("worker")
    house.text(ALICE, "Hello", sid=text_sid(1))
    with application_log.carrying(desk=DESK):
        house.dial()

    line = lines()[-1]
    assert (line["event"], line["process"]) == ("due_line", "worker")
    assert line["job"] == f"{text_sid(1)}-1"


def test_a_library_is_named_and_its_words_are_not_repeated(lines: Any) -> None:
    application_log.configure("worker")
    logging.getLogger("urllib3.connectionpool").warning("Retrying: /Calls.json?To=%s", SECRET)

    (line,) = lines()
    assert (line["event"], line["logger"]) == ("library_warns", "urllib3.connectionpool")
    assert SECRET not in str(line)


class Broken:
    """An HTTP client that fails, with all that it was given in what it raises."""

    def request(self, *given: Any, **named: Any) -> Any:
        raise TwilioRestException(500, f"{given} {named}", f"{SECRET} {ALICE.phone}")


@pytest.mark.parametrize("api", ["http://127.0.0.1:9", None])
def test_twilios_library_is_silent_even_where_everything_is_to_be_told(
    api: str | None, lines: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """Its own logger writes addresses and numbers at INFO."""
    application_log.configure("worker")
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "twilio.http_client")
    carrier = TwilioCarrier(
        account_sid="AC" + "1" * 32,
        auth_token=SECRET,
        urls=Urls(BASE),
        api_url=api,
        timeout_seconds=2.0,
        http_client=None if api else Broken(),  # type: ignore[arg-type]
    )

    with pytest.raises(CarrierError) as failed:
        carrier.place_call(an_order())
    structlog.get_logger().error("not_placed", exc_info=failed.value, reason=str(failed.value))

    (line,) = [each for each in lines() if each["event"] == "not_placed"]
    told = f"{line} {failed.value} {[r for r in caplog.messages if 'twilio' in r.lower()]}"
    assert not [record for record in caplog.records if record.name.startswith("twilio")]
    assert SECRET not in told and ALICE.phone[-6:] not in told


def an_order() -> CallOrder:
    return CallOrder(
        to=PhoneNumber(ALICE.phone),
        caller_id="+443069990500",
        desk=DESK,
        attempt=call_sid(1),
        ring_seconds=20,
        time_limit_seconds=600,
        detect_seconds=30,
        speech_threshold_ms=2400,
        speech_end_threshold_ms=1200,
        silence_timeout_ms=5000,
    )


def test_on_a_terminal_lines_are_for_people(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []

    class Terminal:
        def write(self, text: str) -> None:
            written.append(text)

        def flush(self) -> None: ...

        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stderr", Terminal())
    application_log.configure("worker")
    try:
        raise ValueError(SECRET)
    except ValueError:
        structlog.get_logger().exception("failed")

    told = "".join(written)
    assert "failed" in told and "ValueError" in told and not told.startswith("{")
    assert SECRET not in told


def test_every_event_has_a_name_of_ours() -> None:
    """It is a label of a series: never made at run time."""
    import ast
    from pathlib import Path

    root = Path(__file__).parents[2]
    files = [*root.glob("bot/**/*.py"), root / "webhooks.py"]
    calls = [
        node
        for path in files
        if "simulator" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("info", "warning", "error", "exception")
        and ast.unparse(node.func.value) in ("log", "structlog.get_logger()")
    ]
    assert len(calls) > 20
    assert all(isinstance(call.args[0], ast.Constant) for call in calls)
