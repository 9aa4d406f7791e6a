"""What every call that we place shares: how it ended, if nobody heard us."""

from bot.actions import Disposition
from bot.events import CallEnded, CallOutcome
from bot.flow import Flow

ENDED_UNANSWERED = {
    CallOutcome.BUSY: Disposition.BUSY,
    CallOutcome.NO_ANSWER: Disposition.NO_ANSWER,
    CallOutcome.FAILED: Disposition.FAILED,
    CallOutcome.CANCELED: Disposition.CANCELLED,
    CallOutcome.COMPLETED: Disposition.ABANDONED,  # answered, and never a word from us
}


class Placed(Flow):
    """One attempt at a callback: it ends as one."""

    attempt = True

    def note_unanswered(self, event: CallEnded) -> None:
        """The call ended before anybody heard us."""
        self.note("disposition", ENDED_UNANSWERED[event.outcome])
