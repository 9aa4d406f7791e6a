"""The demo's staff: all can sign in, with one made-up password and codes from the terminal."""

from bot import one_time_codes
from bot.passwords import Passwords
from bot.records.credentials import Credential, Invitation
from bot.runtime import Runtime
from bot.tokens import new_recovery_code, recovery_hash

PASSWORD = "violet teacup gravel"  # noqa: S105 - printed for whoever plays
HOW = f"sign in: s1002 (Mary, manager)  password: {PASSWORD}, code: ringback staff code s1002"


def enrol_everybody(runtime: Runtime) -> None:
    """Whoever of the staff list has not enrolled can sign in from now on."""
    held, now = runtime.records.credentials, runtime.clock.now()
    missing = [each.number for each in runtime.records.staff.all()]
    missing = [number for number in missing if number not in held.enrolled()]
    hashed = Passwords().hash(PASSWORD) if missing else ""
    for number in missing:
        secret, once = one_time_codes.new_secret(), recovery_hash(number, new_recovery_code())
        held.invite(Invitation(number, secret, "", now + 1.0), once)
        credential = Credential(hashed, secret, now)
        spare = recovery_hash(number, new_recovery_code())
        held.enrol(number, credential, [spare], invited_by=once)
