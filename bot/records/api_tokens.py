"""The tokens of the API, by their hashes: whose, for what, made and revoked by whom."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Engine, insert, select, update

from bot.api_tokens import ApiToken, Scope
from bot.errors import RingbackError
from bot.records.database import asking
from bot.records.staff import Note, unnoted
from bot.records.tables import api_tokens

_TOUCH_SECONDS = 3600.0  # that a token was used is noted no oftener


class TokenExists(RingbackError):
    """A system of this name has a token already."""


class NoSuchToken(RingbackError):
    """No system of this name has a token that works."""


class SqlApiTokens:
    """The list. Raises `StoreDown` when the records do not answer. Rows are never deleted."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def make(self, token: ApiToken, hash: str, note: Note = unnoted) -> None:
        """Put a token on the list. Raises `TokenExists` unless the one before is revoked."""
        with asking(self._engine.execution_options(sqlite_begin="IMMEDIATE")) as connection:
            live = api_tokens.c.name == token.name, api_tokens.c.revoked_at.is_(None)
            if connection.execute(select(api_tokens.c.name).where(*live)).first():
                raise TokenExists(f"{token.name} has a token: revoke it first")
            scopes = " ".join(sorted(token.scopes))
            connection.execute(
                insert(api_tokens).values(
                    hash=hash,
                    name=token.name,
                    scopes=scopes,
                    made_by=token.made_by,
                    made_at=token.made_at,
                )
            )
            note()

    def find(self, hash: str, now: float) -> ApiToken | None:
        """The token with this hash, unless it is revoked; that it is used now is noted."""
        query = select(api_tokens).where(
            api_tokens.c.hash == hash, api_tokens.c.revoked_at.is_(None)
        )
        with asking(self._engine) as connection:
            row = connection.execute(query).mappings().one_or_none()
            if row is not None and (row["used_at"] or 0.0) < now - _TOUCH_SECONDS:
                touched = update(api_tokens).where(api_tokens.c.hash == hash)
                connection.execute(touched.values(used_at=now))
        return _token(row) if row is not None else None

    def all(self) -> list[ApiToken]:
        """All that there ever were, by name, the newest of a name first."""
        query = select(api_tokens).order_by(api_tokens.c.name, api_tokens.c.made_at.desc())
        with asking(self._engine) as connection:
            return [_token(row) for row in connection.execute(query).mappings()]

    def revoke(self, name: str, at: float, note: Note = unnoted) -> None:
        """It opens nothing any more. Raises `NoSuchToken`."""
        live = update(api_tokens).where(
            api_tokens.c.name == name, api_tokens.c.revoked_at.is_(None)
        )
        with asking(self._engine) as connection:
            if connection.execute(live.values(revoked_at=at)).rowcount == 0:
                raise NoSuchToken(f"{name} has no token that works; see `ringback api tokens`")
            note()


def _token(row: Mapping[Any, Any]) -> ApiToken:
    return ApiToken(
        name=row["name"],
        scopes=frozenset(Scope(word) for word in row["scopes"].split()),
        made_by=row["made_by"],
        made_at=row["made_at"],
        used_at=row["used_at"],
        revoked_at=row["revoked_at"],
    )
