"""Machine detection: what was asked for, and telling the service what was found."""

from dataclasses import dataclass

from bot.simulator.carrier import Carrier
from bot.simulator.fetching import Answer
from bot.simulator.handsets.base import AmdMode, Verdict
from bot.simulator.notices import CALLBACK_REFUSED
from bot.simulator.records import Call


@dataclass(frozen=True)
class AmdPlan:
    """How machine detection runs on one call (twilio.md section 2)."""

    mode: AmdMode
    timeout: float = 30.0
    asynchronous: bool = False
    url: str = ""
    method: str = "POST"


def found(verdict: Verdict) -> dict[str, str]:
    """The verdict in the carrier's words."""
    milliseconds = str(round(verdict.seconds * 1000))
    return {"AnsweredBy": verdict.answered_by, "MachineDetectionDuration": milliseconds}


def report(carrier: Carrier, call: Call, plan: AmdPlan, verdict: Verdict) -> None:
    """Tell the service, with just these four parameters [d:voice/answering-machine-detection]."""
    call.answered_by = verdict.answered_by
    carrier.note(
        "machine_detected", "carrier", carrier.named(call.to), verdict.answered_by, call.sid
    )
    if not plan.url:
        return
    pairs = [("CallSid", call.sid), ("AccountSid", carrier.account_sid), *found(verdict).items()]
    errand = carrier.errand(plan.url, plan.method, pairs, "amd", call.sid)

    def settled(answer: Answer) -> None:
        if answer.error:
            carrier.warn(CALLBACK_REFUSED, f"AMD callback: {answer.words}", call.sid, answer.url)

    carrier.courier.send(errand, settled)
