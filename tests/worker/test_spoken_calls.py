"""People who speak to us instead of keying, on the phone network: they get through."""

from collections.abc import Callable

import pytest

from bot import answers
from bot.demo import people as demo_people
from tests.house_in_memory import HouseInMemory
from tests.people import BOB, Person
from tests.worker.world import World


@pytest.fixture
def world(build: Callable[..., HouseInMemory]) -> World:
    return World(build)


def speaks(world: World, person: Person) -> list[dict[str, object]]:
    """What somebody does who keys once, as asked, and then says everything."""
    rules = world.house.runtime.house.questions.questions
    said = {
        name: answers.as_said(rule, answers.keyed(rule, person.right(name)) or "")
        for name, rule in rules.items()
    }
    phrases = dict(zip(rules, demo_people.QUESTIONS, strict=True))
    return [
        {"press": "5", "when": "press any key"},
        {"says": "Yes, speaking.", "when": "safe and private"},
        *({"says": said[name], "when": phrases[name], "always": True} for name in rules),
        {"says": "Yes, it is.", "when": "best one to reach you"},
        {"says": "How much do I owe, please?", "when": "To hear how your case stands"},
        {"says": "That's all, thank you.", "when": "To hear that again"},
    ]


def test_bob_says_it_all_and_hears_his_case(world: World) -> None:
    world.add(BOB, "person", script=speaks(world, BOB))

    text = world.text(BOB)
    world.run(300)

    (call,) = world.calls_to(BOB)
    assert "310 pounds" in call.words
    assert world.callback(text).disposition == "details_read"
    assert [event.code for event in world.network.events] == []


def test_where_the_carrier_is_never_sure_bob_reaches_a_person(world: World) -> None:
    world.network.settings.speech_confidence = 0.3
    script = speaks(world, BOB)
    script[1]["always"] = True
    world.add(BOB, "person", script=script)
    demo_desk = Person("The desk", world.house.runtime.house.policy.desk["main"].phone)
    world.add(demo_desk, "person")

    world.text(BOB)
    world.run(300)

    (call,) = world.calls_to(BOB)
    assert BOB.tells(call.words) == []
    assert world.tasks() == ["could_not_be_helped"]


def test_somebody_who_only_speaks_is_not_heard_and_is_treated_as_a_machine(world: World) -> None:
    world.add(BOB, "person", script=[{"says": "Hello? A person, please.", "always": True}])

    text = world.text(BOB)
    world.run(300)

    assert world.dispositions(text) == ["no_response"]
    (call,) = world.calls_to(BOB)
    assert "HM Revenue" not in call.words
