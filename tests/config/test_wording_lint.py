"""The lint: what may not be said to whom (`policy.md` 5.2, 5.4, 5.5, 8.1)."""

import pytest

from bot.proof import Audience
from bot.wording_lint import lint

MACHINE, ANY, SOMEONE = Audience.MACHINE, Audience.ANY_EARS, Audience.UNVERIFIED
STRANGERS = [MACHINE, ANY, SOMEONE]
ADDRESSED = "A message for {full_name}. Please ring {service_number}, {desk_hours}. "

REFUSED = [
    "debt", "Debts", "owe", "OWED", "arrears", "tax", "payment", "amount", "penalty", "enforcement",
    "distraint", "levy", "goods", "court", "legal action", "arrest", "visit", "visiting", "paid",
    "dyled", "ddyled", "treth", "daliad", "swm", "cosb", "gorfodi", "nwyddau", "llys",
    "camau cyfreithiol", "arestio", "ymweliad", "ôl-ddyledion",
    "£250", "250 pence", "€9",
    "https://example.org", "www.example", "example.gov.uk", "gov.uk/pay", "GOV.UK/pay", "a@b.cd",
    "outstanding", "overpaid", "underpayment", "tribunal", "eviction", "insolvency", "prison",
    "criminal", "a final notice", "your last chance", "act now", "500 GBP", "a hundred quid",
    "the collector", "recovery", "cash", "C.C.J.", "de-bt", "débt", "d\u0435bt", "de\u00adbt",
    "evil.xyz", "example.tax/pay", "gov dot uk", "gov.uk.example",
    "reference 1 2 3", "cyfeirnod 123",
    "oh seven seven hundred nine hundred", "zero, seven; seven: oh; one", "0 7 7 0 0 ; 9 0 0",
    "the reference: one two three",
    "bit.ly", "0909 879 0123", "0871 234 5678", "+44 70 1234 5678", "118500", "07700 900123",
]  # fmt: skip


@pytest.mark.parametrize("audience", STRANGERS)
@pytest.mark.parametrize("words", REFUSED)
def test_strangers_never_hear(words, audience):
    found = lint(f"{ADDRESSED}It is about {words}, please.", audience)

    assert len(found) >= 1
    assert found[0].startswith("has ")


@pytest.mark.parametrize("words", ["debt", "arrest", "www.example", "£250"])
def test_the_words_that_offend_are_shown(words):
    assert any(words in problem for problem in lint(f"About {words}.", ANY))


@pytest.mark.parametrize(
    "text",
    [
        "Taxi rank, courtesy, courteous, revisited, ghosts, powerful, leveraged.",
        "Find our number yourself on GOV.UK.",
        "We are here at 9.30 a.m. and at five. Thank you.",
        "Key the nine-digit reference on your letter. If you do not have it, press 9.",
        "Please ring {service_number} {desk_hours}.",
        "Key the nine-digit reference, then press hash.",
        "Diolch. Hwyl fawr.",
    ],
)
def test_whole_words_only_and_plain_words_pass(text):
    assert lint(text, SOMEONE) == []


@pytest.mark.parametrize("disguised", ["ＤＥＢＴ", "tax-free", "DEBT.", "(debt)", "'debt'"])
def test_a_disguise_does_not_help(disguised):
    assert lint(f"About {disguised}", ANY)


def test_the_verified_may_hear_what_they_owe():
    assert lint("You owe {balance} of tax. Pay on www.example.", Audience.VERIFIED) == []


@pytest.mark.parametrize("name", ["HMRC", "H M R C", "h.m.r.c.", "Revenue", "Customs", "CThEF"])
@pytest.mark.parametrize("audience", [MACHINE, ANY])
def test_the_organisation_is_not_named_to_whoever_may_be_listening(name, audience):
    text = f"{ADDRESSED}This is {name}."

    assert lint(text, audience) == [f"has the organisation's name: {name.casefold().rstrip('.')}"]
    assert lint(text, audience, name_organisation=True) == []


