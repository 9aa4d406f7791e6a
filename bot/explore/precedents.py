"""What a step hangs on: of its flow's facts only those that the flow was seen to look at.

A flow's facts are handed to nobody but the flow (tests/test_house.py). So where two nodes differ
in nothing but facts, and in none that was looked at, the same thing leads to the same: what was
set is set, and what was not is as it was. Such a step need not be taken a second time.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.conversation import Conversation
from bot.explore.node import Key, Node, Step, with_facts
from bot.explore.openings import Happening
from bot.explore.tracing import Facts


@dataclass(frozen=True, slots=True)
class Outcome:
    """One branch of what happened: the step, the facts that it set, where it led (or nowhere)."""

    step: Step
    written: Facts
    key: Key | None


@dataclass(frozen=True, slots=True)
class Precedent:
    """All branches of what happened once, and the facts that were looked at."""

    read: Facts
    outcomes: tuple[Outcome, ...]

    def holds_for(self, talk: Conversation) -> bool:
        """Whether these facts are the same here."""
        return all(talk.facts.get(fact) == value for fact, value in self.read.items())


class Precedents:
    """What happened so far, by what the nodes have in common beside their facts."""

    def __init__(self) -> None:
        self._known: dict[tuple[Key, str], list[Precedent]] = defaultdict(list)

    def follow(self, node: Node, alike: Key, happening: Happening) -> Iterator[Outcome]:
        """The same outcomes for this node; none if there is no precedent."""
        for one in self._known.get((alike, happening.words), ()):
            if node.talk is not None and one.holds_for(node.talk):
                yield from _applied(one, node.talk, happening)
                return

    def add(self, alike: Key, happening: Happening, read: Facts, outcomes: list[Outcome]) -> None:
        """Remember what came of it, unless it was more than a move of this conversation."""
        if all(_is_plain(outcome) for outcome in outcomes):
            self._known[alike, happening.words].append(Precedent(read, tuple(outcomes)))


def _is_plain(outcome: Outcome) -> bool:
    """Whether the facts afterwards are those of before and what the flow set, and nothing else.

    What changed nothing by setting a fact to what it was would change something elsewhere.
    """
    before, after = outcome.step.before, outcome.step.after
    if before is None or after is None or outcome.step.fault is not None:
        return False
    if outcome.key is None and outcome.written:
        return False
    return after.facts == before.facts | outcome.written


def _applied(one: Precedent, talk: Conversation, happening: Happening) -> Iterator[Outcome]:
    for outcome in one.outcomes:
        before, after = outcome.step.before, outcome.step.after
        if before is None or after is None:  # for the types: `add` takes none of these
            continue
        then = talk
        if outcome.key is not None:
            facts = talk.facts | outcome.written
            then = replace(after, facts=facts, turn=after.turn - before.turn + talk.turn)
        step = replace(outcome.step, happening=happening, before=talk, after=then)
        key = None if outcome.key is None else with_facts(outcome.key, then.facts)
        yield Outcome(step, outcome.written, key)
