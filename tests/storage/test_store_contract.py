"""The contract of `bot.store.Store`, kept by both stores."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from bot.errors import Conflict, StorageRefused
from bot.store import DUE, OUTBOX, Change, Claim, Line, Record, Store

ALICE = {"flow": "outbound_call", "state": "ringing", "turn": 1}
BOB = {"flow": "inbound_call", "state": "asking", "turn": 3}


def put(store: Store, desk: str, key: str, data: dict[str, Any] | None, **more: Any) -> None:
    version = store.read(desk, [key])[key].version
    store.commit(desk, Change(reads={key: version}, writes={key: data}, **more))


def owe(store: Store, desk: str, *lines: Line) -> None:
    store.commit(desk, Change(lines=list(lines)))


def ring(who: str, due: float = 100.0, queue: str = DUE) -> Line:
    return Line(queue, who, "place_call", due, {"to": who})


def claim(store: Store, desk: str, now: float = 100.0, lease: float = 30.0) -> Claim:
    taken = store.claim(desk, DUE, now, lease)
    assert taken is not None
    return taken


class TestRecords:
    def test_one_that_never_was_has_version_0_and_no_data(self, store: Store, desk: str) -> None:
        assert store.read(desk, ["alice"]) == {"alice": Record("alice", 0, None)}

    def test_reading_nothing_is_an_empty_answer(self, store: Store, desk: str) -> None:
        assert store.read(desk, []) == {}

    def test_each_write_is_the_next_version(self, store: Store, desk: str) -> None:
        put(store, desk, "alice", ALICE)
        put(store, desk, "alice", ALICE | {"turn": 2})

        assert store.read(desk, ["alice"])["alice"] == Record("alice", 2, ALICE | {"turn": 2})

    def test_many_are_read_at_once_present_or_not(self, store: Store, desk: str) -> None:
        put(store, desk, "alice", ALICE)
        put(store, desk, "bob", BOB)

        assert store.read(desk, ["bob", "mallory", "alice"]) == {
            "alice": Record("alice", 1, ALICE),
            "bob": Record("bob", 1, BOB),
            "mallory": Record("mallory", 0, None),
        }

    def test_desks_do_not_see_each_other(self, store: Store, desk: str) -> None:
        put(store, desk, "alice", ALICE)

        assert store.read(f"num:{desk}", ["alice"])["alice"].data is None

    def test_what_was_only_read_keeps_its_version(self, store: Store, desk: str) -> None:
        put(store, desk, "budget", {"left": 3})
        store.commit(desk, Change(reads={"budget": 1, "alice": 0}, writes={"alice": ALICE}))

        assert store.read(desk, ["budget"])["budget"].version == 1

    def test_a_deleted_one_has_no_data(self, store: Store, desk: str) -> None:
        put(store, desk, "alice", ALICE)
        put(store, desk, "alice", None)

        assert store.read(desk, ["alice"])["alice"].data is None

    def test_a_deleted_one_does_not_come_back_under_a_version_seen_before(
        self, store: Store, desk: str
    ) -> None:
        """Two attempts reserve a number in turn; the first must not free the second's."""
        put(store, desk, "reserved", {"by": "attempt-1"})
        seen_by_the_first = store.read(desk, ["reserved"])["reserved"].version
        put(store, desk, "reserved", None)
        put(store, desk, "reserved", {"by": "attempt-2"})

        with pytest.raises(Conflict):
            store.commit(
                desk, Change(reads={"reserved": seen_by_the_first}, writes={"reserved": None})
            )

    def test_one_that_is_kept_a_while_is_there_until_then(self, store: Store, desk: str) -> None:
        put(store, desk, "alice", ALICE, keep={"alice": 3600})

        assert store.read(desk, ["alice"])["alice"].data == ALICE

    @pytest.mark.parametrize(
        "data",
        [
            {},
            {"name": "Siân Ŵyn", "text": "Sorry 😀 \x00\x07 \u2028 </Response>"},
            {"half an emoji": "\ud83d"},
            {"deep": [{"a": [[], {}, None]}, True, False]},
            {"big": 2**63, "small": -1, "float": 0.1, "exact": 1_763_830_800.123457},
            {"colon": "1:2:3", "": "no name"},
        ],
    )
    def test_json_comes_back_as_it_went(
        self, store: Store, desk: str, data: dict[str, Any]
    ) -> None:
        put(store, desk, "alice", data)

        assert store.read(desk, ["alice"])["alice"].data == data

    def test_what_was_read_is_a_copy(self, store: Store, desk: str) -> None:
        put(store, desk, "alice", {"seen": []})
        found = store.read(desk, ["alice"])["alice"].data
        assert found is not None
        found["seen"].append("changed outside")

        assert store.read(desk, ["alice"])["alice"].data == {"seen": []}


