"""The staff list: who works here, in which roles, at which desk; and what is changed about them."""

from collections.abc import Callable, Collection, Iterable
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, select, update

from bot.errors import RingbackError
from bot.keys import Keyring
from bot.phone import PhoneNumber
from bot.records.database import asking
from bot.records.staff_tables import (
    phone_codes,
    printed_codes,
    recovery_codes,
    staff,
    staff_credentials,
    staff_handsets,
    staff_invitations,
)
from bot.records.tables import sealed_in
from bot.staff import Person, Role

# By which somebody gets in, or is known on the telephone.
WAYS_IN = (
    staff_handsets,
    staff_credentials,
    recovery_codes,
    staff_invitations,
    phone_codes,
    printed_codes,
)

Note = Callable[[], None]  # writes down elsewhere what is being changed here


def unnoted() -> None:
    """Nobody is told: samples."""


class NotOnTheList(RingbackError):
    """A staff number that nobody has, or nobody who still works here."""


class SqlStaff:
    """The list, one row a person. Raises `StoreDown` when the records do not answer.

    What changes somebody takes a `note`, which is called last before it is committed: what cannot
    be written down is not done, and whatever dies in between, no change is without its line.
    """

    def __init__(self, engine: Engine, keyring: Keyring) -> None:
        self._engine = engine
        self._keyring = keyring

    def get(self, number: str) -> Person | None:
        """Whoever has this staff number, also if they have left. Rights are not filled in."""
        with asking(self._engine) as connection:
            row = connection.execute(select(staff).where(staff.c.number == number)).one_or_none()
            handsets = handsets_of(connection, [number])
        return None if row is None else self._person(row, handsets.get(number, []))

    def here(self, number: str) -> Person:
        """Whoever has this number and works here. Raises `NotOnTheList`."""
        person = self.get(number)
        if person is None:
            raise NotOnTheList(f"nobody has the staff number {number}; see `ringback staff list`")
        if person.left_at is not None:
            raise NotOnTheList(f"{number} has left")
        return person

    def all(self, *, left: bool = False) -> list[Person]:
        """Everybody who works here, or (`left`) who no longer does, by number."""
        gone = staff.c.left_at.is_not(None) if left else staff.c.left_at.is_(None)
        with asking(self._engine) as connection:
            rows = list(connection.execute(select(staff).where(gone).order_by(staff.c.number)))
            handsets = handsets_of(connection, [row.number for row in rows])
        return [self._person(row, handsets.get(row.number, [])) for row in rows]

    def with_handset(self, number_hash: str) -> Person | None:
        """Whose work telephone it is, by keyed hash; of leavers none is kept."""
        query = select(staff_handsets.c.staff).where(staff_handsets.c.number_hash == number_hash)
        with asking(self._engine) as connection:
            number = connection.execute(query).scalar_one_or_none()
        return None if number is None else self.get(number)

    def by_keyed(self, digits: str) -> Person | None:
        """Who works here and keys these digits for their staff number; None, too, if several do."""
        query = select(staff.c.number).where(staff.c.keyed == digits, staff.c.left_at.is_(None))
        with asking(self._engine) as connection:
            numbers = list(connection.execute(query).scalars())
        return self.get(numbers[0] if len(numbers) == 1 and digits else "")

    def leave(self, number: str, at: float, note: Note = unnoted) -> None:
        """They work here no longer: no handset, no way in, no session of theirs is left."""
        with asking(self._engine) as connection:
            have_left(connection, [number], at)
            note()

    def come_back(self, number: str, at: float, note: Note = unnoted) -> None:
        """Somebody who had left works here again; they are to be invited anew."""
        self._change(number, at, note, anew=True, left_at=None)

    def lose_phone(self, number: str, at: float, note: Note = unnoted) -> bool:
        """Nothing of theirs opens anything from now on; False if it was so before."""
        lost = update(staff).where(staff.c.number == number, staff.c.lost_at.is_(None))
        values = {"lost_at": at, "changed_at": at, "version": staff.c.version + 1}
        with asking(self._engine) as connection:
            if connection.execute(lost.values(**values)).rowcount == 0:
                return False
            note()
        return True

    def find_phone(self, number: str, at: float, note: Note = unnoted) -> None:
        """It was found: their codes and handsets open again. Their sessions stay over."""
        self._change(number, at, note, anew=True, lost_at=None)

    def handset_hashes(self, number: str) -> list[str]:
        """The keyed hashes of their work telephones."""
        query = select(staff_handsets.c.number_hash).where(staff_handsets.c.staff == number)
        with asking(self._engine) as connection:
            return list(connection.execute(query).scalars())

    def absent(
        self, number: str, span: tuple[float, float] | None, at: float, note: Note = unnoted
    ) -> None:
        """On leave from one instant to another, or (None) not on leave."""
        begins, ends = span or (None, None)
        self._change(number, at, note, anew=False, leave_from=begins, leave_until=ends)

    def reassign(self, number: str, at: float, note: Note = unnoted, **values: str) -> None:
        """To another `desk` or `manager`: what they may see changes with it."""
        self._change(number, at, note, anew=True, **values)

    def _change(self, number: str, at: float, note: Note, *, anew: bool, **values: Any) -> None:
        version = {"version": staff.c.version + 1} if anew else {}
        changed = update(staff).where(staff.c.number == number)
        with asking(self._engine) as connection:
            connection.execute(changed.values(changed_at=at, **values, **version))
            note()

    def _person(self, row: Row[Any], handsets: list[str]) -> Person:
        bound_to = sealed_in("staff", row.number, "handset")
        opened = [self._keyring.open(each, bound_to=bound_to) for each in handsets]
        leave = None if row.leave_from is None else (row.leave_from, row.leave_until)
        return Person(
            number=row.number,
            name=name_of(self._keyring, row),
            roles=frozenset(Role(word) for word in row.roles.split(",")),
            desk=row.desk,
            manager=row.manager,
            language=row.language,
            handsets=tuple(str(PhoneNumber(e164)) for e164 in opened),
            leave=leave,
            left_at=row.left_at,
            lost_at=row.lost_at,
            version=row.version,
        )


def name_of(keyring: Keyring, row: Row[Any]) -> str:
    """Their name; "" of somebody who left so long ago that it is gone (`bot.retention`)."""
    sealed: str = row.name_sealed
    return sealed and keyring.open(sealed, bound_to=sealed_in("staff", row.number, "name"))


def handsets_of(connection: Connection, numbers: Collection[str]) -> dict[str, list[str]]:
    """The sealed handsets of these people, in order."""
    query = select(staff_handsets).where(staff_handsets.c.staff.in_(numbers))
    found: dict[str, list[str]] = {}
    for row in connection.execute(query.order_by(staff_handsets.c.place)):
        found.setdefault(row.staff, []).append(row.number_sealed)
    return found


def have_left(connection: Connection, numbers: Iterable[str], at: float) -> None:
    """Take from these people all by which they get in, or are known on the telephone."""
    gone = list(numbers)
    for table in WAYS_IN:
        connection.execute(delete(table).where(table.c.staff.in_(gone)))
    still_here = staff.c.number.in_(gone), staff.c.left_at.is_(None)
    values = {"left_at": at, "changed_at": at, "version": staff.c.version + 1}
    connection.execute(update(staff).where(*still_here).values(**values))
