"""What the doctor says of Redis: which set-up it is, and what endangers what was acknowledged.

Judged by what `Store.ping` tells. A fact that a managed server keeps to itself is not judged,
but for those that production needs.
"""

import re
from collections.abc import Iterator, Mapping

from bot.findings import Finding, note, ok, problem, warn

Facts = Mapping[str, str]

ONE_SERVER = "one server"
CLUSTER = "Cluster"
ALL_DESKS = "Set cluster-require-full-coverage no, on each node"


def examine_store(facts: Facts, *, production: bool) -> Iterator[Finding]:
    """One finding for each thing that is as it should be, or is not."""
    kind = facts.get("kind")
    yield ok("Redis", f"{facts['server']} {facts['version']} answers{f': {kind}' if kind else ''}")
    yield from _who_it_is(facts)
    yield from _what_it_keeps(facts, production=production)
    yield from _what_a_failover_takes(facts)


def _who_it_is(facts: Facts) -> Iterator[Finding]:
    if silent := facts.get("silent"):
        yield problem("Redis", f"no answer from {silent}: its desks are down", "Start it again")
    if "slave" in facts.get("role", ""):
        step = "Name the primary in RINGBACK_REDIS_URL; or the sentinels, who know it"
        yield problem("Redis", "it follows another server, and takes no writes", step)
    if facts.get("kind") == ONE_SERVER and facts.get("mode") == "cluster":
        step = "Name it with redis+cluster:// in RINGBACK_REDIS_URL"
        yield problem("Redis", "it is a node of a cluster", step)
    if facts.get("mode") == "sentinel":
        step = "Name it with redis+sentinel:// and the master's name in RINGBACK_REDIS_URL"
        yield problem("Redis", "it is a sentinel, and keeps nothing", step)


def _what_it_keeps(facts: Facts, *, production: bool) -> Iterator[Finding]:
    bad = problem if production else warn
    for name, wanted, why, verdict in (
        ("appendonly", "yes", "it would forget what it acknowledged", bad),
        ("appendfsync", "always", "a power cut would lose what it acknowledged last", warn),
        ("eviction", "noeviction", "it would forget under pressure", bad),
    ):
        setting = "maxmemory-policy" if name == "eviction" else name
        value = facts.get(name, "unknown")
        if value == wanted:
            yield ok("Redis", f"{setting} {value}")
        elif value == "unknown":
            yield warn("Redis", f"{setting} is not told", f"See that it is {wanted}")
        else:
            yield verdict("Redis", f"{setting} {value}: {why}", f"Set {setting} {wanted}")
    if "err" in facts.get("written", ""):
        yield problem("Redis", "it could not write its file", "Look at its disk, and at its log")


def _what_a_failover_takes(facts: Facts) -> Iterator[Finding]:
    replicas, wait = _least(facts, "replicas"), _least(facts, "wait_replicas")
    if replicas is None or wait is None:
        return
    if facts.get("kind") == ONE_SERVER and not wait:
        if replicas:
            step = "If one may take over: ?wait_replicas=1 in RINGBACK_REDIS_URL (docs/store.md)"
            yield note("Redis", f"{replicas} following it, and nobody waits for them", step)
        return
    yield _of_replicas(replicas, wait)
    if replicas > 1 and _least(facts, "min_replicas") == 0:
        told = "a primary cut off from the others goes on taking what it will forget"
        yield warn("Redis", told, "Set min-replicas-to-write 1, on each server")
    if facts.get("kind") == CLUSTER and "yes" in facts.get("full_coverage", ""):
        told = "cluster-require-full-coverage yes: one desk's loss is every desk's"
        yield warn("Redis", told, ALL_DESKS)


def _of_replicas(replicas: int, wait: int) -> Finding:
    if replicas < wait:
        told = f"{replicas} of {wait} replicas that are waited for follow: nobody is rung"
        return problem("Redis", told, "Start the replica of each primary")
    if not wait:
        told = "nobody waits for replicas: after a failover somebody may be rung twice"
        return warn("Redis", told, "Take wait_replicas out of RINGBACK_REDIS_URL")
    if replicas > wait:
        told = f"{replicas} replicas and {wait} waited for: one that lags may take over"
        return warn("Redis", told, f"wait_replicas={replicas} in RINGBACK_REDIS_URL")
    return ok("Redis", f"what is acknowledged is on {wait} of {replicas} replicas too")


def _least(facts: Facts, name: str) -> int | None:
    """The smallest number in a fact that several servers told, or None where it is not told."""
    return min(map(int, re.findall(r"\d+", facts.get(name, ""))), default=None)
