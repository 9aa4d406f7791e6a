"""An officer rings in: they show who they are, and ask about their cases or report something."""

from bot.flow import STAY, move
from flows.officer_menu import FACTS_KEPT, PROMPTS, STATES, OfficerMenu, menu_rows


class OfficerLine(OfficerMenu):
    """Whoever rings is asked for the same three numbers."""

    name = "officer_line"

    states = ["received", *STATES]

    moves = [
        #    what happened        we were in   we go to
        move("call_received", "received", "asking_staff_number"),
        *menu_rows(),
        move("call_ended", "received", "ended"),
        move("call_ringing", "received", STAY),
    ]

    facts_kept = FACTS_KEPT
    prompts = PROMPTS
