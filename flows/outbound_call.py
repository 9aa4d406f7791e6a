"""We ring the customer: person or machine? Check who they are, then read the case or hand over."""

from flows.customer_called import FACTS_KEPT, PROMPTS, STATES, CustomerCalled, called_rows


class OutboundCall(CustomerCalled):
    """One attempt at a callback."""

    name = "outbound_call"

    states = ["placed", *STATES[1:]]
    moves = called_rows()
    facts_kept = FACTS_KEPT
    prompts = PROMPTS
