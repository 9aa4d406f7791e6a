from bot.simulator import HangUp, Machine, Person, Press, Transcript
from tests.simulator.scene import ALICE, DESK


def test_a_call_reads_as_a_transcript(network, service):
    lines = []
    network.on(Transcript(lines.append))
    service.answer(
        "/call/received", '<Gather numDigits="1" action="/menu"><Say>Press any key</Say></Gather>'
    )
    service.answer("/menu", "<Say>Thank you. Goodbye.</Say><Pause/>")
    network.add(Person("Alice", ALICE, script=[Press("1"), HangUp(when="goodbye")]))
    network.text(ALICE, DESK, "Sorry I missed you")
    network.dial(ALICE, DESK)
    network.run_until_quiet()

    assert lines == [
        "10:00:00  Alice texts +442079460000: 'Sorry I missed you'",
        "10:00:00  Alice rings +442079460000",
        "10:00:00  Alice: the call is answered",
        "10:00:00  bot -> Alice: Press any key",
        "10:00:01  Alice presses 1",
        "10:00:03  bot -> Alice: Thank you. Goodbye.",
        "10:00:04  Alice hangs up",
        "10:00:04  Alice: the call is over (completed)",
    ]


def test_a_voicemail_reads_as_a_transcript(network, service, ring):
    lines = []
    network.add(Machine("Alice", ALICE, rings_seconds=15, greeting_seconds=4))
    network.on(Transcript(lines.append, webhooks=True))
    service.answer("/call/answered", "<Say>Please ring us back</Say>")
    ring(ALICE, machine_detection="DetectMessageEnd", status_callback_event=["completed"])
    network.run_until_quiet()

    assert lines == [
        "10:00:00  +442079460000 calls Alice",
        "10:00:01  Alice: the phone rings",
        "10:00:16  Alice: the call is answered",
        "10:00:20  carrier takes Alice for: machine_end_beep",
        "10:00:20    webhook voice: 200 https://desk.example/call/answered",
        "10:00:21  bot -> Alice: Please ring us back",
        "10:00:21  Alice's voicemail has kept: 'Please ring us back'",
        "10:00:21  Alice: the call is over (completed)",
        "10:00:21    webhook notice: 200 https://desk.example/status",
    ]


def test_a_reply_by_text_cannot_be_overlooked(network, service):
    lines = []
    network.on(Transcript(lines.append))
    service.answer("/text/received", "<Message>Hi</Message>")
    network.text(ALICE, DESK, "Hello")

    assert lines[-1] == "10:00:00  +442079460000 REPLIES BY TEXT to +447700900123: 'Hi'"
