"""The simulator as a process of its own: a port, the real twilio-python over HTTP, the control."""

import json
import signal
import subprocess
import sys
import time

import pytest
from flask import Flask, Response, request
from twilio.rest import Client
from werkzeug.serving import make_server

from bot.simulator import Control, PhoneNetwork, WallClock
from bot.simulator.control.client import ControlRefused
from bot.simulator.server import serve
from tests.simulator.ports import running
from tests.simulator.scene import ALICE, BOB, DESK, SID, TOKEN

PATIENCE_SECONDS = 15


def bot():
    """A service that rings back, in a few lines."""
    app = Flask("bot")
    pages = {
        "/text/received": "",
        "/call/received": '<Gather numDigits="1" action="/menu"><Say>Any key</Say></Gather>',
        "/call/answered": "<Say>Hello</Say>",
        "/menu": '<Say>Thank you</Say><Pause length="60"/>',
        "/status": "",
    }

    @app.post("/<path:path>")
    def page(path):
        assert request.headers["X-Twilio-Signature"]
        return Response(f"<Response>{pages['/' + path]}</Response>", mimetype="text/xml")

    return app


@pytest.fixture
def base():
    with running(make_server("127.0.0.1", 0, bot(), threaded=True)) as base:
        yield base


@pytest.fixture
def address():
    network = PhoneNetwork(SID, TOKEN, WallClock())
    network.settings.setup_seconds = 0
    network.settings.characters_per_second = 1000
    with running(serve(network)) as address:
        yield address
    network.close()


@pytest.fixture
def control(address, base):
    control = Control(address)
    control.own(DESK, f"{base}/call/received#rc=3&rp=all", f"{base}/text/received")
    return control


def until(control, kind, after=0):
    """Follow the happenings as they come, up to the first of that kind."""
    ends = time.monotonic() + PATIENCE_SECONDS
    seen = []
    while time.monotonic() < ends:
        for happening in control.happenings(after=after + len(seen), wait_seconds=1):
            seen.append(happening)
            if happening.kind == kind:
                return seen
    raise AssertionError(f"no {kind} among {seen}")


def test_the_real_client_over_http(control, address, base):
    client = Client(SID, TOKEN)
    client.api.base_url = address
    control.add({"kind": "person", "name": "Alice", "number": ALICE, "rings_seconds": 0})
    call = client.calls.create(
        to=ALICE, from_=DESK, url=f"{base}/call/answered", status_callback=f"{base}/status"
    )
    until(control, "ended")

    assert client.calls(call.sid).fetch().status == "completed"
    assert [listed.sid for listed in client.calls.list(to=ALICE, page_size=1)] == [call.sid]
    assert [heard[2] for heard in control.call(call.sid)["heard"]] == ["Hello"]


def test_a_handset_rings_in_and_presses_keys(control):
    script = [{"press": "1", "when": "any key"}, {"hang_up": True, "when": "thank you"}]
    control.add(
        {"name": "Alice", "number": ALICE, "script": script, "reaction_seconds": 0},
    )
    sid = control.dial(ALICE, DESK)
    seen = until(control, "ended")

    assert [h.words for h in seen if h.kind == "said"] == ["Any key", "Thank you"]
    assert [key for _, key in control.call(sid)["pressed"]] == ["1"]
    assert "hung_up" in [h.kind for h in seen]


def test_keys_by_hand_and_a_hang_up(control):
    control.dial(ALICE, DESK)
    said = until(control, "said")
    control.press(ALICE, "7")
    pressed = until(control, "said", after=len(said))
    control.hang_up(ALICE)
    ended = until(control, "ended", after=len(said) + len(pressed))

    assert pressed[-1].words == "Thank you"
    assert ended[-1].words == "completed"


def test_a_held_telephone_is_left_to_its_voicemail(control, address, base):
    control.add({"kind": "held", "number": ALICE, "voicemail_after_seconds": 60})
    ringing = ring_alice(address, base, control)
    control.divert(ALICE)
    until(control, "answered", after=len(ringing))

    with pytest.raises(ControlRefused):
        control.divert(ALICE)


def test_a_held_telephone_is_answered_and_spoken_into(control, address, base):
    control.add({"kind": "held", "number": ALICE, "amd": ""})
    ringing = ring_alice(address, base, control, machine_detection="Enable")
    control.answer(ALICE)
    answered = until(control, "answered", after=len(ringing))
    control.speak(ALICE, "Hello?")
    spoke = until(control, "spoke", after=len(ringing) + len(answered))
    control.detect(ALICE, "human")
    detected = until(control, "machine_detected", after=len(ringing) + len(answered) + len(spoke))

    assert spoke[-1].words == "Hello?"
    assert detected[-1].words == "human"


