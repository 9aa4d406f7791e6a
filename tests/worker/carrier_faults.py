"""What the tests of the carrier's faults share: who answers, what must hold, how days pass."""

from collections.abc import Callable
from itertools import pairwise

from bot.demo import people as demo
from bot.simulator.faults.orders import Fault
from bot.twilio.urls import Urls
from tests.house_in_memory import BASE, HouseInMemory
from tests.people import ALICE, BOB, CUSTOMERS, SERVICE, Person
from tests.worker.world import World

HOUR = 3600.0
DAY = 24 * HOUR
HELPED = ("details_read", "left_message")

WEBHOOK_FAULTS = [
    Fault.WEBHOOK_LOST,
    Fault.WEBHOOK_NEVER_SENT,
    Fault.WEBHOOK_LATE,
    Fault.WEBHOOK_REORDERED,
    Fault.WEBHOOK_DOUBLED,
    Fault.WEBHOOK_REFUSED,
    Fault.WEBHOOK_ANSWER_LOST,
]
NO_TRACE_OF_IT = {Fault.WEBHOOK_LOST, Fault.WEBHOOK_NEVER_SENT}


def survivable(*kinds: str) -> list[tuple[Fault, str]]:
    """Every fault on webhooks of these kinds, but for one that takes longer: a text of which no
    webhook tells is found in the carrier's list (`test_reconciling.py`)."""
    return [
        (fault, kind)
        for fault in WEBHOOK_FAULTS
        for kind in kinds
        if kind != "text" or fault not in NO_TRACE_OF_IT
    ]


def world_with_retries(build: Callable[..., HouseInMemory], seed: int = 0) -> World:
    """A world whose number is set up as in earnest: with the retries in its addresses."""
    world = World(build, seed=seed)
    urls = Urls(BASE)
    world.network.own(SERVICE, urls.call_received(), urls.text_received(), urls.call_status())
    return world


def bob_is_at_home(world: World) -> None:
    world.add(BOB, "person", script=demo.bob()["script"])


def mallory_has_bobs_telephone(world: World) -> None:
    script = [
        {"answers": demo.MALLORY_GUESSES} if "answers" in step else step
        for step in demo.bob()["script"]
    ]
    world.add(BOB, "person", script=script)


def alices_voicemail_answers(world: World) -> None:
    world.add(ALICE, rings_seconds=2, greeting_seconds=6)


def texts(world: World, person: Person) -> str:
    """Somebody texts, whatever becomes of its webhook; the id of the text."""
    return world.network.text(person.phone, SERVICE, "Sorry I missed you").message_sid


def until_helped(world: World, text: str) -> None:
    """Let days pass until that callback is done with: whenever it is due, the worker works."""
    for _ in range(12):
        world.run(180)
        found = world.callback(text)
        if found.state == "ended" or found.attempts[-1].disposition in HELPED:
            return
        world.skip(max(found.due_at - world.house.clock.now(), 1.0))


def happened(world: World) -> list[str]:
    return [each.fault for each in world.network.faults.happened]


def is_sound(world: World, *, verified: tuple[Person, ...] = ()) -> None:
    """What holds whatever happens."""
    assert [text for text in world.network.texts if text.direction != "inbound"] == []
    for person in CUSTOMERS.values():
        calls = world.calls_to(person)
        for earlier, later in pairwise(calls):
            assert earlier.ended_at is not None, "rung while the last call was not over"
            assert earlier.ended_at <= later.created_at, "rung twice at once"
        if person not in verified:
            assert [person.tells(call.words) for call in calls] == [[] for _ in calls]
