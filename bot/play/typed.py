"""What can be typed in a play, at a keyboard or as a transcript has it."""

import re

HELP = """\
  1, 0, *, 01021980#   press keys           silence   say and press nothing
  hangup               end the call         help      this page
  answers rightly      or wrongly: the answer of whoever has the telephone; also: by voice
  a person, please     any other words are said, where speech is heard
  machine, human, fax, unknown              the verdict of machine detection
  answer, busy, no answer, failed           while it rings; not failed, while the desk is rung
  text Sorry I missed you                   send a text
  quit                 stop here"""

VERDICTS = {
    "machine": "machine",
    "human": "person",
    "person": "person",
    "fax": "fax",
    "unknown": "unknown",
}
RINGING = {
    "answer": "answered",
    "busy": "busy",
    "no answer": "no answer",
    "failed": "failed",
    "ringing": "ringing",
}
DESK = {
    "answer": "the desk answers",
    "busy": "the desk is busy",
    "no answer": "the desk does not answer",
}
# The words of a transcript for the same things; `None` is what happens here by itself.
ALSO: dict[str, str | None] = {
    "answered": "answer",
    "the desk answers": "answer",
    "the desk is busy": "busy",
    "no_answer": "no answer",
    "the desk does not answer": "no answer",
    "hangs up": "hangup",
    "hang up": "hangup",
    "?": "help",
    "the call is redirected": None,
    "the worker rings": None,
    "the worker carries out what is owed": None,
}
BY_ITSELF = re.compile(r"[\w ]+ rings|\w+ has \w+ rung", re.IGNORECASE)
KEYS = re.compile(r"[0-9*#]+")
AS_IT_STANDS = re.compile(
    r"(keys|says) the reference of \w+|says \"[^\"]*\"( \(unsure\))?"
    r"|keys the (staff number|(duress )?PIN|(next|last) code) of \w+"
    r"|answers (rightly|wrongly|beside the point)( as \w+)?"
    r"|answers (rightly|wrongly) by voice( as \w+)?"
)
COMMANDS = frozenset({"help", "quit"})


def read_typed(line: str) -> str | None:
    """What a line says, in our own words; None for what happens by itself, or came of something."""
    if line.startswith("  ") or not line.strip() or BY_ITSELF.fullmatch(line.strip("> \n")):
        return None
    typed = line.strip().removeprefix("> ").strip()
    if AS_IT_STANDS.fullmatch(typed):
        return typed
    if re.match(r"text\b", typed, re.IGNORECASE):
        return "text " + re.sub(r"^text( from [^:]*)?:?", "", typed, flags=re.I).strip(' "')
    word = typed.lower().removeprefix("presses ").removeprefix("machine heard: ")
    return ALSO.get(word, word)


def read_text(line: str) -> str | None:
    """The same where a text is awaited: whatever is no command is what the text says."""
    typed = read_typed(line)
    if typed is None or typed in COMMANDS or typed.startswith("text "):
        return typed
    return f"text {line.strip()}"
