"""What the doctor says of staff: whether anybody can sign in, and who keeps the list."""

from collections.abc import Iterator

from bot import records
from bot.doctor import Patient
from bot.errors import ConfigError, RingbackError
from bot.findings import Finding, note, ok, problem, warn
from bot.records.database import revisions
from bot.records.staff_standing import Standing, staff_standing
from bot.staff import Right, Roles

INVITE = "`ringback staff invite {}`, and hand the code to them alone (docs/staff.md)"
IMPORT = "`ringback staff import FILE` (docs/staff.md)"


def examine_staff(patient: Patient) -> Iterator[Finding]:
    """Nothing while the records are not up to date: the doctor says that by itself."""
    try:
        roles = Roles.load(patient.settings.config_dir)
    except ConfigError as error:
        yield problem("staff", str(error), f"Mend {error.key} in {error.where}")
        return
    try:
        standing = _read(patient)
    except RingbackError:
        yield note("staff", "not known who can sign in: the records do not answer")
        return
    if standing is not None:
        by_provider = patient.settings.oidc_issuer is not None
        yield _of(standing, roles, by_provider=by_provider)


def _read(patient: Patient) -> list[Standing] | None:
    engine = records.connect(patient.settings.database_url)
    try:
        present, newest = revisions(engine)
        return staff_standing(engine) if present == newest else None
    finally:
        engine.dispose()


def _of(standing: list[Standing], roles: Roles, *, by_provider: bool) -> Finding:
    enrolled = [one for one in standing if one.enrolled]
    keepers = [one for one in standing if Right.MANAGE_STAFF in roles.rights(one.roles)]
    if not standing:
        return warn("staff", "nobody is on the list: nobody can sign in to the console", IMPORT)
    if not keepers:
        told = "nobody on the list has a role that may change it: it is kept on this terminal alone"
        return warn("staff", told, f"Make somebody an administrator: {IMPORT}")
    if any(one.enrolled for one in keepers):
        return ok("staff", f"{len(standing)} work here, {len(enrolled)} have enrolled")
    told = "no administrator has enrolled" if enrolled else "nobody has enrolled yet"
    if by_provider:
        told += "; they come by the identity provider"
    kept = "until an administrator has, whoever has this terminal changes the list"
    level = note if by_provider else warn
    return level("staff", f"{told}; {kept}", INVITE.format(keepers[0].number))
