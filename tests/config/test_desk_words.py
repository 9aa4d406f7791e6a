"""What a desk says of itself inside prompts: linted where it stands, and part of a release."""

from collections.abc import Callable
from importlib import resources
from pathlib import Path

import pytest

from bot.approvals import release_of
from bot.errors import ConfigError
from bot.policy import Policy
from bot.question_set import QuestionSet
from bot.release import keys_of, texts_of
from bot.runtime import House
from bot.settings import Settings
from bot.wording import Wording
from webhooks import OUR_FLOWS

HOURS = "Monday to Friday, nine in the morning to five in the afternoon"
PACKAGED = (resources.files("config") / "policy.toml").read_text(encoding="utf-8")
Write = Callable[..., Path]


def hours(words: str) -> str:
    """The packaged desk, open at these hours in words."""
    desk = PACKAGED[PACKAGED.index("[desk.main]") : PACKAGED.index("# When a customer may be rung")]
    return desk.replace(HOURS, words)


def organisation(words: str, *, named: bool = False) -> str:
    switch = "message.name_organisation_on_machines = true\n" if named else ""
    return f'{switch}message.organisation = "{words}"\n'


def load(folder: Path) -> House:
    return House.load(Settings.from_env({"RINGBACK_CONFIG_DIR": str(folder)}), OUR_FLOWS)


@pytest.mark.parametrize(
    ("policy", "prompt", "words"),
    [
        (hours("always. You owe tax"), "outbound_call.voicemail", "owe, tax"),
        (hours("always. Ring Omar: 07700 900555"), "outbound_call.voicemail", "07700 900555"),
        (hours("always. Press 1"), "outbound_call.voicemail", "press"),
        (hours("HMRC is open always"), "outbound_call.voicemail", "hmrc"),
        (organisation("the tax office"), "outbound_call.who_is_there", "tax"),
        (organisation("HMRC about 4,512 pounds"), "outbound_call.who_is_there", "pounds"),
    ],
)
def test_words_of_a_desk_that_would_offend_inside_a_prompt_stop_the_start(
    write: Write, policy: str, prompt: str, words: str
) -> None:
    with pytest.raises(ConfigError) as refusal:
        load(write(policy=policy))

    assert refusal.value.where == "policy.toml, as the desk main says it"
    assert refusal.value.key == f"{prompt}.text"
    assert words in refusal.value.reason


@pytest.mark.parametrize("words", ["<break/>", "{balance}", "a\\u00adb", " "])
def test_what_cannot_be_spoken_is_refused(write: Write, words: str) -> None:
    with pytest.raises(ConfigError, match=r"message\.organisation"):
        load(write(policy=organisation(words)))


def test_what_only_a_person_hears_may_name_the_organisation(write: Write) -> None:
    house = load(write(policy=organisation("the Revenue")))

    assert house.policy.message.organisation == "the Revenue"


@pytest.mark.parametrize("policy", [hours("weekdays, nine to six"), organisation("the Revenue")])
def test_other_words_of_a_desk_are_another_release(write: Write, policy: str) -> None:
    wording, questions = Wording.load(), QuestionSet.load()
    ours, theirs = Policy.load(), Policy.load(write(policy=policy))

    (before,), (after,) = (
        keys_of(wording, questions, one) - keys_of(wording, questions, other)
        for one, other in ((ours, theirs), (theirs, ours))
    )

    assert before.startswith("desk:main@@")
    assert after.startswith("desk:main@@")
    assert release_of(wording, questions, ours, production=False) != release_of(
        wording, questions, theirs, production=False
    )


def test_an_approver_reads_all_that_a_desk_says() -> None:
    (text,) = [
        one
        for one in texts_of(Wording.load(), QuestionSet.load(), Policy.load())
        if one.item == "desk:main"
    ]

    assert text.words.splitlines() == [
        "organisation = HM Revenue and Customs",
        "service_number = 0 3 0 6, 9 9 9, 0 1 0 0",
        f"desk_hours, en = {HOURS}",
    ]
