"""What the doctor says of the archive: is it signed, do its heads get out, do erasures last."""

from collections.abc import Iterator

from bot import records
from bot.doctor import Patient
from bot.errors import RingbackError
from bot.findings import Finding, note, ok, warn
from bot.policy_rules import RecordsHeads
from bot.records import SqlChain
from bot.records.database import revisions
from bot.signing import NAME, Signer

NEXT_STEP = "See [records] in policy.toml, and docs/records.md"


def examine_archive(patient: Patient) -> Iterator[Finding]:
    """The key; then one finding a desk. Whether the chain holds, `ringback records verify` says."""
    if patient.settings.records_key is None:
        told = "no key to sign the archive with: workers do not start like this in production"
        yield warn("archive", told, f"Set {NAME}, if workers run here")
    else:
        key = Signer.parse(patient.settings.records_key).key_id
        yield ok("archive", f"blocks are signed with the key {key}")
    if patient.house is None:
        return
    if patient.settings.production and not patient.house.policy.retention.erasures_file:
        told = "who was erased is written down in the data directory: lost with it, a backup of"
        told += " before brings them back"
        step = (
            "Name erasures_file in [retention] of policy.toml, on another disk; docs/retention.md"
        )
        yield warn("archive", told, step)
    rules = patient.house.policy.records
    if not rules.published:
        told = "heads are published nowhere: a tail that was cut off would not be seen"
        level = warn if patient.settings.production else note
        yield level("archive", told, NEXT_STEP)
        return
    try:
        yield from _published(patient, rules)
    except RingbackError:
        yield note("archive", "not known when heads were published: the records do not answer")


def _published(patient: Patient, rules: RecordsHeads) -> Iterator[Finding]:
    engine = records.connect(patient.settings.database_url)
    try:
        present, newest = revisions(engine)
        for desk in patient.house.policy.desk if patient.house and present == newest else ():
            yield _of_desk(SqlChain(engine), desk, rules, patient.clock.now())
    finally:
        engine.dispose()


def _of_desk(chain: SqlChain, desk: str, rules: RecordsHeads, now: float) -> Finding:
    newest, last = chain.newest(desk), chain.last_published_at(desk)
    if newest is None or newest[1] is not None:
        return ok("archive", f"all heads of the desk {desk} are published")
    since = newest[0].at if last is None else last
    minutes = max(0, round((now - since) / 60))
    if minutes > 2 * rules.publish_minutes:
        told = f"no head of the desk {desk} was published for {minutes} minutes"
        return warn("archive", told, f"The log of `ringback work` says why. {NEXT_STEP}")
    return ok("archive", f"the next head of the desk {desk} is published soon")
