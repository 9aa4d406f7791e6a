"""What is owed beside the request, as lines of the outbox: a task, a record, a word to a call."""

from dataclasses import replace

from bot.actions import TaskReason
from bot.callbacks import Callback
from bot.conversation import Conversation
from bot.disclosure_record import NOT_TOLD, DisclosureRecord
from bot.events import MADE_UP
from bot.flow_log import FlowLogLine, LineKind
from bot.store import OUTBOX, Line
from bot.tasks import Task, priority_of
from bot.unit_of_work import UnitOfWork

HEARD_OF_SECONDS = 15.0  # the first notice of a call that was placed comes at once


def raise_task(
    unit: UnitOfWork,
    talk: Conversation,
    reason: TaskReason,
    now: float,
    *,
    wish: str | None = None,
) -> None:
    """Owe a person this task. One conversation raises a reason once, however often it asks."""
    talk.tokens["tasked"] = reason.value  # so that its attempt's ending need not ask for another
    task = Task(
        id=f"{talk.id}:{reason.value}",
        desk=talk.desk,
        reason=reason,
        priority=priority_of(reason),
        owner="",  # the worker that files it looks the case's officer up
        raised_at=now,
        conversation=talk.id,
        case=talk.tokens.get("case"),
        number=talk.tokens.get("number", ""),
        number_sealed=talk.tokens.get("number_sealed"),
        text_sealed=talk.tokens.get("text_sealed"),
        wish=wish,
    )
    owe_task(unit, task)


def raise_task_about(unit: UnitOfWork, callback: Callback, reason: TaskReason, now: float) -> None:
    """Owe a person this task about a callback."""
    owe_task(
        unit,
        Task(
            id=f"{callback.id}:{reason.value}:{len(callback.attempts)}",
            desk=callback.desk,
            reason=reason,
            priority=priority_of(reason),
            owner="",  # the worker that files it looks the case's officer up
            raised_at=now,
            conversation=callback.id,
            case=callback.case,
            number=callback.number_mask,
            number_sealed=callback.number_sealed,
        ),
    )


def owe_task(unit: UnitOfWork, task: Task) -> None:
    """Put a task into the outbox, and into the log."""
    line = Line(
        queue=OUTBOX, id=f"task:{task.id}", kind="task", due=task.raised_at, data=task.to_json()
    )
    unit.owe(line)
    unit.log(
        FlowLogLine(
            at=task.raised_at,
            kind=LineKind.TASK,
            desk=task.desk,
            conversation=task.conversation,
            reason=task.reason.value,
            number=task.number,
            detail=task.wish or "",
        )
    )


def owe_disclosure(unit: UnitOfWork, talk: Conversation, record: DisclosureRecord) -> None:
    """Owe the records this telling, in the commit that decided on it, and put it into the log."""
    _owe_record(unit, talk, record, detail=" ".join((*record.facts, "on", *record.checks)))


def owe_not_told(
    unit: UnitOfWork, talk: Conversation, record: DisclosureRecord, now: float
) -> None:
    """Owe the records that this telling did not happen, and put it into the log.

    The record of it stands and is never altered: this one follows it, under an id of its own, and
    names no facts.
    """
    talk.disclosure = None
    not_told = replace(record, id=f"{record.id}{NOT_TOLD}", at=now, facts=())
    _owe_record(unit, talk, not_told, reason="not_told")


def _owe_record(
    unit: UnitOfWork,
    talk: Conversation,
    record: DisclosureRecord,
    *,
    detail: str = "",
    reason: str = "",
) -> None:
    """Owe the records this one, and put it into the log."""
    unit.owe(
        Line(
            queue=OUTBOX,
            id=f"disclosure:{record.id}",
            kind="disclosure",
            due=record.at,
            data=record.to_json(),
        )
    )
    unit.log(
        FlowLogLine(
            at=record.at,
            kind=LineKind.DISCLOSURE,
            desk=record.desk,
            conversation=record.call,
            flow=talk.flow,
            case=record.case,
            number=talk.tokens.get("number", ""),
            number_hash=record.number_hash,
            detail=detail,
            reason=reason,
        )
    )


