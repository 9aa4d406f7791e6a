"""We ring an officer on their handset: they show who they are before anything else is said.

A voicemail, or a stranger who has the telephone, hears that the call was for staff, and no more.
"""

from bot.actions import Disposition, EndCall, HangUp
from bot.events import AnsweredBy, Event, MachineHeard
from bot.flow import STAY, move, moves_from
from flows.officer_menu import FACTS_KEPT, PROMPTS, STATES, OfficerMenu, menu_rows
from flows.placing import Placed

UNDECIDED = ["placed", "asking_staff_number", "closing"]  # nobody may have pressed a key


class OfficerLeg(Placed, OfficerMenu):
    """One attempt at a call that an officer asked for; if they miss it, they ring in."""

    name = "officer_leg"

    states = ["placed", "leaving_machine", *STATES]

    moves = [
        #    what happened        we were in   we go to      provided that, then
        move("call_answered", "placed", "asking_staff_number"),
        move("call_ended", "placed", "ended", then="note_unanswered"),
        *moves_from(UNDECIDED, "machine_heard", "leaving_machine", when="is_nobody"),
        *moves_from([*UNDECIDED, "ended"], "machine_heard", STAY),
        *menu_rows(),
        move("call_ended", "leaving_machine", "ended"),
        *moves_from(["placed", "leaving_machine"], "call_ringing", STAY),
    ]

    facts_kept = FACTS_KEPT
    prompts = PROMPTS

    def is_nobody(self, event: MachineHeard) -> bool:
        """Whether the verdict is a machine, or a fax."""
        return event.by in (AnsweredBy.MACHINE, AnsweredBy.FAX)

    def on_enter_leaving_machine(self, event: Event) -> None:
        """A voicemail: nothing is left on it."""
        self.note("disposition", Disposition.NO_RESPONSE)
        self.ask(HangUp(), EndCall())
