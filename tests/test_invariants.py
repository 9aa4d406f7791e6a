"""The invariants of the design (section 1), each with the test that fails when it is broken.

| # | what is true at all times | functions of `bot.invariants` | tests |
| --- | --- | --- | --- |
| 1 | no text is answered by text | `no_text_is_answered_by_text` | `test_a_text_is_answered_by_nothing`, `test_a_flow_cannot_answer_a_text` |
| 2 | every prompt has an audience, every leg one listener | `every_prompt_fits_its_listener` | `test_every_prompt_for_every_listener`, `test_any_order` |
| 3 | no case detail without a proof | `no_detail_without_a_proof` | `test_verified_words_need_a_fitting_proof`, `test_disclosure`, `test_verification` |
| 4 | nobody learns how they stand | | `test_no_oracle`, `test_budget` |
| 5 | an officer's own number is never shown | | `test_the_caller_id_is_always_the_desks` |
| 6 | a callback is never lost and never rung twice | | `test_callbacks`, `engine/test_faults`, the worker's tests |
| 7 | the same event twice is the same as once | | `engine/test_repeats`, `test_any_order` |
| 8 | what is kept and shown holds no details, answers or numbers | | `test_what_is_kept_and_shown_...`, `test_any_order` |
| 9 | an unapproved wording is not spoken | `every_word_is_approved` | `test_only_the_approved_set_is_spoken`, `engine/test_approval` |
| 10 | a live person is never met by silence | `nobody_is_met_by_silence` | `test_the_bot_speaks_first_and_at_once`, `engine/test_faults` |
| 11 | whoever cannot be helped reaches a person | | `flows/test_tables`, `test_whoever_is_not_helped_becomes_a_task` |

Each was broken on purpose in a copy, and its tests were seen failing.
"""  # noqa: E501

from collections.abc import Callable

import pytest

from bot.actions import Ask, HangUp, ReadCase, Reply, Say
from bot.errors import NotDisclosable, UnapprovedWording, WrongEars
from bot.events import Event
from bot.flow import Flow
from bot.invariants import (
    every_prompt_fits_its_listener,
    every_word_is_approved,
    no_detail_without_a_proof,
    no_text_is_answered_by_text,
    nobody_is_met_by_silence,
)
from bot.policy import Policy
from bot.proof import _MINT, MAY_HEAR, Audience, ContactType, Fact, Listener, Proof
from bot.question_set import QuestionSet
from bot.release import key_of, keys_of
from bot.runtime import Flows
from bot.spoken import End, Spoken, Words
from bot.wording import Wording
from flows import FLOWS, OPENS
from flows.inbound_text import InboundText
from tests.house_in_memory import HouseInMemory, LiveCall
from tests.people import ALICE, BOB, CUSTOMERS, DAVE, FRANK, IVAN, MALLORY, SERVICE, Person

Build = Callable[..., HouseInMemory]
WORDING = Wording.load()
VERIFIED = [ReadCase("case.details", (Fact.BALANCE,)), Ask("case.menu_again")]


# 1


@pytest.mark.parametrize("person", [ALICE, DAVE, FRANK, IVAN], ids=lambda person: person.name)
@pytest.mark.parametrize("body", ["Sorry I missed you", "STOP", "", "What do I owe?"])
def test_a_text_is_answered_by_nothing(house: HouseInMemory, person: Person, body: str) -> None:
    answer = house.text(person, body)

    assert answer.status_code == 200
    assert answer.get_data(as_text=True).endswith("?><Response/>")


class TalkativeText(InboundText):
    """Would like to answer a text."""

    def on_enter_callback_owed(self, event: Event) -> None:
        self.ask(Say("common.goodbye"))


def test_a_flow_cannot_answer_a_text(build: Build) -> None:
    flows: dict[str, type[Flow]] = {flow.name: flow for flow in (*FLOWS, TalkativeText)}
    opens = {key: flows[flow.name] for key, flow in OPENS.items()}
    house = build(flows=Flows(opens=opens, all=tuple(flows.values())))

    answer = house.text(ALICE, "Hello")

    assert b"<Say" not in answer.data and b"<Message" not in answer.data
    assert house.tasks() == ["our_fault"]


def test_words_in_answer_to_a_text_are_refused() -> None:
    no_text_is_answered_by_text(Spoken("", "", 0))
    for item in (Words("Hello"), End()):
        with pytest.raises(WrongEars):
            no_text_is_answered_by_text(Spoken("", "", 0, (item,)))


# 2


@pytest.mark.parametrize("listener", Listener)
def test_every_prompt_for_every_listener(listener: Listener) -> None:
    for prompt in WORDING.prompts.values():
        replies: list[Reply] = [Say(prompt.id), HangUp()]
        if prompt.audience in MAY_HEAR[listener]:
            every_prompt_fits_its_listener(listener, replies, WORDING)
        else:
            with pytest.raises(WrongEars):
                every_prompt_fits_its_listener(listener, replies, WORDING)


