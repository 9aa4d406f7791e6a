"""What is owed beside the request, as lines of the outbox: a task, a word about a live call."""

from dataclasses import asdict

from bot.actions import TaskReason
from bot.callbacks import Callback
from bot.conversation import Conversation
from bot.events import MADE_UP
from bot.flow_log import FlowLogLine, LineKind
from bot.store import OUTBOX, Line
from bot.tasks import Task, priority_of
from bot.unit_of_work import UnitOfWork


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
        queue=OUTBOX, id=f"task:{task.id}", kind="task", due=task.raised_at, data=asdict(task)
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


def owe_follow(unit: UnitOfWork, conversation: str, call: str, due: float) -> None:
    """Owe a call a look at its end, in case nobody tells us of it."""
    data = {"conversation": conversation, "call": call}
    unit.owe(Line(queue=OUTBOX, id=f"follow:{conversation}", kind="follow", due=due, data=data))
