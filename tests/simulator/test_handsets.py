"""What people do with a telephone: at chosen moments, behind an assistant, by way of a relay."""

import pytest

from bot.simulator import (
    Answers,
    HangUp,
    Held,
    Machine,
    Person,
    Press,
    Relayed,
    Says,
    Screened,
)
from bot.simulator.handsets.kinds import handset_from_json
from bot.simulator.handsets.plain import BadHandset
from tests.simulator.scene import ALICE, BASE

LONG = "one two three four five six seven eight nine ten"  # 48 letters: 3.2 seconds


def after(call, moment) -> float:
    """How many seconds after the answer that was."""
    return (moment - call.answered_at).total_seconds()


def alice(*script, **others) -> Person:
    return Person("Alice", ALICE, script=script, **others)


@pytest.fixture
def reaches(network, service, ring):
    """Ring Alice, play that to her, and return the call."""

    def reaches(verbs: str, handset, **others):
        service.answer("/call/answered", verbs)
        network.add(handset)
        sid = ring(ALICE, **others)
        network.run_until_quiet()
        return network.calls[sid]

    return reaches


# At chosen moments


def test_a_key_so_long_after_the_answer(reaches):
    call = reaches("<Pause length='9'/>", alice(Press("5", at=3)))

    assert [(after(call, key.at), key.key) for key in call.pressed] == [(3, "5")]


def test_a_key_so_long_after_words_began(reaches):
    call = reaches(f"<Pause length='2'/><Say>{LONG}</Say>", alice(Press("5", when="three", at=1.5)))

    assert [after(call, key.at) for key in call.pressed] == [3.5]


def test_a_key_while_the_bot_speaks_cuts_it_short(hears, service):
    gather = f"<Gather numDigits='1' action='/menu'><Say>{LONG}</Say></Gather>"
    call = hears(gather, alice(Press("5", when="one", at=1)))

    assert service.asked("/menu")[0]["Digits"] == "5"
    assert call.words == "one two three"


def test_half_way_through_the_words(hears):
    call = hears(f"<Say>{LONG}</Say>", alice(Press("5", when="one", during=True)))

    assert [after(call, key.at) for key in call.pressed] == [1.6]


def test_several_things_at_their_moments(reaches):
    script = (Press("5", at=3), Says("Hold on", at=1), HangUp(at=6))
    call = reaches("<Pause length='30'/>", alice(*script))

    assert [(after(call, said.at), said.words) for said in call.spoken] == [(1, "Hold on")]
    assert [after(call, key.at) for key in call.pressed] == [3]
    assert call.seconds == 6


def test_hanging_up_in_the_middle_of_words(hears):
    call = hears(f"<Say>{LONG}</Say><Say>more</Say>", alice(HangUp(when="one", at=1)))

    assert (call.words, call.seconds) == ("one two three", 1)


def test_a_moment_comes_once_unless_always(hears):
    words = "<Say>again and again</Say>"
    once = hears(words * 3, alice(Press("1", when="again", at=0.2)))
    always = hears(words * 3, alice(Press("1", when="again", at=0.2, always=True)))

    assert (once.keys, always.keys) == ("1", "111")


def test_a_step_with_a_moment_waits_for_no_question(hears, service):
    gather = "<Gather numDigits='1' action='/menu'><Say>Which?</Say></Gather>"
    call = hears(gather, alice(Press("7", when="which", at=60, always=True)))

    assert call.keys == ""
    assert service.asked("/menu") == []


# A greeting


def test_a_greeting_is_written_down(network, service, ring):
    service.answer("/call/answered", "<Pause length='4'/>")
    network.add(alice(greeting="Hello, Alice speaking"))
    sid = ring(ALICE)
    network.run_until_quiet()

    assert [spoken.words for spoken in network.calls[sid].spoken] == ["Hello, Alice speaking"]
    assert ("Alice", "Hello, Alice speaking") in [
        (happened.who, happened.words) for happened in network.happenings
    ]


# Behind an assistant

KNOCK = "<Pause length='7'/><Say>This is the desk</Say><Pause length='20'/>"
MENU = "<Gather numDigits='1' timeout='9' action='/menu'><Say>Press any key</Say></Gather>"


def screened(*script, **others) -> Screened:
    return Screened("Alice", ALICE, script=script, **others)


def test_the_assistant_asks_who_calls(reaches):
    call = reaches(KNOCK, screened())

    assert "Who is calling" in call.spoken[0].words
    assert (after(call, call.spoken[0].at), call.status) == (0, "completed")


def test_the_owner_comes_in_the_middle_of_the_call(reaches, service):
    call = reaches(KNOCK + MENU, screened(Press("1", when="any key"), greeting="Hello?"))

    assert [(after(call, said.at), said.words) for said in call.spoken][1:] == [(16, "Hello?")]
    assert service.asked("/menu")[0]["Digits"] == "1"


def test_nobody_presses_a_key_before_the_owner_is_there(reaches, service):
    reaches(MENU + "<Pause length='30'/>", screened(Press("1", when="any key")))

    assert service.asked("/menu") == []


