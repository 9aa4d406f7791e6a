"""What each word of `table.txt` means, as something that can be seen: in the records, and at Bob's
telephone in the days after."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.callbacks import Callback, CallbackState
from bot.store import DUE
from tests.callbacks.scenes import Scene
from tests.house_in_memory import DESK
from tests.people import BOB

Check = Callable[[Scene], None]
LONDON = ZoneInfo("Europe/London")


# What is owed


def owed(scene: Scene) -> None:
    """A callback of its own, due now; and he is rung."""
    found = the_only_one(scene)
    assert found.id == scene.asked != scene.callback_id
    assert (found.state, found.due_at) == ("due", found.opened_at)
    rings(scene)


def owed_then(scene: Scene) -> None:
    found = the_only_one(scene)
    assert found.id != scene.callback_id
    at_the_time(scene, found)


def kept(scene: Scene) -> None:
    """The same, once, and at the time at which it was due."""
    found = the_same(scene)
    assert found.due_at == scene.before.due_at
    rings(scene)


def moved(scene: Scene) -> None:
    at_the_time(scene, the_same(scene))


def forward(scene: Scene) -> None:
    """Nothing stands in the way: the worker rings at once."""
    found = the_same(scene)
    assert scene.before.due_at > found.due_at == scene.house.clock.now()
    assert rings(scene) == found.due_at


def after_it(scene: Scene) -> None:
    """The attempt goes on; when it has ended in vain, the next is not left to the retry rule."""
    goes_on(scene)
    scene.attempt_ends_in_vain()
    found = the_same(scene)
    assert (found.state, found.due_at <= scene.house.clock.now()) == ("due", True)
    assert rings(scene) == scene.house_rang_at


def after_it_then(scene: Scene) -> None:
    goes_on(scene)
    scene.attempt_ends_in_vain()
    at_the_time(scene, the_same(scene))


def unchanged(scene: Scene) -> None:
    """It stands as it stood, but for a worker that went on with it."""
    found = the_only_one(scene)
    before = scene.before
    told = ("id", "again", "last", "ring_from", "ring_until", "number_hash", "opened_at")
    assert [getattr(found, name) for name in told] == [getattr(before, name) for name in told]
    if found.under_way:
        goes_on(scene)
    else:
        assert (found.state, found.due_at) == ("due", before.due_at)
        rings(scene)


# What is not owed


def no_more(scene: Scene) -> None:
    """Whatever was open is over, a person has a task, and nobody is rung."""
    ended_so(scene, "cancelled")
    assert_tasks(scene, "wants_no_contact")
    is_never_rung(scene)


def held(scene: Scene) -> None:
    ended_so(scene, "needs_person")
    assert_tasks(scene, "text_needs_person")
    is_never_rung(scene)


def the_last(scene: Scene) -> None:
    goes_on(scene)
    assert_tasks(scene, "wants_no_contact")
    nothing_after_it(scene)


def the_last_held(scene: Scene) -> None:
    goes_on(scene)
    assert_tasks(scene, "text_needs_person")
    nothing_after_it(scene)


def a_person(scene: Scene) -> None:
    """He asked to be left alone: a person decides, also of what an officer asked for."""
    if scene.refused:
        return is_never_rung(scene)
    is_never_rung(scene)
    assert_tasks(scene, "wants_no_contact")
    return None


def settled(scene: Scene) -> None:
    ended_so(scene, "settled_by_customer")
    is_never_rung(scene)


def settled_after_it(scene: Scene) -> None:
    goes_on(scene)
    nothing_after_it(scene)


def handed_over(scene: Scene) -> None:
    ended_so(scene, "needs_person")
    assert_tasks(scene, "wants_person")
    is_never_rung(scene)


def handed_over_after_it(scene: Scene) -> None:
    goes_on(scene)
    assert_tasks(scene, "wants_person")
    nothing_after_it(scene)


def nothing(scene: Scene) -> None:
    assert scene.open() == []
    is_never_rung(scene)


def refused(scene: Scene) -> None:
    assert "they asked for none after it" in scene.refused
    nothing_after_it(scene)


# What these are made of


def the_only_one(scene: Scene) -> Callback:
    """One open callback, found by his number and by his case; its line waits if it is due."""
    (found,) = scene.open()
    pointers = [f"open:{found.number_hash}", f"open:case:{BOB.reference}"]
    assert [scene.house.record(key) for key in pointers] == [{"callback": found.id}] * 2
    if found.state is CallbackState.DUE:
        assert scene.lines() == [found.next_attempt]
    else:
        assert found.next_attempt not in scene.lines()
    return found


def the_same(scene: Scene) -> Callback:
    """The callback that was open before; it was asked for once more, and for nobody else."""
    found = the_only_one(scene)
    assert found.id == scene.callback_id
    assert scene.before is not None
    assert found.asks > scene.before.asks
    return found


def rings(scene: Scene) -> float:
    """He is rung, on the telephone that asked: once a try, no more than the cap; when first."""
    scene.gate_opens()
    scene.house_rang_at = scene.house.clock.now()
    rung = scene.rung_later()
    assert 1 <= len(rung) <= 2, rung
    assert {number for number, _ in rung} == {scene.telephone.phone}
    assert scene.open() == []
    return rung[0][1]


def at_the_time(scene: Scene, found: Callback) -> None:
    """Due when the last text said, and rung then and not before."""
    assert found.ring_from is not None
    assert found.due_at == found.ring_from
    hour = datetime.fromtimestamp(found.ring_from, LONDON).hour
    assert hour == scene.hour_asked_for
    first = rings(scene)
    assert found.ring_from <= first < (found.ring_until or first + 1)


def goes_on(scene: Scene) -> None:
    """The attempt under way is as it was."""
    found = the_only_one(scene)
    assert found.under_way
    assert found.id == scene.callback_id
    assert found.number_hash == scene.before.number_hash


def nothing_after_it(scene: Scene) -> None:
    scene.attempt_ends_in_vain()
    assert scene.callback().state is CallbackState.ENDED
    is_never_rung(scene)


def is_never_rung(scene: Scene) -> None:
    scene.gate_opens()
    assert scene.rung_later(days=4) == []
    assert scene.open() == []
    assert scene.house.store.waiting(DESK, DUE) == []


def ended_so(scene: Scene, disposition: str) -> None:
    """What was open has ended so; what had ended before is left as it was."""
    assert scene.open() == []
    assert scene.lines() == []
    if scene.before is None:
        return
    ended = scene.callback()
    was_open = scene.before.state is not CallbackState.ENDED
    assert ended.disposition == (disposition if was_open else scene.before.disposition)


def assert_tasks(scene: Scene, *reasons: str) -> None:
    scene.house.work()
    filed = {task.reason.value for task in scene.house.runtime.tasks.open()}
    assert set(reasons) <= filed, filed


def and_shown(check: Check) -> Check:
    def both(scene: Scene) -> None:
        assert_tasks(scene, "text_in_doubt")
        check(scene)

    return both


def and_there(check: Check) -> Check:
    """As the other; that he is rung on the telephone that asked is looked at by `rings`."""

    def both(scene: Scene) -> None:
        assert scene.telephone.phone != BOB.phone
        check(scene)

    return both


OUTCOMES: dict[str, Check] = {
    "owed": owed,
    "owed then": owed_then,
    "owed, shown": and_shown(owed),
    "owed there": and_there(owed),
    "kept": kept,
    "kept, shown": and_shown(kept),
    "kept there": and_there(kept),
    "moved": moved,
    "forward": forward,
    "forward, shown": and_shown(forward),
    "forward there": and_there(forward),
    "after it": after_it,
    "after it, then": after_it_then,
    "after it, shown": and_shown(after_it),
    "after it, there": and_there(after_it),
    "no more": no_more,
    "held": held,
    "the last": the_last,
    "the last, held": the_last_held,
    "a person": a_person,
    "settled": settled,
    "settled after it": settled_after_it,
    "handed over": handed_over,
    "handed over after it": handed_over_after_it,
    "unchanged": unchanged,
    "nothing": nothing,
    "refused": refused,
}
