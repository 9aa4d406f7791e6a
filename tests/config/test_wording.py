"""The words: read for their ears, overridden prompt by prompt, refused with file and reason."""

import hashlib
from importlib import resources

import pytest

from bot.errors import ConfigError
from bot.proof import Audience, Fact
from bot.wording import BUILT_IN_APOLOGY, Wording
from bot.wording_lint import lint

ENGLISH = (resources.files("config") / "wording.en.toml").read_text(encoding="utf-8")


def prompt(name: str, text: str, audience: str = "any_ears") -> str:
    return f'[{name}]\naudience = "{audience}"\ntext = "{text}"\n'


def test_the_packaged_words_say_that_they_are_samples():
    assert Wording.load().sample


def test_a_prompt_knows_its_ears_and_its_fields():
    opening = Wording.load().prompt("outbound_call.opening", language="en")

    assert opening.audience is Audience.ANY_EARS
    assert opening.fields == ("full_name",)
    assert "Alice Mary Sample" in opening.fill({"full_name": "Alice Mary Sample"})


def test_a_hash_is_of_the_template_and_its_ears_never_of_the_sentence(write):
    opening = Wording.load().prompt("outbound_call.opening")

    expected = hashlib.sha256(f"any_ears\n{opening.text}".encode()).hexdigest()
    assert opening.hash == expected


@pytest.mark.parametrize("values", [{}, {"full_name": "Alice", "balance": "1"}, {"name": "Alice"}])
def test_fields_that_are_missing_or_extra_are_refused(values):
    with pytest.raises(ConfigError, match=r"outbound_call\.opening"):
        Wording.load().prompt("outbound_call.opening").fill(values)


def test_a_value_is_never_read_as_a_template():
    said = Wording.load().prompt("outbound_call.opening").fill({"full_name": "{balance} {0}"})

    assert "{balance} {0}" in said


def test_case_details_are_in_words_for_the_verified_and_for_officers_alone():
    facts = {fact.value for fact in Fact}
    told = [p for p in Wording.load().prompts.values() if facts & set(p.fields)]

    assert told
    assert {p.audience for p in told} == {Audience.VERIFIED, Audience.OFFICER}


def test_the_built_in_apology_is_fit_for_any_ears():
    assert lint(BUILT_IN_APOLOGY, Audience.ANY_EARS) == []
    assert (
        lint(f"{BUILT_IN_APOLOGY}{{full_name}}{{service_number}}{{desk_hours}}", Audience.MACHINE)
        == []
    )


def test_the_operator_overrides_prompt_by_prompt(write):
    mine = Wording.load(write(wording_en=prompt("common.goodbye", "Good day.")))

    assert mine.prompt("common.goodbye").text == "Good day."
    assert mine.ids("en") == Wording.load().ids("en")
    assert mine.sample


def test_the_text_alone_can_be_overridden(write):
    mine = Wording.load(write(wording_en='common.goodbye.text = "Good day."'))

    assert mine.prompt("common.goodbye").audience is Audience.ANY_EARS


def test_the_digest_changes_with_any_word(write):
    changed = Wording.load(write(wording_en='common.goodbye.text = "Good day."'))

    assert changed.digest != Wording.load().digest
    assert Wording.load().digest == Wording.load().digest


PROMPTS = [
    prompt("desk.connecting", "I am putting you through.", "verified"),
    prompt("checks.not_verified", "Goodbye.", "any_ears"),
    prompt("case.details", "{balance} {last_payment} {next_action}", "officer"),
]


@pytest.mark.parametrize("text", PROMPTS)
def test_an_operator_does_not_choose_for_whose_ears_a_prompt_is(write, refused, text):
    refusal = refused(Wording.load, write(wording_en=text))

    assert refusal.key.endswith(".audience")
    assert "as the flow expects it" in refusal.reason


@pytest.mark.parametrize(
    ("name", "text", "wrong"),
    [
        ("case.details", "This is your case.", "{balance}, {last_payment}, {next_action}"),
        ("case.details", "{balance} {last_payment}", "{next_action}"),
        ("case.details", "{balance} {last_payment} {next_action} {best_number}", "{best_number}"),
        ("case.details", "{balance} {last_payment} {next_action} {desk_hours}", "{desk_hours}"),
        ("case.menu", "You owe {balance}. Press 1, 2 or 9.", "{balance}"),
        ("case.menu", "It is {best_number}. Press 1, 2 or 9.", "{best_number}"),
        ("best_number.read_back", "If it is right, press 1.", "{best_number}"),
    ],
)
def test_the_facts_in_a_prompt_are_those_that_the_flow_fills(write, refused, name, text, wrong):
    refusal = refused(Wording.load, write(wording_en=prompt(name, text, "verified")))

    assert refusal.key == f"{name}.text"
    assert refusal.reason.endswith(f"wrong: {wrong}")


def test_a_date_of_its_own_is_no_field(write, refused):
    text = "{balance} {last_payment} {next_action} {as_at}"

    refusal = refused(Wording.load, write(wording_en=prompt("case.details", text, "verified")))

    assert "may not use {as_at}" in refusal.reason


def test_a_second_language_is_read_beside_the_first(write):
    wording = Wording.load(write(wording_cy=ENGLISH))

    assert wording.languages == ("cy", "en")
    assert wording.prompt("common.goodbye", language="cy").language == "cy"