class TestConflicts:
    @pytest.mark.parametrize("moved", ["alice", "budget", "meeting"])
    def test_any_record_that_moved_stops_the_commit(
        self, store: Store, desk: str, moved: str
    ) -> None:
        for key in ("alice", "budget"):
            put(store, desk, key, {"n": 0})
        reads = {"alice": 1, "budget": 1, "meeting": 0}
        put(store, desk, moved, {"n": 1})

        with pytest.raises(Conflict, match=moved):
            store.commit(desk, Change(reads=reads, writes={"alice": ALICE}))

    @pytest.mark.parametrize(
        "version", [0, 2, 11, 10], ids=["unseen", "ahead", "longer", "longer still"]
    )
    def test_a_version_is_compared_whole(self, store: Store, desk: str, version: int) -> None:
        put(store, desk, "alice", ALICE)

        with pytest.raises(Conflict):
            store.commit(desk, Change(reads={"alice": version}))

    def test_version_1_is_not_version_10(self, store: Store, desk: str) -> None:
        for _ in range(10):
            put(store, desk, "alice", ALICE)

        with pytest.raises(Conflict):
            store.commit(desk, Change(reads={"alice": 1}))

    def test_nothing_at_all_is_written(self, store: Store, desk: str) -> None:
        owe(store, desk, ring("bob"))
        store.commit(desk, Change(index=[("open", "bob", 1.0)]))
        put(store, desk, "budget", {"left": 3})
        change = Change(
            reads={"alice": 0, "budget": 0},
            writes={"alice": ALICE},
            log=[{"said": "hello"}],
            lines=[ring("alice")],
            drop=[(DUE, "bob")],
            index=[("open", "alice", 2.0), ("open", "bob", None)],
        )

        with pytest.raises(Conflict):
            store.commit(desk, change)

        assert store.read(desk, ["alice"])["alice"] == Record("alice", 0, None)
        assert store.log_after(desk, "0") == []
        assert store.waiting(desk, DUE) == [ring("bob")]
        assert store.members(desk, "open") == [("bob", 1.0)]

    def test_of_two_who_decided_on_the_same_version_one_has_to_decide_again(
        self, store: Store, desk: str
    ) -> None:
        put(store, desk, "count", {"n": 0})

        def add_one(_: int) -> None:
            while True:
                count = store.read(desk, ["count"])["count"]
                assert count.data is not None
                change = Change(reads={"count": count.version})
                change.writes["count"] = {"n": count.data["n"] + 1}
                try:
                    return store.commit(desk, change)
                except Conflict:
                    continue

        with ThreadPoolExecutor(4) as people:
            list(people.map(add_one, range(40)))

        assert store.read(desk, ["count"])["count"] == Record("count", 41, {"n": 40})


class TestFaultsOfOurs:
    """Refused before anything is sent: a script that fails halfway rolls back nothing."""

    @pytest.mark.parametrize(
        "change",
        [
            Change(writes={"alice": ALICE}),
            Change(reads={"alice": 0}, writes={"alice": {"due": float("nan")}}),
            Change(reads={"alice": 0}, keep={"alice": 60}),
            Change(reads={"alice": 0}, writes={"alice": ALICE}, keep={"alice": 0}),
            Change(log=[{"said": "hello"}, {}]),
            Change(log=[{"turn": 3}]),  # type: ignore[dict-item]
            Change(lines=[ring("alice", due=float("inf"))]),
            Change(index=[("open", "alice", float("nan"))]),
            Change(log=[{"said": "\ud83d"}]),
            Change(lines=[ring("\ud83d")]),
        ],
        ids=[
            "written, not read",
            "no JSON",
            "kept, not written",
            "kept no time",
            "empty log line",
            "number in the log",
            "due never",
            "score of nothing",
            "half an emoji in the log",
            "half an emoji for a name",
        ],
    )
    def test_a_change_that_makes_no_sense(self, store: Store, desk: str, change: Change) -> None:
        change.index.insert(0, ("open", "bob", 1.0))

        with pytest.raises(ValueError):
            store.commit(desk, change)

        assert store.members(desk, "open") == []

    def test_something_that_is_no_json_at_all(self, store: Store, desk: str) -> None:
        with pytest.raises(TypeError):
            store.commit(desk, Change(reads={"alice": 0}, writes={"alice": {"who": object()}}))

    @pytest.mark.parametrize("name", ["", "a}b", "{main}"])
    def test_a_partition_that_would_leave_its_slot(self, store: Store, name: str) -> None:
        with pytest.raises(ValueError, match="partition"):
            store.read(name, ["alice"])


