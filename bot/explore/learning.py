"""Nobody learns how they stand: whoever cannot see our secrets sees the same, whatever they are.

All runs that look alike from outside are followed together. In every step they say the same words,
move the turn alike, write the same kinds of lines, and cost the same trips to the store, queries
of the records and work of the keys. With the last answer those who passed part from those who did
not: that step still costs both the same, but for the task that tells a person of a failure, and
what the question after a pass has to know.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from bot.events import CallMissed, TextReceived
from bot.explore import any_officer
from bot.explore.costs import ADDED, OPENS, QUERY, Cost
from bot.explore.house import THE_DESK
from bot.explore.node import Step, shown
from bot.explore.rules import named
from bot.explore.walked import Breach, Edge, Walked
from bot.proof import Listener

KNOWN = (
    THE_DESK,
    "the number in use",
    *any_officer.KNOWN,
)  # choices that are no secret to the caller
Label = tuple[str, str]
Told = tuple[str, ...]
Belief = frozenset[int]


def learns(walked: Walked) -> Iterator[Breach]:
    """The first steps that look alike from outside and are answered, logged or paid differently."""
    beliefs: list[Belief] = [frozenset({root.number}) for root in walked.roots]
    met: set[Belief] = set(beliefs)
    for belief in beliefs:  # grows while it is gone through
        alike = _seen_alike(walked, belief)
        failed = {label[0]: edges for (label, passed, _), edges in alike.items() if not passed}
        for (label, passed, _), edges in alike.items():
            breach = _differ(edges) or (passed and _felt(edges[0], failed.get(label[0])))
            if breach:
                yield breach
                return
            following = frozenset(edge.target.number for edge in edges)
            if following not in met:
                met.add(following)
                beliefs.append(following)


def _seen_alike(walked: Walked, belief: Belief) -> dict[tuple[Label, bool, Told], list[Edge]]:
    """The steps from these nodes that look the same from outside, passed and not passed apart.

    An officer who has shown who they are may be told whether a case is theirs, and whether a number
    is on one: for them steps look the same that are answered by the same words.
    """
    alike: dict[tuple[Label, bool, Told], list[Edge]] = defaultdict(list)
    for number in sorted(belief):
        for edge in (*walked.edges.get(number, ()), *walked.still.get(number, ())):
            told = _answer(edge.step) if _to_officer(edge.step) else ()
            alike[_label(edge.step), edge.step.verified, told].append(edge)
    return dict(alike)


def _to_officer(step: Step) -> bool:
    return step.before is not None and step.before.listener is Listener.OFFICER


def _label(step: Step) -> Label:
    """What happened, as it is seen from outside; the caller knows when we are open, and which
    number they ring from.
    """
    chosen = dict(step.choices)
    return step.happening.label, " ".join(chosen.get(known, "") for known in KNOWN)


def _differ(edges: Sequence[Edge]) -> Breach | None:
    """Two of these steps that are answered differently."""
    first = edges[0].step
    for edge in edges[1:]:
        told = _difference(edge.step, first)
        if told:
            reason = f"{_why(edge.step, first)}: {told}"
            return Breach(named(4), reason, (*edge.source.path, edge.step))
    return None


def _felt(edge: Edge, failed: Sequence[Edge] | None) -> Breach | None:
    """A last answer that passes at another price than one that does not.

    Whoever has passed is asked for their best number next: how, depends on the one they ring from,
    which is unsealed for it, once.
    """
    if not failed:
        return None
    passes, fails = _but_lines(edge.step.cost), _but_lines(failed[0].step.cost)
    more, less = Counter(passes) - Counter(fails), Counter(fails) - Counter(passes)
    if not less and more.total() <= 1 and all(what.startswith(OPENS) for what in more):
        return None
    reason = f"a pass costs {_beyond(passes, fails)}"
    return Breach(named(4), reason, (*edge.source.path, edge.step))


def _but_lines(cost: Cost) -> Cost:
    """Without the lines that a commit adds: somebody has to be told of a failure."""
    return tuple(what.partition(ADDED)[0] for what in cost)


def _difference(step: Step, other: Step) -> str:
    """How one of these could be told from the other; empty if it could not."""
    if _shape(step) != _shape(other):
        return "the log has other lines"
    if _answer(step) != _answer(other):
        return f"{' '.join(_answer(step))} instead of {' '.join(_answer(other))}"
    mine, others = _cost(step), _cost(other)
    return f"it costs {_beyond(mine, others)}" if mine != others else ""


def _cost(step: Step) -> Cost:
    """Of what nobody waits for only what was asked of the records: see `_shape`."""
    if isinstance(step.happening.event, TextReceived | CallMissed):
        return tuple(what for what in step.cost if what.startswith(QUERY))
    return step.cost


def _beyond(cost: Cost, other: Cost) -> str:
    """What the one cost and the other did not."""
    mine, others = Counter(cost), Counter(other)
    if mine == others:
        return "the same in another order"
    more, less = (mine - others).elements(), (others - mine).elements()
    return f"{', '.join(more) or 'nothing'} instead of {', '.join(less) or 'nothing'}"


def _answer(step: Step) -> tuple[str, ...]:
    talk = step.after
    return () if talk is None or talk.ended else shown(talk.replies)


def _shape(step: Step) -> tuple[object, ...]:
    """How the log grows, and whether the turn moves: the time of an answer could tell of these.

    A text, or a call that is over, is answered by nothing, and what becomes of it may differ.
    """
    if isinstance(step.happening.event, TextReceived | CallMissed):
        return ()
    return step.moved, *(line.kind for line in step.lines)


def _why(one: Step, other: Step) -> str:
    """What is different about these two, as far as this very step shows it."""
    mine, others = dict(one.choices), dict(other.choices)
    told = [f"{about} is {what}" for about, what in mine.items() if others.get(about) != what]
    return ", ".join(told) or "what was found or answered earlier shows"
