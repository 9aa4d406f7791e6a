"""What staff do is in the flow log: who, what, about what and why; no words of a customer's.

`act` writes it down by itself (a text was read, an export was made); where something is changed in
the same commit, `line_of` is the line to put into that unit of work.
"""

from bot.clock import Clock
from bot.errors import RingbackError
from bot.flow_log import FlowLogLine, LineKind
from bot.phone import LONG_DIGITS
from bot.staff import Person
from bot.store import Store
from bot.unit_of_work import UnitOfWork

LONGEST_REASON = 120


class BadReason(RingbackError):
    """A reason that the flow log cannot keep; the text says what to do."""


def reason_given(text: str) -> str:
    """Why somebody does something, as the flow log keeps it: a few words. Raises `BadReason`."""
    words = " ".join(text.split())
    if not words or len(words) > LONGEST_REASON or not words.isprintable():
        raise BadReason(f"say why in 1 to {LONGEST_REASON} characters")
    if LONG_DIGITS.search(words):
        raise BadReason("no telephone number and no reference: the flow log keeps the reason")
    return words


def line_of(
    person: Person,
    what: str,
    at: float,
    *,
    desk: str = "",
    reason: str = "",
    conversation: str = "",
    case: str = "",
    callback: str = "",
    number: str = "",
    number_hash: str = "",
    detail: str = "",
) -> FlowLogLine:
    """That this person did `what` (a verb, as `text_read`), at their own desk or at another.

    `reason` is why they say they did it; `detail` is words of ours. `number` is the mask.
    """
    return FlowLogLine(
        at=at,
        kind=LineKind.STAFF,
        desk=desk or person.desk,
        staff=person.number,
        event=what,
        reason=reason,
        conversation=conversation,
        case=case,
        callback=callback,
        number=number,
        number_hash=number_hash,
        detail=detail,
    )


def act(store: Store, clock: Clock, person: Person, what: str, **about: str) -> None:
    """Write down that this person did something; `about` as `line_of` takes it.

    Before what cannot be taken back (words are shown, a file is handed out): what is not written
    down is not done. Raises `StoreDown`, `StorageRefused`.
    """
    line = line_of(person, what, clock.now(), **about)
    unit = UnitOfWork(store, line.desk)
    unit.log(line)
    unit.commit()
