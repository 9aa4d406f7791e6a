"""The journal as a file: every happening in order, on a thread of its own, closed at the end."""

import json
import threading

from bot.simulator import PhoneNetwork, VirtualClock
from bot.simulator.journal_file import JournalFile
from tests.simulator.scene import ALICE, DESK, SID, TOKEN, TUESDAY_AT_TEN


def lines(folder):
    written = (folder / "happenings.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in written.splitlines()]


def test_everything_in_order_up_to_the_end(tmp_path):
    network = PhoneNetwork(SID, TOKEN, VirtualClock(TUESDAY_AT_TEN))

    def note(who):
        for number in range(200):
            network.carrier.note("webhook", who, words=str(number))

    network.carrier.note("webhook", "before")
    with JournalFile(network.carrier.journal, tmp_path / "new"):
        threads = [threading.Thread(target=note, args=(who,)) for who in ("Alice", "Bob", "Omar")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        network.carrier.note("webhook", "last")
    written = lines(tmp_path / "new")

    assert [line["number"] for line in written] == list(range(1, 603))
    assert (written[0]["who"], written[-1]["who"]) == ("before", "last")


def test_a_second_run_adds_to_the_file(tmp_path, network):
    for _ in range(2):
        with JournalFile(network.carrier.journal, tmp_path):
            network.dial(ALICE, DESK)

    assert [line["kind"] for line in lines(tmp_path)] == ["call_received"] * 3


def test_the_file_is_closed_and_the_thread_gone(tmp_path, network):
    with JournalFile(network.carrier.journal, tmp_path):
        busy = [thread.name for thread in threading.enumerate()]
    left = [thread.name for thread in threading.enumerate()]

    assert "journal file" in busy
    assert "journal file" not in left


def test_what_happened_can_be_followed(network, service):
    network.dial(ALICE, DESK)
    before = network.happenings_after(0)
    network.run_until_quiet()
    later = network.happenings_after(before[-1].number)

    assert [told.kind for told in before] == ["call_received"]
    assert [told.number for told in later] == list(range(2, 2 + len(later)))
    assert "ended" in [told.kind for told in later]
