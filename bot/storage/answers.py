"""What the client library raises, in the house's words: `StoreDown`, or `StorageRefused`."""

from collections.abc import Iterator
from contextlib import contextmanager

from redis import exceptions

from bot.errors import StorageRefused, StoreDown
from bot.storage.breaker import Breaker

# An answer that only says "not now": a server that starts, or a replica that was the primary.
_NOT_NOW = (
    exceptions.BusyLoadingError,
    exceptions.ReadOnlyError,
    exceptions.ClusterDownError,  # and MASTERDOWN
    exceptions.TryAgainError,
)
_NOT_NOW_WORDS = ("LOADING", "READONLY", "NOREPLICAS", "UNBLOCKED")  # without a class of their own

# The library files these under lost connections; they are settings that need a person.
_WRONG_CREDENTIALS = (exceptions.AuthenticationError, exceptions.AuthorizationError)


class Elsewhere(StorageRefused):
    """Another node of the cluster has this slot; `only_now`, one to which it is on its way."""

    def __init__(self, error: exceptions.AskError) -> None:
        super().__init__("Redis: it is a node of a cluster: name that with redis+cluster://")
        self.slot: int = error.slot_id
        self.host: str = error.host
        self.port: int = error.port
        self.only_now = not isinstance(error, exceptions.MovedError)


@contextmanager
def asking(breaker: Breaker) -> Iterator[None]:
    """Ask the store something: fail at once while the breaker is open, tell it how it went."""
    breaker.check()
    try:
        yield
    except _WRONG_CREDENTIALS as error:
        breaker.worked()
        raise StorageRefused(f"Redis: {error}") from error
    except _NOT_NOW as error:
        raise StoreDown(f"Redis: {error}") from error
    except (exceptions.ConnectionError, exceptions.TimeoutError) as error:
        breaker.failed()
        raise StoreDown(f"Redis: {error}") from error
    except exceptions.AskError as error:  # and MOVED
        breaker.worked()
        raise Elsewhere(error) from error
    except exceptions.RedisError as error:
        breaker.worked()
        raise _refusal(error) from error
    breaker.worked()


def _refusal(error: Exception) -> StoreDown | StorageRefused:
    if str(error).startswith(_NOT_NOW_WORDS):
        return StoreDown(f"Redis: {error}")
    return StorageRefused(f"Redis: {error}")
