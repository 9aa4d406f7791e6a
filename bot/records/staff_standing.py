"""How the staff list stands, without anybody's name: for who looks whether all is set up."""

from dataclasses import dataclass

from sqlalchemy import Engine, select

from bot.records.database import asking
from bot.records.staff_tables import staff, staff_credentials
from bot.staff import Role


@dataclass(frozen=True, slots=True)
class Standing:
    """One who works here: their roles, and whether they can sign in by password."""

    number: str
    roles: frozenset[Role]
    enrolled: bool


def staff_standing(engine: Engine) -> list[Standing]:
    """Everybody who works here, by number. Raises `StoreDown`."""
    joined = staff.outerjoin(staff_credentials, staff_credentials.c.staff == staff.c.number)
    query = (
        select(staff.c.number, staff.c.roles, staff_credentials.c.enrolled_at)
        .select_from(joined)
        .where(staff.c.left_at.is_(None))
        .order_by(staff.c.number)
    )
    with asking(engine) as connection:
        return [
            Standing(number, frozenset(map(Role, roles.split(","))), at is not None)
            for number, roles, at in connection.execute(query)
        ]
