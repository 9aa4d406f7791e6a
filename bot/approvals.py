"""The approved set of wordings, projected to each desk, where every turn reads and commits on it.

Approving by named people comes with the records of approvals; until then only the demo projects a
set: its samples. Production therefore finds none, and receives only (design invariant 9).
"""

from bot.step import WORDINGS
from bot.store import Store
from bot.unit_of_work import UnitOfWork
from bot.wording import Wording


def project(store: Store, desk: str, wording: Wording, *, by: str) -> None:
    """Make this wording the approved set of a desk, on the word of `by`."""
    unit = UnitOfWork(store, desk, (WORDINGS,))
    wanted = {"digest": wording.digest, "withdrawn": [], "by": by}
    if unit.get(WORDINGS) == wanted:
        return
    unit.put(WORDINGS, wanted)
    unit.commit()


def is_approved(store: Store, desk: str, wording: Wording) -> bool:
    """Whether this wording is the approved set of a desk now: asked before anything is dialled."""
    approved = store.read(desk, (WORDINGS,))[WORDINGS].data
    return approved is not None and approved.get("digest") == wording.digest
