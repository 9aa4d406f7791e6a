"""What a flow may ask for: replies to speak, look-ups to answer, effects to carry out.

A `Reply` is stored with the conversation, typed, and rendered for the request; a `LookUp` is
answered by the engine with an event, in the same request; an `Effect` is committed with the state
and carried out by a worker.
"""

from bot.actions.base import (
    Action,
    Effect,
    LookUp,
    Reply,
)
from bot.actions.effects import (
    CancelCallback,
    Disposition,
    EndAttempt,
    EndCall,
    HoldCallback,
    KeepLineFree,
    NoteBestNumber,
    QueueCallback,
    RaiseTask,
    RecordDisposition,
    RedirectCall,
    SettleCallback,
    TaskReason,
    Wish,
)
from bot.actions.lookups import (
    CheckDesk,
    DrawQuestions,
    FindSender,
    KeepNumber,
    MarkAnswer,
    ReadText,
    SeeNumber,
)
from bot.actions.replies import (
    Apologise,
    Ask,
    AskQuestion,
    Connect,
    HangUp,
    ReadCase,
    Say,
)

__all__ = [
    "Action",
    "Apologise",
    "Ask",
    "AskQuestion",
    "CancelCallback",
    "CheckDesk",
    "Connect",
    "Disposition",
    "DrawQuestions",
    "Effect",
    "EndAttempt",
    "EndCall",
    "FindSender",
    "HangUp",
    "HoldCallback",
    "KeepLineFree",
    "KeepNumber",
    "LookUp",
    "MarkAnswer",
    "NoteBestNumber",
    "QueueCallback",
    "RaiseTask",
    "ReadCase",
    "ReadText",
    "RecordDisposition",
    "RedirectCall",
    "Reply",
    "Say",
    "SeeNumber",
    "SettleCallback",
    "TaskReason",
    "Wish",
]
