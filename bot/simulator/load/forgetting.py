"""Letting go of what is long over, so that a load of any length fits into memory."""

from bot.simulator.carrier import Carrier


def forget_old(carrier: Carrier, keep: int) -> None:
    """Keep so many calls, texts, webhooks, events and happenings; of calls, all that are up.

    Called under the carrier's lock. What is forgotten is gone from REST, too.
    """
    carrier.webhooks.trim(keep)
    carrier.events.trim(keep)
    carrier.journal.keep = keep
    while len(carrier.calls) > keep:
        oldest = next(iter(carrier.calls.values()))
        if not oldest.over:
            break
        del carrier.calls[oldest.sid]
    while len(carrier.texts) > keep:
        del carrier.texts[next(iter(carrier.texts))]
