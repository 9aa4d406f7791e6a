"""A callback of Bob's anywhere in its life, and whatever may happen then, as webhooks.

`STATES` and `HAPPENS` are named by `table.txt`. A scene plays one of each; where something happens
in the midst of a worker's step (`claimed`, `placing`), it is played there.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import text as sql

from bot.callbacks import Callback, CallbackState
from bot.carrier import CallOrder
from bot.dialler import Dialler
from bot.dialling_gate import pause, resume
from bot.errors import CarrierError
from bot.events import CallMissed
from bot.phone import PhoneNumber
from bot.ring_case import CannotRing, ring_case
from bot.store import DUE, Change, Store
from bot.unit_of_work import UnitOfWork
from tests.house_in_memory import (
    DESK,
    HOUR,
    FakeCarrier,
    HouseInMemory,
    LiveCall,
    call_sid,
    text_sid,
)
from tests.people import BOB, Person

BOBS_OTHER = replace(BOB, phone="+442079460456")
Happening = Callable[["Scene"], None]


class Meanwhile:
    """A store on which something happens just before the next commit."""

    def __init__(self, real: Store, happens: Callable[[], None]) -> None:
        self._real, self._happens = real, [happens]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def commit(self, partition: str, change: Change) -> None:
        while self._happens:
            self._happens.pop()()
        self._real.commit(partition, change)


class SlowCarrier(FakeCarrier):
    """A carrier at which something happens before it answers, or whose answer is lost."""

    def __init__(self) -> None:
        super().__init__()
        self.before_answering: list[Callable[[], None]] = []
        self.unclear = False

    def place_call(self, order: CallOrder) -> str:
        if self.unclear:
            self.unclear = False
            raise CarrierError("no answer", retryable=True, unclear=True)
        call = super().place_call(order)
        while self.before_answering:
            self.before_answering.pop()()
        return call


@dataclass
class Scene:
    """One house, Bob's callback in it, and what has happened to it."""

    house: HouseInMemory
    call: LiveCall | None = None  # the attempt under way
    callback_id: str = ""  # the callback that was open, or ended, before
    before: Callback | None = None
    asked: str = ""  # the id of the latest text
    telephone: Person = BOB  # the one that asked last
    refused: str = ""
    hour_asked_for: int = 0
    house_rang_at: float = 0.0
    _meanwhile: Callable[[Callable[[], None]], None] = field(default=lambda happens: happens())

    def __post_init__(self) -> None:
        self.house.carrier = SlowCarrier()

    @property
    def carrier(self) -> SlowCarrier:
        assert isinstance(self.house.carrier, SlowCarrier)
        return self.house.carrier

    def play(self, happening: Happening) -> None:
        """Have it happen where this scene stands."""
        if self.callback_id:
            self.before = self.callback()
        self._meanwhile(lambda: happening(self))

    # what Bob and others do

    def texts(self, body: str, person: Person = BOB) -> str:
        """He texts; delivered twice, and the second time changes nothing."""
        self.asked, self.telephone = text_sid(self.house.next_sid()), person
        self.house.text(person, body, sid=self.asked)
        kept = self.house.everything()
        answer = self.house.text(person, body, sid=self.asked)
        assert self.house.everything() == kept
        assert b"<Message" not in answer.data
        return self.asked

    def officer_rings(self) -> None:
        try:
            self.asked = ring_case(self.house.runtime, BOB.reference, "s1001").id
        except CannotRing as refused:
            self.refused = str(refused)

    def rings_in(self) -> LiveCall:
        return self.house.rings(BOB)

    def misses_us(self) -> None:
        """No webhook told of his call: the carrier's list did."""
        self.asked = sid = call_sid(self.house.next_sid())
        event = CallMissed(
            desk=DESK,
            conversation=sid,
            line="customers",
            call=sid,
            caller=PhoneNumber(BOB.phone),
            listed_at=self.house.clock.now(),
        )
        self.house.runtime.engine.receive(event)

    # what is to be seen

    def callback(self, id: str = "") -> Callback:
        return Callback.from_json(self.house.record(f"callback:{id or self.callback_id}"))

    def open(self) -> list[Callback]:
        """All callbacks that are open."""
        ids = [id for id, _ in self.house.store.members(DESK, "callbacks")]
        return [self.callback(id) for id in ids]

    def lines(self) -> list[str]:
        return [line.id for line in self.house.store.waiting(DESK, DUE)]

    # what comes after

    def attempt_ends_in_vain(self) -> None:
        """The attempt under way ends: nobody answered, they hung up, or it never was placed."""
        if self.call is None:
            while self.callback().state is CallbackState.PLACING:  # whoever looks settles it
                self.house.later(60.0)
                self.house.dial()
                self.house.work()
        elif self.call.last is None:
            self.call.status("no-answer")
        else:
            self.call.hang_up()
        self.house.work()
        self.house.later(2.0)

    def rung_later(self, days: int = 6) -> list[tuple[str, float]]:
        """Whom the worker rings in the next days, and when; nobody ever answers."""
        rung = []
        for _ in range(days * 24):
            while (outcome := self.house.dial()) is not None:
                if outcome == "placed":
                    order = self.carrier.placed[-1]
                    rung.append((order.to.e164, self.house.clock.now()))
                    ended = LiveCall(self.house, call_sid(1000 + len(self.carrier.placed)))
                    ended.attempt, ended.caller, ended.service = order.attempt, order.caller_id, ""
                    ended.service = order.to.e164
                    ended.status("no-answer")
                self.house.work()
            self.house.later(HOUR)
        return rung

    def gate_opens(self) -> None:
        unit = UnitOfWork(self.house.store, DESK)
        if resume(unit, "s1001", "the test is over", self.house.clock.now()):
            unit.commit()


