"""Spoken answers as the carrier posts them: whatever stands in the form, and where it goes."""

import time
from xml.etree import ElementTree

import pytest
from structlog.testing import capture_logs

from bot import answers
from tests.house_in_memory import DESK, HouseInMemory, LiveCall
from tests.people import ALICE, DAVE, Person
from tests.stores_that_fail import FailingStore

UNHEARD = "My secret is the pelican"  # said by nobody else


def asked(house: HouseInMemory, person: Person = ALICE) -> LiveCall:
    """A call in which the first question was asked."""
    call = house.rings(person)
    call.press(person.reference)
    return call


def spoken(call: LiveCall, person: Person) -> str:
    """The right answer to the question that is open, as it is said."""
    rule = call.house.runtime.house.questions.questions[call.question]
    return answers.as_said(rule, answers.keyed(rule, person.right(call.question)) or "")


def last_event(house: HouseInMemory) -> str:
    """What the last step was taken for."""
    return [line["event"] for line in house.log() if line["kind"] == "step"][-1]


def listens_to(call: LiveCall) -> dict[str, str]:
    """How the last words listen."""
    assert call.last is not None
    gather = ElementTree.fromstring(call.last.get_data(as_text=True)).find("Gather")
    return {} if gather is None else dict(gather.attrib)


def test_nobody_is_heard_before_a_first_key(house: HouseInMemory) -> None:
    call = house.rings(DAVE)
    assert listens_to(call)["input"] == "dtmf"

    call.say("A person, please.", "0.99")

    assert (last_event(house), house.tasks()) == ("silence", [])
    assert listens_to(call)["input"] == "dtmf"


def test_after_a_first_key_speech_joins_the_keys(house: HouseInMemory) -> None:
    call = asked(house)

    heard = listens_to(call)

    assert (heard["input"], heard["language"]) == ("dtmf speech", "en-GB")
    assert "a person" in heard["hints"].split(", ")


def test_alice_says_every_answer_and_is_verified(house: HouseInMemory) -> None:
    call = asked(house)

    while call.heard().asked.startswith("question."):
        call.say(spoken(call, ALICE))

    assert house.log()[-1]["listener"] == "verified"


def test_a_person_is_one_sentence_away(house: HouseInMemory) -> None:
    call = asked(house)

    call.say("Can I speak to a person, please?")

    assert (call.heard().dials, house.tasks()) == ("+443069990300", ["wants_person"])


@pytest.mark.parametrize(
    "confidence",
    ["", "0.59", "0", "0.0", "-1", "2", "1e3", "nan", "inf", "0,9", "٠.٩", "high", ".9"],
)
def test_what_is_not_surely_sure_is_asked_again(house: HouseInMemory, confidence: str) -> None:
    call = asked(house)
    question = call.question

    call.say("a person", confidence)

    assert call.heard().prompts == ("common.not_understood", f"question.{question}")
    assert last_event(house) == "not_understood"


def test_no_confidence_at_all_is_asked_again(house: HouseInMemory) -> None:
    call = asked(house)

    call.post(call.heard().action, SpeechResult="a person")

    assert last_event(house) == "not_understood"


@pytest.mark.parametrize("confidence", ["0.6", "0.9125", "1", "1.0", "1.00000"])
def test_sure_is_sure(house: HouseInMemory, confidence: str) -> None:
    call = asked(house)

    call.say("a person", confidence)

    assert last_event(house) == "wants_person"


def test_keys_win_over_words_that_come_with_them(house: HouseInMemory) -> None:
    call = asked(house)

    call.post(call.heard().action, Digits="0", SpeechResult="again", Confidence="1")

    assert last_event(house) == "wants_person"


@pytest.mark.parametrize("words", ["", "   ", "\x00", "\u2028"])
def test_empty_words_are_silence(house: HouseInMemory, words: str) -> None:
    call = asked(house)

    call.say(words)

    assert last_event(house) == "silence"


