"""The department's staff, in a house in memory whose clock stands still."""

from collections.abc import Callable

import pytest

from tests.house_in_memory import HouseInMemory
from tests.sign_in_world import RealTime, StaffWorld


@pytest.fixture
def staff(build: Callable[..., HouseInMemory]) -> StaffWorld:
    return StaffWorld(build(clock=RealTime()))
