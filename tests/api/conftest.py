"""The API of a house in memory, and the payroll system that uses it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot.api import create_api
from bot.api_tokens import ApiToken, Scope
from bot.tokens import hash_of
from tests.house_in_memory import HouseInMemory
from tests.sign_in_world import RealTime, StaffWorld

SECRET = "a token of the payroll system, for tests alone"


class ApiWorld(StaffWorld):
    """The department, and a token with every scope."""

    def __init__(self, house: HouseInMemory) -> None:
        super().__init__(house)
        self.app = create_api(house.runtime)
        self.client: FlaskClient = self.app.test_client()
        self.give("payroll", SECRET, *Scope)
        self._keys = 0

    def give(self, name: str, secret: str, *scopes: Scope) -> None:
        """A system gets a token."""
        now = self.clock.now()
        token = ApiToken(name=name, scopes=frozenset(scopes), made_by="s1007", made_at=now)
        self.house.runtime.records.api_tokens.make(token, hash_of(secret))

    def post(
        self, path: str, body: Any = None, *, key: str = "", token: str = SECRET, **how: Any
    ) -> TestResponse:
        """Send something; with a fresh key unless there is one."""
        self._keys += 1
        headers = {
            "Authorization": f"Bearer {token}",
            "Idempotency-Key": key or f"a fresh key {self._keys}".replace(" ", "-"),
        }
        sent = {"json": body} if body is not None else {}
        return self.client.post(path, headers=headers, **sent, **how)

    def get(self, path: str, token: str = SECRET) -> TestResponse:
        """Look at something."""
        return self.client.get(path, headers={"Authorization": f"Bearer {token}"})


@pytest.fixture
def world(build: Callable[..., HouseInMemory]) -> Iterator[ApiWorld]:
    yield ApiWorld(build(clock=RealTime()))
