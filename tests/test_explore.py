"""`ringback prove`: the shipped flows hold, and flows that are broken on purpose are refused.

`tests/broken_flows.py` breaks a flow for every invariant that is tagged `flow`; each is refused by
the right rule. What the prover says of a path is played again through the signed webhooks.
"""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

import bot.engine
import bot.speaker
import bot.step
import webhooks
from bot.commands.proving import path_of
from bot.conversation import Conversation
from bot.events import CarrierEvent, DigitsPressed
from bot.explore import NOW, Blueprint, Breach, Proven, prove
from bot.explore.choices import Choices
from bot.flow import Flow
from bot.invariants import INVARIANTS, Shown
from bot.phone import PhoneNumber
from bot.policy import Policy
from bot.powers import Powers
from bot.question_set import QuestionSet
from bot.runtime import Flows
from bot.speech_reading import SpeechReader
from bot.spoken import Join
from bot.storage.memory import MemoryStore
from bot.text_reading import TextReader, TextRules
from bot.verification import Ledger
from bot.vocabulary import Vocabulary
from bot.wording import Wording
from flows.inbound_call import InboundCall
from tests.broken_flows import BROKEN
from tests.house_in_memory import HouseInMemory
from tests.transcript import play
from tests.worker.world import World


def blueprint(*broken: type[Flow], **different: object) -> Blueprint:
    """The shipped flows, with these in the place of those of the same name."""
    flows = {flow.name: flow for flow in (*webhooks.FLOWS, *broken)}
    opens = {opening: flows[flow.name] for opening, flow in webhooks.OPENS.items()}
    for one in broken:
        for line in getattr(one, "opened_by", ()):
            opens[line] = one
    made = Blueprint(
        opens=opens,
        flows=tuple(flows.values()),
        policy=Policy.load(),
        questions=QuestionSet.load(),
        wording=Wording.load(),
        speech=SpeechReader(Vocabulary.load(), enabled=True, least_confidence=0.6),
        texts=TextReader(TextRules.load(), Policy.load().calling_hours.week),
        powers=Powers.load(),
        store=MemoryStore(clock=lambda: NOW),
    )
    return replace(made, **different)


@cache
def refused(name: str) -> Proven:
    broken = BROKEN[name]
    opens = {
        opening: broken.flow
        for opening, flow in webhooks.OPENS.items()
        if flow.name == broken.flow.name
    }
    return prove(blueprint(broken.flow, opens=opens))


def breach(name: str) -> Breach:
    found = [one for one in refused(name).breaches if BROKEN[name].rule in one.rule]
    assert found, [f"{one.rule}: {one.reason}" for one in refused(name).breaches]
    return found[0]


def test_no_path_of_the_shipped_flows_breaks_an_invariant() -> None:
    proven = prove(blueprint())

    assert proven.breaches == ()
    assert {figures.flow for figures in proven.figures} == {flow.name for flow in webhooks.FLOWS}
    assert proven.ledgers > 6000
    assert min(figures.states for figures in proven.figures) >= 3


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_flow_is_refused_by_the_right_rule(name: str) -> None:
    assert breach(name).reason


def test_every_invariant_of_flows_has_a_flow_that_breaks_it() -> None:
    tagged = {one.number for one in INVARIANTS.values() if Shown.FLOW in one.shown}

    assert {broken.number for broken in BROKEN.values()} - {0} == tagged - OF_THE_ENGINE


# No flow can break these: what they forbid is not in a flow's hands. The engine is broken below.
OF_THE_ENGINE = {5, 7, 8}


@pytest.mark.parametrize(
    "name", [name for name, one in BROKEN.items() if one.replays], ids=lambda name: name
)
def test_its_path_plays_again(name: str, build: Callable[..., HouseInMemory]) -> None:
    broken = BROKEN[name]
    lines = path_of(breach(name), QuestionSet.load(), Wording.load())
    flows = blueprint(broken.flow)
    world = World(partial_build(build, Flows(opens=flows.opens, all=flows.flows)))

    played = play("\n".join(line for line in lines if not line.startswith("  ")) + "\n", world)

    assert broken.replays in played, played


def partial_build(
    build: Callable[..., HouseInMemory], flows: Flows
) -> Callable[..., HouseInMemory]:
    def built(**different: object) -> HouseInMemory:
        return build(flows=flows, **different)

    return built


