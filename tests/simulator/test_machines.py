"""What answering machines keep, and when they hang up."""

import pytest

from bot.simulator import FullMailbox, Machine
from tests.simulator.scene import ALICE

TEN = "one two three four five six seven eight nine ten"  # 48 letters: 3.2 seconds


@pytest.fixture
def leaves(network, service, ring):
    """Play that into a machine, and return the call and what was kept."""

    def leaves(verbs: str, machine):
        service.answer("/call/answered", verbs)
        network.add(machine)
        sid = ring(ALICE)
        network.run_until_quiet()
        return network.calls[sid], [kept.words for kept in network.voicemails(ALICE)]

    return leaves


def machine(**others) -> Machine:
    return Machine("Alice", ALICE, **{"greeting_seconds": 3, "beep": False} | others)


def test_a_message_after_the_beep_is_kept_whole(leaves):
    assert leaves(f"<Pause length='4'/><Say>{TEN}</Say>", machine(beep=True))[1] == [TEN]


def test_words_during_greeting_pause_and_beep_are_lost(leaves):
    words = "<Say>now you are lost, all of you, and for ever</Say>"
    kept = leaves(words + f"<Pause length='2'/><Say>{TEN}</Say>", machine(pause_seconds=1))[1]

    assert kept == [TEN]


def test_a_full_tape_ends_the_call(leaves):
    verbs = f"<Pause length='3'/><Say>{TEN}</Say><Say>eleven</Say>"
    call, kept = leaves(verbs, machine(record_seconds=1.6))

    assert kept == ["one two three four five"]
    assert call.seconds == round(4.6)


def test_a_silent_message_is_kept_as_one(leaves):
    assert leaves("<Pause length='6'/>", machine())[1] == [""]


def test_who_hangs_up_at_once_leaves_nothing(leaves):
    assert leaves("<Pause length='4'/>", machine())[1] == []


def test_silence_ends_the_call(leaves):
    call, _ = leaves("<Pause length='60'/>", machine(silence_seconds=8))

    assert call.seconds == 11


def test_silence_is_counted_from_the_last_word(leaves):
    verbs = f"<Pause length='7'/><Say>{TEN}</Say><Pause length='60'/>"
    call, kept = leaves(verbs, machine(silence_seconds=8))

    assert (call.seconds, kept) == (round(7 + 3.2 + 8), [TEN])


def test_a_full_mailbox_keeps_nothing_and_hangs_up(leaves):
    full = FullMailbox("Alice", ALICE, greeting="There is no room", greeting_seconds=5)
    call, kept = leaves(f"<Say>{TEN}</Say><Pause length='60'/>", full)

    assert kept == []
    assert call.seconds == 5
    assert [said.words for said in call.spoken] == ["There is no room"]


def test_a_greeting_with_words_is_written_down(leaves):
    call, _ = leaves("<Pause length='9'/>", machine(greeting="Alice is not here"))

    assert [(said.at, said.words) for said in call.spoken] == [
        (call.answered_at, "Alice is not here")
    ]


def test_its_greeting_is_speech_to_whoever_listens_for_it(leaves, service):
    gather = "<Gather input='speech' timeout='5' action='/said'/>"
    leaves(gather, machine(rings_seconds=1, greeting="Alice is not here at the moment"))

    assert service.asked("/said")[0]["SpeechResult"] == "Alice is not here at the moment"
