"""What the doctor says of the dialling: which desks ring customers, and what holds the others."""

from collections.abc import Iterator

from bot.dialling_gate import gate_of, why_in_words
from bot.doctor import Patient
from bot.errors import RingbackError
from bot.findings import Finding, note, ok, problem, warn
from bot.unit_of_work import UnitOfWork

NEXT_STEP = "See `ringback dialling status`, and `ringback log`"


def examine_dialling(patient: Patient) -> Iterator[Finding]:
    """One finding a desk."""
    for desk in patient.house.policy.desk if patient.house else ():
        try:
            gate = gate_of(UnitOfWork(patient.store, desk))
        except RingbackError:
            yield note("dialling", f"not known of the desk {desk}: Redis does not answer")
            continue
        if gate.runs:
            yield ok("dialling", f"nothing holds the desk {desk}")
        elif gate.pause:
            yield warn("dialling", f"the desk {desk} is {why_in_words(gate)}", NEXT_STEP)
        else:
            told = f"the desk {desk} rings nobody, or one at a time: {why_in_words(gate)}"
            yield problem("dialling", told, NEXT_STEP)