def test_there_is_no_falling_back_to_another_language():
    with pytest.raises(ConfigError, match=r"wording\.cy\.toml: common\.goodbye: no such prompt"):
        Wording.load().prompt("common.goodbye", language="cy")


def test_a_prompt_that_a_language_lacks_is_refused(write, refused):
    welsh = ENGLISH.replace("[common.goodbye]", "[common.farewell]")

    refusal = refused(Wording.load, write(wording_cy=welsh))

    assert refusal.where in ("wording.cy.toml", "wording.en.toml")
    assert refusal.key in ("common.goodbye", "common.farewell")
    assert refusal.reason.startswith("missing")


def test_a_prompt_for_other_ears_in_another_language_is_refused(write, refused):
    other = ENGLISH.replace(
        '[common.goodbye]\naudience = "any_ears"', '[common.goodbye]\naudience = "verified"'
    )

    refusal = refused(Wording.load, write(wording_cy=other))

    assert refusal.key == "common.goodbye.audience"


def test_prompts_that_a_flow_names_and_nobody_wrote_are_told(refused):
    wording = Wording.load()

    refusal = refused(wording.require, [*wording.ids("en"), "inbound_call.lost"])

    assert (refusal.where, refusal.key) == ("wording.en.toml", "inbound_call.lost")
    assert refusal.reason == "missing"


def test_prompts_that_no_flow_uses_are_told(refused):
    wording = Wording.load()

    refusal = refused(wording.require, wording.ids("en") - {"common.goodbye"})

    assert (refusal.key, refusal.reason) == ("common.goodbye", refusal.reason)
    assert refusal.reason.startswith("no flow uses it")


def test_a_prompt_of_the_operators_is_told_by_its_file_and_the_name_that_was_meant(refused, write):
    directory = write(wording_en='[common.goodby]\naudience = "any_ears"\ntext = "Farewell."\n')
    wording = Wording.load(directory)

    refusal = refused(wording.require, wording.ids("en") - {"common.goodby"})

    assert refusal.where == str(directory / "wording.en.toml")
    assert refusal.reason == "no flow uses it; did you mean common.goodbye?"


def test_sample_questions_left_over_are_let_pass():
    wording = Wording.load()

    wording.require(name for name in wording.ids("en") if name != "question.birth_date")


@pytest.mark.parametrize(
    ("text", "key", "reason"),
    [
        (prompt("a.b", ""), "a.b.text", "empty"),
        (prompt("a.b", "   "), "a.b.text", "empty"),
        (prompt("a.b", "x" * 1001), "a.b.text", "1001 characters"),
        (prompt("a.b", "one\\u0007two"), "a.b.text", "U+0007"),
        (prompt("a.b", "one\\ntwo"), "a.b.text", "U+000A"),
        (prompt("a.b", "one\\u202etwo"), "a.b.text", "U+202E"),
        (prompt("a.b", "<break/>"), "a.b.text", "U+003C"),
        (prompt("a.b", "Hello {name"), "a.b.text", "malformed braces"),
        (prompt("a.b", "Hello {}"), "a.b.text", "malformed braces"),
        (prompt("a.b", "Hello {full_name!r}"), "a.b.text", "malformed braces"),
        (prompt("a.b", "Hello {{full_name}}"), "a.b.text", "malformed braces"),
        (prompt("a.b", "Hello {name}"), "a.b.text", "any_ears may not use {name}"),
        (prompt("a.b", "Hello {full_name}"), "a.b.text", "any_ears may not use {full_name}"),
        (prompt("a.b", "It is {balance}"), "a.b.text", "any_ears may not use {balance}"),
        (prompt("a.b", "{as_at}", "unverified"), "a.b.text", "unverified may not use {as_at}"),
        (
            prompt("outbound_call.b", "{full_name} {service_number} {next_action}", "machine"),
            "outbound_call.b.text",
            "machine may not use {next_action}",
        ),
        (prompt("a.b", "Hello", "everyone"), "a.b.audience", "must be one of any_ears"),
        ('[a.b]\ntext = "Hello"', "a.b.audience", "must be one of any_ears"),
        ('[a.b]\naudience = "any_ears"', "a.b.text", "must be a text"),
        ('[a.b]\naudience = "any_ears"\ntext = 7', "a.b.text", "must be a text"),
        (prompt("a.b", "Hello") + 'voice = "Amy"', "a.b.voice", "unknown key"),
        ('greeting = "Hello"', "greeting", "unknown key"),
        ('a.greeting = "Hello"', "a.greeting", "[flow.prompt]"),
        (prompt("a.B", "Hello"), "a.B", "small letters"),
        ('sample = "no"', "sample", "needs `sample = true`"),
        (
            prompt("a.b", "About your debt"),
            "a.b.text",
            "not for any_ears: has words of a case: debt",
        ),
        (prompt("a.b", "{organisation} here"), "a.b.text", "{organisation}"),
    ],
)
def test_what_cannot_be_used_is_refused_with_file_key_and_reason(write, refused, text, key, reason):
    directory = write(wording_en=text)

    refusal = refused(Wording.load, directory)

    assert refusal.where == str(directory / "wording.en.toml")
    assert refusal.key == key
    assert reason in refusal.reason


def test_the_organisation_may_be_named_once_the_switch_says_so(write):
    directory = write(wording_en=prompt("common.goodbye", "{organisation} says goodbye."))

    wording = Wording.load(directory, name_organisation_on_machines=True)

    assert wording.prompt("common.goodbye").fields == ("organisation",)
