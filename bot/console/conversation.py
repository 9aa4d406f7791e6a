"""Conversation: what happened in it line by line, the way it took, and what stands beside it."""

from flask import Blueprint, abort, render_template

from bot.console.diagram import left_out, picture_of
from bot.console.room import runtime
from bot.console.spoken import Speech, checks_asked
from bot.console.walked import steps_of
from bot.discreet import discreet
from bot.flow_log import FlowLogLine, LineKind
from bot.log_view import words_of
from bot.staff import Right
from bot.told import Told, told

page = Blueprint("conversation", __name__)


@page.get("/conversations/<desk>/<id>", right=Right.SEE_FLOW)
def conversation(desk: str, id: str) -> str:
    """A timeline, whether its lines are archived yet or not."""
    if desk not in set(runtime().desks):
        abort(404)
    found = told(runtime(), desk, id)
    if found is None:
        abort(404)
    speech = Speech(runtime())
    return render_template(
        "conversation.html",
        desk=desk,
        id=id,
        told=found,
        lines=[(discreet(line), speech.of(line)) for line in found.lines],
        words_of=words_of,
        checks=_checks(found),
        **_way(found),
    )


def _way(told: Told) -> dict[str, object]:
    """The flow's picture with the way that it took; nothing, of a flow that there is no more."""
    flow = runtime().flows.by_name.get(told.flow)
    if flow is None:
        return {}
    steps = steps_of(flow, told.lines)
    return {"steps": steps, "picture": picture_of(flow, steps), "left_out": left_out(flow)}


def _checks(told: Told) -> dict[str, object]:
    """How many checks there were and how they went: as the log has it noted, once at the end."""
    noted: list[FlowLogLine] = [line for line in told.lines if line.kind is LineKind.VERIFICATION]
    passed = any(line.listener == "verified" for line in told.lines)
    return {"asked": checks_asked(told.lines), "over": bool(noted), "passed": passed}
