"""What can be typed in a play, at a keyboard or as a transcript has it."""

import re

from bot.events import AnsweredBy, LegOutcome

HELP = """\
  1, 0, *, 01021980#   press keys           silence   say and press nothing
  hangup               end the call         help      this page
  machine, human, fax, unknown              the verdict of machine detection
  answer, busy, no answer, failed           while it rings, or while the desk is rung
  text Sorry I missed you                   send a text
  quit                 stop here"""

VERDICTS = {
    "machine": AnsweredBy.MACHINE,
    "human": AnsweredBy.PERSON,
    "person": AnsweredBy.PERSON,
    "fax": AnsweredBy.FAX,
    "unknown": AnsweredBy.UNKNOWN,
}
RINGING = {
    "answer": LegOutcome.ANSWERED,
    "busy": LegOutcome.BUSY,
    "no answer": LegOutcome.NO_ANSWER,
    "failed": LegOutcome.FAILED,
}
# The words of a transcript for the same things; `None` is what happens here by itself.
ALSO: dict[str, str | None] = {
    "answered": "answer",
    "the desk answers": "answer",
    "no_answer": "no answer",
    "the desk does not answer": "no answer",
    "hangs up": "hangup",
    "hang up": "hangup",
    "?": "help",
    "the call is redirected": None,
    "the worker rings": None,
}
BY_ITSELF = re.compile(r"\w+ rings|\w+ has \w+ rung", re.IGNORECASE)
KEYS = re.compile(r"[0-9*#]+")


def read_typed(line: str) -> str | None:
    """What a line says, in our own words; None for what happens by itself, or came of something."""
    if line.startswith("  ") or not line.strip() or BY_ITSELF.fullmatch(line.strip("> \n")):
        return None
    typed = line.strip().removeprefix("> ").strip()
    if typed.lower().startswith("text"):
        return "text " + re.sub(r"^text( from [^:]*)?:?", "", typed, flags=re.I).strip(' "')
    word = typed.lower().removeprefix("presses ").removeprefix("machine heard: ")
    return ALSO.get(word, word)
