"""The walk: breadth first over everything that can happen, until nothing new comes of it."""

from collections import deque
from collections.abc import Iterable, Iterator

from bot.attempts import IN_MEETING
from bot.callback_book import queue_callback
from bot.callbacks import Callback
from bot.conversation import Conversation
from bot.desk import CallerLine
from bot.engine import Answer
from bot.events import Notice, TextReceived
from bot.explore.costs import COMMIT
from bot.explore.happenings import Happenings
from bot.explore.house import HANDSET, NOW, NUMBER, REFERENCE, WalkedHouse
from bot.explore.node import Key, Node, Step, but_facts, covering, key_of
from bot.explore.openings import CALLBACK, OTHER_CALL, Happening, Opening
from bot.explore.precedents import Outcome, Precedents
from bot.explore.rules import Broken, Rules, named, of_fault
from bot.explore.walked import Breach, Edge, Walked
from bot.flow_log import FlowLogLine
from bot.opening import NUMBER as SEALED_NUMBER
from bot.phone import PhoneNumber
from bot.proof import Listener
from bot.spoken import Join
from bot.unit_of_work import UnitOfWork

MEANWHILE, TWICE = "meanwhile", "twice:"


class Walk:
    """Walks all that can follow one opening.

    What the engine answers without asking the flow, and what befalls another conversation, cannot
    hang on the facts of this one's flow: it is walked once for all nodes that differ in nothing
    else (`_no_news`). What the flow does hangs on the facts that it looks at: what led nowhere new
    where these were the same is not tried again (`bot.explore.precedents`). Whether the flow was
    asked, and at what it looked, is seen, and not believed.
    """

    def __init__(self, house: WalkedHouse, opening: Opening) -> None:
        self._house = house
        self._rules = Rules(house)
        self._happenings = Happenings(
            opening, house.blueprint.questions, house.blueprint.speech.vocabulary
        )
        self._opening = opening
        self._walked = Walked(opening)
        self._queue: deque[Node] = deque()
        self._customers = {event for event, line in house.blueprint.opens if line == "customers"}
        self._no_news: set[tuple[Key, str]] = set()
        self._precedents = Precedents()

    def run(self) -> Walked:
        """The whole of it, or up to where something is broken."""
        empty = self._house.store.snapshot()
        for given_up in (False, True) if self._opening.is_attempt else (False,):
            self._house.store.restore(empty)
            if self._opening.is_attempt:
                self._ring(given_up=given_up)
            self._walked.roots.append(self._arrive(("root", given_up)))
        while self._queue and not self._walked.breaches:  # the first one found is the nearest
            self._expand(self._queue.popleft())
        self._house.store.restore(empty)
        return self._walked

    def _ring(self, *, given_up: bool) -> None:
        """A callback is being placed; or its attempt was given up, and rings after all."""
        keyring, officers = self._house.keyring, self._opening.line == CallerLine.OFFICERS
        e164 = HANDSET if officers else NUMBER
        callback = Callback(
            id=CALLBACK,
            desk=self._house.desk,
            number_sealed=keyring.seal(e164, bound_to=SEALED_NUMBER),
            number_hash=keyring.number_hash(e164),
            number_mask=str(PhoneNumber(e164)),
            case=None if officers else REFERENCE,
            line=self._opening.line,
            last=officers,
            meeting=OTHER_CALL if self._opening.line == IN_MEETING else "",
            asked_by="customer",
            opened_at=NOW,
            due_at=NOW,
        )
        unit = UnitOfWork(self._house.store, self._house.desk)
        queue_callback(unit, callback, NOW)
        begun = callback.begin(NOW)
        if given_up:
            begun = begun.never_placed(NOW)
        unit.put(f"callback:{CALLBACK}", begun.to_json())
        unit.commit()

    def _arrive(self, key: Key, source: Node | None = None, step: Step | None = None) -> Node:
        """The node where the store and this step's conversation are now; a new one is queued."""
        talk = step.after if step else None
        node = self._node_at(key, talk)
        if node is None:
            snapshot, end = self._house.store.snapshot(), self._log_end(source)
            number, record = len(self._walked.nodes), self._record()
            node = Node(number, key, talk, snapshot, record, end, source, step)
            self._walked.nodes[key] = node
            self._queue.append(node)
        return node

    def _node_at(self, key: Key, talk: Conversation | None) -> Node | None:
        known = self._walked.nodes
        return known.get(covering(key, talk)) or known.get(key)

    def _record(self) -> int:
        """How often this conversation was written."""
        key = f"call:{self._opening.conversation}"
        return self._house.store.read(self._house.desk, (key,))[key].version

    def _log_end(self, source: Node | None) -> str:
        lines = self._house.store.log_after(self._house.desk, source.log_end if source else "0")
        return lines[-1][0] if lines else (source.log_end if source else "0")

    def _expand(self, node: Node) -> None:
        self._walked.edges[node.number], self._walked.still[node.number] = [], []
        alike = but_facts(node.key)
        for happening in self._happenings.of(node.talk):
            if (alike, happening.aside) in self._no_news:
                continue
            if not self._goes_as_before(node, alike, happening):
                self._try(node, alike, happening)
        if node.talk is not None and self._opening.event != "text_received":
            self._meanwhile(node, alike)
        node.snapshot = None  # nobody comes back here

    def _goes_as_before(self, node: Node, alike: Key, happening: Happening) -> bool:
        """Whether it is known what comes of it, and leads nowhere new; then that is entered."""
        edges = []
        for outcome in self._precedents.follow(node, alike, happening):
            key, step = outcome.key, outcome.step
            target = node if key is None else self._node_at(key, step.after)
            if target is None:  # to go on from there needs the store as it is there
                return False
            edges.append((self._walked.still if key is None else self._walked.edges, step, target))
        for of_node, step, target in edges:
            of_node[node.number].append(Edge(node, target, step))
        self._walked.steps += len(edges)
        return bool(edges)

    def _try(self, node: Node, alike: Key, happening: Happening) -> None:
        """Have it happen, on every branch."""
        traced, outcomes = self._house.traced, []
        asked, traced.read = traced.asked, {}
        for step, answer in self._outcomes(node, happening):
            self._walked.steps += 1
            written = dict(traced.written)
            outcomes.append(Outcome(step, written, self._follow(node, step, answer)))
        if self._walked.breaches:
            return
        self._precedents.add(alike, happening, traced.read, outcomes)
        if happening.aside and traced.asked == asked:
            self._no_news.add((alike, happening.aside))

    def _follow(self, node: Node, step: Step, answer: Answer) -> Key | None:
        """Ask every rule of this step, and go on from where it leads, unless it breaks one.

        The key of that node; None if it changes nothing.
        """
        if self._found(node, step, self._rules.broken_by(step, answer.proof)):
            return None
        if not step.lines and step.after == node.talk:
            self._walked.still[node.number].append(Edge(node, node, step))
            return None
        key = key_of(self._house, step.after) if step.after else node.key
        if step.lines and self._found(node, step, self._twice(step, key)):
            return None
        self._walked.edges[node.number].append(Edge(node, self._arrive(key, node, step), step))
        return key

    def _outcomes(self, node: Node, happening: Happening) -> Iterator[tuple[Step, Answer]]:
        """What comes of it, on every branch; the store stands where that left it."""
        house = self._house

        def happen() -> tuple[Step, Answer]:
            house.store.restore(node.snapshot)
            house.costs.begin()
            house.traced.written = {}
            answer, fault = self._deliver(happening)
            found = house.store.log_after(house.desk, node.log_end)
            lines = tuple(FlowLogLine.from_fields(fields) for _, fields in found)
            if fault is None and (lines or happening.fetches):  # else the words are as before
                fault = self._spoken(happening, answer)
            step = Step(
                happening=happening,
                before=node.talk,
                after=self._as_kept(node, answer),
                lines=lines,
                logged=str(found) if found else "",
                choices=house.choices.taken,
                verified=answer.proof is not None,
                cost=house.costs.paid(),
                fault=fault,
            )
            return step, answer

        yield from house.choices.every(happen)

    def _as_kept(self, node: Node, answer: Answer) -> Conversation | None:
        """The conversation after a step; of one that is over, not the bare end that is answered."""
        talk = answer.conversation
        if talk is None or (talk.ended and node.talk is not None and node.talk.ended):
            return node.talk
        return talk

    def _deliver(self, happening: Happening) -> tuple[Answer, Exception | None]:
        """Have it reach the real engine, and its answer be spoken."""
        engine = self._house.engine
        engine.fault = None
        if happening.fetches:
            return engine.again(happening.event), engine.fault
        answer = engine.receive(happening.event)
        return answer, engine.fault

    def _spoken(self, happening: Happening, answer: Answer) -> Exception | None:
        """The last step before the carrier, where the gate is asked once more."""
        if isinstance(happening.event, (Notice, TextReceived)):
            return None
        desk = self._house.blueprint.policy.desk[answer.desk]
        try:
            items = self._house.speaker.speak(answer).items
        except Exception as error:
            return error
        if any(isinstance(item, Join) and item.caller_id != desk.caller_id for item in items):
            return Broken(named(5), "another number than the desk's is shown")
        return None

    def _found(self, node: Node, step: Step, broken: Iterable[Broken]) -> bool:
        """Whether this step breaks anything; it is written down."""
        found = [Breach(each.rule, each.reason, (*node.path, step)) for each in broken]
        self._walked.breaches += found
        return bool(found)

    def _twice(self, step: Step, key: Key) -> Iterator[Broken]:
        """The same once more: nothing more is written, and the same is answered."""
        house = self._house
        about = but_facts(key), f"{TWICE} {step.happening.words}"
        if about in self._no_news:
            return
        asked = house.traced.asked
        house.costs.begin()
        answer, fault = house.choices.again(lambda: self._deliver(step.happening))
        after = answer.conversation
        same = after is None or step.after is None or after.ended or after == step.after
        if fault is not None:
            yield of_fault(fault)
        elif not same or any(paid.startswith(COMMIT) for paid in house.costs.paid()):
            yield Broken(named(7), "the same event twice is not the same as once")
        if house.traced.asked == asked:
            self._no_news.add(about)

    def _meanwhile(self, node: Node, alike: Key) -> None:
        """Somebody rings or texts from the same number: nothing is carried over, either way."""
        if (alike, MEANWHILE) in self._no_news:
            return
        self._no_news.add((alike, MEANWHILE))
        others = []
        if "call_received" in self._customers:
            others.append(self._opening.another_call())
        if "text_received" in self._customers:
            others.append(self._opening.another_text())
        for happening in others:
            step, answer = next(self._outcomes(node, happening))
            self._walked.steps += 1
            broken = self._carried_over(node, step, answer)
            self._found(node, step, [broken] if broken else [])

    def _carried_over(self, node: Node, step: Step, answer: Answer) -> Broken | None:
        talk = answer.conversation
        if step.fault is not None:
            return of_fault(step.fault)
        if self._record() != node.record:
            return Broken(named(7), "another call or text has changed this conversation")
        if talk and (answer.proof or talk.listener is not Listener.UNKNOWN):
            return Broken(named(3), "another call from the same number begins as a known one")
        return None