def test_a_machine_hears_one_prompt_and_nobody_else_hears_it() -> None:
    for_machines = [p.id for p in WORDING.prompts.values() if p.audience is Audience.MACHINE]

    assert for_machines == ["outbound_call.voicemail"]
    assert [w for w in Listener if Audience.MACHINE in MAY_HEAR[w]] == [Listener.MACHINE]


# 3


def proof(call: str = "CA1", case: str = "100000017") -> Proof:
    return Proof(call, case, ContactType.INBOUND, (), _MINT)


@pytest.mark.parametrize("other", [None, proof(call="CA2"), proof(case="100000025")])
@pytest.mark.parametrize("reply", VERIFIED)
def test_verified_words_need_a_fitting_proof(reply: Reply, other: Proof | None) -> None:
    def told(given: Proof | None) -> None:
        no_detail_without_a_proof([reply], WORDING, given, call="CA1", case="100000017")

    told(proof())
    with pytest.raises(NotDisclosable):
        told(other)


def test_only_words_for_the_verified_carry_facts() -> None:
    facts = {fact.value for fact in Fact}

    for prompt in WORDING.prompts.values():
        if facts & set(prompt.fields):
            assert prompt.audience in (Audience.VERIFIED, Audience.OFFICER)


# 5


def test_the_caller_id_is_always_the_desks(house: HouseInMemory) -> None:
    house.ring_by_officer(BOB)
    house.text(ALICE, "Hello")
    house.later(2.0)
    house.place()
    call = house.rings(DAVE)
    call.press("0")

    assert [order.caller_id for order in house.carrier.placed] == [SERVICE, SERVICE]
    assert call.last is not None
    assert f'callerId="{SERVICE}"'.encode() in call.last.data


# 8


def test_what_is_kept_and_shown_holds_no_details_answers_or_numbers(
    house: HouseInMemory, capfd: pytest.CaptureFixture[str]
) -> None:
    actions = []
    for call in (_told(house, ALICE), _told(house, BOB)):
        actions.append(call.heard().action)
        call.hang_up()
    house.text(ALICE, "What do I owe? Ring me on 020 7946 0999")
    house.work()

    kept, shown, urls = str(house.everything()), "".join(capfd.readouterr()), " ".join(actions)
    for person in (ALICE, BOB):
        long = [answer for answer in person.answers.values() if len(answer) > 5]
        secrets = (*person.details, person.phone, person.full_name, *long)
        for place in (kept, str(house.log()), shown, urls):
            assert not [secret for secret in secrets if secret in place]
    assert "What do I owe" not in kept + shown
    assert ALICE.reference not in urls + shown


def _told(house: HouseInMemory, person: Person) -> LiveCall:
    call = house.rings(person)
    call.verify(person, mistakes=1)
    call.press("1")
    assert person.tells(call.heard().text)
    return call


# 9


def test_only_the_approved_set_is_spoken() -> None:
    replies: list[Reply] = [Say("common.goodbye"), HangUp()]

    release, texts = "f" * 64, keys_of(WORDING, QuestionSet.load(), Policy.load())
    approved = {"releases": ["0" * 64, release], "withdrawn": {"common.goodbye@en@another": {}}}
    every_word_is_approved(replies, WORDING, approved, release, texts)
    for other in (
        None,
        {},
        {"releases": [], "withdrawn": {}},
        {"releases": ["0" * 64], "withdrawn": {}},
        {"releases": [release], "withdrawn": {_key("common.goodbye"): {}}},
        {"releases": [release], "withdrawn": {_key("case.menu"): {}}},  # not even said
    ):
        with pytest.raises(UnapprovedWording):
            every_word_is_approved(replies, WORDING, other, release, texts)
    with pytest.raises(UnapprovedWording):  # production on samples has no release at all
        every_word_is_approved(replies, WORDING, approved, None, texts)
    with pytest.raises(UnapprovedWording):  # words that are not of the release
        every_word_is_approved(
            replies, WORDING, approved, release, texts - {_key("common.goodbye")}
        )


def _key(item: str) -> str:
    return key_of(item, "en", WORDING.prompt(item).hash)


# 10


def test_the_bot_speaks_first_and_at_once(house: HouseInMemory) -> None:
    house.text(ALICE, "Hello")
    ours = house.place()
    ours.answered()  # no verdict has come yet

    for call in (ours, house.rings(DAVE)):
        assert call.last is not None
        document = call.last.get_data(as_text=True)
        assert document.index("<Say") < document.index("</Gather>")
        assert "<Pause" not in document


def test_no_answer_at_all_is_silence() -> None:
    nobody_is_met_by_silence([HangUp()])
    with pytest.raises(WrongEars):
        nobody_is_met_by_silence([])


# 11


@pytest.mark.parametrize("person", [*CUSTOMERS.values(), DAVE], ids=lambda person: person.name)
def test_whoever_is_not_helped_becomes_a_task(house: HouseInMemory, person: Person) -> None:
    call = house.rings(person)
    call.press(person.reference)
    call.answer_all(MALLORY)
    call.hang_up()

    assert house.tasks() == ["not_verified"]
    house.work()
    filed = house.runtime.tasks.open()
    assert len(filed) == 1 and filed[0].owner and filed[0].priority
