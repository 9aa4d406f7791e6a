"""The stage of `ringback play`: a whole runtime in memory, with the sample cases and no carrier."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog

from bot.answers import normalise_written
from bot.carrier import CallOrder, ListedCall
from bot.clock import Clock
from bot.dial_rules import RESTRICTIONS
from bot.errors import BadImport, ConfigError
from bot.keys import Keyring
from bot.phone import PhoneNumber
from bot.question_set import Question
from bot.records import (
    SAMPLE_CASES,
    SAMPLE_MISSED_CALLS,
    Known,
    SqlCaseDirectory,
    SqlTasks,
    connect,
    import_cases,
    import_missed_calls,
    upgrade,
)
from bot.runtime import Flows, Runtime
from bot.settings import Profile, Settings
from bot.storage.memory import MemoryStore

TUESDAY_AT_TEN = 1_789_466_400.0  # 15 September 2026, London: the desk is open, ringing is allowed
SECONDS_A_STEP = 5.0
CALL = "CA" + "1" * 32


@dataclass(slots=True)
class StageClock:
    """Time that passes a little with every step, and not otherwise: a path can be played again."""

    now: float = TUESDAY_AT_TEN

    def tick(self) -> None:
        """A step was taken."""
        self.now += SECONDS_A_STEP


@dataclass(slots=True)
class StageCarrier:
    """A `Carrier` that rings nobody and remembers what it was asked."""

    placed: CallOrder | None = None
    asked: list[str] = field(default_factory=list)

    def place_call(self, order: CallOrder) -> str:
        """Note the order."""
        self.placed = order
        return CALL

    def redirect(self, call: str, *, desk: str, conversation: str) -> bool:
        """The player fetches the current replies."""
        self.asked.append("redirect")
        return True

    def end_call(self, call: str) -> bool:
        """The player ends the call."""
        self.asked.append("end")
        return True

    def cancel(self, call: str) -> bool:
        """Nothing rings here."""
        return False

    def status_of(self, call: str) -> str:
        """Nobody waits for news here: what ends a call is typed."""
        return "in_progress"

    def calls_to(self, number: PhoneNumber, caller_id: str, since: float) -> list[ListedCall]:
        """No list."""
        return []

    def redact_text(self, text: str) -> None:
        """No words are kept anywhere else."""

    def take(self, what: str) -> bool:
        """Whether this was asked for since we last looked."""
        wanted = what in self.asked
        self.asked = [other for other in self.asked if other != what]
        return wanted


@dataclass(frozen=True, slots=True)
class Stage:
    """What a play needs. `crib` is the sample sheet: what invented people would key."""

    runtime: Runtime
    carrier: StageCarrier
    clock: StageClock
    crib: tuple[dict[str, str], ...]

    def name_of(self, number: PhoneNumber | None) -> str:
        """Whose number it is, by the sample sheet."""
        e164 = number.e164 if number else "withheld"
        owner = next((row["customer"] for row in self.crib if e164 in row["phone"]), "somebody")
        return owner.capitalize()

    def would_key(self, handle: str, question: str) -> str | None:
        """The keys with which the person of this case answers this question rightly."""
        row = next((row for row in self.crib if row["reference"] == handle), {})
        asked = self.runtime.house.questions.questions.get(question)
        return keys_of(asked, row.get(f"answer.{question}", "")) if asked else None


def keys_of(question: Question, written: str) -> str | None:
    """A written answer as it is keyed: `1980-02-01` is 01021980."""
    canonical = normalise_written(question.kind, written, length=question.length)
    return "".join(reversed(canonical.split("-"))) if canonical else None


@contextmanager
def set_up(settings: Settings, flows: Flows) -> Iterator[Stage]:
    """The stage of one play; nothing of it is kept. Raises `ConfigError`."""
    with TemporaryDirectory(prefix="ringback-play-") as folder, _quiet_log():
        records = connect(f"sqlite:///{Path(folder) / 'records.sqlite'}")
        upgrade(records)
        ours = replace(
            settings, profile=Profile.DEMO, data_dir=Path(folder), redis_url=None, keys=None
        )
        clock, carrier = StageClock(), StageCarrier()
        # A fixed key: the same questions are drawn when the same path is played again.
        keyring = Keyring({"play": bytes(range(32))})
        runtime = Runtime.assemble(
            ours,
            flows,
            keyring=keyring,
            clock=Clock(wall=lambda: clock.now),
            store=MemoryStore(),
            directory=SqlCaseDirectory(records, keyring),
            tasks=SqlTasks(records),
        )
        policy = runtime.house.policy
        officers = [officer for desk in policy.desk.values() for officer in desk.officers]
        known = Known(desks=policy.desk, officers=officers, restrictions=RESTRICTIONS)
        questions = runtime.house.questions.questions
        try:
            import_cases(records, keyring, questions, SAMPLE_CASES, known=known, now=clock.now)
            import_missed_calls(records, keyring, SAMPLE_MISSED_CALLS, known=known, now=clock.now)
        except BadImport:
            reason = "the invented people do not fit your desks or questions; unset it to play"
            raise ConfigError("play", "RINGBACK_CONFIG_DIR", reason) from None
        with SAMPLE_CASES.open(encoding="utf-8", newline="") as file:
            crib = tuple(csv.DictReader(file))
        try:
            yield Stage(runtime, carrier, clock, crib)
        finally:
            records.dispose()


@contextmanager
def _quiet_log() -> Iterator[None]:
    """The application log is for us, and would stand between the lines of the play."""
    before = structlog.get_config()
    structlog.configure(processors=[_drop])
    try:
        yield
    finally:
        structlog.configure(**before)


def _drop(*_: object) -> dict[str, object]:
    raise structlog.DropEvent
