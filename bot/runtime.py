"""The collaborators, built once and handed down to the door, the workers and the terminal."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot import keypad
from bot.alerts import refuse_alerts_that_cannot_go
from bot.approvals import is_approved, release_of
from bot.assembly import engine_of
from bot.best_number import BestNumbers
from bot.cases import CaseDirectory
from bot.clock import Clock
from bot.desk_words import refuse_unfit_desks
from bot.dial_question import RESTRICTIONS
from bot.engine import Engine
from bot.errors import ConfigError
from bot.flow import Flow
from bot.flow_check import check_flow
from bot.keys import Keyring
from bot.officer_book import RecordedOfficers
from bot.opening import Opens
from bot.passwords import Passwords
from bot.policy import Policy
from bot.powers import Powers
from bot.question_set import QuestionSet
from bot.records import Records, SqlApprovals, SqlTasks, connect, upgrade
from bot.records.naming import settled
from bot.release import keys_of, texts_of
from bot.settings import Settings
from bot.speaker import Speaker
from bot.speaking_time import refuse_long_messages
from bot.speech_reading import SpeechReader
from bot.staff import Roles
from bot.storage.fenced import FencedStore
from bot.storage.redis_store import RedisStore
from bot.store import Store
from bot.text_reading import TextReader, TextRules
from bot.vocabulary import Vocabulary
from bot.wording import Wording
from bot.wording_release import WordingRelease

RECORDS_PATIENCE = 0.5  # seconds a query may take: an answer goes out within 2 s in any case


@dataclass(frozen=True, slots=True, kw_only=True)
class Flows:
    """The flows and what opens them, handed in by `webhooks.py`: `bot` knows none by name."""

    opens: Opens
    all: tuple[type[Flow], ...]

    @property
    def by_name(self) -> Mapping[str, type[Flow]]:
        """The flows by the name under which a conversation remembers its own."""
        return {flow.name: flow for flow in self.all}

    @property
    def prompts(self) -> frozenset[str]:
        """Every prompt that a flow may say."""
        return frozenset[str]().union(*(flow.prompts for flow in self.all))

    @property
    def choices(self) -> frozenset[str]:
        """Everything that the tables know to happen, the choices of menus among them, by voice."""
        heard = (flow for flow in self.all if flow.by_voice)
        return frozenset(str(row["trigger"]) for flow in heard for row in flow.moves) | {
            keypad.REPEAT
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The rules and words of `config/`, read once and checked against the flows."""

    policy: Policy
    questions: QuestionSet
    wording: Wording
    speech: SpeechReader
    texts: TextReader
    roles: Roles
    powers: Powers

    @classmethod
    def load(cls, settings: Settings, flows: Flows) -> "House":
        """Read and check everything. Raises `ConfigError` with file, key and reason."""
        house = cls.of_files(settings.config_dir, flows)
        refuse_alerts_that_cannot_go(house.policy, settings)
        return house

    @classmethod
    def of_files(cls, config_dir: Path | None, flows: Flows) -> "House":
        """The same without what only the environment can tell."""
        policy = Policy.load(config_dir)
        house = cls(
            policy=policy,
            questions=QuestionSet.load(config_dir),
            wording=Wording.load(
                config_dir,
                name_organisation_on_machines=policy.message.name_organisation_on_machines,
            ),
            speech=SpeechReader(
                Vocabulary.load(config_dir),
                enabled=policy.speech.enabled,
                least_confidence=policy.speech.least_confidence,
            ),
            texts=TextReader(TextRules.load(config_dir), policy.calling_hours.week),
            roles=Roles.load(config_dir),
            powers=Powers.load(config_dir),
        )
        for flow in flows.all:
            check_flow(flow)
        house.speech.vocabulary.require(flows.choices)
        house.wording.require(flows.prompts | house.questions.prompts | house.powers.prompts)
        refuse_unfit_desks(house.wording, policy)
        refuse_long_messages(house.wording, policy)
        house._refuse_what_nobody_hears()
        house._refuse_unknown_restrictions()
        return house

    def _refuse_what_nobody_hears(self) -> None:
        """Raise `ConfigError` for a question that can only be said, where speech is not heard."""
        for place, question in enumerate(self.questions.question):
            if question.only_said and not self.speech.enabled:
                reason = f"a {question.kind} can only be said: needs speech.enabled in policy.toml"
                raise ConfigError(self.questions.file, f"question.{place}.kind", reason)

    def _refuse_unknown_restrictions(self) -> None:
        """Raise `ConfigError` for a word that no case is held for: misspelt, it would open some."""
        for word in self.questions.not_by_phone.restrictions:
            if word not in RESTRICTIONS:
                reason = f"{word!r} is none of {', '.join(RESTRICTIONS)}"
                raise ConfigError(self.questions.file, "not_by_phone.restrictions", reason)

    def release(self, settings: Settings) -> str | None:
        """The digest of what may be spoken under these settings, once it is approved."""
        return release_of(self.wording, self.questions, self.policy, production=settings.production)

    @property
    def keys(self) -> frozenset[str]:
        """The names of all that is to be approved before any of it is spoken."""
        return keys_of(self.wording, self.questions, self.policy)

    def wordings(self, settings: Settings, book: SqlApprovals, clock: Clock) -> WordingRelease:
        """What the book of approvals says of these words and questions."""
        return WordingRelease(
            texts=texts_of(self.wording, self.questions, self.policy),
            sample=self.wording.sample or self.questions.sample,
            release=self.release(settings),
            rule=self.policy.wording_approval,
            book=book,
            profile=settings.profile,
            clock=clock,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """Everything that is built once."""

    settings: Settings
    flows: Flows
    house: House
    keyring: Keyring
    clock: Clock
    store: Store
    records: Records
    engine: Engine
    speaker: Speaker
    officers: RecordedOfficers

    @classmethod
    def connect(cls, settings: Settings, flows: Flows, clock: Clock | None = None) -> "Runtime":
        """The real thing: Redis and SQL as the settings say. Raises `ConfigError`."""
        if settings.redis_url is None or settings.keys is None:
            raise ConfigError("environment", "RINGBACK_REDIS_URL", "the demo's set-up has not run")
        upgrade(connect(settings.database_url))
        records = connect(settings.database_url, patience_seconds=RECORDS_PATIENCE)
        slow = connect(settings.database_url)
        clock = clock or Clock()
        keyring = settled(records, Keyring.parse(settings.keys), clock.now())
        return cls.assemble(
            settings,
            flows,
            keyring=keyring,
            clock=clock,
            store=FencedStore(RedisStore.connect(settings.redis_url), keyring.names),
            records=Records.on(records, keyring, slow=slow),
        )

    @classmethod
    def assemble(
        cls,
        settings: Settings,
        flows: Flows,
        *,
        keyring: Keyring,
        clock: Clock,
        store: Store,
        records: Records,
        house: House | None = None,
        passwords: Passwords | None = None,
    ) -> "Runtime":
        """Everything around these stores: also the way in for tests, with the twin in memory.

        `house` where its files were read before; `passwords` hashes PINs, at its own cost.
        """
        house = house or House.load(settings, flows)
        officers = RecordedOfficers(
            store=store,
            clock=clock,
            keyring=keyring,
            records=records,
            passwords=passwords or Passwords(),
            roles=house.roles,
            rules=house.policy.officer_check,
        )
        runtime = cls(
            settings=settings,
            flows=flows,
            house=house,
            keyring=keyring,
            clock=clock,
            store=store,
            records=records,
            officers=officers,
            engine=engine_of(
                flows=flows.by_name,
                opens=flows.opens,
                policy=house.policy,
                questions=house.questions,
                wording=house.wording,
                release=house.release(settings),
                speech=house.speech,
                keyring=keyring,
                clock=clock,
                store=store,
                directory=records.directory,
                desk_open=lambda desk, now: house.policy.desk[desk].takes_calls(now),
                numbers=BestNumbers(house.policy, rehearsal=not settings.production),
                texts=house.texts,
                book=officers,
                powers=house.powers.of,
            ),
            speaker=Speaker(house.wording, house.policy, records.directory, house.speech, keyring),
        )
        runtime.wordings.reconcile(store, runtime.desks)
        return runtime

    @property
    def directory(self) -> CaseDirectory:
        """Where cases are found."""
        return self.records.directory

    @property
    def tasks(self) -> SqlTasks:
        """What people must do."""
        return self.records.tasks

    @property
    def desks(self) -> Iterable[str]:
        """The desks, by id."""
        return self.house.policy.desk

    @property
    def release(self) -> str | None:
        """What may be spoken, if it is approved; None: nothing, we receive only."""
        return self.house.release(self.settings)

    @property
    def wordings(self) -> WordingRelease:
        """What was approved of what may be spoken."""
        return self.house.wordings(self.settings, self.records.approvals, self.clock)

    def may_speak(self, desk: str) -> bool:
        """Whether all that may be said is approved at this desk now; if not, it receives only."""
        texts = self.house.keys
        return is_approved(self.store, desk, self.release, texts)
