"""A line of the flow log as staff see it: how many checks there were, and never which.

Which questions somebody was asked helps whoever wants to pass for them (invariant 4); the log has
it all the same, as the wordings that were said.
"""

from dataclasses import replace

from bot.flow_log import FlowLogLine, LineKind

QUESTION = "question"  # what stands for any of them
CHECKS = f"{QUESTION}."
_ON = " on "  # between the kinds of fact that were told and the checks that allowed it


def discreet(line: FlowLogLine) -> FlowLogLine:
    """The same line without the names of questions."""
    told = replace(line, said=" ".join(map(_without_name, line.said.split())))
    if line.kind is LineKind.DISCLOSURE and _ON in line.detail:
        facts, _, checks = line.detail.partition(_ON)
        return replace(told, detail=f"{facts}{_ON}{len(checks.split())} checks")
    return told


def asks_which(wording: str) -> bool:
    """Whether to look for this wording would tell which checks somebody was asked."""
    return wording.startswith(CHECKS)


def _without_name(prompt: str) -> str:
    return QUESTION if prompt.startswith(CHECKS) else prompt
