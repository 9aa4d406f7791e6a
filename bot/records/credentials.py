"""How staff sign in: a sealed password hash and secret each, invitations, recovery codes."""

from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from bot.keys import Keyring
from bot.records.database import asking
from bot.records.staff import Note, unnoted
from bot.records.staff_tables import recovery_codes, staff, staff_credentials, staff_invitations
from bot.records.tables import sealed_in


@dataclass(frozen=True, slots=True)
class Credential:
    """What signs somebody in: the hash of their password, the secret of their codes."""

    password_hash: str = field(repr=False)
    secret: str = field(repr=False)
    enrolled_at: float


@dataclass(frozen=True, slots=True)
class Invitation:
    """Lets `number` enrol, once, before it expires; `secret` is what their app will hold."""

    number: str
    secret: str = field(repr=False)
    made_by: str
    expires_at: float


class SqlCredentials:
    """What signs staff in. Raises `StoreDown` when the records do not answer."""

    def __init__(self, engine: Engine, keyring: Keyring) -> None:
        self._engine = engine
        self._keyring = keyring

    def get(self, number: str) -> Credential | None:
        """Of somebody who has enrolled."""
        query = select(staff_credentials).where(staff_credentials.c.staff == number)
        with asking(self._engine) as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        return Credential(
            self._open("staff", number, "password", row.password_sealed),
            self._open("staff", number, "secret", row.secret_sealed),
            row.enrolled_at,
        )

    def enrolled(self) -> dict[str, float]:
        """Who can sign in, by number, and since when."""
        query = select(staff_credentials.c.staff, staff_credentials.c.enrolled_at)
        with asking(self._engine) as connection:
            return {number: at for number, at in connection.execute(query)}

    def invite(self, invitation: Invitation, hash: str, note: Note = unnoted) -> None:
        """Keep an invitation; an earlier one of the same person is void.

        `note` is called before it is committed, as in `SqlStaff`.
        """
        number = invitation.number
        bound_to = sealed_in("invitation", number, "secret")
        with asking(self._engine.execution_options(sqlite_begin="IMMEDIATE")) as connection:
            _void_invitation(connection, number)
            connection.execute(
                insert(staff_invitations).values(
                    staff=number,
                    hash=hash,
                    secret_sealed=self._keyring.seal(invitation.secret, bound_to=bound_to),
                    made_by=invitation.made_by,
                    expires_at=invitation.expires_at,
                )
            )
            note()

    def invitation(self, hash: str, now: float) -> Invitation | None:
        """The invitation whose token hashes to this, unless it is used, void or expired."""
        query = select(staff_invitations).where(staff_invitations.c.hash == hash)
        with asking(self._engine) as connection:
            row = connection.execute(query).one_or_none()
        if row is None or row.expires_at <= now:
            return None
        secret = self._open("invitation", row.staff, "secret", row.secret_sealed)
        return Invitation(row.staff, secret, row.made_by, row.expires_at)

    def enrol(
        self,
        number: str,
        credential: Credential,
        recovery: Collection[str],
        *,
        invited_by: str,
        note: Note = unnoted,
    ) -> bool:
        """Use an invitation up (`invited_by` is its hash); False if somebody was quicker.

        All sessions of before are over: whoever enrols anew may have lost a telephone.
        """
        with asking(self._engine.execution_options(sqlite_begin="IMMEDIATE")) as connection:
            mine = delete(staff_invitations).where(
                staff_invitations.c.hash == invited_by, staff_invitations.c.staff == number
            )
            if connection.execute(mine).rowcount != 1:
                return False
            for table in (staff_credentials, recovery_codes):
                connection.execute(delete(table).where(table.c.staff == number))
            connection.execute(insert(staff_credentials).values(self._row(number, credential)))
            codes = [{"hash": each, "staff": number} for each in recovery]
            connection.execute(insert(recovery_codes), codes)
            anew = update(staff).where(staff.c.number == number)
            connection.execute(anew.values(version=staff.c.version + 1))
            note()
        return True

    def rehash(self, number: str, before: Credential, password_hash: str) -> None:
        """Put a hash with newer parameters in the place of the one that was read."""
        sealed = self._seal("staff", number, "password", password_hash)
        mine = update(staff_credentials).where(
            staff_credentials.c.staff == number,
            staff_credentials.c.enrolled_at == before.enrolled_at,
        )
        with asking(self._engine) as connection:
            connection.execute(mine.values(password_sealed=sealed))

    def use_recovery(self, number: str, hash: str) -> bool:
        """Use a recovery code up; False if this person has none such. Of two at once, one may."""
        mine = delete(recovery_codes).where(
            recovery_codes.c.hash == hash, recovery_codes.c.staff == number
        )
        with asking(self._engine) as connection:
            return connection.execute(mine).rowcount == 1

    def recovery_left(self, number: str) -> int:
        """How many recovery codes are left to them."""
        query = select(func.count()).where(recovery_codes.c.staff == number)
        with asking(self._engine) as connection:
            return connection.execute(query).scalar_one()

    def _row(self, number: str, credential: Credential) -> dict[str, object]:
        return {
            "staff": number,
            "password_sealed": self._seal("staff", number, "password", credential.password_hash),
            "secret_sealed": self._seal("staff", number, "secret", credential.secret),
            "enrolled_at": credential.enrolled_at,
        }

    def _seal(self, table: str, number: str, column: str, text: str) -> str:
        return self._keyring.seal(text, bound_to=sealed_in(table, number, column))

    def _open(self, table: str, number: str, column: str, sealed: str) -> str:
        return self._keyring.open(sealed, bound_to=sealed_in(table, number, column))


def _void_invitation(connection: Connection, number: str) -> None:
    connection.execute(delete(staff_invitations).where(staff_invitations.c.staff == number))