def test_a_language_that_lacks_a_prompt_is_named() -> None:
    wording = Wording.load()
    welsh = {
        ("cy", name): replace(prompt, language="cy")
        for (_, name), prompt in wording.prompts.items()
        if name != "desk.connecting"
    }
    told = prove(blueprint(wording=Wording(True, {**wording.prompts, **welsh})))

    assert [one.rule for one in told.breaches] == [
        "every prompt exists, in every language and for the same ears"
    ]
    assert "desk.connecting" in told.breaches[0].reason


def test_side_by_side_the_same_is_found() -> None:
    """In a process of its own: a fork is for those who run no other thread."""
    ended = subprocess.run([sys.executable, "-c", SIDE_BY_SIDE], capture_output=True, text=True)

    assert ended.stdout.split() == ["1", "2", "here", "inbound_text", "True"], ended.stderr


SIDE_BY_SIDE = """
import os
from bot.explore import prove
from bot.explore.apart import apart
from bot.secret import Secret
from tests.broken_flows import AnswersTexts
from tests.test_explore import blueprint

parent = os.getpid()

def secret():  # it is not pickled, so this is done once more, by the parent
    return "here" if os.getpid() == parent else Secret("there")

def dies():
    return 2 if os.getpid() == parent else os._exit(1)

print(*apart([lambda: 1, dies, secret, lambda: "inbound_text"]))
made = blueprint(AnswersTexts)
others = ("call_received", "call_answered")
opens = {opens: flow for opens, flow in made.opens.items() if opens[0] not in others}
made = blueprint(AnswersTexts, opens=opens)
beside, alone = prove(made, side_by_side=True).breaches, prove(made).breaches
print([one.rule for one in beside] == [one.rule for one in alone] != [])
"""


def test_every_combination_of_choices_is_tried_once() -> None:
    choices = Choices()
    three = {"a": 1, "b": 2, "c": 3}

    def step() -> list[int]:
        first = choices.choose("first", three)
        return [first] if first == 2 else [first, choices.choose("second", {"d": 4, "e": 5})]

    assert list(choices.every(step)) == [[1, 4], [1, 5], [2], [3, 4], [3, 5]]


# A broken engine: what it would let pass is seen by the walk itself


def rules_broken() -> list[str]:
    opens = {("call_received", "customers"): InboundCall}
    return [one.rule.partition(":")[0] for one in prove(blueprint(opens=opens)).breaches]


def test_a_caller_id_that_is_not_the_desks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot.speaker, "Join", lambda to, own, seconds: Join(to, to, seconds))

    assert rules_broken() == ["invariant 5"]


def test_an_engine_that_takes_an_event_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = bot.engine._is_news

    def is_news(talk: Conversation, event: CarrierEvent) -> bool:
        return ours(talk, event) or (isinstance(event, DigitsPressed) and talk.asked is not None)

    monkeypatch.setattr(bot.engine, "_is_news", is_news)

    assert rules_broken() == ["invariant 7"]


def test_an_engine_that_keeps_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PhoneNumber, "__str__", lambda self: self.e164)

    assert rules_broken() == ["invariant 8"]


def test_an_engine_that_does_not_look_who_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (bot.step, bot.speaker):
        monkeypatch.setattr(module, "every_prompt_fits_its_listener", lambda *_: None)
        monkeypatch.setattr(module, "no_detail_without_a_proof", lambda *_, **__: None)
    broken = BROKEN["reads to whoever failed"].flow

    told = prove(blueprint(broken, opens={("call_received", "customers"): broken}))

    assert told.breaches[0].rule.startswith("invariant 2")


def test_a_mark_that_is_too_low(monkeypatch: pytest.MonkeyPatch) -> None:
    def passed(ledger: Ledger) -> bool:
        right = sum(asked.right is True for asked in ledger.asked)
        return ledger.open_question is None and ledger.real and right >= ledger.needed - 1

    monkeypatch.setattr(Ledger, "passed", property(passed))

    assert "invariant 3" in rules_broken()


def test_a_proof_before_the_last_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def passed(ledger: Ledger) -> bool:
        return ledger.real and sum(asked.right is True for asked in ledger.asked) >= ledger.needed

    monkeypatch.setattr(Ledger, "passed", property(passed))

    assert "invariant 3" in rules_broken()