def test_a_caller_who_says_nothing_is_not_put_through(reaches):
    call = reaches("<Pause length='60'/>", screened())

    assert call.seconds == 16


@pytest.mark.parametrize(
    ("others", "seconds"),
    [
        ({"declines": True}, 16),
        ({"takes_when": "the dentist"}, 16),
        ({"takes_when": "the DESK"}, 28),
        ({"decides_seconds": 4, "declines": True}, 10),
    ],
)
def test_the_owner_decides_by_what_is_shown(reaches, others, seconds):
    assert reaches(KNOCK, screened(**others)).seconds == seconds


def test_detection_takes_the_assistant_for_a_machine(reaches):
    call = reaches(KNOCK, screened(), machine_detection="Enable")

    assert call.answered_by == "machine_start"


# By way of a relay


def relayed(*script, **others) -> Relayed:
    return Relayed("Alice", ALICE, script=script, **others)


def asks(words: str, timeout: int) -> str:
    return f"<Gather numDigits='1' timeout='{timeout}' action='/menu'><Say>{words}</Say></Gather>"


def test_a_relayed_call_is_announced(reaches):
    call = reaches("<Say>This is the desk</Say>", relayed())

    assert call.spoken[0].words.startswith("Please hold for an operator-assisted call")


def test_every_answer_takes_its_turn(reaches, service):
    service.answer("/menu", asks("And now?", 60), "")
    call = reaches(asks("Which?", 60), relayed(Press("1"), Press("2"), turn_seconds=[25, 40]))

    first, second = (after(call, key.at) for key in call.pressed)
    assert call.keys == "12"
    assert (round(first, 1), round(second - first, 1)) == (25.4, 40.5)


def test_who_does_not_wait_is_answered_too_late(reaches, service):
    call = reaches(asks("Which?", 5) * 2 + "<Pause length='60'/>", relayed(Press("1")))

    assert (call.keys, service.asked("/menu")) == ("1", [])


def test_questions_meanwhile_have_no_answer_of_their_own(reaches):
    knows = relayed(Answers({"Which?": "1"}))
    call = reaches(asks("Which?", 5) * 3 + "<Pause length='60'/>", knows)

    assert call.keys == "1"


def test_detection_takes_the_relay_for_a_machine(reaches):
    call = reaches("<Say>Hello</Say>", relayed(), machine_detection="DetectMessageEnd")

    assert call.answered_by == "machine_end_silence"


# As plain data


@pytest.mark.parametrize(
    "data",
    [
        {"kind": "person", "greeting": "Hello?", "amd": "unknown", "amd_seconds": 3},
        {"kind": "person", "withheld": "anonymous"},
        {"kind": "screened", "takes_when": "desk", "decides_seconds": 4},
        {"kind": "relayed", "turn_seconds": [20, 40]},
        {"kind": "machine", "pause_seconds": 2, "silence_seconds": 8},
        {"kind": "full-mailbox", "greeting": "There is no room"},
        {"kind": "held", "voicemail_after_seconds": 20, "beep": False},
        {"kind": "fax", "rings_seconds": 2},
        {"kind": "busy"},
        {"kind": "no-answer"},
        {"kind": "rejects", "rings_seconds": 1},
        {"kind": "unreachable"},
    ],
)
def test_every_kind_is_plain_data(data):
    handset = handset_from_json(data | {"name": "Alice", "number": ALICE})

    given = {name: value for name, value in data.items() if name != "kind"}
    assert {name: getattr(handset, name) for name in given} == given


def test_moments_are_plain_data(reaches):
    script = [
        {"press": "5", "at": 2},
        {"says": "Wait", "at": 3},
        {"hang_up": True, "when": "two", "at": 1},
    ]
    person = handset_from_json({"number": ALICE, "script": script})
    call = reaches(f"<Pause length='4'/><Say>{LONG}</Say>", person)

    assert (call.keys, call.spoken[0].words, call.seconds) == ("5", "Wait", 5)


def test_a_wait_has_no_moment():
    with pytest.raises(BadHandset):
        handset_from_json({"number": ALICE, "script": [{"wait": 3, "at": 2}]})


# Told of by hand


def test_the_voicemail_behind_a_held_telephone_has_its_greeting(reaches):
    behind = {"voicemail_after_seconds": 10, "greeting": "Alice is out", "greeting_seconds": 4}
    call = reaches("<Pause length='9'/>", Held("Alice", ALICE, **behind))

    assert [said.words for said in call.spoken] == ["Alice is out"]


def test_detection_beside_the_call_sees_the_owner_come_too_late(network, service, ring):
    service.answer("/call/answered", KNOCK)
    network.add(screened())
    ring(
        ALICE,
        machine_detection="DetectMessageEnd",
        async_amd="true",
        async_amd_status_callback=f"{BASE}/machine-heard",
    )
    network.run_until_quiet()

    (told,) = service.asked("/machine-heard")
    assert (told["AnsweredBy"], told["MachineDetectionDuration"]) == (
        "machine_end_silence",
        "7200",
    )


def test_machines_never_press_keys(hears):
    assert hears(MENU, Machine("Alice", ALICE)).keys == ""
