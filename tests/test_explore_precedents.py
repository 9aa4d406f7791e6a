"""What the walk does not try again would have led to the same: it is tried here, and compared."""

from collections import Counter
from typing import Any

import pytest

from bot.events import CallEnded, CallOutcome, CallRinging, Event, Silence
from bot.explore import KEY
from bot.explore.house import Blueprint, WalkedHouse
from bot.explore.node import Key, Node, shown
from bot.explore.openings import CALL, Happening, Opening
from bot.explore.tracing import Traced
from bot.explore.walk import Walk
from bot.explore.walked import Edge, Walked
from bot.flow import Flow, Upto, move
from bot.keys import Keyring
from flows.inbound_call import InboundCall
from flows.outbound_call import OutboundCall
from tests.test_explore import blueprint

FIRST = 80  # nodes from which it is looked further, of a thousand
AT: Any = {"desk": "main", "conversation": CALL}


class Begun(Walk):
    """The beginning of a walk."""

    tried = 0

    def _expand(self, node: Node) -> None:
        if node.number < FIRST:
            super()._expand(node)

    def _try(self, node: Node, alike: Key, happening: Happening) -> None:
        self.tried += 1
        super()._try(node, alike, happening)


class Tireless(Begun):
    """One that tries everything everywhere."""

    def _goes_as_before(self, node: Node, alike: Key, happening: Happening) -> bool:
        return False


def begun(made: Blueprint, flow: type[Flow], kind: type[Begun]) -> tuple[Begun, Walked]:
    opening = next(opening for opening, one in made.opens.items() if one is flow)
    house = WalkedHouse(made, Keyring(KEY, random_bytes=bytes))
    walk = kind(house, Opening(*opening, house.desk))
    return walk, walk.run()


def seen(walked: Walked) -> Counter[Any]:
    """Everything that the rules ask of the steps of a walk."""
    edges = [
        edge for table in (walked.edges, walked.still) for each in table.values() for edge in each
    ]
    return Counter(map(_told, edges))


def _told(edge: Edge) -> tuple[object, ...]:
    step, after = edge.step, edge.step.after
    lines = tuple((line.kind, line.event, line.after, line.disposition) for line in step.lines)
    then: tuple[object, ...] = ()
    if after is not None:
        words = () if after.ended else shown(after.replies)
        moved = after.turn - (step.before.turn if step.before else 0)
        then = (after.state, words, moved, tuple(sorted(after.facts.items())))
    between = (edge.source.key, edge.target.key, step.happening.words, step.choices)
    return (*between, *then, lines, step.verified, step.cost)


@pytest.mark.parametrize("flow", [InboundCall, OutboundCall])
def test_what_is_not_tried_again_would_have_led_to_the_same(flow: type[Flow]) -> None:
    made = blueprint()

    (spared, sees), (tireless, would_see) = (begun(made, flow, kind) for kind in (Begun, Tireless))

    assert list(sees.nodes) == list(would_see.nodes)
    assert sees.steps == would_see.steps
    assert seen(sees) == seen(would_see)
    assert spared.tried < tireless.tried


class Peeks(Flow):
    """Looks at its facts in every way that there is."""

    name = "peeks"
    states = ["here"]
    facts_kept = {"one": Upto(3), "two": Upto(3)}
    moves = [
        move("silence", "here", None, then="by_name"),
        move("call_ended", "here", None, then="at_all"),
        move("call_ringing", "here", None, then="after_setting"),
    ]

    def by_name(self, event: object) -> None:
        self.facts["one"]

    def at_all(self, event: object) -> None:
        dict(self.facts.items())

    def after_setting(self, event: object) -> None:
        self.note("one", 0)
        self.count("one")


@pytest.mark.parametrize(
    ("event", "read", "written"),
    [
        (Silence(**AT, turn=1), {"one": 1}, {}),
        (CallEnded(**AT, call=CALL, outcome=CallOutcome.FAILED), {"one": 1, "two": 2}, {}),
        (CallRinging(**AT, call=CALL, stage="ringing"), {}, {"one": 1}),
    ],
    ids=["by name", "at all", "after setting"],
)
def test_whatever_a_flow_looks_at_is_seen(
    event: Event, read: dict[str, int], written: dict[str, int]
) -> None:
    traced = Traced([Peeks])
    flow = traced.flows["peeks"]("here", {"one": 1, "two": 2})

    flow.handle(event)

    assert (traced.read, traced.written) == (read, written)