# Where it stands


def none(scene: Scene) -> None:
    """Nothing was ever owed."""


def due_now(scene: Scene) -> None:
    scene.callback_id = scene.texts("Hello")
    scene.house.later(60.0)


def due_again(scene: Scene) -> None:
    due_now(scene)
    scene.house.place().status("no-answer")
    scene.house.work()
    scene.house.later(600.0)


def at_a_time(scene: Scene) -> None:
    scene.callback_id = scene.texts("ring me after 5")
    scene.house.later(60.0)


def held_by_a_rule(scene: Scene) -> None:
    with scene.house.records.begin() as records:
        records.execute(sql("update cases set ring_hours = 'mon-fri 17:00-19:30'"))
    due_now(scene)
    assert scene.house.dial() == "refused"
    assert scene.callback().refused == "preferred_hours"


def held_by_the_gate(scene: Scene) -> None:
    unit = UnitOfWork(scene.house.store, DESK)
    pause(unit, "s1001", "a test", scene.house.clock.now())
    unit.commit()
    due_now(scene)
    assert scene.house.dial() == "refused"
    assert scene.callback().refused == "dialling_paused"


def claimed(scene: Scene) -> None:
    due_now(scene)

    def in_the_midst(happens: Callable[[], None]) -> None:
        runtime = replace(scene.house.runtime, store=Meanwhile(scene.house.store, happens))
        outcome = Dialler(runtime, scene.carrier).take_one(DESK)
        scene.house.later(2.0)
        if outcome == "placed":  # nothing that happened stood against it
            scene.call = ringing_call(scene)

    scene._meanwhile = in_the_midst


def placing(scene: Scene) -> None:
    due_now(scene)

    def in_the_midst(happens: Callable[[], None]) -> None:
        def and_look() -> None:
            assert scene.callback().state is CallbackState.PLACING
            happens()

        scene.carrier.before_answering.append(and_look)
        scene.call = scene.house.place()

    scene._meanwhile = in_the_midst


def unclear(scene: Scene) -> None:
    due_now(scene)
    scene.carrier.unclear = True
    assert scene.house.dial() == "waiting"
    assert scene.callback().state is CallbackState.PLACING


