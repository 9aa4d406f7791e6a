"""The department's staff in these tests, one for each role, and somebody signed in."""

from dataclasses import dataclass, field

from flask import Request
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot.staff import Person, Role, Roles

ROLES = Roles.load()


def person(number: str, name: str, *roles: Role, **different: object) -> Person:
    given = {"desk": "main", "rights": ROLES.rights(frozenset(roles))} | different
    return Person(number=number, name=name, roles=frozenset(roles), **given)  # type: ignore[arg-type]


OLIVE = person("100001", "Olive Operations", Role.OPERATIONS)
OMAR = person("100002", "Omar Officer", Role.OFFICER)
COLIN = person("100003", "Colin Collector", Role.COLLECTOR)
MARY = person("100004", "Mary Manager", Role.MANAGER)
ADA = person("100005", "Ada Author", Role.WORDING_AUTHOR)
GRACE = person("100006", "Grace Approver", Role.WORDING_APPROVER)
AUDREY = person("100007", "Audrey Auditor", Role.AUDITOR)
ADAM = person("100008", "Adam Administrator", Role.ADMINISTRATOR)
# may write and approve, but not both of one text
BETH = person("100009", "Beth Both", Role.WORDING_AUTHOR, Role.WORDING_APPROVER)
LEON = person("100010", "Leon who left", *Role, left_at=1_700_000_000.0)
# may see every page there is
EVERYTHING = person("100011", "Eve Everything", *Role)
EVERYBODY = (OLIVE, OMAR, COLIN, MARY, ADA, GRACE, AUDREY, ADAM, BETH)


@dataclass
class Somebody:
    """Stands for the sessions: whoever it is told to be."""

    who: Person | None = None
    sessions: int = field(default=0)

    def be(self, who: Person | None) -> None:
        """Sign in as somebody else, in a session of its own."""
        self.who = who
        self.sessions += 1

    def person(self, request: Request) -> Person | None:
        return self.who

    def binding(self, request: Request) -> str:
        return f"{self.who.number}/{self.sessions}" if self.who else ""


class Browser:
    """The test client as somebody: posts forms with the token that the page before gave."""

    def __init__(self, client: FlaskClient, somebody: Somebody) -> None:
        self.client, self.somebody = client, somebody

    def signed_in(self, who: Person | None) -> "Browser":
        self.somebody.be(who)
        return self

    def get(self, path: str, **options: object) -> TestResponse:
        return self.client.get(path, **options)

    def post(self, path: str, **fields: object) -> TestResponse:
        return self.client.post(path, data={"csrf_token": self.token(), **fields})

    def token(self) -> str:
        from bot.console import csrf

        with self.client.application.test_request_context():
            return csrf.token()
