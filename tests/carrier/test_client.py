"""Calls by REST: what is asked of Twilio, and what its answers and its silence mean."""

import json
import logging
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import requests
from recorded import ALICE, BOB, CALL, SERVICE, TEXT
from twilio.http import HttpClient
from twilio.http.response import Response
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError, ProtocolError

from bot.carrier import CallOrder, Carrier, ListedCall
from bot.errors import CarrierError
from bot.phone import PhoneNumber
from bot.twilio.client import TwilioCarrier
from bot.twilio.urls import OVERRIDES, Urls

ACCOUNT = "AC" + "0a" * 16
ORDER = CallOrder(
    to=PhoneNumber(BOB),
    caller_id=SERVICE,
    desk="north",
    attempt="at_1",
    ring_seconds=25,
    time_limit_seconds=1800,
)
NINE = 1_789_462_800.0
ARRIVED = {"direction": "inbound", "date_sent": "Tue, 15 Sep 2026 09:00:00 +0000", "body": ""}
AT_NINE = {"start_time": "Tue, 15 Sep 2026 09:00:00 +0000"}
LIVE = {"sid": CALL, "status": "in-progress"}


class Line(HttpClient):
    """Stands where the network is: gives the prepared answers and keeps what was asked."""

    def __init__(self, *answers: tuple[int, Any] | Exception) -> None:
        super().__init__(logging.getLogger("line"), False)
        self.answers = list(answers)
        self.asked: list[dict[str, Any]] = []

    def request(self, method, url, params=None, data=None, headers=None, auth=None, **_):
        self.asked.append(
            {"method": method, "url": url, "params": params, "data": data, "auth": auth}
        )
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        status, body = answer
        return Response(status, body if isinstance(body, str) else json.dumps(body))


def on(line: Line, **settings: Any) -> Carrier:
    return TwilioCarrier(
        account_sid=ACCOUNT,
        auth_token="token",
        urls=Urls("https://ringback.example"),
        http_client=line,
        **settings,
    )


def refusal(status: int, code: int, about: str = "") -> tuple[int, dict[str, Any]]:
    return status, {"code": code, "message": f"no: {about}", "more_info": "", "status": status}


def test_bob_is_rung_and_detection_runs_beside_our_words():
    line = Line((201, {"sid": CALL, "status": "queued"}))

    assert on(line).place_call(ORDER) == CALL

    [asked] = line.asked
    assert asked["method"] == "POST"
    assert asked["url"] == f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Calls.json"
    assert asked["auth"] == (ACCOUNT, "token")
    assert asked["data"] == {
        "To": BOB,
        "From": SERVICE,
        "Url": f"https://ringback.example/call/answered/north/at_1{OVERRIDES}",
        "Method": "POST",
        "StatusCallback": f"https://ringback.example/call/status/north/at_1{OVERRIDES}",
        "StatusCallbackMethod": "POST",
        "StatusCallbackEvent": ["initiated", "ringing", "answered", "completed"],
        "Timeout": 25,
        "TimeLimit": 1800,
        "MachineDetection": "DetectMessageEnd",
        "MachineDetectionTimeout": 30,
        "MachineDetectionSpeechThreshold": 2400,
        "MachineDetectionSpeechEndThreshold": 1200,
        "MachineDetectionSilenceTimeout": 5000,
        "AsyncAmd": "true",
        "AsyncAmdStatusCallback": f"https://ringback.example/call/machine-heard/north/at_1{OVERRIDES}",
        "AsyncAmdStatusCallbackMethod": "POST",
    }


def test_words_of_last_resort_may_live_elsewhere():
    line = Line((201, {"sid": CALL}))

    on(line, fallback_url="https://static.example/sorry.xml").place_call(ORDER)

    assert line.asked[0]["data"]["FallbackUrl"] == "https://static.example/sorry.xml"


def test_the_demo_rings_its_simulator_and_no_environment_changes_the_host(monkeypatch):
    monkeypatch.setenv("TWILIO_REGION", "ie1")
    monkeypatch.setenv("TWILIO_EDGE", "dublin")
    here, there = Line((201, {"sid": CALL})), Line((201, {"sid": CALL}))

    on(here, api_url="http://127.0.0.1:5099").place_call(ORDER)
    on(there).place_call(ORDER)

    assert here.asked[0]["url"].startswith("http://127.0.0.1:5099/2010-04-01/")
    assert there.asked[0]["url"].startswith("https://api.twilio.com/")


@pytest.mark.parametrize(
    ("change", "data"),
    [
        (
            lambda carrier: carrier.redirect(CALL, desk="north", conversation="at_1"),
            {"Url": f"https://ringback.example/call/again/north/at_1{OVERRIDES}", "Method": "POST"},
        ),
        (lambda carrier: carrier.end_call(CALL), {"Status": "completed"}),
        (lambda carrier: carrier.cancel(CALL), {"Status": "canceled"}),
    ],
)
def test_a_live_call_is_changed_and_one_that_is_over_is_no_trouble(change, data):
    live, over = Line((200, LIVE)), Line(refusal(400, 21220, "Call is not in-progress"))

    assert change(on(live)) is True
    assert change(on(over)) is False
    assert live.asked[0]["data"] == data
    assert live.asked[0]["url"].endswith(f"/Calls/{CALL}.json")


