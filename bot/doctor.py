"""Doctor: is everything set up as it must be? One finding a line, each with its next step.

Nothing is changed by looking, except that what each desk may speak is made what the records say.
Each check stands alone: one that fails hides no other.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot import records
from bot.alert_health import troubles
from bot.approvals import approved_set
from bot.archivist import lag
from bot.carrier import Carrier
from bot.clock import Clock
from bot.errors import CarrierError, ConfigError, RingbackError
from bot.findings import Finding, Level, note, ok, problem, warn
from bot.keys import Keyring
from bot.phone import PhoneNumber
from bot.records import SqlApprovals
from bot.records.database import revisions
from bot.records.rekeying import SqlRekeying
from bot.rekeyed_store import StoreRekeying
from bot.rekeying import Rekeying
from bot.release import why_not
from bot.runtime import Flows, House
from bot.settings import Settings
from bot.store import Store
from bot.store_check import examine_store
from bot.strength import NEXT_STEP, weaknesses
from bot.watermark import last_look

BUILT_IN = 1_767_225_600.0  # 1 January 2026: a clock behind it is wrong
LONG_LAG = 300.0  # seconds that a line of the flow log may wait to be archived
LONG_ROTATION = 30 * 86400.0  # seconds for which two keys may be live without a warning
RECEIVES_ONLY = (
    "in production texts are kept, callers hear the apology and become a task, nothing is dialled"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """What is examined. `house` is None where `config/` cannot be read."""

    settings: Settings
    store: Store
    clock: Clock
    house: House | None = None
    carrier: Carrier | None = None


def read_house(settings: Settings, flows: Flows) -> tuple[House | None, list[Finding]]:
    """The rules and words, and what there is to say of them."""
    try:
        house = House.load(settings, flows)
    except ConfigError as error:
        return None, [problem("config", str(error), f"Mend {error.key} in {error.where}")]
    readable = f"rules and words are readable ({settings.config_dir or 'packaged'})"
    return house, [ok("config", readable), *of_house(house)]


def of_house(house: House) -> Iterator[Finding]:
    """What there is to say of rules and words that could be read: samples, and weak checks."""
    for name, sample in (
        ("wording", house.wording.sample),
        ("verification.toml", house.questions.sample),
        ("policy.toml, wording_approval", house.policy.wording_approval.sample),
    ):
        if sample:
            step = "The demo approves its samples; production needs your own in RINGBACK_CONFIG_DIR"
            yield warn(name, f"a sample; {RECEIVES_ONLY}", step)
    for weak in weaknesses(house.questions):
        yield warn("strength", f"{weak}; {RECEIVES_ONLY}", NEXT_STEP)


def examine(patient: Patient) -> Iterator[Finding]:
    """Every check, in the order in which things are to be mended."""
    checks: list[tuple[str, Callable[[Patient], Iterable[Finding]]]] = [
        ("settings", _settings),
        ("Redis", _redis),
        ("records", _records),
        ("keys", _keys),
        ("wording", _approved),
        ("tasks", _tasks),
        ("archive", _archive),
        ("clock", _clock),
        ("carrier", _carrier),
        ("carrier", _reminders),
    ]
    for about, check in checks:
        try:
            yield from check(patient)
        except RingbackError as error:
            yield problem(about, str(error), STEPS[about])


STEPS = {
    "settings": "See the settings in README",
    "Redis": "Start it, or mend RINGBACK_REDIS_URL",
    "records": "Mend RINGBACK_DATABASE_URL, or the database that it names",
    "keys": "Mend RINGBACK_KEYS (docs/keys.md)",
    "wording": "It is kept in Redis: mend that first",
    "tasks": "See docs/tasks.md",
    "archive": "It is kept in Redis: mend that first",
    "clock": "Set the system's clock",
    "carrier": "Check RINGBACK_TWILIO_ACCOUNT_SID and RINGBACK_TWILIO_AUTH_TOKEN",
}


def _settings(patient: Patient) -> Iterator[Finding]:
    settings = patient.settings
    yield ok("settings", f"profile {settings.profile.value}, account {settings.twilio_account_sid}")
    url = urlsplit(settings.public_url)
    if url.scheme == "https":
        yield ok("public URL", settings.public_url)
    elif url.hostname in ("127.0.0.1", "localhost", "::1"):
        yield ok("public URL", f"{settings.public_url} is here: right for the demo's simulator")
    else:
        yield warn("public URL", f"{settings.public_url} is not https", "Give an https address")


def _redis(patient: Patient) -> Iterator[Finding]:
    yield from examine_store(patient.store.ping(), production=patient.settings.production)


def _records(patient: Patient) -> Iterator[Finding]:
    engine = records.connect(patient.settings.database_url)
    present, newest = revisions(engine)
    engine.dispose()
    yield ok("records", "the database answers")
    if present == newest:
        yield ok("records", f"migrated to {newest}")
    else:
        step = "Every start brings them up to date; back the database up before the first one"
        yield warn("records", f"tables at {present or 'none'}, this version has {newest}", step)


def _keys(patient: Patient) -> Iterator[Finding]:
    """Of several, what hangs on each that only opens; and whether names were left half changed."""
    engine = records.connect(patient.settings.database_url)
    try:
        present, newest = revisions(engine)
        if present == newest:
            desks = patient.house.policy.desk if patient.house else ()
            store = StoreRekeying(patient.store, desks, patient.clock.now())
            keyring = Keyring.parse(patient.settings.keys or "")
            yield from _of_keys(Rekeying(SqlRekeying(engine), store, keyring), keyring, patient)
    finally:
        engine.dispose()


def _of_keys(rekeying: Rekeying, keyring: Keyring, patient: Patient) -> Iterator[Finding]:
    naming = rekeying.naming()
    if naming is not None and naming.next is not None:
        told = f"a change of names to the key {naming.next} was begun and has not ended"
        yield problem("keys", told, "`ringback keys rename` ends it")
    elif naming is not None and not keyring.holds(naming.key):
        yield problem("keys", f"records are named with {naming.key}, not given", STEPS["keys"])
    if len(keyring.live) == 1:
        yield ok("keys", f"one is live: {keyring.newest}")
        return
    hanging, now = rekeying.status(), patient.clock.now()
    for key in keyring.live:
        told = hanging.verdict(key, now)
        long = key != keyring.newest and naming and now - naming.first_since > LONG_ROTATION
        yield (warn if long else note)("keys", told, "See docs/keys.md" if long else "")


def _approved(patient: Patient) -> Iterator[Finding]:
    """Also puts right what each desk may speak, should it not be what the records say."""
    if (house := patient.house) is None:
        return
    lacking = _without_approval(patient, house)
    release, texts = house.release(patient.settings), house.keys
    for desk in house.policy.desk:
        reason = why_not(approved_set(patient.store, desk), release, texts)
        if reason is None:
            yield ok("wording", f"approved for the desk {desk}")
        elif patient.settings.production:
            told = f"not approved for the desk {desk} ({reason}): {RECEIVES_ONLY}"
            yield warn("wording", told, "See `ringback wording list`, and docs/approvals.md")
        elif lacking is not None:
            told = f"the desk {desk} only receives, in the demo too: {reason}"
            yield warn("wording", told, "Submit and approve it: `ringback wording list`")
        else:
            found = f"the desk {desk} has none approved yet: the demo approves its samples at start"
            yield ok("wording", found)
    if lacking and patient.settings.production:
        yield warn("wording", f"without approval: {', '.join(lacking)}", "Submit and approve them")


def _without_approval(patient: Patient, house: House) -> list[str] | None:
    """The texts that the records hold no approval of; None where there are no records yet."""
    engine = records.connect(patient.settings.database_url)
    try:
        present, newest = revisions(engine)
        if present != newest:
            return None
        wordings = house.wordings(patient.settings, SqlApprovals(engine), patient.clock)
        wordings.reconcile(patient.store, house.policy.desk)
        return [f"{one.text.item} ({one.state})" for one in wordings.unapproved()]
    finally:
        engine.dispose()


def _tasks(patient: Patient) -> Iterator[Finding]:
    """Whether people are told of tasks, and we of what came in; the demo has `ringback tasks`."""
    for name, desk in patient.house.policy.desk.items() if patient.house else ():
        found, step = last_look(patient.store, name, patient.clock.now())
        yield Finding(Level.WARN if step else Level.OK, "lists", found, step)
        for told in troubles(patient.store, name, desk, patient.clock.now()):
            yield (warn if patient.settings.production else note)("tasks", told, STEPS["tasks"])


def _archive(patient: Patient) -> Iterator[Finding]:
    """Whether the flow log comes into the records in time."""
    for name in patient.house.policy.desk if patient.house else ():
        behind = lag(patient.store, name, patient.clock.now())
        told = f"the desk {name}: {behind.lines} lines of the flow log wait for it"
        if behind.seconds > LONG_LAG:
            told = f"{told}, since {behind.seconds / 60:.0f} min ago"
            step = "Start `ringback work`, or mend the database of the records (docs/archive.md)"
            yield warn("archive", told, step)
        else:
            yield ok("archive", told)


def _clock(patient: Patient) -> Iterator[Finding]:
    clock = patient.clock
    if clock.now() - clock.offset_seconds < BUILT_IN:
        yield problem("clock", f"it says {clock.moment():%d %B %Y}", STEPS["clock"])
        return
    zone = patient.house.policy.calling_hours.week.zone if patient.house else ZoneInfo("UTC")
    told = f"{datetime.fromtimestamp(clock.now(), zone):%A %d %B %Y %H:%M} in {zone}"
    days = clock.offset_seconds / 86400
    yield ok("clock", told + (f", {days:.1f} days ahead (demo)" if days else ""))


def _carrier(patient: Patient) -> Iterator[Finding]:
    if patient.carrier is None or patient.house is None:
        yield note("carrier", "not asked", "`ringback doctor --carrier` lists a call to try it")
        return
    for name, desk in patient.house.policy.desk.items():
        number = PhoneNumber(desk.caller_id)
        try:
            patient.carrier.calls_to(number, desk.caller_id, patient.clock.now())
        except CarrierError as error:
            yield problem("carrier", f"{name}: {error}", STEPS["carrier"])
        else:
            yield ok("carrier", f"answers for the desk {name}")


def _reminders(patient: Patient) -> Iterator[Finding]:
    yield note(
        "carrier",
        "Twilio itself answers STOP, START and HELP by text on long numbers",
        "Turn its default opt-out answers off for the account: nobody is answered by text",
    )
    accepted = patient.settings.carrier_keeps_speech_accepted
    kept = "the carrier keeps in its request logs what is said and keyed"
    if accepted:
        yield ok("carrier", f"{kept}: accepted by the department as {accepted}")
    else:
        step = "Production needs the department's acceptance of it (see SECURITY)"
        yield note("carrier", kept, f"{step}: RINGBACK_CARRIER_KEEPS_SPEECH_ACCEPTED")