class TestQueues:
    def test_the_one_due_longest_comes_first(self, store: Store, desk: str) -> None:
        owe(store, desk, ring("alice", 90.0), ring("bob", 80.0), ring("dave", 101.0))

        assert [claim(store, desk).line.id, claim(store, desk).line.id] == ["bob", "alice"]
        assert store.claim(desk, DUE, 100.0, 30.0) is None

    def test_a_claim_tells_the_line_and_the_lease(self, store: Store, desk: str) -> None:
        owe(store, desk, ring("alice", 90.25))

        assert claim(store, desk, now=100.5) == Claim(ring("alice", 90.25), 1, 1, 100.5, 130.5)

    def test_what_is_due_now_is_due(self, store: Store, desk: str) -> None:
        owe(store, desk, ring("alice", 1_763_830_800.123457))

        assert store.claim(desk, DUE, 1_763_830_800.123456, 1.0) is None
        assert claim(store, desk, now=1_763_830_800.123457).tries == 1

    def test_queues_are_apart(self, store: Store, desk: str) -> None:
        owe(store, desk, ring("alice", queue=OUTBOX))

        assert store.claim(desk, DUE, 100.0, 30.0) is None
        assert store.waiting(desk, OUTBOX) == [ring("alice", queue=OUTBOX)]

    def test_adding_twice_is_adding_once(self, store: Store, desk: str) -> None:
        owe(store, desk, ring("alice", 90.0))
        owe(store, desk, Line(DUE, "alice", "other", 50.0, {}), ring("alice", 10.0))

        assert store.waiting(desk, DUE) == [ring("alice", 90.0)]

    def test_dropping_and_adding_in_one_commit_replaces(self, store: Store, desk: str) -> None:
        owe(store, desk, ring("alice", 90.0))
        held = claim(store, desk)
        store.commit(desk, Change(drop=[(DUE, "alice")], lines=[ring("alice", 95.0)]))

        assert store.waiting(desk, DUE) == [ring("alice", 95.0)]
        assert not store.done(desk, held)
        again = claim(store, desk)
        assert (again.tries, again.token > held.token) == (1, True)
        assert not store.done(desk, held)

    def test_dropping_one_that_is_not_there_is_nothing(self, store: Store, desk: str) -> None:
        store.commit(desk, Change(drop=[(DUE, "alice")]))

        assert store.waiting(desk, DUE) == []

    def test_a_claimed_line_is_nobody_elses(self, store: Store, desk: str) -> None:
        owe(store, desk, ring("alice"))
        claim(store, desk, now=100.0, lease=30.0)

        assert store.claim(desk, DUE, 129.9, 30.0) is None
        assert store.next_due(desk, DUE) == 130.0

    def test_lines_are_counted_up_to_a_time(self, store: Store, desk: str) -> None:
        assert store.count(desk, DUE) == 0

        owe(store, desk, ring("alice"), ring("bob"))
        claim(store, desk, now=100.0, lease=30.0)

        assert store.count(desk, DUE) == 2
        assert store.count(desk, DUE, 129.9) == 1
        assert store.count(desk, DUE, 130.0) == 2

    def test_many_workers_never_take_the_same_line(self, store: Store, desk: str) -> None:
        people = [f"customer-{n}" for n in range(60)]
        owe(store, desk, *map(ring, people))

        def work(_: int) -> list[str]:
            taken = []
            while line := store.claim(desk, DUE, 100.0, 30.0):
                taken.append(line.line.id)
            return taken

        with ThreadPoolExecutor(4) as workers:
            taken = [who for each in workers.map(work, range(4)) for who in each]

        assert sorted(taken) == sorted(people)

    def test_done_is_done_once(self, store: Store, desk: str) -> None:
        owe(store, desk, ring("alice"))
        held = claim(store, desk)

        assert [store.done(desk, held), store.done(desk, held)] == [True, False]
        assert store.next_due(desk, DUE) is None
        assert store.waiting(desk, DUE) == []

    def test_a_lapsed_lease_is_taken_again_and_the_first_holder_is_too_late(
        self, store: Store, desk: str
    ) -> None:
        owe(store, desk, ring("alice"))
        first = claim(store, desk, now=100.0, lease=30.0)
        second = claim(store, desk, now=130.0, lease=30.0)

        assert second.token > first.token
        assert (second.line, second.tries) == (first.line, 2)
        assert not store.done(desk, first)
        assert not store.postpone(desk, first, 500.0, fresh=True)
        assert store.done(desk, second)

    def test_a_holder_who_is_late_but_alone_still_holds_it(self, store: Store, desk: str) -> None:
        owe(store, desk, ring("alice"))
        held = claim(store, desk, now=100.0, lease=1.0)

        assert store.claim(desk, DUE, 100.5, 1.0) is None
        assert store.done(desk, held)

    @pytest.mark.parametrize(("fresh", "tries"), [(True, 1), (False, 2)])
    def test_postponed_it_comes_back_then(
        self, store: Store, desk: str, fresh: bool, tries: int
    ) -> None:
        owe(store, desk, ring("alice"))
        held = claim(store, desk)

        assert store.postpone(desk, held, 3600.0, fresh=fresh)

        assert store.next_due(desk, DUE) == 3600.0
        assert store.claim(desk, DUE, 3599.0, 30.0) is None
        assert claim(store, desk, now=3600.0).tries == tries

    def test_who_gave_it_back_no_longer_holds_it(self, store: Store, desk: str) -> None:
        owe(store, desk, ring("alice"))
        held = claim(store, desk)
        store.postpone(desk, held, 200.0, fresh=False)

        assert not store.done(desk, held)
        assert not store.postpone(desk, held, 300.0, fresh=False)

    def test_people_see_what_waits_and_until_when(self, store: Store, desk: str) -> None:
        owe(store, desk, ring("bob", 110.0), ring("alice", 90.0), ring("Émile", 110.0))
        claim(store, desk)

        waits = [(line.id, line.due) for line in store.waiting(desk, DUE)]
        assert waits == [("bob", 110.0), ("Émile", 110.0), ("alice", 130.0)]
        assert [line.id for line in store.waiting(desk, DUE, limit=1)] == ["bob"]

    def test_an_empty_queue_has_no_next(self, store: Store, desk: str) -> None:
        assert store.next_due(desk, DUE) is None