def log_verification(
    unit: UnitOfWork, talk: Conversation, detail: str, now: float, *, verified: bool
) -> None:
    """Put into the log that the checks of this call are over, as the record has it noted.

    The case stands there for whoever is verified and for those whom we rang: as in every step.
    """
    known = verified or "callback" in talk.tokens
    unit.log(
        FlowLogLine(
            at=now,
            kind=LineKind.VERIFICATION,
            desk=talk.desk,
            conversation=talk.id,
            flow=talk.flow,
            case=talk.tokens.get("case", "") if known else "",
            number=talk.tokens.get("number", ""),
            number_hash=talk.tokens.get("number_hash", ""),
            detail=detail,
        )
    )


def log_officer_check(
    unit: UnitOfWork, talk: Conversation, officer: str, now: float, *, passed: bool
) -> None:
    """Put into the log that an officer's check is over: who, where the number was anybody's."""
    unit.log(
        FlowLogLine(
            at=now,
            kind=LineKind.VERIFICATION,
            desk=talk.desk,
            conversation=talk.id,
            flow=talk.flow,
            staff=officer,
            detail=f"{'officer_passed' if passed else 'officer_failed'} by_telephone",
        )
    )


def log_of_officer(
    unit: UnitOfWork, talk: Conversation, what: str, now: float, *, detail: str = ""
) -> None:
    """Put into the log what an officer reported in this call."""
    unit.log(
        FlowLogLine(
            at=now,
            kind=LineKind.STAFF,
            desk=talk.desk,
            conversation=talk.id,
            flow=talk.flow,
            event=what,
            case=talk.tokens.get("case", ""),
            staff=talk.tokens.get("officer", ""),
            detail=detail,
        )
    )


def owe_officer_task(
    unit: UnitOfWork, talk: Conversation, reason: TaskReason, owner: str, now: float
) -> None:
    """Owe somebody a task about an officer's call; blank is the case's officer, or the desk."""
    task = Task(
        id=f"{talk.id}:{reason.value}:{talk.turn}",
        desk=talk.desk,
        reason=reason,
        priority=priority_of(reason),
        owner=owner,
        raised_at=now,
        conversation=talk.id,
        case=talk.tokens.get("case"),
    )
    owe_task(unit, task)


def owe_best_number(
    unit: UnitOfWork, talk: Conversation, sealed: dict[str, str], now: float
) -> None:
    """Owe the records the number on which this customer is best reached; once a call."""
    data = {"conversation": talk.id, "case": talk.tokens["case"], "at": now, **sealed}
    line_id = f"best_number:{talk.id}"
    unit.owe(Line(queue=OUTBOX, id=line_id, kind="best_number", due=now, data=data))


def owe_about_call(unit: UnitOfWork, talk: Conversation, kind: str, now: float) -> None:
    """Owe the carrier a word about the live call of this conversation, for this turn."""
    unit.owe(
        Line(
            queue=OUTBOX,
            id=f"{kind}:{talk.id}:{talk.turn}",
            kind=kind,
            due=now,
            data={
                "conversation": talk.id,
                "turn": talk.turn,
                "call": talk.tokens.get("call", ""),
            },
        )
    )


def owe_redaction(unit: UnitOfWork, text: str, now: float) -> None:
    """Have the carrier forget what a text said: it is kept here, sealed (design section 5)."""
    if text.startswith(MADE_UP):
        return  # the carrier gave it no id, so there is nothing to name
    unit.owe(
        Line(queue=OUTBOX, id=f"redact:{text}", kind="redact_text", due=now, data={"text": text})
    )


def owe_follow(
    unit: UnitOfWork, conversation: str, call: str, due: float, *, over_by: float = 0.0
) -> None:
    """Owe a call a look at its end, in case nobody tells us of it.

    If it must be over by a later time, the look that is due is whether we have heard of it at all:
    if not, whoever picks up is met by silence.
    """
    data = {"conversation": conversation, "call": call, "over_by": over_by}
    unit.owe(Line(queue=OUTBOX, id=f"follow:{conversation}", kind="follow", due=due, data=data))
