"""How the engine is put together: once, for the runtime and for the walk over all paths alike."""

from collections.abc import Callable, Mapping
from functools import partial

from bot.best_number import BestNumbers
from bot.cases import CaseDirectory
from bot.clock import Clock
from bot.dialling_gate import DiallingGate
from bot.disclosing import Disclosing
from bot.effects import Effects
from bot.engine import Engine
from bot.flow import Flow
from bot.keys import Keyring
from bot.lookups import LookUps
from bot.meetings import Meetings
from bot.officer_effects import OfficerEffects
from bot.officer_lookups import OfficerLookUps
from bot.officers import OfficerBook, Officers
from bot.opening import Opening, Opens
from bot.policy import Policy
from bot.powers import PowersOf
from bot.question_set import QuestionSet
from bot.release import keys_of
from bot.retry import retry_rule
from bot.speech_reading import SpeechReader
from bot.step import Stepper
from bot.store import Store
from bot.text_reading import TextReader
from bot.verification import Verification
from bot.wording import Wording


def engine_of(
    *,
    flows: Mapping[str, type[Flow]],
    opens: Opens,
    policy: Policy,
    questions: QuestionSet,
    wording: Wording,
    release: str | None,
    speech: SpeechReader,
    keyring: Keyring,
    clock: Clock,
    store: Store,
    directory: CaseDirectory,
    desk_open: Callable[[str, float], bool],
    numbers: BestNumbers,
    texts: TextReader,
    book: OfficerBook,
    powers: PowersOf,
    kind: type[Engine] = Engine,
) -> Engine:
    """The engine of these rules, words and stores; `kind` is for whoever watches it."""
    verification, officers = Verification(keyring, questions), Officers(keyring)
    meetings, ring_back = Meetings(directory, keyring), policy.officer_check.ring_back_minutes
    officer_effects = OfficerEffects(keyring, ring_back * 60.0, meetings)
    lookups = LookUps(
        directory,
        verification,
        keyring,
        questions=questions,
        numbers=numbers,
        texts=texts,
        desk_open=desk_open,
        officers=OfficerLookUps(
            directory,
            officers,
            book,
            keyring,
            numbers,
            lambda desk, now: policy.desk[desk].today(now),
            powers,
            meetings,
        ),
    )
    gate = DiallingGate(policy)
    stepper = Stepper(
        flows=flows,
        lookups=lookups,
        effects=Effects(
            partial(retry_rule, policy),
            gate,
            officer_effects,
        ),
        verification=verification,
        wording=wording,
        release=release,
        texts=keys_of(wording, questions, policy),
        disclosing=Disclosing(
            wording,
            release,
            to_customers=policy.disclosure,
            to_officers=policy.disclosure_to_officers,
        ),
        officers=officers,
        speech=speech,
    )
    return kind(
        store=store,
        opening=Opening(opens, keyring),
        stepper=stepper,
        clock=clock,
        gate=gate,
    )
