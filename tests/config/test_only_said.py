"""A question that can only be said needs somebody who listens."""

import tomllib
from importlib import resources

import pytest

from bot.runtime import House
from bot.settings import Settings
from webhooks import OUR_FLOWS

QUESTIONS = "\n".join(
    f'[[question]]\nid = "{each["id"]}"\nkind = "digits"\nlength = 6'
    for each in tomllib.loads(
        resources.files("config").joinpath("verification.toml").read_text(encoding="utf-8")
    )["question"]
)
POSTCODE = """
[[question]]
id = "postcode"
kind = "postcode"
one_in = 1000
source = "ours"
evidence = "default"
"""
ASKED = '[question.postcode]\naudience = "unverified"\ntext = "What is your postcode?"'
DEAF = "[speech]\nenabled = false"


def load(folder) -> House:
    return House.load(Settings.from_env({"RINGBACK_CONFIG_DIR": str(folder)}), OUR_FLOWS)


def test_a_house_that_hears_speech_may_ask_for_a_postcode(write) -> None:
    house = load(write(verification=QUESTIONS + POSTCODE, wording_en=ASKED))

    assert house.questions.questions["postcode"].only_said


def test_a_house_that_does_not_is_refused_at_start_with_file_key_and_reason(write, refused) -> None:
    folder = write(verification=QUESTIONS + POSTCODE, wording_en=ASKED, policy=DEAF)

    error = refused(load, folder)

    assert error.where == str(folder / "verification.toml")
    assert error.key == f"question.{QUESTIONS.count('[[question]]')}.kind"
    assert "can only be said" in error.reason and "speech.enabled" in error.reason


@pytest.mark.parametrize("policy", [DEAF, ""])
def test_questions_that_can_be_keyed_need_no_speech(write, policy: str) -> None:
    assert load(write(verification=QUESTIONS, policy=policy)).questions
