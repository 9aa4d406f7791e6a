"""After a restore: what happened since the backup is found out before anybody is rung.

The stores stand where they stood at the backup; the carrier does not. So a desk rings nobody until
reconciling has handed over all that came in meanwhile, a STOP among it. And nobody is rung before
the carrier was asked which calls to their number it has that no attempt of ours owns: each becomes
an attempt of the callback that it answered. What was said in a call that was answered is lost with
the records: a person decides. A call that was made after the restore, and not by us, is another
installation's: then the desk is paused.
"""

from bot import number_history
from bot.actions import Disposition, TaskReason
from bot.callback_book import KEEP_CALLBACK, close, note_on_number, queue_callback
from bot.callbacks import Callback
from bot.carrier import ListedCall
from bot.conversation import Conversation
from bot.dial_rules import Verdict
from bot.dialling_gate import pause
from bot.errors import CarrierError
from bot.opening import WRITTEN_AT
from bot.owing import owe_task, raise_task_about
from bot.retry import retry_rule
from bot.runtime import Runtime
from bot.settling import Settling
from bot.store import DUE
from bot.tasks import Task, priority_of
from bot.unit_of_work import UnitOfWork
from bot.watermark import RECORD, Watermark

RESTORED = "restored"  # the record: {"backup_at": …, "restored_at": …}, seconds since 1970
KEEP_SECONDS = KEEP_CALLBACK  # a callback of before the backup may wait for as long
AGAIN_SECONDS = 30.0
ANOTHER = "another installation rings from this desk's number since a backup was restored here"

NEVER_RANG = frozenset({"canceled"})
_ENDED = {
    "completed": Disposition.NEEDS_PERSON,  # answered: by whom, and what was said, is lost
    "busy": Disposition.BUSY,
    "no_answer": Disposition.NO_ANSWER,
    "failed": Disposition.FAILED,
}


class Recovering:
    """Stands before the dialling of a desk that was restored."""

    def __init__(self, runtime: Runtime, settling: Settling) -> None:
        self._runtime = runtime
        self._store = runtime.store
        self._settling = settling
        self._policy = runtime.house.policy

    def held(self, unit: UnitOfWork, now: float) -> Verdict | None:
        """Whether all that came in since the backup is not known yet."""
        restored = unit.get(RESTORED)
        if restored is None:
            return None
        through = Watermark.from_json(unit.get(RECORD)).through
        if through is not None and through >= restored["restored_at"]:
            return None
        source = "what came in since the backup is not known yet"
        return Verdict(False, "restored", source, now + AGAIN_SECONDS)

    def found(self, unit: UnitOfWork, callback: Callback, now: float) -> Verdict | None:
        """None if nobody rang this number since the backup but ourselves, as far as is written.

        Else what was found is written down, in this unit of work or in the number's history, and
        the callback is to be looked at again. Raises `BadSeal`, `StoreDown`.
        """
        restored = unit.get(RESTORED)
        if restored is None:
            return None
        apart = self._policy.dialling.clocks_apart_seconds
        try:
            calls = self._settling.unowned_calls(callback, restored["backup_at"] - apart)
        except CarrierError as error:
            return Verdict(False, "restored", str(error), now + AGAIN_SECONDS)
        rang = [call for call in calls if call.status not in NEVER_RANG]
        if not rang:
            return None
        call = min(rang, key=lambda each: (each.created, each.call))
        if call.created > restored["restored_at"] + apart:
            self._another_rings(unit, now)
        elif call.status not in _ENDED:
            return Verdict(False, "restored", "it is ringing", now + AGAIN_SECONDS)
        elif call.created < self._asked_at(unit, callback) - apart:
            self._note(callback, call)
        else:
            self._adopt(unit, callback, call, now)
        return Verdict(False, "restored", "a call since the backup was found", now)

    def what_was_said_is_lost(self, desk: str, attempt_at: float, status: str | None) -> bool:
        """Whether an attempt of before the restore was answered, and its notices went elsewhere."""
        restored = self._store.read(desk, (RESTORED,))[RESTORED].data
        return (
            status == "completed" and restored is not None and attempt_at < restored["restored_at"]
        )

    def _asked_at(self, unit: UnitOfWork, callback: Callback) -> float:
        """When they asked: a text that only the carrier's list told of was sent before we knew."""
        data = unit.get(f"call:{callback.id}")
        tokens = Conversation.from_json(data).tokens if data else {}
        return float(tokens.get(WRITTEN_AT, callback.opened_at))

    def _note(self, callback: Callback, call: ListedCall) -> None:
        """A call from before they asked: it counts for the dial rules, and answers nothing."""
        partition = number_history.partition(callback.number_hash)
        numbers = UnitOfWork(self._store, partition, (number_history.RECORD,))
        record = number_history.note(
            numbers.get(number_history.RECORD),
            f"found:{call.call}",
            call.created,
            _ENDED[call.status].value,
            call.call,
        )
        numbers.put(number_history.RECORD, record, keep=number_history.KEEP_SECONDS)
        numbers.commit()

    def _adopt(self, unit: UnitOfWork, callback: Callback, call: ListedCall, now: float) -> None:
        """An attempt that this callback had, as far as the carrier can tell of it."""
        disposition = _ENDED[call.status]
        attempt = callback.next_attempt
        placed = callback.begin(call.created).placed(call.call)
        rule = retry_rule(self._policy, disposition, placed.tries_since_asked)
        due_again = placed.due_after(rule, now) if isinstance(rule, float) else None
        unit.drop(DUE, attempt)
        note_on_number(unit, placed, attempt, disposition, now)
        ended = placed.attempt_ended(disposition, due_again)
        if due_again is not None:
            queue_callback(unit, ended, now, told="found at the carrier")
            return
        close(unit, ended, now)
        if isinstance(rule, TaskReason):
            lost = disposition is Disposition.NEEDS_PERSON
            raise_task_about(unit, ended, TaskReason.ATTEMPT_UNCLEAR if lost else rule, now)

    def _another_rings(self, unit: UnitOfWork, now: float) -> None:
        gate = pause(unit, "ringback", ANOTHER, now)
        reason = TaskReason.DIALLING_STOPPED
        since = gate.pause.at if gate.pause else now
        owe_task(
            unit,
            Task(
                id=f"another:{unit.partition}:{since:.3f}",
                desk=unit.partition,
                reason=reason,
                priority=priority_of(reason),
                owner="",
                raised_at=now,
                conversation="",
            ),
        )
