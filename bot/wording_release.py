"""What is approved of the words and questions of this house: submitted, approved, withdrawn.

The book (SQL) is what people did; the approved set of each desk (Redis) is what every turn asks.
Between the two a process may die, so a withdrawal is projected first and an approval last, and
every start reconciles them. Whichever is missing, less is spoken, never more.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.approvals import approved_set, project, with_release, without_release
from bot.clock import Clock
from bot.errors import ApprovalRefused, ConfigError
from bot.flow_log import FlowLogLine, LineKind
from bot.policy_rules import WordingApproval
from bot.records import SqlApprovals
from bot.release import QUESTIONS, Text, hash_of
from bot.settings import Profile
from bot.store import Json, Store
from bot.submissions import Standing, State, Submission, decided, standing_of


@dataclass(frozen=True, slots=True, kw_only=True)
class WordingRelease:
    """The texts of this house, and who decides on them.

    `release` is None where nothing may be spoken whoever approves it; `sample` says that somebody
    has yet to bring their own words.
    """

    texts: tuple[Text, ...]
    sample: bool
    release: str | None
    rule: WordingApproval
    book: SqlApprovals
    profile: Profile
    clock: Clock

    # What is known

    def submissions(self) -> list[Submission]:
        """The whole book, the oldest version of each item first."""
        return self.book.all(self.profile.value)

    def standings(self, book: Sequence[Submission] | None = None) -> list[Standing]:
        """How each text stands, as in this book or as in the one that is kept."""
        known = self.submissions() if book is None else book
        return [standing_of(text, known) for text in self.texts]

    def unapproved(self, book: Sequence[Submission] | None = None) -> list[Standing]:
        """The texts without which the release is not wholly approved."""
        return [one for one in self.standings(book) if one.state is not State.APPROVED]

    # What people do

    def submit(self, chosen: Sequence[Text], by: str) -> list[Submission]:
        """Put these texts before the approvers. Raises `ApprovalRefused`, `ConfigError`."""
        self._refuse_samples()
        _refuse_stranger(by, self.rule.authors, "authors")
        book = self.submissions()
        for text in chosen:
            state = standing_of(text, book).state
            if state in (State.APPROVED, State.SUBMITTED):
                raise ApprovalRefused(f"{text.item}: this very text is {state} already")
        now = self.clock.now()
        return self.book.submit(chosen, profile=self.profile.value, author=by, at=now)

    def approve(
        self, chosen: Sequence[Submission], by: str, store: Store, desks: Iterable[str]
    ) -> None:
        """Approve these, in the book first. Raises `ApprovalRefused`, `ConfigError`."""
        self.refuse_to_approve(chosen, by)
        now = self.clock.now()
        self.book.approve(chosen, by=by, at=now)
        told = [self._line(one, State.APPROVED, by) for one in chosen]
        for desk in desks:
            project(store, desk, lambda before: self._reconciled(before, told))

    def refuse_to_approve(self, chosen: Sequence[Submission], by: str) -> None:
        """Raise `ApprovalRefused` or `ConfigError` if this person may not approve all of these."""
        self._refuse_samples()
        _refuse_stranger(by, self.rule.approvers, "approvers")
        for one in chosen:
            _refuse_to_approve(one, by)

    def withdraw(
        self, chosen: Sequence[Submission], by: str, store: Store, desks: Iterable[str]
    ) -> None:
        """Withdraw these, at every desk first: it bites at once. Raises `ApprovalRefused`.

        That a release fell by it is told here and now, not by whoever starts next.
        """
        self.refuse_to_withdraw(by)
        desks = list(desks)
        now = self.clock.now()
        entries = {one.key: _entry(one, by, now) for one in chosen}
        told = [self._line(one, State.WITHDRAWN, by) for one in chosen]
        for desk in desks:
            project(store, desk, lambda before: (self._added(before, entries), told))
        self.book.withdraw(chosen, by=by, at=now)
        self.reconcile(store, desks)

    def refuse_to_withdraw(self, by: str) -> None:
        """Raise `ApprovalRefused` if this person may not withdraw anything."""
        _refuse_stranger(by, {*self.rule.authors, *self.rule.approvers}, "authors or approvers")

    # What keeps the two together

    def reconcile(self, store: Store, desks: Iterable[str]) -> None:
        """Make the approved set of every desk what the book says, and end what was begun.

        A withdrawal that was projected and never written down is written down now.
        """
        desks = list(desks)
        book = {(one.key, one.version): one for one in self.submissions()}
        for desk in desks:
            for key, entry in approved_set(store, desk)["withdrawn"].items():
                one = book.get((key, entry["version"])) if self._ours(entry) else None
                if one and one.state is not State.WITHDRAWN:
                    self.book.withdraw([one], by=entry["by"], at=entry["at"])
        for desk in desks:
            project(store, desk, lambda before: self._reconciled(before, ()))

    def _reconciled(
        self, before: Json, told: Iterable[FlowLogLine]
    ) -> tuple[Json, list[FlowLogLine]]:
        """The approved set as the book has it now: read only after `before` was."""
        book = self.submissions()
        after = before | {"withdrawn": self._withdrawn(before["withdrawn"], decided(book))}
        if self.release is None:
            return after, [*told]
        if self.profile is Profile.DEMO:  # it speaks its samples; nobody else does (invariant 9)
            return with_release(after, self.release), [*told]
        stands = not self.unapproved(book)
        change = with_release if stands else without_release
        news = [] if stands == (self.release in before["releases"]) else [self._told(stands)]
        return change(after, self.release), [*told, *news]

    def _withdrawn(self, known: Json, book: Mapping[str, Submission]) -> Json:
        """The texts that are withdrawn: those that were, until a later version was approved.

        What was withdrawn under the other profile stays as it is: this book knows nothing of it.
        """
        kept = {
            key: entry
            for key, entry in known.items()
            if key not in book or book[key].version <= entry["version"]
        }
        written = {
            key: _entry(one, *one.last) for key, one in book.items() if one.state is State.WITHDRAWN
        }
        return kept | written | self._theirs(known)

    def _added(self, before: Json, entries: Json) -> Json:
        known = before["withdrawn"]
        return before | {"withdrawn": known | entries | self._theirs(known)}

    def _theirs(self, known: Json) -> Json:
        return {key: entry for key, entry in known.items() if not self._ours(entry)}

    def _ours(self, entry: Json) -> bool:
        return bool(entry["profile"] == self.profile.value)

    def _refuse_samples(self) -> None:
        if self.profile is not Profile.PRODUCTION:
            return
        if self.sample:
            reason = (
                "the words or the questions are samples, and samples are never approved for "
                "production: write your own, and say `sample = false`"
            )
            raise ConfigError("RINGBACK_CONFIG_DIR", "sample", reason)
        if self.rule.sample:
            reason = "these names are nobody's: name your own authors and approvers"
            raise ConfigError("policy.toml", "wording_approval", reason)

    def _line(self, one: Submission, state: State, by: str) -> FlowLogLine:
        """Who decided on what."""
        of = " ".join(filter(None, (f"version {one.version}", one.language)))
        return self._news(
            state.value,
            said=f"{one.item}@{one.hash[:12]}",
            detail=f"{of} by {by}, written by {one.author}",
        )

    def _told(self, stands: bool) -> FlowLogLine:
        """That this release is wholly approved now, or no longer."""
        event = "release_stands" if stands else "release_fell"
        return self._news(event, detail=f"release {(self.release or '')[:12]}")

    def _news(self, event: str, *, said: str = "", detail: str) -> FlowLogLine:
        """A line of a desk's log; `project` says of which."""
        return FlowLogLine(
            at=self.clock.now(),
            kind=LineKind.WORDING,
            desk="",
            conversation="",
            event=event,
            said=said,
            detail=detail,
        )


def _refuse_stranger(name: str, allowed: Iterable[str], role: str) -> None:
    if name not in allowed:
        known = ", ".join(sorted(allowed)) or "nobody"
        raise ApprovalRefused(f"{name} is none of the {role} in policy.toml: {known}")


def _refuse_to_approve(one: Submission, by: str) -> None:
    if one.author.casefold() == by.casefold():
        raise ApprovalRefused(f"{one.item}: {by} wrote it; somebody else must approve it")
    if one.state is not State.SUBMITTED:
        raise ApprovalRefused(f"{one.item}: version {one.version} is {one.state} already")
    if one.item != QUESTIONS and hash_of(one.audience, one.text) != one.hash:
        raise ApprovalRefused(f"{one.item}: the text in the records is not what its hash says")


def _entry(one: Submission, by: str, at: float) -> Json:
    """What the approved set keeps of a withdrawal: enough to write it down, should we die now."""
    return {"version": one.version, "profile": one.profile, "by": by, "at": at}
