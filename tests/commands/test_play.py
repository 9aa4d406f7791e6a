"""A flow played alone: typed or piped, on a phone network in this process, nothing else running."""

import re
from pathlib import Path

import pytest

from bot.play.people import keys_of
from bot.play.typed import read_typed
from bot.question_set import QuestionSet
from tests import transcript
from tests.worker.world import World

TRANSCRIPTS = Path(transcript.__file__).parent / "transcripts"
DAVE = "+447700900888"


def path_of(told: str) -> str:
    """What is printed at the end."""
    return re.split(r"─+ the path ─+\n", told)[1]


def right_answers(terminal, *opening: str) -> str:
    """Play inbound_call as Alice, keying what the hints say is right, one question more a time."""
    typed = list(opening)
    for _ in range(8):
        told = terminal.says("play", "inbound_call", typed="\n".join(typed) + "\n")
        hints = re.findall(r"\((\d+) is right", told)
        if "checks.begin" not in told or "best_number.in_use" in told:
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

    told = terminal.says("play", "inbound_call", typed=f"{typed}1\n1\nhangup\n")

    assert "listener  verified" in path_of(told)
    assert "You owe" in told
    assert "You owe" not in path_of(told), "a path is ids of prompts"
    assert "ends as   details_read" in path_of(told)


def test_a_path_piped_in_again_is_the_same_path(terminal):
    first = path_of(terminal.says("play", "outbound_call", typed="answer\n5\n1\nsilence\n4321\n"))

    assert path_of(terminal.says("play", "outbound_call", typed=first)) == first


PLAYS = {
    "a text": ("inbound_text", (), "Sorry I missed you\n"),
    "an unknown sender": ("inbound_text", ("--as", "+447700900888"), 'She said: "no"\n'),
    "the case is heard": ("inbound_call", (), None),
    "answers as somebody else": (
        "inbound_call",
        ("--as", "+447700900666"),
        "100000017#\nanswers rightly as Alice\nanswers wrongly\n0\nno answer\n",
    ),
    "nobody has a number": ("inbound_call", ("--as", "withheld"), "9\nsilence\nhangup\n"),
    "the desk is busy": ("inbound_call", (), "0\nbusy\n"),
    "the desk answers": ("outbound_call", (), "answer\n5\n1\n0\nanswer\n"),
    "an officer": (
        "officer_line",
        (),
        "keys the staff number of Omar\nkeys the PIN of Omar\nkeys the next code of Omar\n"
        "1\n1\n100000017#\n1\n9\n2\nhangup\n",
    ),
    "somebody on the officers' line": ("officer_line", ("--as", "Mallory"), "1001\n0\nbusy\n"),
    "a voicemail": ("outbound_call", (), "answer\nmachine\n"),
    "a fax": ("outbound_call", ("--as", "+447700900456"), "answer\nfax\n"),
    "nobody can be reached": ("outbound_call", (), "failed\n"),
    "keys that mean nothing": ("outbound_call", (), "answer\n5\n8\n1\n39131\nhangup\n"),
    "words": ("outbound_call", (), 'answer\n5\nYes, but I\'m driving.\nin the "evening"\n'),
    "answers by voice": (
        "inbound_call",
        (),
        "100000017#\nanswers rightly by voice\nanswers wrongly by voice\nit may rain\n"
        'says "a person" (unsure)\na person\nno answer\n',
    ),
    "a reference by voice": (
        "inbound_call",
        ("--as", "+447700900666"),
        "39131#\n1 0 0 0 0 0 0 1 7 it is\n1 0 0 0 0 0 0 1 7\nanswers rightly by voice as Alice\n",
    ),
    "until it ends by itself": ("outbound_call", (), "answer\n" + "silence\n" * 9),
}


@pytest.mark.parametrize("what", PLAYS)
def test_a_path_kept_as_a_transcript_is_a_test_that_passes(terminal, build, what):
    flow, options, typed = PLAYS[what]
    if typed is None:
        typed = right_answers(terminal, "100000017#") + "1\n1\n2\nno answer\n"

    path = path_of(terminal.says("play", flow, *options, typed=typed))

    assert path.startswith("> ") and "  reply " in path
    assert transcript.play(path, World(build)) == path


def test_a_transcript_can_be_played(terminal):
    """The other way round: what stands in a file can be piped in."""
    kept = TRANSCRIPTS / "inbound.unknown_reference.txt"

    path = path_of(terminal.says("play", "inbound_call", "--as", DAVE, typed=kept.read_text()))

    assert path == kept.read_text().partition("\n")[2], "all but its title"