HOSTILE = {
    "very many words": "a person " * 9_000,
    "one endless word": "a" * 90_000,
    "one endless number": "1 " * 40_000,
    "for a slow pattern": "my my my my " * 20 + "!" * 60,
    "digits of other scripts": "١٢٣٤٥٦",
    "markup": "<Response><Say>boo</Say></Response> & ]]>",
    "a template": "{full_name} {balance} %s ${x}",
    "controls": "\x00\x01\x07 hello \x1b[31m\x7f",
    "half a character": "\ud800 hello".encode("utf-8", "replace").decode(),
    "right to left": "\u202enosrep a",
    "a number beyond all": "nine hundred trillion " * 10,
}


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("where", ["a question", "the reference", "a menu"])
def test_whatever_is_said_gets_an_answer_at_once(
    house: HouseInMemory, words: str, where: str
) -> None:
    call = house.rings(ALICE)
    call.press(ALICE.reference if where != "the reference" else "39131")
    if where == "a menu":
        call.answer_all(ALICE)
    begun = time.perf_counter()

    assert call.say(words).status_code == 200

    assert time.perf_counter() - begun < 1.0
    assert call.heard().action or call.heard().hangs_up
    assert not [line for line in house.log() if line["kind"] == "fault"]
    assert "Say>boo" not in call.heard().text


def test_the_same_words_twice_are_the_same_as_once(house: HouseInMemory) -> None:
    call = asked(house)
    action, words = call.heard().action, spoken(call, ALICE)
    first = call.post(action, SpeechResult=words, Confidence="0.9").data
    kept = house.everything()

    again = call.post(action, SpeechResult=words, Confidence="0.9").data

    assert (again, house.everything()) == (first, kept)


def test_words_for_another_turn_are_no_step(house: HouseInMemory) -> None:
    call = asked(house)
    action = call.heard().action.rpartition("/")[0]
    kept = house.everything()

    for turn in ("0", "1", "99", "x"):
        call.post(f"{action}/{turn}", SpeechResult="a person", Confidence="1")

    assert house.everything() == kept


@pytest.mark.parametrize("confidence", ["0.99", "0.1"])
def test_what_was_said_is_kept_nowhere(house: HouseInMemory, confidence: str) -> None:
    call = asked(house)
    with capture_logs() as application_log:
        call.say(UNHEARD, confidence)
        call.say(spoken(call, ALICE), confidence)
        call.say(UNHEARD, confidence)
        call.hang_up()

    kept = f"{house.everything()} {application_log} {house.log()}"
    rows = "".join(house.records.raw_connection().driver_connection.iterdump())
    assert "pelican" not in kept + rows
    assert call.last is not None and "pelican" not in call.last.get_data(as_text=True)


def test_what_was_said_is_in_no_url(house: HouseInMemory) -> None:
    call = asked(house)

    call.say("two four six eight oh one")

    assert call.last is not None
    assert call.last.get_data(as_text=True).count(f"/call/digits-pressed/{DESK}/{call.id}/") == 2
    assert "eight" not in call.last.get_data(as_text=True).replace(call.heard().text, "")


def test_a_fault_of_ours_does_not_tell_what_was_said(build) -> None:
    store = FailingStore()
    house = build(store=store)
    call = asked(house)
    action = call.heard().action
    store.down = True
    with capture_logs() as application_log:
        call.post(action, SpeechResult=UNHEARD, Confidence="0.9")

    assert "pelican" not in str(application_log)


def test_a_deaf_house_hears_nobody_and_says_so_to_the_carrier(build, tmp_path) -> None:
    (tmp_path / "policy.toml").write_text("[speech]\nenabled = false\n", encoding="utf-8")
    house = build(environment={"RINGBACK_CONFIG_DIR": str(tmp_path)})
    call = asked(house)

    assert listens_to(call)["input"] == "dtmf"
    call.say("a person", "1")
    assert last_event(house) == "silence"


def test_words_while_nothing_is_asked_are_as_silence_there(build) -> None:
    """The desk is rung; something is posted as if it were said into that."""
    kept = []
    for form in ({"SpeechResult": "a person", "Confidence": "1"}, {"Digits": ""}):
        call = asked(build())
        call.press("0")
        turn = call.talk["turn"]
        answer = call.post(f"/call/digits-pressed/{DESK}/{call.id}/{turn}", **form)
        stands = (call.talk["state"], call.talk["turn"], call.talk["facts"])
        kept.append((answer.status_code, answer.data, last_event(call.house), stands))

    assert kept[0] == kept[1]
