"""What is asked of a whole walk: that silence ends, that a person is near, that nobody learns."""

from collections.abc import Iterator
from itertools import islice

from bot.actions import Connect
from bot.events import LegEnded, Notice, Silence
from bot.explore import happenings
from bot.explore.learning import learns
from bot.explore.node import Node, Step
from bot.explore.rules import NO_CYCLE, PERSON_COMES, SILENCE_ENDS, named
from bot.explore.walked import Breach, Edge, Walked

MOST_SILENT_TURNS = 12
MOST_TRIES = 24  # a question that is given up begins the patience for the next one
BESIDE_THE_POINT = f"presses {happenings.BESIDE_THE_POINT}"
PRESSES = 2  # of 0: an opening takes the first for a sign of life, and asks
PERSON = "presses 0"  # and whatever is said to mean it


def breaches_of(walked: Walked) -> Iterator[Breach]:
    """What does not hold of this walk as a whole: of each rule the shortest path."""
    for rule in (_goes_on_by_itself, _silence, _person, _never_understood, learns):
        yield from islice(rule(walked), 1)  # nearer nodes come first


# Nobody does anything


def _by_itself(walked: Walked, node: Node) -> list[Edge]:
    """The steps that change the words and are nobody's doing."""
    edges = walked.edges.get(node.number, [])
    return [
        edge
        for edge in edges
        if edge.step.moved and isinstance(edge.step.happening.event, (Silence, LegEnded, Notice))
    ]


def _goes_on_by_itself(walked: Walked) -> Iterator[Breach]:
    finished: set[int] = set()
    for node in walked.nodes.values():
        circle = _circle(walked, node, [], set(), finished)
        if circle:
            path = (*node.path, *(edge.step for edge in circle))
            yield Breach(NO_CYCLE, "this goes round without the caller", path)
            return


def _circle(
    walked: Walked, node: Node, trail: list[Edge], on_trail: set[int], finished: set[int]
) -> list[Edge]:
    """A way round from here on which nobody does anything, if there is one."""
    if node.number in on_trail:
        return list(trail)
    if node.number in finished:
        return []
    on_trail.add(node.number)
    for edge in _by_itself(walked, node):
        trail.append(edge)
        if found := _circle(walked, edge.target, trail, on_trail, finished):
            return found
        trail.pop()
    on_trail.discard(node.number)
    finished.add(node.number)
    return []


def _silence(walked: Walked) -> Iterator[Breach]:
    """Wherever something is awaited, silence is met by words, and these by an end before long."""
    for root in walked.nodes.values():
        node, steps = root, list[Step]()
        while _awaits(node) and len(steps) <= MOST_SILENT_TURNS:
            silent = [
                edge
                for edge in _by_itself(walked, node)
                if not isinstance(edge.step.happening.event, Notice)
            ]
            if not silent:
                yield Breach(SILENCE_ENDS, "silence is met by nothing", (*root.path, *steps))
                return
            steps.append(silent[-1].step)
            node = silent[-1].target
        if len(steps) > MOST_SILENT_TURNS:
            reason = f"after {MOST_SILENT_TURNS} turns of silence the call still goes on"
            yield Breach(SILENCE_ENDS, reason, (*root.path, *steps))
            return


def _awaits(node: Node) -> bool:
    talk = node.talk
    if talk is None or talk.ended:
        return False
    return talk.asked is not None or any(isinstance(reply, Connect) for reply in talk.replies)


# A person


def _person(walked: Walked) -> Iterator[Breach]:
    for node in walked.nodes.values():
        lost = _without_a_person(walked, node, PRESSES)
        if lost:
            reason = "0 was pressed, and nobody is told and nobody rung"
            yield Breach(named(11), reason, (*node.path, *lost))


def _without_a_person(walked: Walked, node: Node, presses: int) -> list[Step]:
    """The presses of 0 after which there is still no person; none where 0 leads to one."""
    talk = node.talk
    if talk is None or talk.ended or talk.asked is None:
        return []
    for edge in walked.edges.get(node.number, []):
        if edge.step.leads_to_a_person or not _asks_for_a_person(edge.step):
            continue
        further = _without_a_person(walked, edge.target, presses - 1) if presses > 1 else []
        if presses == 1 or further or edge.target is node:
            return [edge.step, *further]
    return []


def _asks_for_a_person(step: Step) -> bool:
    return step.happening.label == PERSON


def _never_understood(walked: Walked) -> Iterator[Breach]:
    """Wherever keys are awaited, keys that mean nothing lead to a person before long."""
    for root in walked.nodes.values():
        node, steps = root, list[Step]()
        while node.talk and not node.talk.ended and node.talk.asked and len(steps) <= MOST_TRIES:
            tried = [
                edge
                for edge in walked.edges.get(node.number, [])
                if edge.step.happening.words == BESIDE_THE_POINT
            ]
            if not tried or any(edge.step.leads_to_a_person for edge in tried):
                break
            steps.append(tried[-1].step)
            node = tried[-1].target
        if len(steps) > MOST_TRIES:
            reason = f"after {MOST_TRIES} keys that mean nothing nobody is told and nobody rung"
            yield Breach(PERSON_COMES, reason, (*root.path, *steps))
            return
