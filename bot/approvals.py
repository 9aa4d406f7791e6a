"""The approved set of wordings, projected to each desk, where every turn reads and commits on it.

The book of approvals is in the records (SQL); what a turn needs of it is one small record in Redis:
the releases that are wholly approved, and the texts whose approval was withdrawn. A text stays in
that list until a later version of it is approved, so a withdrawal bites in whatever release.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import replace

from bot.errors import Conflict
from bot.flow_log import FlowLogLine
from bot.policy import Policy
from bot.question_set import QuestionSet
from bot.release import EMPTY, desks_digest, why_not
from bot.step import WORDINGS
from bot.store import Json, Store
from bot.strength import weaknesses
from bot.unit_of_work import UnitOfWork
from bot.wording import Wording

MOST_RELEASES = 12  # kept, the newest last: one that falls out comes back at the next start
MOST_TRIES = 5

# What to make of the approved set, and the lines that tell of it.
Change = Callable[[Json], tuple[Json, Iterable[FlowLogLine]]]


def release_of(
    wording: Wording, questions: QuestionSet, policy: Policy, *, production: bool
) -> str | None:
    """The digest of all that is said and asked, to be approved as one; None where it may not be.

    Production never speaks samples, whoever has approved them (invariant 9), and asks no questions
    that are weaker than `[strength]` allows. The profile is in the digest: what a demo approves by
    itself is no release of production's, even in the same stores.
    """
    if production and (wording.sample or questions.sample or weaknesses(questions)):
        return None
    profile = "production" if production else "demo"
    parts = (profile, wording.digest, questions.digest, desks_digest(policy))
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()


def project(store: Store, desk: str, change: Change) -> None:
    """Change the approved set of a desk. Raises `Conflict` if others do so again and again.

    `change` is asked after the set was read, so whatever it reads itself is newer: what others
    have done since then makes it be asked once more.
    """
    for _ in range(MOST_TRIES):
        unit = UnitOfWork(store, desk, (WORDINGS,))
        before = unit.get(WORDINGS)
        after, lines = change(_known(before))
        if after != before:
            unit.put(WORDINGS, after)
        for line in lines:
            unit.log(replace(line, desk=desk))
        if not unit.changed:
            return
        try:
            unit.commit()
        except Conflict:
            continue
        return
    raise Conflict(f"{desk}: the approved set changed {MOST_TRIES} times while it was decided on")


def approved_set(store: Store, desk: str) -> Json:
    """What a desk may speak now."""
    return _known(store.read(desk, (WORDINGS,))[WORDINGS].data)


def is_approved(store: Store, desk: str, release: str | None, texts: frozenset[str]) -> bool:
    """Whether this release is wholly approved at a desk now: asked before anything is dialled."""
    return why_not(approved_set(store, desk), release, texts) is None


def with_release(approved: Json, release: str) -> Json:
    """The set, this release being wholly approved."""
    if release in approved["releases"]:
        return approved
    newest = [*approved["releases"], release][-MOST_RELEASES:]
    return approved | {"releases": newest}


def without_release(approved: Json, release: str) -> Json:
    """The set, this release not being wholly approved."""
    return approved | {"releases": [one for one in approved["releases"] if one != release]}


def _known(stored: Json | None) -> Json:
    """The set as it is stored; one that an older version wrote approves nothing."""
    return stored if stored and "releases" in stored else EMPTY
