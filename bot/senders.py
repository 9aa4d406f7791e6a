"""Whose number it is from which somebody rang or texted: a case, several people, or nobody."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot import events
from bot.cases import Case, CaseDirectory
from bot.events import Event


@dataclass(frozen=True, slots=True)
class Sender:
    """The case that a number leads to, where it leads to one, and the event that says so."""

    case: Case | None
    event: Event


def sender_of(directory: CaseDirectory, number_hash: str, desk: str) -> Sender:
    """Whose number this is, by the cases on which it stands and the calls that were missed."""
    cases = directory.by_number(number_hash)
    missed = directory.missed_call(number_hash)
    rung_for = directory.by_handle((missed.case if missed else None) or "")
    if len({case.customer for case in cases}) > 1:
        return Sender(None, events.SeveralFound())
    found = best_here(cases, desk) or rung_for
    if found is None:
        return Sender(None, events.SeveralFound() if missed else events.NothingFound())
    # A call about another desk's case is that desk's: who rings is for a person to say.
    return Sender(found, events.CaseFound() if found.desk == desk else events.SeveralFound())


def best_here(cases: Sequence[Case], desk: str) -> Case | None:
    """The newest of this desk; where it has none, the newest of all."""
    return next((case for case in cases if case.desk == desk), cases[0] if cases else None)
