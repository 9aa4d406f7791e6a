"""The names of all keys in Redis. Every key of a partition carries its hash tag: one slot.

Redis Cluster hashes only what stands between the first `{` and the next `}` of a key, so that one
script may touch all keys of a desk (design section 2, *The desk is the partition*).
"""

import re


def tag(partition: str) -> str:
    """The hash tag. Raises `ValueError` for a name that would break out of it, or hash to nothing.

    An empty tag is none: Redis would then hash the whole key, and a commit would cross slots.
    """
    if not partition or "{" in partition or "}" in partition:
        raise ValueError(f"not a partition: {partition!r}")
    return f"{{{partition}}}"


def record(partition: str, key: str) -> str:
    """One versioned document: STRING `<version>:<json>`; without JSON it was deleted."""
    return f"{tag(partition)}:record:{key}"


def all_records(partition: str) -> str:
    """The pattern of all records of a partition, for SCAN."""
    return f"{_literally(tag(partition))}:record:*"


def partitions(beginning: str) -> str:
    """The pattern of all records of the partitions that begin so, for SCAN."""
    return f"{{{_literally(beginning)}*}}:record:*"


def parts_of(name: str) -> tuple[str, str]:
    """The partition and the key of a record, from its name in Redis."""
    partition, _, key = name[1:].partition("}:record:")
    return partition, key


def _literally(text: str) -> str:
    return re.sub(r"([*?\[\]^\\])", r"\\\1", text)


def queue(partition: str, name: str) -> str:
    """What is owed and when: ZSET line id -> score."""
    return f"{tag(partition)}:queue:{name}"


def lines(partition: str, name: str) -> str:
    """What each line of a queue says: HASH line id -> JSON."""
    return f"{tag(partition)}:lines:{name}"


def claims(partition: str, name: str) -> str:
    """Who holds a line: HASH line id -> `token:tries:claimed_at`; token 0 is nobody."""
    return f"{tag(partition)}:claims:{name}"


def token(partition: str, name: str) -> str:
    """The newest token that a queue has given out: a counter that never goes back."""
    return f"{tag(partition)}:token:{name}"


def log(partition: str) -> str:
    """The flow log until the archivist has moved it: STREAM."""
    return f"{tag(partition)}:log"


def index(partition: str, name: str) -> str:
    """A named sorted set: ZSET member -> score."""
    return f"{tag(partition)}:index:{name}"


def wake(partition: str) -> str:
    """What idle workers block on: a LIST, short and soon forgotten."""
    return f"{tag(partition)}:wake"