def test_whether_it_is_busy(control, address, base):
    control.add({"kind": "held", "number": ALICE})
    ringing = ring_alice(address, base, control)
    while_it_rings = control.busy()
    control.answer(ALICE)
    answered = until(control, "answered", after=len(ringing))
    while_they_talk = control.busy()
    control.hang_up(ALICE)
    until(control, "ended", after=len(ringing) + len(answered))

    assert (while_it_rings["calls"], while_it_rings["answered"]) == (1, 0)
    assert (while_they_talk["calls"], while_they_talk["answered"]) == (1, 1)
    assert control.busy()["calls"] == 0
    assert [call["url"] for call in control.calls()] == [f"{base}/menu"]


def test_a_held_telephone_declines(control, address, base):
    control.add({"kind": "held", "number": ALICE})
    ringing = ring_alice(address, base, control)
    control.decline(ALICE)

    assert until(control, "ended", after=len(ringing))[-1].words == "busy"


def ring_alice(address, base, control, **others):
    """The happenings up to the ringing of her telephone."""
    client = Client(SID, TOKEN)
    client.api.base_url = address
    client.calls.create(to=ALICE, from_=DESK, url=f"{base}/menu", **others)
    return until(control, "ringing")


def test_a_text_and_the_books(control):
    sent = control.text(ALICE, DESK, "Sorry I missed you")

    assert (sent["status"], sent["replies"]) == (200, [])
    (text,) = control.texts()
    assert text["body"] == "Sorry I missed you"
    assert [status for _, status in text["answers"]] == [200]
    (webhook,) = control.webhooks()
    assert ["Body", "Sorry I missed you"] in webhook["params"]
    assert control.events() == []


def test_a_text_for_whose_answer_nobody_waits(control):
    sid = control.text_soon(ALICE, DESK, "Sorry I missed you")
    until(control, "webhook")

    (text,) = control.texts()
    assert (text["sid"], text["body"]) == (sid, "Sorry I missed you")


def test_time_can_be_let_pass(control):
    control.add({"name": "Bob", "number": BOB, "kind": "machine", "greeting_seconds": 1})
    before = control.now()

    assert control.advance(3600) > before


def test_the_network_outlives_the_bot(control, base):
    control.own(DESK, "http://127.0.0.1:9/gone#rc=2", voice_fallback_url=f"{base}/call/answered")
    sid = control.dial(ALICE, DESK)
    until(control, "ended")

    assert [webhook["kind"] for webhook in control.call(sid)["webhooks"]] == ["voice"] * 3 + [
        "fallback"
    ]
    assert control.call(sid)["heard"][0][2] == "Hello"
    assert [event["code"] for event in control.events()] == [11205]


def test_what_the_control_refuses(control):
    for wrong in (
        lambda: control.press(BOB, "1"),
        lambda: control.text(ALICE, "+442079460999", "Hello"),
        lambda: control.add({"kind": "pigeon", "number": BOB}),
        lambda: control.add({"kind": "person", "number": BOB, "age": 7}),
        lambda: control.add({"kind": "person", "number": BOB, "script": [{"sing": 1}]}),
        lambda: control.call("CA0"),
        lambda: control.add({"kind": "person"}),
        lambda: control.advance("soon"),
    ):
        with pytest.raises(ControlRefused):
            wrong()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_its_own_process_starts_and_ends_cleanly(tmp_path, number):
    scenario = tmp_path / "scene.json"
    scene = {"numbers": [{"number": DESK}], "handsets": [{"number": ALICE, "name": "Alice"}]}
    scenario.write_text(json.dumps(scene))
    command = [sys.executable, "-m", "bot.simulator", "--port", "0"]
    command += ["--scenario", str(scenario), "--journal", str(tmp_path / "data")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        control = Control(process.stdout.readline().split()[-1])
        control.dial(ALICE, DESK)
        process.send_signal(number)
        assert process.wait(PATIENCE_SECONDS) == 0
    finally:
        process.kill()
        process.stdout.close()
        process.wait()
    assert "call_received" in (tmp_path / "data" / "happenings.jsonl").read_text()
