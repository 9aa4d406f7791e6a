"""The calls and texts of a network by whose they are: one look, however many telephones."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.simulator.carrier import Carrier
from bot.simulator.records import Call, Text


@dataclass(frozen=True)
class Found:
    """Calls and texts by number, in order; by its parent, the call that was answered first."""

    all_calls: Mapping[str, Call]
    calls: defaultdict[str, list[Call]] = field(default_factory=lambda: defaultdict(list))
    texts: defaultdict[str, list[Text]] = field(default_factory=lambda: defaultdict(list))
    children: dict[str, Call] = field(default_factory=dict)

    @classmethod
    def of(cls, carrier: Carrier) -> "Found":
        """Look everything up, under the carrier's lock."""
        found = cls(carrier.calls)
        for call in carrier.calls.values():
            found.calls[call.handset_number].append(call)
            if call.parent_sid and call.answered_at:
                found.children.setdefault(call.parent_sid, call)
        for text in carrier.texts.values():
            for number in {text.from_, text.to}:
                found.texts[number].append(text)
        return found

    def other_end(self, call: Call) -> Call | None:
        """The call that this one is, or was, put through to."""
        if call.parent_sid:
            return self.all_calls.get(call.parent_sid)
        return self.children.get(call.sid)
