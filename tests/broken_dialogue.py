"""What calls with customers share, broken on purpose, for `tests/broken_flows.py`."""

from bot.events import Event
from bot.flow import STAY, move
from flows.inbound_call import InboundCall
from flows.inbound_text import InboundText
from flows.missed_call import MissedCall
from flows.officer_line import OfficerLine
from flows.outbound_call import OutboundCall


class NeverTiresOfThem(InboundCall):
    """Asks on and on at the menu, whatever is pressed."""

    moves = [
        row
        for row in InboundCall.moves
        if (row["source"], row["conditions"]) != ("menu", "out_of_patience")
    ]


class HangsUpOnThem(InboundCall):
    """Has had enough of whoever presses keys that mean nothing, and says so to nobody."""

    moves = [
        row | {"dest": "closing"} if row["conditions"] == "out_of_patience" else row
        for row in InboundCall.moves
    ]


class ForgetsThemAtNight(InboundCall):
    """Sends whoever cannot be helped to the desk, and tells nobody if that is closed."""

    moves = [
        row | {"before": None} if row["before"] == "could_not_help" else row
        for row in InboundCall.moves
    ]


class AsksNoDesk(OutboundCall):
    """Puts whoever asks for a person through, at whatever hour."""

    moves = [
        row | {"dest": "connecting"} if row["trigger"] == "wants_person" else row
        for row in OutboundCall.moves
    ]


class LeavesNoRecord(InboundCall):
    """Goes on waiting for a reference when the caller has hung up."""

    moves = [
        row | {"dest": "asking_reference"}
        if (row["trigger"], row["source"]) == ("call_ended", "menu")
        else row
        for row in InboundCall.moves
    ]


class RingsBack(InboundCall):
    """Goes on with a call that is over, when news comes late that it rings."""

    moves = [
        row | {"dest": "closing"}
        if (row["trigger"], row["source"]) == ("call_ringing", "ended")
        else row
        for row in InboundCall.moves
    ]


class RestsNowhere(OutboundCall):
    """Ends the call, and waits on."""

    moves = [
        row | {"dest": None, "before": "owe_nothing"}
        if (row["trigger"], row["source"]) == ("call_ended", "closing")
        else row
        for row in OutboundCall.moves
    ]

    def owe_nothing(self, event: Event) -> None:
        """It is noted how it ended, and no more."""
        self.on_enter_ended(event)


class RingsBlindly(MissedCall):
    """Owes a call to whoever rang."""

    moves = [
        row | {"dest": "callback_owed", "before": None}
        if row["trigger"] == "nothing_found"
        else row
        for row in MissedCall.moves
    ]


class MissesThemTwice(MissedCall):
    """Tells nobody that somebody rang."""

    moves = [
        row | {"before": None} if row["trigger"] == "nothing_found" else row
        for row in MissedCall.moves
    ]


class ReadsInTheStreet(OfficerLine):
    """Reads a case to an officer, whoever overhears it."""

    moves = [
        row | {"conditions": None} if row["conditions"] == "may_hear_details" else row
        for row in OfficerLine.moves
    ]


class GreetsAnybody(OfficerLine):
    """Offers the menu before anybody has shown who they are."""

    moves = [
        row | {"dest": "menu"} if row["trigger"] == "pin_taken" else row
        for row in OfficerLine.moves
    ]


class HasARoomWithoutADoor(InboundCall):
    """A state to which a row leads, and no path: nobody ever asks for it."""

    states = [*InboundCall.states, "attic"]
    moves = [
        *InboundCall.moves,
        move("morning", "menu", "attic"),
        move("call_ended", "attic", STAY),
    ]


class WaitsForWhatNeverComes(InboundText):
    """Thought of an answer that no look-up gives there."""

    moves = [*InboundText.moves, move("desk_open", "finding_sender", "task_raised")]
