"""What calls with customers share, broken on purpose, for `tests/broken_flows.py`."""

from flows.inbound_call import InboundCall
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
