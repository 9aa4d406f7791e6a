"""One order for many callbacks: one of the staff asks for it, another one carries it out.

Nobody can hold, move or end many customers' calls alone (segregation of duties). What was asked for
waits a day; each callback is then done by itself, so that one that has moved on stops no other.
"""

from dataclasses import asdict, dataclass, replace

from bot.callback_orders import CannotOrder, Order, Ordered, carry_out
from bot.errors import Conflict, StorageRefused, StoreDown
from bot.flow_log import FlowLogLine
from bot.runtime import Runtime
from bot.staff import Person
from bot.staff_log import line_of, reason_given
from bot.store import Json
from bot.unit_of_work import UnitOfWork

MOST = 200  # callbacks in one order
KEEP_SECONDS = 86400.0
INDEX = "bulk_orders"


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkOrder:
    """What waits for a second person: the order, whose callbacks, and who asked for it when."""

    id: str
    desk: str
    ordered: Ordered
    callbacks: tuple[str, ...]
    by: str  # a staff number
    at: float
    standing: int = 0  # the asker's `version`: once they have another one, it is over


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one callback: done, or why not."""

    callback: str
    refused: str = ""


def propose(
    runtime: Runtime, person: Person, desk: str, callbacks: list[str], ordered: Ordered
) -> BulkOrder:
    """Ask for it; nothing is done yet. Raises `CannotOrder`, `BadReason`, `StoreDown`."""
    if not 1 <= len(set(callbacks)) <= MOST:
        raise CannotOrder(f"choose 1 to {MOST} callbacks")
    ordered = replace(ordered, reason=reason_given(ordered.reason))
    now = runtime.clock.now()
    chosen = tuple(dict.fromkeys(callbacks))
    id = runtime.keyring.mac("bulk", person.number, repr(now), *chosen)[:32]
    bulk = BulkOrder(
        id=id,
        desk=desk,
        ordered=ordered,
        callbacks=chosen,
        by=person.number,
        at=now,
        standing=person.version,
    )
    unit = UnitOfWork(runtime.store, desk, (_key(id),))
    unit.put(_key(id), _to_json(bulk), keep=KEEP_SECONDS)
    unit.index(INDEX, id, now)
    unit.log(_line(person, bulk, "bulk_proposed", now))
    unit.commit()
    return bulk


def waiting(runtime: Runtime, desk: str) -> list[BulkOrder]:
    """What waits for a second person at this desk, the oldest first."""
    ids = [id for id, _ in runtime.store.members(desk, INDEX)]
    if not ids:
        return []
    found = runtime.store.read(desk, [_key(id) for id in ids])
    orders = [_of_json(record.data) for record in found.values() if record.data]
    return [one for one in orders if one.at + KEEP_SECONDS > runtime.clock.now()]


def confirm(runtime: Runtime, person: Person, desk: str, id: str) -> list[Outcome]:
    """Carry it out, as somebody else than who asked. Raises `CannotOrder`, `Conflict`, `StoreDown`.

    It is taken off the list first: what a crash leaves undone is not done, and can be asked again.
    """
    bulk, unit = _found(runtime, desk, id)
    if bulk.by == person.number:
        raise CannotOrder("you asked for it yourself: it takes a second person")
    if not _stands(runtime, bulk):
        raise CannotOrder(f"{bulk.by} has left, or has another role or desk since: ask for it anew")
    _take_off(unit, bulk)
    unit.log(_line(person, bulk, "bulk_confirmed", runtime.clock.now()))
    unit.commit()
    return [_one(runtime, person, bulk, callback) for callback in bulk.callbacks]


def withdraw(runtime: Runtime, person: Person, desk: str, id: str) -> None:
    """Nothing is done: whoever asked thinks better of it, or the second person refuses."""
    bulk, unit = _found(runtime, desk, id)
    _take_off(unit, bulk)
    unit.log(_line(person, bulk, "bulk_withdrawn", runtime.clock.now()))
    unit.commit()


def _one(runtime: Runtime, person: Person, bulk: BulkOrder, callback: str) -> Outcome:
    try:
        carry_out(runtime, person, bulk.desk, callback, bulk.ordered)
    except CannotOrder as refused:
        return Outcome(callback, str(refused))
    except Conflict:
        return Outcome(callback, "somebody else got on with it at that moment")
    except (StoreDown, StorageRefused):
        return Outcome(callback, "the store did not answer: look whether it was done")
    return Outcome(callback)


def _stands(runtime: Runtime, bulk: BulkOrder) -> bool:
    """Whether who asked is still who they were, as with a session: who has left asks nothing."""
    asker = runtime.records.staff.get(bulk.by)
    return asker is not None and not asker.shut_out and asker.version == bulk.standing


def _found(runtime: Runtime, desk: str, id: str) -> tuple[BulkOrder, UnitOfWork]:
    unit = UnitOfWork(runtime.store, desk, (_key(id),))
    data = unit.get(_key(id))
    if data is None or _of_json(data).at + KEEP_SECONDS <= runtime.clock.now():
        raise CannotOrder("nothing of that kind waits any more")
    return _of_json(data), unit


def _take_off(unit: UnitOfWork, bulk: BulkOrder) -> None:
    unit.put(_key(bulk.id), None)
    unit.index(INDEX, bulk.id, None)


def _key(id: str) -> str:
    return f"bulk_order:{id}"


def _to_json(bulk: BulkOrder) -> Json:
    return asdict(bulk)


def _of_json(data: Json) -> BulkOrder:
    ordered = Ordered(**{**data["ordered"], "order": Order(data["ordered"]["order"])})
    return BulkOrder(**{**data, "ordered": ordered, "callbacks": tuple(data["callbacks"])})


def _line(person: Person, bulk: BulkOrder, what: str, now: float) -> FlowLogLine:
    detail = f"{bulk.ordered.order} {len(bulk.callbacks)} callbacks, asked by {bulk.by}"
    return line_of(person, what, now, desk=bulk.desk, reason=bulk.ordered.reason, detail=detail)
