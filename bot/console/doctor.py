"""Doctor: what `ringback doctor` finds, each with its next step, on a page."""

from collections.abc import Iterable

from flask import Blueprint, render_template

from bot.console.room import runtime
from bot.dialling_check import examine_dialling
from bot.doctor import Patient, examine, of_house
from bot.findings import Finding, Level
from bot.runtime import Runtime
from bot.staff import Right
from bot.staff_check import examine_staff

page = Blueprint("doctor", __name__)

WORST_FIRST = (Level.PROBLEM, Level.WARN, Level.NOTE, Level.OK)
TAGS = {  # the tag that shows a level, and its words
    Level.PROBLEM: ("Problem", "govuk-tag--red"),
    Level.WARN: ("Warning", "govuk-tag--yellow"),
    Level.NOTE: ("Note", "govuk-tag--grey"),
    Level.OK: ("OK", "govuk-tag--green"),
}


@page.get("/doctor", right=Right.SEE_DOCTOR, menu="Doctor")
def doctor() -> str:
    """The findings, the worst first; the carrier is not asked from here."""
    found = sorted(findings(runtime()), key=lambda each: WORST_FIRST.index(each.level))
    bad = sum(each.level in (Level.PROBLEM, Level.WARN) for each in found)
    return render_template("doctor.html", findings=found, bad=bad, tags=TAGS)


def findings(runtime: Runtime) -> Iterable[Finding]:
    """Everything that can be looked at from a process that runs."""
    patient = Patient(
        settings=runtime.settings,
        store=runtime.store,
        clock=runtime.clock,
        house=runtime.house,
    )
    return [
        *of_house(runtime.house),
        *examine(patient),
        *examine_dialling(patient),
        *examine_staff(patient),
    ]