def ringing(scene: Scene) -> None:
    due_now(scene)
    scene.call = scene.house.place()


def answered(scene: Scene) -> None:
    ringing(scene)
    assert scene.call
    scene.call.answered()
    scene.call.press("5")


def machine(scene: Scene) -> None:
    ringing(scene)
    assert scene.call
    scene.call.answered()
    scene.call.verdict("machine_end_beep")
    scene.call.again()


def done(scene: Scene) -> None:
    answered(scene)
    assert scene.call
    scene.call.press("1")
    scene.call.answer_all(BOB)
    scene.call.keep_number()
    scene.call.press("1")
    scene.call.hang_up()
    scene.call = None
    scene.house.work()
    assert scene.callback().disposition == "details_read"


def with_a_person(scene: Scene) -> None:
    due_again(scene)
    scene.house.later(27 * HOUR)
    scene.house.place().status("no-answer")
    scene.house.work()
    assert scene.callback().state is CallbackState.ENDED
    scene.house.later(20 * HOUR)


def left_alone(scene: Scene) -> None:
    due_now(scene)
    scene.texts("Please do not ring me again")
    scene.house.work()


def left_alone_ringing(scene: Scene) -> None:
    ringing(scene)
    scene.texts("Please do not ring me again")


STATES: dict[str, Happening] = {
    "none": none,
    "due now": due_now,
    "due again": due_again,
    "at a time": at_a_time,
    "held by a rule": held_by_a_rule,
    "held by the gate": held_by_the_gate,
    "claimed": claimed,
    "placing": placing,
    "unclear": unclear,
    "ringing": ringing,
    "answered": answered,
    "machine": machine,
    "done": done,
    "with a person": with_a_person,
    "left alone": left_alone,
    "left alone, ringing": left_alone_ringing,
}


def ringing_call(scene: Scene) -> LiveCall:
    order = scene.carrier.placed[-1]
    sid = call_sid(1000 + len(scene.carrier.placed))
    return LiveCall(
        scene.house, sid, attempt=order.attempt, caller=order.caller_id, service=order.to.e164
    )


# What happens


def helped(scene: Scene) -> None:
    call = scene.rings_in()
    call.verify(BOB)
    call.press("1")
    assert BOB.tells(call.heard().text)
    call.hang_up()


def hung_up(scene: Scene) -> None:
    scene.rings_in().hang_up()


def not_verified(scene: Scene) -> None:
    call = scene.rings_in()
    call.verify(BOB, mistakes=6)
    call.hang_up()


def a_person(scene: Scene) -> None:
    call = scene.rings_in()
    call.press("0")
    call.desk("completed")
    call.hang_up()


def nobody_there(scene: Scene) -> None:
    call = scene.rings_in()
    call.press("0")
    call.desk("no-answer")
    call.hang_up()


def a_time(scene: Scene) -> None:
    scene.texts("ring me at 3")
    scene.hour_asked_for = 15


def two_times(scene: Scene) -> None:
    scene.texts("ring me at 3")
    scene.texts("no, between 4 and 6")
    scene.hour_asked_for = 16


HAPPENS: dict[str, Happening] = {
    "ordinary": lambda scene: scene.texts("Hello") and None,
    "a time": a_time,
    "another time": two_times,
    "a wish": lambda scene: scene.texts("Please do not ring me again") and None,
    "STOP": lambda scene: scene.texts("STOP") and None,
    "a sign": lambda scene: scene.texts("my wife has died") and None,
    "in doubt": lambda scene: scene.texts("Ring me later") and None,
    "a number": lambda scene: scene.texts("please ring 07700 900789 instead") and None,
    "another telephone": lambda scene: scene.texts("Hello", BOBS_OTHER) and None,
    "an officer": Scene.officer_rings,
    "helped": helped,
    "hung up": hung_up,
    "not verified": not_verified,
    "a person": a_person,
    "nobody there": nobody_there,
    "missed": Scene.misses_us,
}