def test_what_alice_keys_rightly_is_not_in_the_path(terminal):
    typed = right_answers(terminal, "100000017#")

    path = path_of(terminal.says("play", "inbound_call", typed=f"{typed}1\n1\nhangup\n"))

    assert "> keys the reference of Alice" in path
    assert "> answers rightly" in path
    assert not [keys for keys in typed.split() if keys.removesuffix("#") in path]


def test_alice_keys_a_better_number_and_hears_it(terminal, build):
    typed = right_answers(terminal, "100000017#")

    told = terminal.says("play", "inbound_call", typed=f"{typed}2\n07700900777#\n1\n9\n")

    assert "(a telephone number · 9 leaves number" in told
    assert "That was 0 7 7 0 0, 9 0 0 7 7 7." in told
    assert "0 7 7 0 0" not in path_of(told)
    assert transcript.play(path_of(told), World(build)) == path_of(told)


def test_a_text_is_answered_with_a_call_and_nothing_else(terminal):
    told = terminal.says("play", "inbound_text", typed="text Sorry I missed you\n")

    assert '> text from Alice: "Sorry I missed you"' in told
    assert "callback  due" in told
    assert "reply     (none)" in told


def test_where_a_text_is_awaited_what_is_typed_is_the_text(terminal):
    told = terminal.says("play", "inbound_text", typed="help\nSorry I missed you, 1 too\n")

    assert "Not now" not in told
    assert '> text from Alice: "Sorry I missed you, 1 too"' in path_of(told)


def test_an_unknown_number_is_a_task(terminal):
    told = terminal.says("play", "inbound_text", "--as", "+447700900888", typed="text Who?\n")

    assert "task      unknown_sender" in told


def test_nobody_unknown_is_rung(terminal):
    told = terminal.says("play", "outbound_call", "--as", "07700 900888")

    assert "nobody is rung blindly" in told


def test_a_withheld_caller_goes_through_the_same_words(terminal):
    alice = path_of(terminal.says("play", "inbound_call", typed="hangup\n"))
    withheld = path_of(terminal.says("play", "inbound_call", "--as", "withheld", typed="hangup\n"))

    assert withheld.replace("A withheld caller", "Alice") == alice


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


@pytest.mark.parametrize(
    "typed",
    ["answers rightly", "keys the reference of Zoe", "answers wrongly as Zoe", "machine", "busy"],
)
def test_what_makes_no_sense_before_a_question_is_told_and_does_nothing(terminal, typed):
    told = terminal.says("play", "inbound_call", typed=f"{typed}\nhangup\n")

    assert "Not now" in told
    steps = [line for line in path_of(told).splitlines() if line.startswith("> ")]
    assert steps == ["> Alice rings", "> hangs up"]


def test_a_flow_that_is_not_there(terminal):
    result = terminal.run("play", "outbound")

    assert result.exit_code == 2
    assert (
        "there is inbound_text, inbound_call, officer_line, missed_call, outbound_call"
        in result.stderr
    )


def test_the_help_lists_the_flows(terminal):
    told = terminal.says("play", "--help")

    assert all(
        f"\n  {flow}  " in told for flow in ("inbound_text", "inbound_call", "outbound_call")
    )


def test_machine_detection_speaks_once(terminal):
    told = terminal.says("play", "outbound_call", typed="answer\nperson\nmachine\nhangup\n")

    assert "Not now: machine detection does not wait" in told
    assert "> machine heard: machine" not in path_of(told)


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


def test_people_are_named_or_numbered(terminal):
    by_name = terminal.says("play", "inbound_text", "--as", "bob", typed="text Hello\n")
    by_number = terminal.says("play", "inbound_text", "--as", "+447700900456", typed="text Hello\n")

    assert path_of(by_name) == path_of(by_number)
    assert "text from Bob" in by_name


def test_whoever_is_not_there_is_refused_with_those_who_are(terminal):
    result = terminal.run("play", "inbound_text", "--as", "Zoe")

    assert result.exit_code != 0
    assert "Alice, Bob" in result.stderr


def test_what_alice_says_rightly_is_not_in_the_path(terminal):
    typed = "100000017#\ntwo four six eight oh one\none hundred and ninety nine\n"

    path = path_of(terminal.says("play", "inbound_call", typed=typed))

    assert "> answers rightly by voice" in path
    assert "eight" not in path
    assert '> says "one hundred and ninety nine"' in path, "a wrong one is nobody's secret"


def test_words_are_said_only_where_they_are_heard(terminal):
    told = terminal.says("play", "outbound_call", typed="answer\na person\n5\na person\n")

    assert "Not now, or not understood" in told
    assert path_of(told).count('> says "a person"') == 1
    assert "or say it)" in told
