"""How a text under approval is told on a page: its words, what is new, its length, its history."""

from dataclasses import dataclass

from bot.console.room import runtime
from bot.proof import Audience
from bot.release import Text
from bot.speaking_time import longest_seconds
from bot.submissions import Standing, State, Submission, standing_of
from bot.wording import Prompt
from bot.wording_diff import Piece, differences
from bot.wording_lint import lint
from bot.wording_release import WordingRelease

TAGS = {  # the colour of a state's tag
    State.APPROVED: "govuk-tag--green",
    State.SUBMITTED: "govuk-tag--blue",
    State.ALTERED: "govuk-tag--yellow",
    State.WITHDRAWN: "govuk-tag--red",
    State.NEVER: "govuk-tag--grey",
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """All there is to say of one text; `against` is the approved version that it would replace."""

    text: Text
    standing: Standing
    history: tuple[Submission, ...]
    against: Submission | None
    new: tuple[Piece, ...]
    lint: str
    seconds: int | None


def waiting(release: WordingRelease) -> list[Submission]:
    """The newest version of each text that waits for an approver."""
    newest: dict[tuple[str, str], Submission] = {}
    for one in release.submissions():
        if one.state is State.SUBMITTED:
            newest[one.item, one.language] = one
    return list(newest.values())


def sheet_of(text: Text, book: list[Submission]) -> Sheet:
    """What there is to say of this text, as the book stands."""
    history = [one for one in book if (one.item, one.language) == (text.item, text.language)]
    approved = [one for one in history if one.state is State.APPROVED and one.hash != text.hash]
    against = max(approved, key=lambda one: one.version) if approved else None
    return Sheet(
        text=text,
        standing=standing_of(text, book),
        history=tuple(history),
        against=against,
        new=tuple(differences(against.text, text.words)) if against else (),
        lint=_lint(text),
        seconds=_seconds(text),
    )


def _lint(text: Text) -> str:
    if not text.audience:
        return ""
    named = runtime().house.policy.message.name_organisation_on_machines
    found = lint(text.words, Audience(text.audience), name_organisation=named)
    return "; ".join(found) or "nothing in it offends its audience"


def _seconds(text: Text) -> int | None:
    """About how long it takes to say; None for what is not said as a whole."""
    if not text.audience:
        return None
    prompt = Prompt(text.item, text.language, Audience(text.audience), text.words)
    return round(longest_seconds(prompt, runtime().house.policy))
