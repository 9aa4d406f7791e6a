"""Twilio's webhooks become our events, whatever is posted."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recorded import (
    ALICE,
    ATTEMPT,
    BOB,
    CALL,
    OFFICERS,
    SERVICE,
    TEXT,
    North,
    call_from_alice,
    call_to_bob,
    desk_leg_of_bob,
    form,
    keys_from_bob,
    notice_on_bob,
    reminder_to_bob,
    text_from_alice,
    verdict_on_bob,
)
from werkzeug.datastructures import MultiDict

from bot.errors import BadEvent, UnknownWord
from bot.events import (
    AnsweredBy,
    CallEnded,
    CallOutcome,
    CallRinging,
    DigitsPressed,
    LegOutcome,
    Silence,
    SpeechHeard,
    TextDelivered,
    TextFailed,
)
from bot.phone import PhoneNumber
from bot.twilio import inbound
from tests.house_in_memory import TOKEN

NORTH = North()
WITHHELD = ["anonymous", "unknown", "Restricted", "", "+266696687", "+7378742833", "sip:a@b"]


# Texts


def test_alice_texts_back():
    event = inbound.text_received(form(text_from_alice), NORTH, TOKEN)

    assert (event.desk, event.line, event.conversation) == ("north", "customers", TEXT)
    assert event.sender == PhoneNumber(ALICE)
    assert event.body.reveal() == "Sorry I missed you"
    assert event.pictures == 0


@pytest.mark.parametrize(
    ("posted", "kept"),
    [
        ("Ring me 🙏🏽 at\r\nten\tplease", "Ring me 🙏🏽 at\r\nten\tplease"),
        ("\x00a\x0bb\x1b[31mc\x7f\x85\ud83d\ufffe\uffff", "ab[31mc"),
        ("<Response>&amp;</Response>", "<Response>&amp;</Response>"),
        ("ŵ" * 1600, "ŵ" * 1600),
        ("👩‍👩‍👧", "👩‍👩‍👧"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_text_is_kept_whole_but_for_control_characters(posted, kept):
    event = inbound.text_received(form(text_from_alice, Body=posted), NORTH, TOKEN)

    assert event.body.reveal() == kept


def test_what_alice_wrote_is_not_printed():
    assert "Sorry" not in repr(inbound.text_received(form(text_from_alice), NORTH, TOKEN))


@pytest.mark.parametrize(
    ("posted", "pictures"), [("2", 2), ("", 0), (None, 0), ("two", 0), ("-1", 0), ("9" * 99, 0)]
)
def test_pictures_are_counted(posted, pictures):
    assert (
        inbound.text_received(form(text_from_alice, NumMedia=posted), NORTH, TOKEN).pictures
        == pictures
    )


@pytest.mark.parametrize("channel", ["whatsapp", "messenger", "rcs"])
def test_another_channel_is_no_text_and_gives_no_number_to_ring(channel):
    posted = form(text_from_alice, From=f"{channel}:{ALICE}", To=f"{channel}:{SERVICE}")

    event = inbound.text_received(posted, NORTH, TOKEN)

    assert (event.desk, event.line, event.sender) == ("north", "other_channel", None)


def test_one_prefix_is_enough_to_make_it_another_channel():
    event = inbound.text_received(form(text_from_alice, To=f"whatsapp:{SERVICE}"), NORTH, TOKEN)

    assert (event.desk, event.line, event.sender) == ("north", "other_channel", None)


@pytest.mark.parametrize("sender", WITHHELD[:-1] + ["HMRC", None])
def test_a_text_without_a_number_has_no_sender(sender):
    assert inbound.text_received(form(text_from_alice, From=sender), NORTH, TOKEN).sender is None


@pytest.mark.parametrize("dialled", ["+443069990099", "sip:x@y", "", None, "+266696687"])
def test_a_number_that_is_nobodys_goes_to_the_default_desk(dialled):
    text = inbound.text_received(form(text_from_alice, To=dialled, From=BOB), NORTH, TOKEN)
    call = inbound.call_received(form(call_from_alice, To=dialled), NORTH)

    assert (call.desk, call.line) == ("main", "nobody")
    assert text.desk == "main"
    assert text.line == ("other_channel" if dialled == "sip:x@y" else "nobody")


def test_an_old_name_of_the_texts_id_will_do():
    posted = form(text_from_alice, MessageSid=None, SmsSid="")

    assert inbound.text_received(posted, NORTH, TOKEN).conversation == TEXT


@pytest.mark.parametrize("bad", [None, "", "SM 1", "S" * 65])
def test_a_text_without_a_usable_id_is_kept_under_one_made_of_what_it_says(bad):
    posted = form(text_from_alice, MessageSid=bad, SmsSid=None, SmsMessageSid=None)
    another = form(text_from_alice, MessageSid=bad, SmsSid=None, SmsMessageSid=None, Body="Hm")

    kept = inbound.text_received(posted, NORTH, TOKEN).conversation

    assert kept.startswith("SX") and len(kept) == 34
    assert inbound.text_received(posted, NORTH, TOKEN).conversation == kept
    assert inbound.text_received(another, NORTH, TOKEN).conversation != kept
    assert inbound.text_received(posted, NORTH, "another").conversation != kept


@pytest.mark.parametrize("bad", [None, "", "SM1\n", "SM:1", "SM{x}", "SM 1", "ŜM1", "S" * 65])
def test_an_id_that_could_not_be_a_key_is_refused(bad):
    with pytest.raises(BadEvent, match="CallSid"):
        inbound.call_received(form(call_from_alice, CallSid=bad), NORTH)
    with pytest.raises(BadEvent, match="id"):
        inbound.call_answered(form(call_to_bob), "north", bad or "")


@pytest.mark.parametrize("word", ["delivered", "read"])
def test_a_text_of_ours_arrived(word):
    event = inbound.text_delivery(form(reminder_to_bob, MessageStatus=word), NORTH)

    assert event == TextDelivered(desk="north", conversation=TEXT)


@pytest.mark.parametrize("word", ["undelivered", "failed", "canceled"])
@pytest.mark.parametrize(("code", "kept"), [("30003", "30003"), (None, ""), ("<b>", ""), ("0", "")])
def test_a_text_of_ours_did_not_arrive(word, code, kept):
    posted = form(reminder_to_bob, MessageStatus=word, ErrorCode=code)

    assert inbound.text_delivery(posted, NORTH) == TextFailed(
        desk="north", conversation=TEXT, code=kept
    )


@pytest.mark.parametrize("word", ["accepted", "scheduled", "queued", "sending", "sent"])
def test_a_text_on_its_way_is_no_news(word):
    assert inbound.text_delivery(form(reminder_to_bob, MessageStatus=word), NORTH) is None


# Calls


def test_alice_rings_in():
    event = inbound.call_received(form(call_from_alice), NORTH)

    assert (event.desk, event.line) == ("north", "customers")
    assert (event.conversation, event.call, event.caller) == (CALL, CALL, PhoneNumber(ALICE))


def test_the_officers_have_a_line_of_their_own():
    assert inbound.call_received(form(call_from_alice, To=OFFICERS), NORTH).line == "officers"


@pytest.mark.parametrize("caller", [*WITHHELD, "client:omar", None])
def test_a_withheld_caller_is_nobody(caller):
    assert inbound.call_received(form(call_from_alice, From=caller), NORTH).caller is None


def test_bob_picks_up():
    event = inbound.call_answered(form(call_to_bob), "north", ATTEMPT)

    assert (event.desk, event.conversation, event.call) == ("north", ATTEMPT, CALL)


@pytest.mark.parametrize("keys", ["1", "31121980", "*", "0", "#", "*#"])
def test_bob_presses_keys(keys):
    event = inbound.digits_pressed(form(keys_from_bob, Digits=keys), "north", ATTEMPT, "7")

    assert isinstance(event, DigitsPressed)
    assert (event.conversation, event.turn, event.digits.reveal()) == (ATTEMPT, 7, keys)
    assert keys not in repr(event.digits)


@pytest.mark.parametrize("keys", [None, "", " ", "\x00"])
def test_no_keys_are_silence(keys):
    posted = form(keys_from_bob, Digits=keys)

    assert inbound.digits_pressed(posted, "north", ATTEMPT, "7") == Silence(
        desk="north", conversation=ATTEMPT, turn=7, call=posted["CallSid"]
    )


@pytest.mark.parametrize(
    ("told", "confidence"),
    [("0.9", 0.9), ("1.0", 1.0), ("0", 0.0), (None, None), ("", None), ("1.5", None), ("x", None)],
)
def test_what_bob_says_comes_with_how_sure_the_carrier_is(told, confidence):
    posted = form(keys_from_bob, Digits=None, SpeechResult=" the first of May ", Confidence=told)

    event = inbound.digits_pressed(posted, "north", ATTEMPT, "7")

    assert isinstance(event, SpeechHeard)
    assert (event.turn, event.words.reveal()) == (7, "the first of May")
    assert event.confidence == confidence


def test_keys_count_more_than_words():
    posted = form(keys_from_bob, Digits="2", SpeechResult="one", Confidence="0.9")

    assert isinstance(inbound.digits_pressed(posted, "north", ATTEMPT, "7"), DigitsPressed)


@pytest.mark.parametrize("words", ["", " ", "\x00"])
def test_no_keys_and_no_words_are_silence(words):
    posted = form(keys_from_bob, Digits="", SpeechResult=words, Confidence="0.9")

    assert isinstance(inbound.digits_pressed(posted, "north", ATTEMPT, "7"), Silence)


def test_of_doubled_keys_the_first_count():
    posted = MultiDict([*form(keys_from_bob, Digits="1").items(), ("Digits", "2")])

    event = inbound.digits_pressed(posted, "north", ATTEMPT, "7")

    assert isinstance(event, DigitsPressed)
    assert event.digits.reveal() == "1"


@pytest.mark.parametrize("turn", ["", "x", "-1", "1.0", "٣", "1\n", "9" * 40])
def test_a_turn_that_is_no_number_is_no_turn(turn):
    assert inbound.digits_pressed(form(keys_from_bob), "north", ATTEMPT, turn).turn is None
    assert inbound.leg_ended(form(desk_leg_of_bob), "north", ATTEMPT, turn).turn is None


@pytest.mark.parametrize(
    ("word", "by"),
    [
        ("human", AnsweredBy.PERSON),
        ("machine_start", AnsweredBy.MACHINE),
        ("machine_end_beep", AnsweredBy.MACHINE),
        ("machine_end_silence", AnsweredBy.MACHINE),
        ("machine_end_other", AnsweredBy.MACHINE),
        ("fax", AnsweredBy.FAX),
        ("unknown", AnsweredBy.UNKNOWN),
    ],
)
def test_who_picked_up(word, by):
    event = inbound.machine_heard(form(verdict_on_bob, AnsweredBy=word), "north", ATTEMPT)

    assert (event.by, event.call, event.conversation) == (by, CALL, ATTEMPT)


@pytest.mark.parametrize(
    ("word", "outcome"),
    [
        ("completed", LegOutcome.ANSWERED),
        ("answered", LegOutcome.ANSWERED),
        ("busy", LegOutcome.BUSY),
        ("no-answer", LegOutcome.NO_ANSWER),
        ("canceled", LegOutcome.NO_ANSWER),
        ("failed", LegOutcome.FAILED),
    ],
)
def test_how_the_desks_leg_ended(word, outcome):
    posted = form(desk_leg_of_bob, DialCallStatus=word)

    assert inbound.leg_ended(posted, "north", ATTEMPT, "2").outcome is outcome


@pytest.mark.parametrize(
    ("word", "stage"),
    [
        ("queued", "queued"),
        ("initiated", "initiated"),
        ("ringing", "ringing"),
        ("in-progress", "in_progress"),
    ],
)
def test_a_call_on_its_way(word, stage):
    event = inbound.call_status(form(notice_on_bob, CallStatus=word), "north", ATTEMPT, NORTH)

    assert event == CallRinging(desk="north", conversation=ATTEMPT, call=CALL, stage=stage)


@pytest.mark.parametrize(
    ("word", "outcome"),
    [
        ("completed", CallOutcome.COMPLETED),
        ("busy", CallOutcome.BUSY),
        ("no-answer", CallOutcome.NO_ANSWER),
        ("failed", CallOutcome.FAILED),
        ("canceled", CallOutcome.CANCELED),
    ],
)
@pytest.mark.parametrize(("posted", "seconds"), [("41", 41), (None, 0), ("soon", 0)])
def test_a_call_that_is_over(word, outcome, posted, seconds):
    notice = form(notice_on_bob, CallStatus=word, CallDuration=posted)

    event = inbound.call_status(notice, "north", ATTEMPT, NORTH)

    assert event == CallEnded(
        desk="north", conversation=ATTEMPT, call=CALL, outcome=outcome, seconds=seconds
    )


def test_a_call_that_came_in_is_known_by_its_own_id_and_the_number_it_rang():
    event = inbound.call_status(form(call_from_alice, CallStatus="completed"), None, None, NORTH)

    assert (event.desk, event.conversation, event.call) == ("north", CALL, CALL)


# Words that no table knows, and anything else


def verdict(word):
    return inbound.machine_heard(form(verdict_on_bob, AnsweredBy=word), "north", ATTEMPT)


def leg(word):
    return inbound.leg_ended(form(desk_leg_of_bob, DialCallStatus=word), "north", ATTEMPT, "1")


def notice(word):
    return inbound.call_status(form(notice_on_bob, CallStatus=word), "north", ATTEMPT, NORTH)


def delivery(word):
    posted = form(reminder_to_bob, MessageStatus=word, SmsStatus=None)
    return inbound.text_delivery(posted, NORTH)


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("AnsweredBy", verdict),
        ("DialCallStatus", leg),
        ("CallStatus", notice),
        ("MessageStatus", delivery),
    ],
)
def test_a_status_that_no_table_knows_has_a_name_and_a_missing_one_too(field, told):
    with pytest.raises(UnknownWord, match=f"unknown {field}: 'no-such'"):
        told("no-such")
    with pytest.raises(BadEvent, match=field):
        told(None)


anything = st.text(st.characters(codec=None, exclude_categories=()), max_size=40)
likely = st.sampled_from([*{**text_from_alice, **call_from_alice, **notice_on_bob}.values()])
names = st.sampled_from(
    sorted({*text_from_alice, *keys_from_bob, *desk_leg_of_bob, *verdict_on_bob, *notice_on_bob})
)
forms = st.lists(st.tuples(names | anything, anything | likely), max_size=30).map(MultiDict)
routes = st.sampled_from(
    [
        lambda form, *_: inbound.text_received(form, NORTH, TOKEN),
        lambda form, *_: inbound.text_delivery(form, NORTH),
        lambda form, *_: inbound.call_received(form, NORTH),
        lambda form, desk, id, _: inbound.call_answered(form, desk, id),
        lambda form, desk, id, turn: inbound.digits_pressed(form, desk, id, turn),
        lambda form, desk, id, _: inbound.machine_heard(form, desk, id),
        lambda form, desk, id, turn: inbound.leg_ended(form, desk, id, turn),
        lambda form, desk, id, _: inbound.call_status(form, desk, id, NORTH),
        lambda form, *_: inbound.call_status(form, None, None, NORTH),
    ]
)


@settings(deadline=None)  # a busy machine is no fault
@given(forms, routes, anything | st.just(CALL), anything | st.just("3"))
def test_whatever_is_posted_gives_an_event_or_one_of_two_refusals(form, route, id, turn):
    try:
        event = route(form, "north", id, turn)
    except (BadEvent, UnknownWord):
        return
    assert event is None or re.fullmatch(r"[A-Za-z0-9_-]{1,64}", event.conversation)