class TestWaiting:
    def test_a_line_wakes_a_worker(self, store: Store, desk: str) -> None:
        worker = threading.Thread(target=store.wait, args=(desk, 30.0))
        worker.start()
        owe(store, desk, ring("alice"))
        worker.join(10.0)

        assert not worker.is_alive()

    def test_a_line_that_came_before_the_wait_counts(self, store: Store, desk: str) -> None:
        owe(store, desk, ring("alice"))
        worker = threading.Thread(target=store.wait, args=(desk, 30.0))
        worker.start()
        worker.join(10.0)

        assert not worker.is_alive()

    def test_without_one_it_ends_by_itself(self, store: Store, desk: str) -> None:
        store.commit(desk, Change(log=[{"said": "hello"}]))

        store.wait(desk, 0.02)
        store.wait(desk, 0.0)


class TestFlowLog:
    def test_lines_come_in_the_order_of_the_commits(self, store: Store, desk: str) -> None:
        store.commit(desk, Change(log=[{"n": "1"}, {"n": "2", "what": "Ŵ 😀"}]))
        store.commit(desk, Change(log=[{"n": "3"}]))

        found = store.log_after(desk, "0")
        assert [fields for _, fields in found] == [
            {"n": "1"},
            {"n": "2", "what": "Ŵ 😀"},
            {"n": "3"},
        ]

    def test_it_is_read_on_from_any_line(self, store: Store, desk: str) -> None:
        assert store.newest_log_id(desk) == "0"
        store.commit(desk, Change(log=[{"n": str(n)} for n in range(5)]))
        assert store.newest_log_id(desk) == store.log_after(desk, "0")[-1][0]
        first = store.log_after(desk, "0", limit=2)
        rest = store.log_after(desk, first[-1][0])

        assert [fields["n"] for _, fields in first + rest] == list("01234")
        assert store.log_after(desk, rest[-1][0]) == []

    def test_the_newest_are_read_alone(self, store: Store, desk: str) -> None:
        assert store.log_latest(desk, 3) == []
        store.commit(desk, Change(log=[{"n": str(n)} for n in range(5)]))

        assert store.log_latest(desk, 3) == store.log_after(desk, "0")[2:]
        assert store.log_latest(desk, 100) == store.log_after(desk, "0")

    def test_only_what_comes_leaves_out_what_was(self, store: Store, desk: str) -> None:
        store.commit(desk, Change(log=[{"n": "1"}]))

        assert store.log_after(desk, "$") == []
        assert store.log_after(desk, "$", block_seconds=0.02) == []

    def test_a_follower_waits_for_the_next(self, store: Store, desk: str) -> None:
        store.commit(desk, Change(log=[{"n": "1"}]))
        last = store.log_after(desk, "0")[-1][0]
        with ThreadPoolExecutor(1) as follower:
            coming = follower.submit(store.log_after, desk, last, block_seconds=30.0)
            store.commit(desk, Change(log=[{"n": "2"}]))

            assert [fields for _, fields in coming.result(10.0)] == [{"n": "2"}]

    def test_a_follower_of_only_what_comes(self, store: Store, desk: str) -> None:
        found: list[tuple[str, dict[str, str]]] = []

        def follow() -> None:
            found.extend(store.log_after(desk, "$", block_seconds=30.0))

        follower = threading.Thread(target=follow)
        follower.start()
        for n in range(1000):  # it has begun to follow at one of them
            store.commit(desk, Change(log=[{"n": str(n)}]))
            follower.join(0.01)
            if not follower.is_alive():
                break

        assert found

    def test_an_id_that_is_none_is_refused(self, store: Store, desk: str) -> None:
        with pytest.raises(StorageRefused):
            store.log_after(desk, "yesterday")


