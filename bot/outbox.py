"""The outbox: everything owed besides calls. Only workers carry it out; each kind may run again.

A line is taken with a lease and removed only by whoever holds it, so a worker that dies gives its
line back. Redirecting and ending ask first whether they are still wanted.
"""

from collections.abc import Callable
from dataclasses import replace

import structlog

from bot import application_log, number_history
from bot.actions import News, TaskReason
from bot.alerting import owe_alerts
from bot.attempt_book import AttemptBook
from bot.callback_book import read_callback
from bot.callbacks import callback_of
from bot.carrier import Carrier
from bot.conversation import Conversation
from bot.dialling_gate import DiallingGate
from bot.dialling_pace import DiallingPace
from bot.disclosure_record import DisclosureRecord
from bot.errors import CarrierError, OtherCall
from bot.escalation import due_at
from bot.events import CallEnded, CallOutcome, OtherLeg
from bot.lost_phone import lose_phone
from bot.number_change import note_best_number
from bot.opening import MEETING
from bot.owing import HEARD_OF_SECONDS
from bot.records.staff import NotOnTheList
from bot.recovering import Recovering
from bot.runtime import Runtime
from bot.settling import Settling
from bot.store import OUTBOX, Claim, Json
from bot.taking_back import TakingBack
from bot.tasks import Priority, Task
from bot.unit_of_work import UnitOfWork

log = structlog.get_logger()

LEASE_SECONDS = 30.0
MOST_TRIES = 20  # of what the carrier is asked: some fifteen minutes
FOLLOW_SECONDS = 60.0
UNKNOWN_AGAIN_SECONDS = 600.0  # an update of the workers may go on for as long
LONGEST_FOLLOW_SECONDS = 3600.0  # should the clock be put back meanwhile
LIVE = frozenset({"queued", "initiated", "ringing", "in_progress"})


