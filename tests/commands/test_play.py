"""A flow played alone: typed or piped, through the real engine, with nothing else running."""

import re

import pytest

from bot.play.stage import keys_of
from bot.play.typed import read_typed
from bot.question_set import QuestionSet


def path_of(told: str) -> str:
    """What is printed at the end."""
    return re.split(r"─+ the path ─+\n", told)[1]


def right_answers(terminal, *opening: str) -> str:
    """Play inbound_call as Alice, keying what the hints say is right, one question more a time."""
    typed = list(opening)
    for _ in range(8):
        told = terminal.says("play", "inbound_call", typed="\n".join(typed) + "\n")
        hints = re.findall(r"\((\d+) is right", told)
        if "checks.begin" not in told or len(hints) + 1 <= len(typed):
            break
        typed.append(f"{hints[-1]}#")
    return "\n".join(typed) + "\n"


def test_a_machine_is_left_the_wording_and_the_call_is_owed_again(terminal):
    path = path_of(terminal.says("play", "outbound_call", typed="answer\nmachine\n"))

    assert "> machine heard: machine" in path
    assert "> the call is redirected\n  reply     outbound_call.voicemail hangs up" in path
    assert "callback  due left_message" in path


def test_alice_keys_what_is_right_and_hears_her_case(terminal):
    typed = right_answers(terminal, "100000017#")

    told = terminal.says("play", "inbound_call", typed=f"{typed}1\nhangup\n")

    assert "listener  verified" in path_of(told)
    assert "You owe" in told
    assert "You owe" not in path_of(told), "a path is ids of prompts"
    assert "ends as   details_read" in path_of(told)


def test_a_path_piped_in_again_is_the_same_path(terminal):
    first = path_of(terminal.says("play", "outbound_call", typed="answer\n5\n1\nsilence\n4321\n"))

    assert path_of(terminal.says("play", "outbound_call", typed=first)) == first


def test_a_text_is_answered_with_a_call_and_nothing_else(terminal):
    told = terminal.says("play", "inbound_text", typed="text Sorry I missed you\n")

    assert '> text from Alice: "Sorry I missed you"' in told
    assert "callback  due" in told
    assert "reply     (none)" in told


def test_an_unknown_number_is_a_task(terminal):
    told = terminal.says("play", "inbound_text", "--as", "+447700900888", typed="text Who?\n")

    assert "task      unknown_sender" in told


def test_nobody_unknown_is_rung(terminal):
    told = terminal.says("play", "outbound_call", "--as", "07700 900888")

    assert "nobody is rung blindly" in told


def test_a_withheld_caller_goes_through_the_same_words(terminal):
    alice = path_of(terminal.says("play", "inbound_call", typed="hangup\n"))
    withheld = path_of(terminal.says("play", "inbound_call", "--as", "withheld", typed="hangup\n"))

    assert withheld.replace("Somebody", "Alice").replace("Withheld", "Alice") == alice


@pytest.mark.parametrize("ending", ["busy", "no answer", "failed"])
def test_a_call_that_nobody_takes(terminal, ending):
    path = path_of(terminal.says("play", "outbound_call", typed=f"{ending}\n"))

    assert f"ends as   {ending.replace(' ', '_')}" in path


def test_fax_and_the_unknown(terminal):
    fax = path_of(terminal.says("play", "outbound_call", typed="answer\nfax\n"))
    unknown = path_of(terminal.says("play", "outbound_call", typed="answer\nunknown\nhangup\n"))

    assert "ends as   fax" in fax
    assert "ends as   no_response" in unknown


def test_a_person_is_one_key_away(terminal):
    typed = "0\nthe desk answers\n"

    path = path_of(terminal.says("play", "inbound_call", typed=typed))

    assert "desk.connecting rings the desk" in path
    assert "> the desk answers" in path
    assert "task      wants_person" in path


def test_what_cannot_be_typed_now_is_told_and_does_nothing(terminal):
    told = terminal.says("play", "outbound_call", typed="1\nhelp\nheliotrope\nbusy\n")

    assert "Not now" in told
    assert "press keys" in told
    assert path_of(told).count("\n> ") == 1, "only that it rang, and that it was busy"


def test_a_flow_that_is_not_there(terminal):
    result = terminal.run("play", "outbound")

    assert result.exit_code == 2
    assert "there is inbound_text, inbound_call, outbound_call" in result.stderr


def test_nothing_is_kept(terminal):
    terminal.says("play", "inbound_text", typed="text hello\n")

    assert list(terminal.data_dir.iterdir()) == []


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("> presses 1\n", "1"),
        ("1\n", "1"),
        ("> answered\n", "answer"),
        ("> machine heard: person\n", "person"),
        ("> the desk does not answer\n", "no answer"),
        ('> text from Alice: "Text me"\n', "text Text me"),
        ("TEXT hello\n", "text hello"),
        ("> Omar has Alice rung\n", None),
        ("> Alice rings\n", None),
        ("> the call is redirected\n", None),
        ("  reply     (none)\n", None),
        ("\n", None),
    ],
)
def test_lines_of_a_transcript_and_of_a_keyboard_mean_the_same(line, read):
    assert read_typed(line) == read


def test_answers_are_keyed_with_the_day_first():
    questions = QuestionSet.load().questions

    assert keys_of(questions["birth_date"], "1980-02-01") == "01021980"
    assert keys_of(questions["moved_in"], "2011-06") == "062011"
    assert keys_of(questions["letter_code"], "246801") == "246801"
