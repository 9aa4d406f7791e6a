"""What the far end of a call says, as it goes on in time: each utterance begins and lasts."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from bot.simulator.records import Spoken


def quiet_at(spoken: Sequence[Spoken], since: datetime) -> datetime | None:
    """When the last speech that went on after that moment ends; None if there was none."""
    return max((_end(words) for words in _after(spoken, since)), default=None)


def begun_at(spoken: Sequence[Spoken], since: datetime) -> datetime | None:
    """When the first speech that went on after that moment began to be heard."""
    return min((max(words.at, since) for words in _after(spoken, since)), default=None)


def said_between(spoken: Sequence[Spoken], since: datetime, until: datetime) -> str:
    """The words that fell into that time; words are spread evenly over an utterance."""
    return " ".join(part for words in spoken if (part := _part(words, since, until)))


def _after(spoken: Sequence[Spoken], since: datetime) -> Iterator[Spoken]:
    return (words for words in spoken if _end(words) > since)


def _end(words: Spoken) -> datetime:
    return words.at + timedelta(seconds=words.seconds)


def _part(spoken: Spoken, since: datetime, until: datetime) -> str:
    words = spoken.words.split()
    if spoken.seconds <= 0:
        return ""
    share = [(at - spoken.at).total_seconds() / spoken.seconds for at in (since, until)]
    first, last = (round(min(max(part, 0.0), 1.0) * len(words)) for part in share)
    return " ".join(words[first:last])