def test_a_received_text_is_emptied():
    line = Line((200, {"sid": TEXT, "body": ""}))

    on(line).redact_text(TEXT)

    assert line.asked[0]["url"].endswith(f"/Messages/{TEXT}.json")
    assert line.asked[0]["data"] == {"Body": ""}


# Lists


def page(*calls: tuple[str, str, str | None]) -> tuple[int, dict[str, Any]]:
    listed = [{"sid": sid, "status": status, "date_created": made} for sid, status, made in calls]
    return 200, {"calls": listed, "next_page_uri": None, "page": 0, "page_size": 100}


TEN = 1795514400.0  # 24 November 2026, 10:00 UTC


def test_the_calls_to_alice_since_ten():
    line = Line(
        page(
            ("CA4", "queued", None),
            ("CA3", "no-answer", "Tue, 24 Nov 2026 10:05:00 +0000"),
            ("CA2", "in-progress", "Tue, 24 Nov 2026 10:00:00 +0000"),
            ("CA1", "completed", "Tue, 24 Nov 2026 09:59:59 +0000"),
        )
    )

    found = on(line).calls_to(PhoneNumber(ALICE), SERVICE, TEN + 0.4)

    assert found == [
        ListedCall("CA4", "queued", TEN + 0.4),
        ListedCall("CA3", "no_answer", TEN + 300),
        ListedCall("CA2", "in_progress", TEN),
    ]
    assert line.asked[0]["params"] == {"To": ALICE, "From": SERVICE, "PageSize": 100}


def test_a_status_that_no_table_knows_does_not_hide_the_call():
    line = Line(page(("CA1", "levitating", "Tue, 24 Nov 2026 10:05:00 +0000")))

    assert on(line).calls_to(PhoneNumber(ALICE), SERVICE, TEN)[0].status == "unknown"


# Trouble: (retryable, unclear)

URL = "http://127.0.0.1/Calls.json?To=" + BOB
REFUSED = requests.ConnectionError(MaxRetryError(None, URL, NewConnectionError(None, "refused")))
SLOW_TO_CONNECT = requests.ConnectTimeout(MaxRetryError(None, URL, ConnectTimeoutError()))
RESET = requests.ConnectionError(ProtocolError("Connection aborted.", ConnectionResetError()))


@pytest.mark.parametrize(
    ("answer", "retryable", "unclear"),
    [
        (refusal(429, 20429, BOB), True, False),
        (refusal(401, 20003, BOB), True, False),
        (refusal(400, 21211, BOB), False, False),
        (refusal(400, 21210, BOB), False, False),
        (refusal(400, 21214, BOB), False, False),
        (refusal(400, 21215, BOB), False, False),
        (refusal(400, 21216, BOB), False, False),
        (refusal(400, 21217, BOB), False, False),
        (refusal(400, 99999, BOB), False, False),
        (refusal(404, 20404, BOB), False, False),
        ((404, "<html>not found</html>"), False, False),
        ((400, {"type": "t", "title": BOB, "status": 400, "code": 21211}), False, False),
        (refusal(500, 20500, BOB), True, True),
        ((503, "<html>sorry</html>"), True, True),
        ((302, ""), True, True),
        ((201, "<html>who am I</html>"), True, True),
        ((201, {}), True, True),
        (requests.ReadTimeout(URL), True, True),
        (RESET, True, True),
        (requests.exceptions.ChunkedEncodingError(URL), True, True),
        (REFUSED, True, False),
        (SLOW_TO_CONNECT, True, False),
    ],
)
def test_what_a_failed_order_means(answer, retryable, unclear):
    with pytest.raises(CarrierError) as trouble:
        on(Line(answer)).place_call(ORDER)

    assert (trouble.value.retryable, trouble.value.unclear) == (retryable, unclear)
    assert BOB not in str(trouble.value)
    assert trouble.value.__suppress_context__


@pytest.mark.parametrize("answer", [refusal(500, 20500), refusal(404, 20404), RESET])
def test_trouble_in_the_other_requests_has_the_same_name(answer):
    carrier = on(Line(answer))

    for request in (
        lambda: carrier.end_call(CALL),
        lambda: carrier.redirect(CALL, desk="north", conversation="at_1"),
        lambda: carrier.calls_to(PhoneNumber(ALICE), SERVICE, TEN),
        lambda: carrier.redact_text(TEXT),
    ):
        with pytest.raises(CarrierError):
            request()


# The real HTTP client, on real sockets


