"""Announcements: a document that one participant hears, or everybody in a conference.

Source: d:voice/api/conference-resource, AnnounceUrl.
"""

from collections.abc import Sequence
from functools import partial

from bot.simulator.calls.limited import MUSIC, load_limited, play_limited
from bot.simulator.calls.player import End, GoTo
from bot.simulator.conferences.participants import Participant
from bot.simulator.conferences.rooms import Conference
from bot.simulator.twiml.reading import Document
from bot.simulator.webhooks.parameters import Pairs


def announce(conference: Conference, going: GoTo, to: Participant | None = None) -> None:
    """Fetch it once and play it to one, or to all who hear the conference."""
    hearers = [to] if to else [other for other in conference.participants if other.hears]
    if not hearers:
        return
    facts = [("AnnounceUrl", going.url), *(to.facts() if to else [])]
    first = hearers[0]

    def loaded(document: Document | None) -> None:
        if document is not None:
            _play(conference, hearers, document, facts)

    first.announcements.start(load_limited(first.leg, going, MUSIC), loaded)


def _play(
    conference: Conference, hearers: Sequence[Participant], document: Document, facts: Pairs
) -> None:
    """Tell of the end when it is over for everybody."""
    still = {hearer.sid for hearer in hearers}

    def over(hearer: Participant, end: End | None) -> None:
        still.discard(hearer.sid)
        if not still & {other.sid for other in conference.participants}:
            conference.tell("announcement-end", facts)

    for hearer in hearers:
        if hearer.left is None:
            steps = play_limited(hearer.leg, document, MUSIC)
            hearer.announcements.start(steps, partial(over, hearer))