class TestTrimming:
    def test_lines_go_up_to_the_one_that_is_named(self, store: Store, desk: str) -> None:
        store.commit(desk, Change(log=[{"n": str(n)} for n in range(5)]))
        third = store.log_after(desk, "0")[2][0]

        store.commit(desk, Change(trim_log=third))

        assert [fields["n"] for _, fields in store.log_after(desk, "0")] == ["3", "4"]
        assert [fields["n"] for _, fields in store.log_after(desk, third)] == ["3", "4"]
        assert store.log_length(desk) == 2

    def test_ids_go_on_where_all_have_gone(self, store: Store, desk: str) -> None:
        store.commit(desk, Change(log=[{"n": "1"}, {"n": "2"}]))
        last = store.log_after(desk, "0")[-1][0]
        store.commit(desk, Change(trim_log=last))
        assert store.log_after(desk, "$") == []
        assert store.log_length(desk) == 0

        store.commit(desk, Change(log=[{"n": "3"}]))

        assert [fields["n"] for _, fields in store.log_after(desk, last)] == ["3"]

    def test_a_log_of_nothing_is_trimmed_to_nothing(self, store: Store, desk: str) -> None:
        store.commit(desk, Change(trim_log="5-0"))

        assert store.log_length(desk) == 0

    def test_what_is_written_with_it_may_go_with_it(self, store: Store, desk: str) -> None:
        store.commit(desk, Change(log=[{"n": "1"}]))
        ((first, _),) = store.log_after(desk, "0")

        store.commit(desk, Change(log=[{"n": "2"}], trim_log=first))

        assert [fields["n"] for _, fields in store.log_after(desk, "0")] == ["2"]

    def test_nothing_goes_where_a_record_has_moved(self, store: Store, desk: str) -> None:
        """Whoever trims read how far the lines are archived: if that moved, it was not so."""
        put(store, desk, "archived", {"through": "9-9"})
        store.commit(desk, Change(log=[{"n": "1"}]))
        ((first, _),) = store.log_after(desk, "0")
        put(store, desk, "archived", {"through": "0-0"})

        with pytest.raises(Conflict):
            store.commit(desk, Change(reads={"archived": 1}, trim_log=first))

        assert store.log_length(desk) == 1

    @pytest.mark.parametrize("id", ["0", "$", "-", "1-", "yesterday", "1-0 ", "٣-0"])
    def test_what_is_no_id_of_a_line_is_a_fault_of_ours(
        self, store: Store, desk: str, id: str
    ) -> None:
        store.commit(desk, Change(log=[{"n": "1"}]))

        with pytest.raises(ValueError, match="no id"):
            store.commit(desk, Change(trim_log=id))

        assert store.log_length(desk) == 1


