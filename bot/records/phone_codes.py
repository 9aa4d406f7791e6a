"""What officers key on their line, kept: two PINs as sealed hashes, printed codes sealed."""

from collections.abc import Sequence
from hmac import compare_digest

from sqlalchemy import Engine, delete, func, insert, select, update

from bot.keys import Keyring
from bot.phone_codes import PhoneCodes
from bot.records.database import asking
from bot.records.staff import Note, unnoted
from bot.records.staff_tables import phone_codes, printed_codes
from bot.records.tables import sealed_in


class SqlPhoneCodes:
    """The codes of every officer. Raises `StoreDown` when the records do not answer."""

    def __init__(self, engine: Engine, keyring: Keyring) -> None:
        self._engine = engine
        self._keyring = keyring

    def get(self, number: str) -> PhoneCodes | None:
        """The hashes of this officer's PINs, if they were given any."""
        query = select(phone_codes).where(phone_codes.c.staff == number)
        with asking(self._engine) as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        return PhoneCodes(
            self._keyring.open(row.pin_sealed, bound_to=sealed_in("phone", number, "pin")),
            self._keyring.open(row.duress_sealed, bound_to=sealed_in("phone", number, "duress")),
        )

    def held(self) -> dict[str, float]:
        """Who has been given codes, by number, and when."""
        query = select(phone_codes.c.staff, phone_codes.c.issued_at)
        with asking(self._engine) as connection:
            return {number: at for number, at in connection.execute(query)}

    def give(
        self,
        number: str,
        codes: PhoneCodes,
        printed: Sequence[str],
        at: float,
        note: Note = unnoted,
    ) -> None:
        """Put these in the place of what this officer had; `note` as in `SqlStaff`."""
        with asking(self._engine.execution_options(sqlite_begin="IMMEDIATE")) as connection:
            for table in (phone_codes, printed_codes):
                connection.execute(delete(table).where(table.c.staff == number))
            connection.execute(
                insert(phone_codes).values(
                    staff=number,
                    pin_sealed=self._seal(number, "pin", codes.pin_hash),
                    duress_sealed=self._seal(number, "duress", codes.duress_hash),
                    issued_at=at,
                )
            )
            connection.execute(
                insert(printed_codes),
                [
                    {
                        "staff": number,
                        "place": place,
                        "code_sealed": self._seal(number, f"printed {place}", code),
                    }
                    for place, code in enumerate(printed)
                ],
            )
            note()

    def revoke(self, number: str, note: Note = unnoted) -> None:
        """They open nothing by telephone any more."""
        with asking(self._engine) as connection:
            for table in (phone_codes, printed_codes):
                connection.execute(delete(table).where(table.c.staff == number))
            note()

    def use_printed(self, number: str, code: str, by: str) -> bool:
        """Use a printed code up; False if there is none such, or something else has used it.

        `by` names the event that uses it: the same event twice is the same as once.
        """
        query = select(printed_codes).where(printed_codes.c.staff == number)
        with asking(self._engine) as connection:
            rows = list(connection.execute(query.order_by(printed_codes.c.place)))
        found = None
        for row in rows:  # all of them: where it stands on the list shows in no time
            bound_to = sealed_in("phone", number, f"printed {row.place}")
            opened = self._keyring.open(row.code_sealed, bound_to=bound_to)
            found = row if compare_digest(opened.encode(), code.encode()) else found
        if found is None:
            return False
        mine = update(printed_codes).where(
            printed_codes.c.staff == number,
            printed_codes.c.place == found.place,
            printed_codes.c.used_by.is_(None) | (printed_codes.c.used_by == by),
        )
        with asking(self._engine) as connection:
            return connection.execute(mine.values(used_by=by)).rowcount == 1

    def printed_left(self, number: str) -> int:
        """How many printed codes are left to them."""
        unused = printed_codes.c.staff == number, printed_codes.c.used_by.is_(None)
        with asking(self._engine) as connection:
            return connection.execute(select(func.count()).where(*unused)).scalar_one()

    def _seal(self, number: str, column: str, text: str) -> str:
        return self._keyring.seal(text, bound_to=sealed_in("phone", number, column))
