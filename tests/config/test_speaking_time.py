"""How long a prompt takes to say: against lengths that were measured, and as a rule."""

import pytest

from bot.policy import Policy
from bot.proof import Audience
from bot.runtime import House
from bot.settings import Settings
from bot.speaking_time import (
    STAND_INS,
    longest_seconds,
    refuse_long_messages,
    sample_values,
    seconds_of,
)
from bot.wording import ALLOWED, Wording
from webhooks import OUR_FLOWS

VOICEMAIL = "outbound_call.voicemail"

# What espeak-ng 1.51 takes at its usual pace: measured once, so that no test needs it.
MEASURED = [
    ("en", 4.2, "0 3 0 6, 9 9 9, 0 1 0 0"),
    ("en", 8.8, "Before we go on, I have some questions. We ask them of everybody. "
     "Please answer with the keys of your telephone, then press hash. Take your time."),
    ("en", 7.8, "Thank you. To hear how your case stands, press 1. To speak to an officer, press 2."
     " To end this call, press 9."),
    ("en", 17.8, "This is how your case stands. You owe 1,234 pounds and 56 pence, as at 1 March "
     "2025. Your last payment: 250 pounds on 1 February 2025. What happens next: an officer will "
     "ring you in the coming week."),
    ("en", 13.3, "You are right to check. Please end this call, find our telephone number yourself "
     "on GOV.UK, and ring us from another line. Nothing is lost by doing so. "
     "To go on with this call, press 1. To end it, press 9."),
    ("en", 6.6, "Which six digits are in your National Insurance number? "
     "Please leave out the letters, key the digits, then press hash."),
    ("cy", 8.4, "Helo. Neges i Alice Margaret Example yw hon. "
     "Ffoniwch ni ar 0 3 0 6, 9 9 9, 0 1 0 0. Diolch yn fawr."),
    ("cy", 7.6, "I glywed sut mae eich achos yn sefyll, pwyswch 1. I siarad â swyddog, pwyswch 2. "
     "I ddod â'r alwad hon i ben, pwyswch 9."),
]  # fmt: skip


@pytest.mark.parametrize(("language", "measured", "text"), MEASURED)
def test_the_estimate_is_near_what_was_measured(language, measured, text):
    assert seconds_of(text, language) == pytest.approx(measured, rel=0.15)


@pytest.mark.parametrize(
    ("shorter", "longer"),
    [
        ("Press one", "Press one. Now"),
        ("Yes no", "Yes, no"),
        ("Wait now", "Wait… now"),
        ("Call 12", "Call 123"),
        ("Ask hmrc", "Ask HMRC"),
        ("It is 5", "It is £5"),
        ("For Al", "For {full_name}"),
    ],
)
def test_what_takes_longer(shorter, longer):
    assert seconds_of(shorter) < seconds_of(longer)


def test_a_point_within_a_figure_or_a_name_is_no_pause():
    assert seconds_of("1,234.56") == seconds_of("123456")
    assert seconds_of("gov.uk") == seconds_of("govuk")


def test_every_field_that_a_prompt_may_use_has_its_stand_in():
    assert {*STAND_INS} == frozenset[str]({"full_name"}).union(*ALLOWED.values())


def test_what_the_desk_says_is_the_desks_and_the_rest_is_invented():
    policy, prompt = Policy.load(), Wording.load().prompt(VOICEMAIL)

    assert sample_values(prompt, policy, "main") == {
        "full_name": STAND_INS["full_name"],
        "service_number": policy.desk["main"].spoken_number,
        "desk_hours": policy.desk["main"].hours_in_words("en"),
    }


def test_the_packaged_messages_are_within_the_rule():
    policy, wording = Policy.load(), Wording.load()
    machines = [one for one in wording.prompts.values() if one.audience is Audience.MACHINE]

    assert [one.id for one in machines] == [VOICEMAIL]
    assert 20 < longest_seconds(machines[0], policy) <= policy.message.longest_seconds == 30


def loaded(directory):
    return House.load(Settings.from_env({"RINGBACK_CONFIG_DIR": str(directory)}), OUR_FLOWS)


def message(text: str) -> str:
    return f'[{VOICEMAIL}]\naudience = "machine"\ntext = "{text}"\n'


def test_a_message_that_is_too_long_stops_the_start(write, refused):
    begin = "Please ring {full_name} on {service_number}. We are here {desk_hours}. "
    long = begin + "We are here all day long. " * 20

    refusal = refused(loaded, write(wording_en=message(long)))

    assert (refusal.where, refusal.key) == ("wording.en.toml", f"{VOICEMAIL}.text")
    assert refusal.reason == "takes about 42 s to say; message.longest_seconds is 30"


def test_how_long_it_may_be_is_the_operators_to_say(write, refused):
    refusal = refused(loaded, write(policy="[message]\nlongest_seconds = 20"))

    assert refusal.reason == "takes about 24 s to say; message.longest_seconds is 20"


def test_what_a_desk_says_of_its_hours_counts(write, refused):
    hours = "on any day but Sunday, from nine in the morning until half past twelve, " * 3
    directory = write(policy=f'[desk.main.spoken_hours]\nen = "{hours}"')

    assert refused(loaded, directory).key == f"{VOICEMAIL}.text"


def test_a_person_may_be_told_at_length(write):
    long = "This is a call for {full_name}. " + "If that is you, please press any key. " * 15

    refuse_long_messages(
        Wording.load(
            write(wording_en=f'[outbound_call.opening]\naudience = "any_ears"\ntext = "{long}"\n')
        ),
        Policy.load(),
    )


@pytest.mark.parametrize("seconds", [4, 121, '"30"'])
def test_a_rule_that_makes_no_sense_is_refused(write, refused, seconds):
    refusal = refused(Policy.load, write(policy=f"[message]\nlongest_seconds = {seconds}"))

    assert refusal.key == "message.longest_seconds"
