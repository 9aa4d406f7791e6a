"""What is approved: the book of what people did, and the set that every turn asks, kept together.

Ada writes, Grace approves, and both of them are in both lists under the name `both`. A process may
die between the two stores: what is left then may never speak more than people approved.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.approvals import MOST_RELEASES, approved_set, is_approved, project, with_release
from bot.clock import Clock
from bot.errors import ApprovalRefused, ConfigError, Conflict, StoreDown
from bot.policy import Policy
from bot.policy_rules import WordingApproval
from bot.question_set import QuestionSet
from bot.records import SqlApprovals, connect, upgrade
from bot.release import EMPTY, Text, hash_of, texts_of
from bot.settings import Profile
from bot.storage.memory import MemoryStore
from bot.store import Change, Store
from bot.submissions import State, Submission
from bot.wording import Wording
from bot.wording_release import WordingRelease
from tests.own_words import write_own_words

NOW = 1_789_466_400.0
DESKS = ("main", "north")


def text(item: str, words: str) -> Text:
    return Text(item, "en", "any_ears", words, hash_of("any_ears", words))


HELLO, GOODBYE = text("a.hello", "Hello."), text("a.goodbye", "Goodbye.")
RULE = WordingApproval(
    authors=("ada", "both"),
    approvers=("grace", "both"),
    source="our own",
    evidence="default",
)
Make = Callable[..., WordingRelease]


@pytest.fixture
def book(tmp_path: Path) -> Iterator[SqlApprovals]:
    engine = connect(f"sqlite:///{tmp_path / 'records.db'}")
    upgrade(engine)
    yield SqlApprovals(engine)
    engine.dispose()


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def make(book: SqlApprovals) -> Make:
    def make(**different: object) -> WordingRelease:
        known = WordingRelease(
            texts=(HELLO, GOODBYE),
            sample=False,
            release="r1",
            rule=RULE,
            book=book,
            profile=Profile.PRODUCTION,
            clock=Clock(wall=lambda: NOW),
        )
        return replace(known, **different)

    return make


def spoken(release: WordingRelease, store: Store) -> bool:
    """Whether this release is spoken, at every desk alike."""
    texts = frozenset(each.key for each in release.texts)
    (answer,) = {is_approved(store, desk, release.release, texts) for desk in DESKS}
    return answer


def approve(release: WordingRelease, store: Store, *texts: Text) -> list[Submission]:
    submitted = release.submit(texts or release.texts, "ada")
    release.approve(submitted, "grace", store, DESKS)
    return release.submissions()


def test_that_a_release_fell_is_told_when_it_was_withdrawn(make: Make, store: MemoryStore) -> None:
    release = make()
    (hello, _) = approve(release, store)

    release.withdraw([hello], "grace", store, DESKS)

    for desk in DESKS:
        told = [line["event"] for _, line in store.log_after(desk, "0", 100)]
        assert told[-2:] == ["withdrawn", "release_fell"]


# Who may


def test_another_person_must_approve(make: Make, store: MemoryStore) -> None:
    release = make()
    submitted = release.submit(release.texts, "both")

    with pytest.raises(ApprovalRefused, match="both wrote it"):
        release.approve(submitted, "both", store, DESKS)
    assert not spoken(release, store)


@pytest.mark.parametrize(
    "name", ["Ada", "ada ", " ada", "\u0430da", "ad\u00ada", "ada\u200b", "\uff41da", "ada\n", ""]
)
def test_a_name_that_only_looks_like_another_is_nobodys(name: str) -> None:
    with pytest.raises(ValidationError, match=r"approvers\.1"):
        WordingApproval(authors=("ada",), approvers=("grace", name), source="x", evidence="default")


def test_for_every_author_there_is_somebody_else_to_approve() -> None:
    with pytest.raises(ValidationError, match="nobody but ada could approve"):
        WordingApproval(
            authors=("grace", "ada"), approvers=("ada",), source="x", evidence="default"
        )


@pytest.mark.parametrize("name", ["mallory", "", "GRACE", "grace "])
def test_who_is_not_named_decides_on_nothing(make: Make, store: MemoryStore, name: str) -> None:
    release = make()
    (hello, _) = approve(release, store)[::-1]

    with pytest.raises(ApprovalRefused, match="none of the authors"):
        release.submit((HELLO,), name)
    with pytest.raises(ApprovalRefused, match="none of the approvers"):
        release.approve((hello,), name, store, DESKS)
    with pytest.raises(ApprovalRefused, match="authors or approvers"):
        release.withdraw((hello,), name, store, DESKS)
    assert spoken(release, store)


def test_an_author_may_withdraw_and_not_approve(make: Make, store: MemoryStore) -> None:
    release = make()
    submitted = release.submit(release.texts, "ada")
    with pytest.raises(ApprovalRefused):
        release.approve(submitted, "ada", store, DESKS)
    release.approve(submitted, "grace", store, DESKS)

    release.withdraw(submitted[:1], "ada", store, DESKS)

    assert not spoken(release, store)


@pytest.mark.parametrize(
    "of", [{"sample": True}, {"rule": RULE.model_copy(update={"sample": True})}]
)
def test_production_takes_no_samples_and_no_sample_names(
    make: Make, store: MemoryStore, of: dict[str, object]
) -> None:
    submitted = make().submit((HELLO, GOODBYE), "ada")

    with pytest.raises(ConfigError):
        make(**of).submit((HELLO,), "ada")
    with pytest.raises(ConfigError):
        make(**of).approve(submitted, "grace", store, DESKS)
    assert store.read("main", ("wordings",))["wordings"].data is None


def test_who_names_people_has_those_and_no_others(tmp_path: Path) -> None:
    assert Policy.load().wording_approval.sample
    write_own_words(tmp_path)

    rule = Policy.load(tmp_path).wording_approval

    assert not rule.sample
    assert (rule.authors, rule.approvers) == (("ada", "both"), ("grace", "both"))
    (tmp_path / "policy.toml").write_text('[wording_approval]\nauthors = ["mallory"]\n')
    with pytest.raises(
        ConfigError, match="wording_approval.*missing"
    ):  # not Mallory beside the packaged names
        Policy.load(tmp_path)


# What is approved


def test_nothing_is_spoken_until_the_last_text_is_approved(make: Make, store: MemoryStore) -> None:
    release = make()
    submitted = release.submit(release.texts, "ada")
    states = [one.state for one in release.standings()]
    assert states == [State.SUBMITTED, State.SUBMITTED]

    release.approve(submitted[:1], "grace", store, DESKS)
    assert not spoken(release, store)
    release.approve(submitted[1:], "grace", store, DESKS)
    assert spoken(release, store)


def test_the_same_text_is_submitted_once(make: Make, store: MemoryStore) -> None:
    release = make()
    approve(release, store, HELLO)

    with pytest.raises(ApprovalRefused, match=r"a\.hello: this very text is approved"):
        release.submit((HELLO,), "ada")


def test_versions_count_up_and_the_old_one_is_kept(make: Make, store: MemoryStore) -> None:
    approve(make(), store)
    new = text("a.hello", "Good morning.")
    later = make(texts=(new, GOODBYE), release="r2")
    assert [one.state for one in later.standings()] == [State.ALTERED, State.APPROVED]
    assert not spoken(later, store)

    approve(later, store, new)

    versions = [one for one in later.submissions() if one.item == "a.hello"]
    assert [(one.version, one.text) for one in versions] == [(1, "Hello."), (2, "Good morning.")]
    assert spoken(later, store)
    assert spoken(make(), store)  # the release before it rolls on beside it


def test_a_text_for_other_ears_is_another_text(make: Make, store: MemoryStore) -> None:
    approve(make(), store)
    louder = replace(HELLO, audience="machine", hash=hash_of("machine", HELLO.words))

    (standing, _) = make(texts=(louder, GOODBYE)).standings()

    assert standing.state is State.ALTERED


def test_a_text_that_was_exchanged_in_the_records_is_not_approved(
    make: Make, store: MemoryStore
) -> None:
    """What an approver reads must be what the hash is of."""
    release = make()
    (submitted,) = release.submit((replace(HELLO, words="Something harmless."),), "ada")

    with pytest.raises(ApprovalRefused, match="not what its hash says"):
        release.approve((submitted,), "grace", store, DESKS)


def test_approving_again_what_is_decided_is_refused(make: Make, store: MemoryStore) -> None:
    release = make()
    submitted = release.submit((HELLO,), "ada")
    release.approve(submitted, "grace", store, DESKS)

    with pytest.raises(ApprovalRefused, match="decided on it meanwhile"):
        release.approve(submitted, "both", store, DESKS)  # as it was read before
    (kept,) = release.submissions()
    assert kept.approver == "grace"


# Withdrawing


def test_a_withdrawal_bites_in_whatever_release(make: Make, store: MemoryStore) -> None:
    release, other = make(), make(texts=(HELLO,), release="r2")
    approve(release, store)
    other.reconcile(store, DESKS)
    assert spoken(release, store) and spoken(other, store)

    release.withdraw(
        [one for one in release.submissions() if one.item == "a.hello"], "grace", store, DESKS
    )

    assert not spoken(release, store)
    assert not spoken(other, store)
    assert release.unapproved()[0].state is State.WITHDRAWN


def test_the_text_that_was_there_before_speaks_on(make: Make, store: MemoryStore) -> None:
    """Withdrawing version 2 is going back to version 1."""
    old, new = make(), make(texts=(text("a.hello", "Hi."), GOODBYE), release="r2")
    approve(old, store)
    approve(new, store, new.texts[0])

    new.withdraw([one for one in new.submissions() if one.version == 2], "grace", store, DESKS)

    assert not spoken(new, store)
    assert spoken(old, store)


def test_the_very_text_may_be_approved_again(make: Make, store: MemoryStore) -> None:
    release = make()
    approve(release, store)
    release.withdraw(release.submissions(), "grace", store, DESKS)
    submitted = release.submit(release.texts, "ada")
    release.reconcile(store, DESKS)
    assert not spoken(release, store)

    release.approve(submitted, "grace", store, DESKS)

    assert spoken(release, store)
    assert approved_set(store, "main")["withdrawn"] == {}


# When a process dies between the two


class Dies(MemoryStore):
    """Redis, until somebody cuts it off after so many commits."""

    left = 1_000_000

    def commit(self, partition: str, change: Change) -> None:
        if self.left <= 0:
            raise StoreDown("cut off")
        self.left -= 1
        super().commit(partition, change)


class DeadBook(SqlApprovals):
    """The records, until a withdrawal is to be written."""

    def withdraw(self, *_: object, **__: object) -> None:
        raise StoreDown("cut off")


def test_an_approval_that_was_not_projected_is_made_good_at_the_next_start(make: Make) -> None:
    store, release = Dies(), make()
    submitted = release.submit(release.texts, "ada")
    store.left = 0
    with pytest.raises(StoreDown):
        release.approve(submitted, "grace", store, DESKS)
    assert not spoken(release, store)

    store.left = 100
    make().reconcile(store, DESKS)

    assert spoken(release, store)


def test_a_withdrawal_that_was_not_written_down_holds_and_is_written_at_the_next_start(
    make: Make, store: MemoryStore, book: SqlApprovals
) -> None:
    release = make()
    approve(release, store)
    dying = make(book=DeadBook(book._engine))
    with pytest.raises(StoreDown):
        dying.withdraw(release.submissions()[:1], "grace", store, DESKS)
    assert not spoken(release, store)
    assert release.unapproved() == []  # the book knows nothing of it

    make().reconcile(store, DESKS)

    assert not spoken(release, store)
    (lacking,) = release.unapproved()
    assert lacking.state is State.WITHDRAWN
    assert lacking.by is not None and lacking.by.last == ("grace", NOW)


def test_an_approval_of_something_else_does_not_undo_a_withdrawal_that_was_not_written_down(
    make: Make, store: MemoryStore, book: SqlApprovals
) -> None:
    release = make()
    approve(release, store)
    with pytest.raises(StoreDown):
        make(book=DeadBook(book._engine)).withdraw(release.submissions()[:1], "grace", store, DESKS)

    approve(release, store, text("a.third", "Third."))

    assert not spoken(release, store)


def test_a_demo_that_lost_its_store_does_not_speak_what_was_withdrawn(
    make: Make, store: MemoryStore
) -> None:
    """It needs no approval to speak: only the list of what was withdrawn keeps it silent."""
    demo = make(profile=Profile.DEMO)
    demo.reconcile(store, DESKS)
    assert spoken(demo, store)
    approve(demo, store)
    demo.withdraw(demo.submissions()[:1], "grace", store, DESKS)

    empty = MemoryStore()
    demo.reconcile(empty, DESKS)

    assert not spoken(demo, empty)


def test_a_withdrawal_that_reached_one_desk_reaches_all_at_the_next_start(make: Make) -> None:
    store, release = Dies(), make()
    approve(release, store)
    store.left = 1
    with pytest.raises(StoreDown):
        release.withdraw(release.submissions(), "grace", store, DESKS)

    store.left = 100
    make().reconcile(store, DESKS)

    assert not spoken(release, store)


def test_a_store_that_lost_everything_is_told_again(make: Make, store: MemoryStore) -> None:
    old, new = make(), make(texts=(text("a.hello", "Hi."), GOODBYE), release="r2")
    approve(old, store)
    approve(new, store, new.texts[0])
    old.withdraw([one for one in old.submissions() if one.text == "Hello."], "grace", store, DESKS)

    empty = MemoryStore()
    for release in (old, new):
        release.reconcile(empty, DESKS)

    assert not spoken(old, empty)
    assert spoken(new, empty)


def test_a_release_that_ceased_to_be_approved_falls_at_the_next_start(
    make: Make, store: MemoryStore
) -> None:
    """As when the records were restored from before the approval."""
    for desk in DESKS:
        project(store, desk, lambda now: (with_release(now, "r1"), ()))
    assert spoken(make(), store)

    make().reconcile(store, DESKS)

    assert not spoken(make(), store)


def test_reconciling_what_agrees_changes_nothing(make: Make, store: MemoryStore) -> None:
    approve(make(), store)
    before = store.read("main", ("wordings",))["wordings"], store.log_after("main", "0")

    make().reconcile(store, DESKS)

    assert (store.read("main", ("wordings",))["wordings"], store.log_after("main", "0")) == before


def test_who_starts_while_somebody_withdraws_does_not_undo_it(
    make: Make, store: MemoryStore, book: SqlApprovals
) -> None:
    """The one that starts has read the book before the withdrawal, and writes after it."""
    release = make()
    approve(release, store)

    class ReadsEarly(SqlApprovals):
        reads = 0

        def all(self, profile: str) -> list[Submission]:
            found = super().all(profile)
            self.reads += 1
            if self.reads == 2:  # while it decides
                release.withdraw(release.submissions(), "grace", store, DESKS)
            return found

    make(book=ReadsEarly(book._engine)).reconcile(store, DESKS)

    assert not spoken(release, store)


def test_what_one_profile_withdrew_the_other_does_not_put_back(
    make: Make, store: MemoryStore, tmp_path: Path
) -> None:
    """A demo with records of its own, by mistake on the store of production."""
    release = make()
    approve(release, store)
    release.withdraw(release.submissions()[:1], "grace", store, DESKS)
    engine = connect(f"sqlite:///{tmp_path / 'demo.db'}")
    upgrade(engine)
    demo = make(profile=Profile.DEMO, release="d1", book=SqlApprovals(engine))

    for _ in range(2):
        approve(demo, store)
        standing = [one for one in demo.submissions() if one.state is State.APPROVED]
        demo.withdraw(standing, "grace", store, DESKS)
    approve(demo, store)

    assert not spoken(release, store)
    engine.dispose()


# The set


def test_the_set_stays_small(store: MemoryStore) -> None:
    for number in range(30):
        project(store, "main", lambda now, n=number: (with_release(now, f"r{n}"), ()))

    assert len(approved_set(store, "main")["releases"]) == MOST_RELEASES
    assert approved_set(store, "main")["releases"][-1] == "r29"


def test_a_set_that_an_older_version_wrote_approves_nothing_and_is_written_anew(
    make: Make, store: MemoryStore
) -> None:
    for desk in DESKS:
        old = {"digest": "r1", "withdrawn": [], "by": "the demo"}
        store.commit(desk, Change(reads={"wordings": 0}, writes={"wordings": old}))
    assert not spoken(make(), store)

    approve(make(), store)

    assert spoken(make(), store)


def test_who_cannot_get_through_says_so() -> None:
    class Busy(MemoryStore):
        def commit(self, partition: str, change: Change) -> None:
            raise Conflict("somebody else")

    with pytest.raises(Conflict, match="changed 5 times"):
        project(Busy(), "main", lambda now: (with_release(now, "r1"), ()))


def test_a_release_is_every_prompt_that_is_said_and_the_questions() -> None:
    wording, questions = Wording.load(), QuestionSet.load()

    items = [each.item for each in texts_of(wording, questions, Policy.load())]

    assert sorted(items) == sorted([*wording.ids("en"), "desk:main", "questions"])
    fewer = questions.model_copy(update={"question": questions.question[1:]})
    fewer.__dict__.pop("questions", None)
    assert questions.question[0].prompt not in [
        each.item for each in texts_of(wording, fewer, Policy.load())
    ]


def test_the_questions_are_read_as_they_are_asked() -> None:
    told = texts_of(Wording.load(), QuestionSet.load(), Policy.load())[-1].words

    for line in ("contact.inbound.ask = 6", "contact.inbound.pass = 5", "budget.failed = 3"):
        assert line in told.splitlines()
    assert "birth_date: kind date" in told
    assert EMPTY == {"releases": [], "withdrawn": {}}
