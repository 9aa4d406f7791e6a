"""Prove: what it prints, and its exit code. What it finds is shown in tests/test_explore.py."""

from click.testing import CliRunner, Result

import webhooks
from bot.commands import Terminal, ringback
from bot.flow import Flow
from bot.runtime import Flows
from flows.inbound_text import InboundText
from tests.broken_flows import AnswersTexts


def prove(flow: type[Flow], data_dir) -> Result:
    """Of a house in which only texts come in."""
    others = [one for one in webhooks.FLOWS if one.name != flow.name]
    flows = Flows(opens={("text_received", "customers"): flow}, all=(flow, *others))
    terminal = Terminal(webhooks.connect, flows, webhooks.create_app)
    return CliRunner().invoke(
        ringback, ["prove"], obj=terminal, env={"RINGBACK_DATA_DIR": str(data_dir)}
    )


def test_a_broken_flow_is_told_with_its_path(data_dir):
    result = prove(AnswersTexts, data_dir)

    assert result.exit_code == 1
    assert "invariant 1: no text is answered by text" in result.output
    assert '> text from Alice: "Sorry I missed you"' in result.output
    assert "  fault     text_received WrongEars" in result.output
    assert result.output.endswith(" s\n")


def test_a_flow_that_nothing_opens_is_told(data_dir):
    result = prove(InboundText, data_dir)

    assert result.exit_code == 1
    assert "every state is reached" in result.output
    assert "inbound_call: no path leads to" in result.output
