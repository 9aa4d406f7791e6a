"""The approved set of wordings, projected to each desk, where every turn reads and commits on it.

Approving by named people comes with the records of approvals; until then only the demo projects a
set: its samples. Production therefore finds none, and receives only (design invariant 9).
"""

import hashlib

from bot.question_set import QuestionSet
from bot.step import WORDINGS
from bot.store import Store
from bot.unit_of_work import UnitOfWork
from bot.wording import Wording


def release_of(wording: Wording, questions: QuestionSet, *, production: bool) -> str | None:
    """The digest of the words and questions that may be approved; None where none may be.

    Production never speaks samples, whoever has approved them (invariant 9).
    """
    if production and (wording.sample or questions.sample):
        return None
    return hashlib.sha256(f"{wording.digest} {questions.digest}".encode()).hexdigest()


def project(store: Store, desk: str, release: str, *, by: str) -> None:
    """Make this release the approved set of a desk, on the word of `by`."""
    unit = UnitOfWork(store, desk, (WORDINGS,))
    wanted = {"digest": release, "withdrawn": [], "by": by}
    if unit.get(WORDINGS) == wanted:
        return
    unit.put(WORDINGS, wanted)
    unit.commit()


def is_approved(store: Store, desk: str, release: str | None) -> bool:
    """Whether this release is wholly approved at a desk now: asked before anything is dialled.

    A call in which a single prompt could not be said would only end in an apology.
    """
    approved = store.read(desk, (WORDINGS,))[WORDINGS].data or {}
    return release is not None and approved.get("digest") == release and not approved["withdrawn"]
