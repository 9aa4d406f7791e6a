"""How texts under approval are told: their history, what was altered, what follows from it all."""

from collections.abc import Iterable, Sequence

from rich.table import Table
from rich.text import Text as Line

from bot import wording_diff
from bot.commands.showing import table
from bot.commands.wording_desk import WordingsHere
from bot.proof import Audience
from bot.release import Text
from bot.speaking_time import longest_seconds
from bot.submissions import Standing, State, Submission
from bot.wording import Prompt
from bot.wording_diff import Mark

STYLES = {
    State.APPROVED: "",
    State.SUBMITTED: "cyan",
    State.ALTERED: "yellow",
    State.WITHDRAWN: "red",
    State.NEVER: "yellow",
}
MARKED = {Mark.SAME: ("", "", ""), Mark.TAKEN: ("[-", "-]", "red"), Mark.PUT: ("{+", "+}", "green")}
RECEIVES_ONLY = "texts are kept, callers hear the apology and become a task, nothing is dialled"


def seconds(here: WordingsHere, text: Text) -> str:
    """About how long it takes to say; nothing for the questions, which are not said as a whole."""
    if not text.audience:
        return ""
    prompt = Prompt(text.item, text.language, Audience(text.audience), text.words)
    return f"{longest_seconds(prompt, here.house.policy):.0f}"


def history(here: WordingsHere, text: Text, book: Iterable[Submission]) -> Table:
    """Every version that was ever submitted under this name."""
    shown = table("version", "hash", "written by", "approved by", "withdrawn by", "state")
    for one in book:
        if (one.item, one.language) == (text.item, text.language):
            shown.add_row(
                str(one.version),
                one.hash[:12] + (" (configured)" if one.hash == text.hash else ""),
                _who(here, one.author, one.submitted_at),
                _who(here, one.approver, one.approved_at),
                _who(here, one.withdrawn_by, one.withdrawn_at),
                one.state.value,
            )
    return shown


def _who(here: WordingsHere, name: str | None, at: float | None) -> str:
    return f"{name}, {here.moment(at)}" if name and at is not None else ""


def differences(text: Text, book: Iterable[Submission]) -> Line:
    """The approved words against the configured ones: `[-taken out-]`, `{+put in+}`."""
    same_item = [one for one in book if (one.item, one.language) == (text.item, text.language)]
    approved = [one for one in same_item if one.state is State.APPROVED]
    if not approved:
        return Line(f"Nothing is approved. Configured:\n{text.words}")
    newest = max(approved, key=lambda one: (one.hash == text.hash, one.version))
    if newest.hash == text.hash:
        return Line(f"As approved in version {newest.version}.")
    told = Line(f"Version {newest.version}, approved by {newest.approver}, against the configured:")
    if newest.audience != text.audience:
        told.append(f"\naudience: [-{newest.audience}-] {{+{text.audience}+}}", "yellow")
    return told.append("\n").append_text(_marked(newest.text, text.words))


def _marked(before: str, after: str) -> Line:
    """Of many lines only those that differ."""
    told = Line()
    for mark, text in wording_diff.differences(before, after):
        begin, end, style = MARKED[mark]
        told.append(f"{begin}{text}{end}", style)
    return told


def what_follows(here: WordingsHere, standings: Sequence[Standing]) -> str:
    """What production does with all this."""
    lacking = [one for one in standings if one.state is not State.APPROVED]
    told = f"{len(standings) - len(lacking)} of {len(standings)} are approved."
    if not here.production:
        withdrawn = [one.text.item for one in lacking if one.state is State.WITHDRAWN]
        if withdrawn:
            return f"{told} The demo receives only: {', '.join(withdrawn)} withdrawn."
        return f"{told} The demo speaks its words without; production would not."
    if here.release.release is None:
        return f"{told} Nothing may be spoken all the same; `ringback doctor` says why."
    if not lacking:
        return f"{told} This release is spoken."
    names = ", ".join(dict.fromkeys(one.text.item for one in lacking))
    return f"{told} Until the rest are, production receives only: {RECEIVES_ONLY}. Lacking: {names}"