def over_sockets(port: int) -> Carrier:
    return TwilioCarrier(
        account_sid=ACCOUNT,
        auth_token="token",
        urls=Urls("https://ringback.example"),
        api_url=f"http://127.0.0.1:{port}",
        timeout_seconds=0.2,
    )


def test_a_port_where_nobody_listens_was_surely_not_reached():
    with socket.socket() as bound:  # bound and not listening: nobody else can take it meanwhile
        bound.bind(("127.0.0.1", 0))
        with pytest.raises(CarrierError) as trouble:
            over_sockets(bound.getsockname()[1]).place_call(ORDER)

    assert (trouble.value.retryable, trouble.value.unclear) == (True, False)


def test_a_carrier_that_takes_the_order_and_falls_silent_leaves_it_unclear():
    before = time.monotonic()
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(CarrierError) as trouble:
        over_sockets(silent.getsockname()[1]).place_call(ORDER)

    assert (trouble.value.retryable, trouble.value.unclear) == (True, True)
    assert time.monotonic() - before < 5  # twilio-python by itself waits for ever


class Nothing(BaseHTTPRequestHandler):
    """A carrier that lists no calls."""

    def do_GET(self) -> None:
        body = json.dumps(page()[1]).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def listing_nothing() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Nothing) as server:
        serving = threading.Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        yield server.server_address[1]
        server.shutdown()
        serving.join()


def test_no_log_holds_the_number_that_is_asked_about(listing_nothing, caplog):
    caplog.set_level(logging.DEBUG)

    assert over_sockets(listing_nothing).calls_to(PhoneNumber(ALICE), SERVICE, TEN) == []

    assert ALICE.removeprefix("+") not in caplog.text


def test_threads_share_one_carrier():
    line = Line((201, {"sid": CALL}))
    carrier = on(line)
    together = threading.Barrier(8)

    def order(_: int) -> str:
        together.wait()
        return carrier.place_call(ORDER)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(order, range(8))) == [CALL] * 8
    assert len(line.asked) == 8


def test_only_the_worker_pays_for_the_rest_client():
    code = (
        "import sys, bot.twilio.client, bot.twilio.inbound, bot.twilio.signature, bot.twilio.twiml;"
        "sys.exit('twilio.rest' in sys.modules or 'requests' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_what_came_in_is_listed_page_by_page_and_nothing_else():
    first = {
        "messages": [
            {**ARRIVED, "sid": TEXT, "from": ALICE, "body": "Hello\x00"},
            {**ARRIVED, "sid": "SM2", "direction": "outbound-api"},
            {**ARRIVED, "sid": "SM3", "date_sent": "Tue, 15 Sep 2026 08:59:59 +0000"},
        ],
        "next_page_uri": f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json?Page=1",
    }
    second = {"messages": [{**ARRIVED, "sid": "SM4", "from": "anonymous"}], "next_page_uri": None}
    other_channel = {"messages": [{**ARRIVED, "sid": "SM5"}], "next_page_uri": None}
    line = Line((200, first), (200, second), (200, other_channel))

    listed = on(line).texts_received(PhoneNumber(SERVICE), NINE)

    assert [(text.text, text.at, text.sender, text.other_channel) for text in listed] == [
        (TEXT, NINE, PhoneNumber(ALICE), False),
        ("SM4", NINE, None, False),
        ("SM5", NINE, None, True),
    ]
    assert listed[0].body.reveal() == "Hello"
    assert line.asked[0]["params"]["To"] == SERVICE
    assert line.asked[0]["params"]["DateSent>"] == "2026-09-15T09:00:00Z"
    assert line.asked[2]["params"]["To"] == f"whatsapp:{SERVICE}"


def test_calls_that_came_in():
    calls = [
        {"sid": CALL, "direction": "inbound", "from": BOB, "status": "no-answer", **AT_NINE},
        {"sid": "CA2", "direction": "outbound-dial", "from": BOB, "status": "completed", **AT_NINE},
    ]
    line = Line((200, {"calls": calls, "next_page_uri": None}))

    (listed,) = on(line).calls_received(PhoneNumber(SERVICE), NINE)

    assert (listed.call, listed.caller, listed.status) == (CALL, PhoneNumber(BOB), "no_answer")
    assert listed.at == NINE


@pytest.mark.parametrize(("status", "retryable"), [(401, True), (429, True), (400, False)])
@pytest.mark.parametrize("page", [0, 1])
def test_a_list_that_is_refused_is_judged_by_its_status(status: int, retryable: bool, page: int):
    """For a page the library raises without status and code, which are in the answer only."""
    more = {"messages": [], "next_page_uri": f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json?Page=1"}
    line = Line(*[(200, more)] * page, refusal(status, 20003, BOB))

    with pytest.raises(CarrierError, match=f"HTTP {status}, code 20003") as raised:
        on(line).texts_received(PhoneNumber(SERVICE), NINE)

    assert raised.value.retryable is retryable
    assert not raised.value.unclear
    assert BOB not in str(raised.value)
