"""An answer of ours, read back: what is said, and what the call then waits for."""

import re
from dataclasses import dataclass, field
from xml.etree import ElementTree

from bot.wording import BUILT_IN_APOLOGY, Wording


@dataclass(frozen=True)
class Reply:
    """One document. `words` holds each thing that is said; it is never printed into a path."""

    words: tuple[str, ...] = field(default=(), repr=False)
    listens: bool = False
    hears_speech: bool = False
    seconds: int = 0
    most_keys: int = 0
    finish_key: str = "#"
    dials: bool = False
    hangs_up: bool = False
    action: str = ""

    @classmethod
    def of(cls, document: str) -> "Reply":
        """Read TwiML that is ours."""
        root = ElementTree.fromstring(document)  # noqa: S314 - our own answer
        gather, dial = root.find("Gather"), root.find("Dial")
        asks = {} if gather is None else gather.attrib
        return cls(
            words=tuple("".join(say.itertext()) for say in root.iter("Say")),
            listens=gather is not None,
            hears_speech="speech" in asks.get("input", ""),
            seconds=int(asks.get("timeout", "0")),
            most_keys=int(asks.get("numDigits", "0")),
            finish_key=asks.get("finishOnKey", "#"),
            dials=dial is not None,
            hangs_up=root.find("Hangup") is not None,
            action=asks.get("action", "") if dial is None else dial.get("action", ""),
        )

    @property
    def goes_on(self) -> bool:
        """Whether the call waits for something after these words."""
        return self.listens or self.dials

    @property
    def then(self) -> str:
        """What follows the words, as a path tells it."""
        if self.listens:
            return f"(waits {self.seconds} s)"
        if self.dials:
            return "rings the desk"
        return "hangs up" if self.hangs_up else ""

    def keyed(self, keys: str) -> str:
        """These keys as a hand ends them: with the finish key, if the call would wait for more."""
        bare = keys.removesuffix(self.finish_key) if self.finish_key else keys
        whole = 0 < self.most_keys <= len(bare) or not self.finish_key
        return bare if whole else bare + self.finish_key


class Prompts:
    """Finds the prompt that a sentence was filled from; its fields may hold anything."""

    def __init__(self, wording: Wording) -> None:
        self._forms = [
            (prompt.id, re.compile(re.sub(r"\\\{[a-z_]+\\\}", ".+", re.escape(prompt.text))))
            for prompt in wording.prompts.values()
        ]

    def id(self, sentence: str) -> str:
        """The id of one sentence."""
        if sentence == BUILT_IN_APOLOGY:
            return "(apology)"
        known = (id for id, form in self._forms if form.fullmatch(sentence))
        return next(known, "(words of nobody)")
