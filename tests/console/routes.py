"""Every page of the console, with an address that exists: later pages come by themselves.

A rule with gaps needs an example in `GAPS`; the house test says so.
"""

from collections.abc import Iterator

from flask import Flask

from bot.console.assets import digest_of_all
from bot.console.guarded import GuardedRule
from tests.console.lived_in import FRANKS_TASK, SEARCH
from tests.house_in_memory import DESK, text_sid

STAFF_PAGES = ("one", "invite", "reassign", "absent", "left", "back")

# What fills a gap of an address, by the name of the route and of the gap.
GAPS: dict[str, dict[str, str]] = {
    "assets.file": {"digest": digest_of_all(), "name": "console.css"},
    "help.reason": {"name": "dialling_stopped"},
    "conversation.conversation": {"desk": DESK, "id": text_sid(1)},
    "search.found": {"id": SEARCH},
    "export.offered": {"id": SEARCH},
    "export.handed_out": {"id": SEARCH},
    "callbacks.callback": {"desk": DESK, "id": text_sid(1)},
    "callbacks.order": {"desk": DESK, "id": text_sid(1)},
    "callbacks.confirm_many": {"desk": DESK, "id": "none"},
    "callbacks.withdraw_many": {"desk": DESK, "id": "none"},
    **{f"tasks.{name}": {"id": FRANKS_TASK} for name in ("task", "take", "finish", "text")},
    **{f"staff.{name}": {"number": "s1001"} for name in STAFF_PAGES},
    "wording.text": {"item": "common.goodbye", "language": "en"},
    "wording.withdraw": {"item": "common.goodbye", "language": "en"},
}


def rules(console: Flask) -> Iterator[GuardedRule]:
    for rule in console.url_map.iter_rules():
        assert isinstance(rule, GuardedRule), rule
        yield rule


def address(console: Flask, rule: GuardedRule) -> str:
    gaps = GAPS.get(rule.endpoint, {})
    assert set(gaps) == rule.arguments, f"fill the gaps of {rule} in tests/console/routes.py"
    with console.test_request_context():
        adapter = console.url_map.bind("localhost")
        return adapter.build(rule.endpoint, gaps)


def pages(console: Flask) -> dict[str, GuardedRule]:
    """The address of each rule that is read with GET, and shows a page."""
    return {
        address(console, rule): rule
        for rule in rules(console)
        if "GET" in (rule.methods or ()) and rule.endpoint.partition(".")[0] not in NO_PAGES
    }


NO_PAGES = {"assets", "health", "identity", "live"}
