"""Where a walk stands: a conversation without its version, turn, nonces and time.

Two conversations with the same key can go on in the same ways. That holds as long as facts are
finite, which every step checks; so the walk ends, and what it has seen is all there is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.actions import Ask, Connect, Reply
from bot.callbacks import Callback, callback_of
from bot.conversation import Conversation, FactValue
from bot.events import MachineHeard
from bot.explore.choices import Taken
from bot.explore.costs import Cost
from bot.explore.happenings import QUESTION
from bot.explore.house import WalkedHouse
from bot.explore.openings import Happening
from bot.flow_log import FlowLogLine, LineKind
from bot.officers import TOKEN as OFFICER_LEDGER
from bot.proof import Listener
from bot.verification import Ledger

Key = tuple[object, ...]
DECIDING = ("callback", "case", "ledger", "meeting", "refused", "tasked")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened, on one branch, what came of it, and what that cost.

    `logged` are the lines as the store has them.
    """

    happening: Happening
    before: Conversation | None
    after: Conversation | None
    lines: tuple[FlowLogLine, ...]
    logged: str = field(repr=False)
    choices: Taken
    verified: bool
    cost: Cost = ()
    fault: Exception | None = None

    @property
    def moved(self) -> bool:
        """Whether the words to be spoken have changed."""
        turn = self.before.turn if self.before else 0
        return self.after is not None and self.after.turn != turn

    @property
    def leads_to_a_person(self) -> bool:
        """Whether somebody was told of it, or is being rung."""
        replies = self.after.replies if self.after else []
        return any(line.kind is LineKind.TASK for line in self.lines) or any(
            isinstance(reply, Connect) for reply in replies
        )


@dataclass(slots=True)
class Node:
    """A key, the shortest way to it, and the store as it is there."""

    number: int
    key: Key
    talk: Conversation | None
    snapshot: object = field(repr=False)
    record: int  # how often the conversation was written on the way here
    log_end: str = "0"
    came_from: "Node | None" = None
    came_by: Step | None = None

    @property
    def path(self) -> list[Step]:
        """The steps that led here, the first one first."""
        steps: list[Step] = []
        node: Node | None = self
        while node is not None and node.came_by is not None:
            steps.append(node.came_by)
            node = node.came_from
        return steps[::-1]


_FACTS = 2  # their place in a key


def but_facts(key: Key) -> Key:
    """What a node has in common with those that differ only in the facts of their flow."""
    return (*key[:_FACTS], *key[_FACTS + 1 :])


def with_facts(key: Key, facts: Mapping[str, FactValue]) -> Key:
    """This key, with other facts."""
    return (*key[:_FACTS], tuple(sorted(facts.items())), *key[_FACTS + 1 :])


def key_of(house: WalkedHouse, talk: Conversation | None) -> Key:
    """What the future of this conversation depends on."""
    if talk is None:
        return ()
    return (
        talk.flow,
        talk.state,
        tuple(sorted(talk.facts.items())),
        talk.listener,
        talk.ended,
        talk.awaits_redirect,
        () if talk.ended else shown(talk.replies),
        _tokens(talk),
        _stage_of_checks(ledger_of(house, talk)),
        _attempt(house, talk),
        _officer(house, talk),
        MachineHeard.trigger in talk.notices,
    )


def covering(key: Key, talk: Conversation | None) -> Key:
    """The key of a node from which at least as much can happen as from this one.

    Once it is known who listens, the engine only notes a verdict: whoever has had none yet can
    have that note as well, and else the same future.
    """
    if talk is None or talk.listener is Listener.UNKNOWN:
        return key
    return (*key[:-1], False)


def shown(replies: list[Reply]) -> tuple[str, ...]:
    """Replies by what they are, whichever question is asked."""
    return tuple(
        "a question" if isinstance(reply, Ask) and reply.prompt.startswith(QUESTION) else str(reply)
        for reply in replies
    )


def ledger_of(house: WalkedHouse, talk: Conversation) -> Ledger | None:
    """The ledger of this conversation, if it has one that opens."""
    sealed = talk.tokens.get("ledger")
    if not sealed:
        return None
    if (sealed, talk.id) not in house.ledgers:
        house.ledgers[sealed, talk.id] = house.verification.unseal(sealed, talk.id)
    return house.ledgers[sealed, talk.id]


def _tokens(talk: Conversation) -> tuple[str, ...]:
    """Which of the tokens that decide anything there are: what is in them no flow can see.

    A withheld number is to every look-up what one on no case is.
    """
    return tuple(name for name in DECIDING if name in talk.tokens)


def _stage_of_checks(ledger: Ledger | None) -> Key:
    """How many answers were given, and how many mistakes count: one too many is as bad as two.

    A ledger that stands for no case can be passed as little as one with too many mistakes.
    """
    if ledger is None:
        return ()
    given = [asked.right for asked in ledger.asked if asked.right is not None]
    too_many = len(ledger.asked) - ledger.needed + 1
    mistakes = min(given.count(False), too_many) if ledger.real else too_many
    if ledger.open_question is None:
        return ledger.contact, ledger.passed
    return ledger.contact, len(given), mistakes


def _officer(house: WalkedHouse, talk: Conversation) -> Key:
    """Whether they are known, what they may open, and whether the case at hand is open."""
    sealed = talk.tokens.get(OFFICER_LEDGER)
    if sealed is None:
        return ()
    ledger = house.officers.unseal(sealed, talk.id)
    opened = bool(ledger.case) and ledger.case == talk.tokens.get("case")
    return bool(ledger.officer), ledger.any_case, opened, ledger.private


def _attempt(house: WalkedHouse, talk: Conversation) -> Key:
    """Where the callback stands whose attempt this is."""
    if "callback" not in talk.tokens:
        return ()
    callback = callback_record(house, talk)
    attempt = callback.find(talk.id) if callback else None
    if callback is None or attempt is None:
        return ("gone",)
    return callback.state, callback.again, callback.last, attempt.disposition


def callback_record(house: WalkedHouse, talk: Conversation) -> Callback | None:
    """The callback whose attempt this conversation is."""
    key = f"callback:{callback_of(talk.id)}"
    data = house.store.read(house.desk, (key,))[key].data
    return Callback.from_json(data) if data else None
