"""For which restrictions a case is opened to nobody who rings: a misspelt one would open some."""

import pytest

from bot.runtime import House
from bot.settings import Settings
from webhooks import OUR_FLOWS


def load(folder) -> House:
    return House.load(Settings.from_env({"RINGBACK_CONFIG_DIR": str(folder)}), OUR_FLOWS)


def test_any_restriction_that_a_case_can_be_held_for_may_be_named(write) -> None:
    named = '[not_by_phone]\nrestrictions = ["deceased", "unsafe"]'

    house = load(write(verification=named))

    assert house.questions.not_by_phone.restrictions == ("deceased", "unsafe")


@pytest.mark.parametrize("word", ["diseased", "Deceased", "deceased "])
def test_another_word_is_refused_at_the_start(write, refused, word) -> None:
    folder = write(verification=f'[not_by_phone]\nrestrictions = ["{word}"]')

    error = refused(load, folder)

    assert error.where == str(folder / "verification.toml")
    assert error.key == "not_by_phone.restrictions"
    assert "deceased" in error.reason