class Outbox:
    """Carries out the lines of any desk. Any number of copies may run.

    Once it is `stopping`, it begins nothing: what it has claimed goes back at once.
    """

    def __init__(
        self, runtime: Runtime, carrier: Carrier, stopping: Callable[[], bool] = lambda: False
    ) -> None:
        self._runtime = runtime
        self._stopping = stopping
        self._store = runtime.store
        self._carrier = carrier
        policy = runtime.house.policy
        pace = DiallingPace(runtime.store, policy)
        self._book = AttemptBook(runtime, DiallingGate(policy), pace)
        self._settling = Settling(runtime, carrier, self._book)
        self._recovering = Recovering(runtime, self._settling)
        self._taking_back = TakingBack(runtime, carrier, self._book)
        self._kinds: dict[str, Callable[[str, Json], float | None]] = {
            "task": self._file_task,
            "disclosure": self._file_disclosure,
            "best_number": self._note_best_number,
            "note_number": self._note_number,
            "redirect": self._redirect,
            "end_call": self._end_call,
            "settle": self._settling.settle,
            "follow": self._follow,
            "release_number": self._release_number,
            "redact_text": self._redact_text,
            "lost_phone": self._lose_phone,
            "tell": self._tell_other_leg,
        }

    def take_one(self, desk: str) -> str | None:
        """Carry out the next line of a desk, if there is one; its kind. Raises `StoreDown`."""
        now = self._runtime.clock.now()
        claim = self._store.claim(desk, OUTBOX, now, LEASE_SECONDS)
        if claim is None:
            return None
        application_log.bind(job=claim.line.id)
        if self._stopping():
            self._store.postpone(desk, claim, now, fresh=False)
            return None
        failed = False
        try:
            again_in = self._carry_out(desk, claim)
        except CarrierError as error:
            log.warning("outbox_line_failed", line=claim.line.id, reason=str(error))
            failed, again_in = True, self._after_error(desk, claim, error)
        if again_in is None:
            self._store.done(desk, claim)
        else:
            self._store.postpone(desk, claim, now + again_in, fresh=not failed)
        log.info("outbox_line", desk=desk, kind=claim.line.kind, line=claim.line.id)
        return claim.line.kind

    def _carry_out(self, desk: str, claim: Claim) -> float | None:
        """A kind that we do not know waits for a version that does; the queue goes on."""
        carry_out = self._kinds.get(claim.line.kind)
        if carry_out is None:
            log.warning("outbox_line_unknown", desk=desk, kind=claim.line.kind, line=claim.line.id)
            return UNKNOWN_AGAIN_SECONDS
        return carry_out(desk, claim.line.data)

    def _after_error(self, desk: str, claim: Claim, error: CarrierError) -> float | None:
        """Seconds until the next try, or None: given up.

        A call that cannot be followed is taken as over, since its longest time has passed; a
        redirect or an ending that the carrier will not do concerns a call that is over as well.
        """
        if error.retryable and claim.tries < MOST_TRIES:
            return _backoff(claim.tries)
        if claim.line.kind == "follow":
            self._tell_end(desk, claim.line.data, CallOutcome.FAILED)
        return None

    def _file_task(self, desk: str, data: Json) -> float | None:
        known = {each.value for each in TaskReason}
        if data["reason"] not in known:
            log.warning("task_reason_unknown", desk=desk, reason=data["reason"])
            return UNKNOWN_AGAIN_SECONDS
        task = Task(
            **{
                **data,
                "reason": TaskReason(data["reason"]),
                "priority": Priority(data["priority"]),
            }
        )
        case = self._runtime.directory.by_handle(task.case or "")
        policy = self._runtime.house.policy
        due = due_at(task, policy.tasks, policy.desk[desk])
        task = replace(task, owner=task.owner or (case.officer if case else desk), due_at=due)
        self._runtime.tasks.file(task)
        owe_alerts(self._store, desk, policy.desk[desk], task)
        return None

    def _tell_other_leg(self, desk: str, data: Json) -> float | None:
        """A leg of a meeting has news for the other; if that is over, it hears so itself."""
        told = OtherLeg(desk=desk, conversation=data["to"], of=data["of"], news=data["news"])
        answer = self._runtime.engine.receive(told)
        there = answer.conversation
        over = there is None or there.ended or there.tokens.get(MEETING) != data["of"]
        if over and data["news"] == News.READY:
            absent = News.ABSENT.value
            back = OtherLeg(desk=desk, conversation=data["of"], of=data["to"], news=absent)
            self._runtime.engine.receive(back)
        return None

    def _lose_phone(self, desk: str, data: Json) -> float | None:
        """An officer said in a call that their telephone is lost."""
        try:
            officer = self._runtime.records.staff.here(data["officer"])
        except NotOnTheList:
            return None  # they have left meanwhile: nothing of theirs opens anything
        lose_phone(self._runtime, officer.number, officer, told_in=data["conversation"])
        return None

    def _file_disclosure(self, desk: str, data: Json) -> float | None:
        self._runtime.records.disclosures.file(DisclosureRecord.from_json(data))
        return None

    def _note_best_number(self, desk: str, data: Json) -> float | None:
        note_best_number(self._runtime, desk, data)
        return None

    def _note_number(self, desk: str, data: Json) -> float | None:
        partition = number_history.partition(data["number_hash"])
        unit = UnitOfWork(self._store, partition, (number_history.RECORD,))
        record = number_history.note(
            unit.get(number_history.RECORD),
            data["attempt"],
            data["at"],
            data["disposition"],
            data.get("call"),
        )
        unit.put(number_history.RECORD, record, keep=number_history.KEEP_SECONDS)
        unit.commit()
        return None

    def _release_number(self, desk: str, data: Json) -> float | None:
        """The number of an attempt that was never placed is free for another one."""
        partition = number_history.partition(data["number_hash"])
        unit = UnitOfWork(self._store, partition, (number_history.RECORD,))
        record = number_history.release(unit.get(number_history.RECORD), data["attempt"])
        unit.put(number_history.RECORD, record, keep=number_history.KEEP_SECONDS)
        unit.commit()
        return None

    def _redirect(self, desk: str, data: Json) -> float | None:
        """Only if the words of that turn are current still, and nobody has fetched them."""
        talk = self._conversation(desk, data["conversation"])
        if talk and talk.awaits_redirect and talk.turn == data["turn"] and not talk.ended:
            self._carrier.redirect(data["call"], desk=desk, conversation=talk.id)
        return None

    def _end_call(self, desk: str, data: Json) -> float | None:
        talk = self._conversation(desk, data["conversation"])
        if data["call"] and not (talk and talk.ended):
            self._carrier.end_call(data["call"])
        return None

    def _redact_text(self, desk: str, data: Json) -> float | None:
        self._carrier.redact_text(data["text"])
        return None

    def _follow(self, desk: str, data: Json) -> float | None:
        """A call whose end we should have heard of by now, or of which we have heard nothing yet:
        ask the carrier, and tell the engine."""
        talk = self._conversation(desk, data["conversation"])
        if talk is not None and talk.ended:
            return None
        over_in = float(data.get("over_by", 0.0)) - self._runtime.clock.now()
        if talk is not None and over_in > 0:
            return min(over_in, LONGEST_FOLLOW_SECONDS)
        status = self._carrier.status_of(data["call"])
        attempt = data["conversation"]
        if talk is None and self._taking_back.took_back(desk, attempt, data["call"], status):
            return None
        if status in LIVE:
            self._book.goes_on(desk, attempt)
            return FOLLOW_SECONDS if talk is not None else HEARD_OF_SECONDS
        if talk is None and self._hands_over(desk, attempt):
            return None
        if self._was_lost(desk, attempt, status):
            return None
        known = {outcome.value for outcome in CallOutcome}
        self._tell_end(desk, data, CallOutcome(status) if status in known else CallOutcome.FAILED)
        return None

    def _hands_over(self, desk: str, attempt: str) -> bool:
        """Whether nobody can tell any more what the call was about: then a person is told."""
        callback = callback_of(attempt)
        lost = read_callback(UnitOfWork(self._store, desk), callback) is None
        if lost:
            self._book.hand_over(desk, callback, attempt)
        return lost

    def _was_lost(self, desk: str, attempt: str, status: str | None) -> bool:
        """Whether what was said in it was lost in a restore: then a person decides."""
        callback = read_callback(UnitOfWork(self._store, desk), callback_of(attempt))
        found = callback.find(attempt) if callback else None
        if callback is None or found is None:
            return False
        if not self._recovering.what_was_said_is_lost(desk, found.at, status):
            return False
        self._book.unclear(callback, attempt)
        return True

    def _tell_end(self, desk: str, data: Json, outcome: CallOutcome) -> None:
        """The notice that nobody brought."""
        ended = CallEnded(
            desk=desk, conversation=data["conversation"], call=data["call"], outcome=outcome
        )
        try:
            self._runtime.engine.receive(ended)
        except OtherCall:  # the conversation is another call's, whose own notices tell of it
            log.warning("followed_another_call", conversation=data["conversation"])

    def _conversation(self, desk: str, conversation: str) -> Conversation | None:
        record = self._store.read(desk, (f"call:{conversation}",))[f"call:{conversation}"]
        return Conversation.from_json(record.data) if record.data else None


def _backoff(tries: int) -> float:
    """Seconds until the next try: 1, 2, 4 … up to a minute."""
    return float(min(2 ** (tries - 1), 60))