def test_a_person_may_be_told_who_is_calling():
    assert lint("This is {organisation}, the Revenue.", SOMEONE) == []


@pytest.mark.parametrize("words", ["press 1", "Pressing 1", "pwyswch 1", "gasgwch, gwasgwch 1"])
def test_a_machine_is_not_told_to_press_keys(words):
    assert lint(f"{ADDRESSED}{words}", MACHINE)
    assert lint(words, ANY) == []


@pytest.mark.parametrize(
    ("text", "lacking"),
    [
        ("Please ring {service_number} {desk_hours}.", "lacks {full_name}"),
        ("A message for {full_name}. We are here {desk_hours}.", "lacks {service_number}"),
        ("A message for {full_name}. Ring {service_number}.", "lacks {desk_hours}"),
        ("Hello.", "lacks {full_name} and {service_number} and {desk_hours}"),
    ],
)
def test_a_voicemail_says_for_whom_which_number_and_when(text, lacking):
    assert lint(text, MACHINE) == [lacking]


# The groups of policy.md 5.2 and 8.1, one by one: what is refused to whom, and the words shown.
GROUPS = [
    ("debt", "It is about your debt.", STRANGERS, "debt"),
    ("owe", "What you owe.", STRANGERS, "owe"),
    ("arrears", "You are in arrears.", STRANGERS, "arrears"),
    ("tax", "Your tax affairs.", STRANGERS, "tax"),
    ("payment", "A payment plan.", STRANGERS, "payment"),
    ("amount", "An amount of 250 pounds.", STRANGERS, "amount"),
    ("penalty", "To avoid a penalty.", STRANGERS, "penalty"),
    ("enforcement", "Enforcement follows.", STRANGERS, "enforcement"),
    ("distraint", "Distraint on your goods.", STRANGERS, "distraint, goods"),
    ("court", "We will see you in court.", STRANGERS, "court"),
    ("legal action", "Legal action.", STRANGERS, "legal"),
    ("arrest", "You may be arrested.", STRANGERS, "arrested"),
    ("visit purpose", "Before we visit you.", STRANGERS, "visit"),
    ("tax reference", "Your UTR, or National Insurance number.", [MACHINE, ANY], "utr, insurance"),
    ("address", "At your home address.", [MACHINE, ANY], "address"),
    ("officer's mobile", "Ring me on 07700 900123.", STRANGERS, "07700 900123"),
    ("mobile in words", "Oh seven seven, double oh, nine oh oh.", STRANGERS, "oh seven seven"),
    ("web link", "See example.org/pay.", STRANGERS, "example.org"),
    ("premium rate", "Ring 0909 879 0123.", STRANGERS, "0909 879 0123"),
    ("misapprehension", "We could not deliver: a parcel.", [MACHINE, ANY], "parcel"),
    ("alarm", "It is urgent.", STRANGERS, "urgent"),
    ("personal question", "Have your bank card and date of birth ready.", [MACHINE, ANY], "bank"),
    ("a question", "Can you ring us? Thank you.", [MACHINE], "can you ring us?"),
    ("press 1", "Press 1 to reach us.", [MACHINE], "press"),
    ("naming", "This is HMRC.", [MACHINE, ANY], "hmrc"),
]


@pytest.mark.parametrize(("text", "ears", "shown"), [g[1:] for g in GROUPS], ids=lambda g: str(g))
def test_a_group_is_refused_to_those_ears_with_the_words_that_offend(text, ears, shown):
    for audience in Audience:
        found = lint(f"{ADDRESSED}{text}", audience)
        if audience in ears:
            assert any(shown in problem for problem in found), (audience, found)
        else:
            assert found == [], audience


@pytest.mark.parametrize("spelt", ["t a x", "d.e.b.t.", "D E B T", "d-e-b-t"])
def test_letters_apart_are_a_word_too(spelt):
    assert lint(f"About your {spelt} today.", SOMEONE)


@pytest.mark.parametrize("text", ["One moment. Two of us, or three.", "Press one, two or three."])
def test_a_few_digits_in_words_are_no_number(text):
    assert lint(text, ANY) == []
