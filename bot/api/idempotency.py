"""The same `Idempotency-Key` twice is the same request once (IETF httpapi idempotency draft).

Before a request is carried out it is written down that it has begun, afterwards what was answered.
Where the process died in between, the same request is carried out again: whatever it does is by
itself the same as once under the same event (`Key.event`).
"""

import hashlib
import re
from dataclasses import dataclass
from typing import Any

from bot.api.problems import Refused
from bot.api_tokens import ApiToken
from bot.errors import Conflict
from bot.runtime import Runtime
from bot.sign_in_limits import PARTITION
from bot.store import Json
from bot.tokens import hash_of
from bot.unit_of_work import UnitOfWork

FORM = re.compile(r"[\x21-\x7e]{8,128}")
BEGUN_SECONDS = 30.0  # a process that has not answered by then is dead
MOST_CONFLICTS = 20


@dataclass(frozen=True, slots=True)
class Key:
    """One request of one system: `event` names it wherever it is written down."""

    event: str
    asked: str  # a hash of what was asked

    @property
    def record(self) -> str:
        """Under which the store has it."""
        return f"api_once:{self.event}"


def key_of(token: ApiToken, given: str | None, asked: bytes) -> Key:
    """The key of a request that changes something. Raises `Refused` where it is none."""
    if given is None or not FORM.fullmatch(given):
        raise Refused(
            400,
            "idempotency_key_missing",
            "The request has no Idempotency-Key",
            "Send the header Idempotency-Key with 8 to 128 printable characters, fresh for each "
            "request, and the same one when you send it again.",
        )
    event = hash_of(f"{token.name} {given}")
    return Key(event, hashlib.sha256(asked).hexdigest())


def answered(runtime: Runtime, key: Key) -> tuple[int, Any] | None:
    """What was answered to this request before; None: carry it out now.

    Raises `Refused` for another request under the same key, and for one that is being carried out.
    """
    for _ in range(MOST_CONFLICTS):
        unit, now = UnitOfWork(runtime.store, PARTITION), runtime.clock.now()
        before = unit.get(key.record)
        if before is not None:
            _refuse_another(before, key)
            if "status" in before:
                return before["status"], before["body"]
            if now < before["begun"] + BEGUN_SECONDS:
                raise _under_way()
        _keep(runtime, unit, key, {"asked": key.asked, "begun": now})
        try:
            unit.commit()
        except Conflict:
            continue
        return None
    raise _under_way()


def remember(runtime: Runtime, key: Key, status: int, body: Any) -> None:
    """Write down what is about to be answered."""
    for _ in range(MOST_CONFLICTS):
        unit = UnitOfWork(runtime.store, PARTITION)
        unit.get(key.record)
        _keep(runtime, unit, key, {"asked": key.asked, "begun": 0, "status": status, "body": body})
        try:
            unit.commit()
        except Conflict:
            continue
        return


def forget(runtime: Runtime, key: Key) -> None:
    """Nothing was done: the same key may be tried again."""
    unit = UnitOfWork(runtime.store, PARTITION)
    if unit.get(key.record) is not None:
        unit.put(key.record, None)
        try:
            unit.commit()
        except Conflict:
            return


def _keep(runtime: Runtime, unit: UnitOfWork, key: Key, record: Json) -> None:
    keep = runtime.house.policy.api.idempotency_hours * 3600.0
    unit.put(key.record, record, keep=keep)


def _refuse_another(before: Json, key: Key) -> None:
    if before["asked"] != key.asked:
        raise Refused(
            422,
            "idempotency_key_reused",
            "This Idempotency-Key belongs to another request",
            "Send a fresh key with a new request, or the same body with this one.",
        )


def _under_way() -> Refused:
    return Refused(
        409,
        "under_way",
        "The same request is being carried out",
        "Wait, and send it again with the same Idempotency-Key: the answer will be the same.",
        headers={"Retry-After": "5"},
    )
