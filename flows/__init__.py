"""The flows: what the bot does, as tables. One file a flow; which event opens which, below."""

from bot.flow import Flow
from flows.customer_leg import CustomerLeg
from flows.inbound_call import InboundCall
from flows.inbound_text import InboundText
from flows.missed_call import MissedCall
from flows.officer_leg import OfficerLeg
from flows.officer_line import OfficerLine
from flows.outbound_call import OutboundCall

# What opens a conversation: the event, and the line dialled (`callback` is a call of ours).
OPENS: dict[tuple[str, str], type[Flow]] = {
    ("text_received", "customers"): InboundText,
    ("call_received", "customers"): InboundCall,
    ("call_received", "officers"): OfficerLine,
    ("call_missed", "customers"): MissedCall,
    ("call_answered", "callback"): OutboundCall,
    ("call_answered", "officers"): OfficerLeg,
    ("call_answered", "meeting"): CustomerLeg,
}

FLOWS: tuple[type[Flow], ...] = (
    InboundText,
    InboundCall,
    OfficerLine,
    MissedCall,
    OutboundCall,
    OfficerLeg,
    CustomerLeg,
)
