"""What was said in a conversation: for which ears the words are, and who approved them when."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.discreet import CHECKS
from bot.flow_log import FlowLogLine
from bot.runtime import Runtime
from bot.submissions import Submission
from bot.wording import Wording


@dataclass(frozen=True, slots=True)
class Spoken:
    """One wording as a line names it. `by` is what its approval rests on, None where none is known.

    `audience` is "" for words that this version does not have and nobody submitted.
    """

    prompt: str
    hash: str
    audience: str
    by: Submission | None


class Speech:
    """Tells of wordings by the book of approvals as it is now; read once for a page."""

    def __init__(self, runtime: Runtime) -> None:
        self._book = runtime.wordings.submissions()
        self._wording = runtime.house.wording

    def of(self, line: FlowLogLine) -> list[Spoken]:
        """What this line says, without the checks that were asked."""
        said = [word.partition("@") for word in line.said.split() if not word.startswith(CHECKS)]
        return [self._spoken(prompt, hash) for prompt, _, hash in said]

    def _spoken(self, prompt: str, hash: str) -> Spoken:
        by = _approved(self._book, prompt, hash)
        audience = by.audience if by else _audience(self._wording, prompt, hash)
        return Spoken(prompt, hash, audience, by)


def checks_asked(lines: Sequence[FlowLogLine]) -> int:
    """How many questions were put, each counted once."""
    said = (word for line in lines for word in line.said.split())
    return len({word.partition("@")[0] for word in said if word.startswith(CHECKS)})


def _approved(book: Sequence[Submission], prompt: str, hash: str) -> Submission | None:
    """The newest version of these very words that somebody approved."""
    found = [
        one
        for one in book
        if one.item == prompt and hash and one.hash.startswith(hash) and one.approver
    ]
    return max(found, key=lambda one: one.version, default=None)


def _audience(wording: Wording, prompt: str, hash: str) -> str:
    same = (
        one.audience.value
        for one in wording.prompts.values()
        if one.id == prompt and one.hash.startswith(hash)
    )
    return next(same, "")