class TestLookingThrough:
    def test_all_records_of_a_partition_deleted_ones_too(self, store: Store, desk: str) -> None:
        for key in ("alice", "open:1", "open:2"):
            put(store, desk, key, ALICE)
        put(store, desk, "open:2", None)
        put(store, f"{desk}-2", "bob", BOB)
        owe(store, desk, ring("alice"))

        assert store.records(desk) == ["alice", "open:1", "open:2"]
        assert store.records("never heard of") == []

    def test_more_than_are_looked_at_in_one_step(self, store: Store, desk: str) -> None:
        keys = [f"call:{n:04}" for n in range(2500)]
        change = Change(reads=dict.fromkeys(keys, 0), writes=dict.fromkeys(keys, ALICE))
        store.commit(desk, change)

        assert store.records(desk) == keys

    def test_partitions_by_how_their_names_begin(self, store: Store, desk: str) -> None:
        for name in (f"num:{desk}1", f"num:{desk}2", f"{desk}", f"x-num:{desk}"):
            put(store, name, "history", ALICE)
        owe(store, f"num:{desk}3", ring("alice"))  # it has no record

        assert store.partitions(f"num:{desk}") == [f"num:{desk}1", f"num:{desk}2"]
        assert {desk, f"x-num:{desk}"} <= set(store.partitions())

    @pytest.mark.parametrize("odd", ["*", "?", "[a-z]", "\\", "^"])
    def test_a_name_is_no_pattern(self, store: Store, desk: str, odd: str) -> None:
        put(store, f"{desk}{odd}", "alice", ALICE)
        put(store, f"{desk}a", "bob", BOB)

        assert store.records(f"{desk}{odd}") == ["alice"]
        assert store.partitions(f"{desk}{odd}") == [f"{desk}{odd}"]


class TestIndexes:
    def test_members_are_in_the_order_of_their_scores(self, store: Store, desk: str) -> None:
        moves = [("open", "bob", 2.5), ("open", "alice", 1.0), ("open", "carol", 2.5)]
        store.commit(desk, Change(index=[*moves]))

        assert store.members(desk, "open") == [("alice", 1.0), ("bob", 2.5), ("carol", 2.5)]
        assert store.members(desk, "open", 2) == [("alice", 1.0), ("bob", 2.5)]

    def test_they_move_and_leave(self, store: Store, desk: str) -> None:
        store.commit(desk, Change(index=[("open", "alice", 1.0), ("open", "bob", 2.0)]))
        moves = [("open", "alice", 3.0), ("open", "bob", None), ("done", "bob", 4.0)]
        store.commit(desk, Change(index=[*moves]))

        assert store.members(desk, "open") == [("alice", 3.0)]
        assert store.members(desk, "done") == [("bob", 4.0)]
        assert store.members(desk, "never heard of") == []


def test_everything_in_one_commit(store: Store, desk: str) -> None:
    owe(store, desk, ring("bob"), ring("dave", queue=OUTBOX))
    put(store, desk, "bob", BOB)
    change = Change(
        reads={"budget": 0, "alice": 0, "bob": 1},
        writes={"bob": None, "alice": ALICE},
        keep={"alice": 60},
        log=[{"n": "1"}, {"n": "2"}],
        lines=[ring("alice"), ring("alice", queue=OUTBOX)],
        drop=[(OUTBOX, "dave"), (DUE, "bob")],
        index=[("open", "alice", 1.0), ("closed", "bob", 2.0)],
    )
    store.commit(desk, change)

    found = store.read(desk, ["alice", "bob", "budget"])
    assert {key: record.data for key, record in found.items()} == {
        "alice": ALICE,
        "bob": None,
        "budget": None,
    }
    assert len(store.log_after(desk, "0")) == 2
    assert store.waiting(desk, DUE) == [ring("alice")]
    assert store.waiting(desk, OUTBOX) == [ring("alice", queue=OUTBOX)]
    assert store.members(desk, "open") + store.members(desk, "closed") == [
        ("alice", 1.0),
        ("bob", 2.0),
    ]


def test_the_server_tells_what_it_is(store: Store) -> None:
    assert store.ping().keys() >= {"server", "version", "appendonly", "appendfsync", "eviction"}
