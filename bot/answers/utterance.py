"""What a recogniser wrote down, as a row of tokens: the answer alone, or nothing at all.

A closed list of lead-ins ("it's", "my postcode is") and closings ("please") is taken off. Whatever
else stands beside the answer stays, and no kind knows it: so nothing is ever picked out of a longer
sentence, and a correction ("no, sorry, 1984") is asked again.
"""

import re
from collections.abc import Iterable

Tokens = tuple[str, ...]

PAUSE = ","  # a comma, a full stop, a question mark: wherever the recogniser heard a break
POINT, SLASH, COLON = ".", "/", ":"  # only between two figures: 12.50, 01/02/1980, 12:34

_LONGEST = 160  # characters; the longest true answer has about ninety
_MOST_TOKENS = 48

_TOKEN = re.compile(
    r"""
      (?P<grouped> [0-9]{1,3} (?: , [0-9]{3} )+ (?! [0-9a-z] ) )
    | (?P<word>    [0-9a-z]+ (?: ' [a-z]+ )* )
    | (?P<money>   £ )
    | (?P<between> (?<= [0-9] ) [./:] (?= [0-9] ) )
    | (?P<hyphen>  (?<= [0-9a-z] ) (?: - | \x20-\x20 ) (?= [0-9a-z] ) )
    | (?P<pause>   [,;?!] | \. (?! [0-9] ) | (?<= [0-9a-z] ) \. )
    | (?P<space>   \x20+ )
    """,
    re.VERBOSE,
)

HESITATIONS = ("um", "umm", "erm", "hmm")
_OPENERS = (*HESITATIONS, "er", "uh", "ah", "okay", "ok", "yes", "yeah", "well", "so", "right")
_IT_IS = (
    *("it's", "it is", "it was", "that's", "that is", "that was", "that would be", "that'd be"),
    *("that will be", "that'll be", "it would be", "it'd be", "it will be", "it'll be"),
    *("the answer is", "my answer is", "the answer's", "my answer's", "mine is"),
)
_THANKS = ("please", "thanks", "thank you", "thank you very much", "many thanks", "cheers")
_CLOSERS = ("that's it", "that is it", "that's all", "that's right", "okay", "ok", *HESITATIONS)


class Frame:
    """What may stand around an answer: the closed list, with the names that a kind goes by.

    `names` ("date of birth") may lead in alone and as "my … is"; `leads` as they stand. `bare`
    leaves out what may itself be part of an answer: a misheard letter ("er", "so"), or a "yes".
    """

    def __init__(
        self, *, names: Iterable[str] = (), leads: Iterable[str] = (), bare: bool = False
    ) -> None:
        openers = HESITATIONS if bare else _OPENERS
        named = [
            f"{whose}{name}{verb}"
            for name in names
            for whose in ("", "my ", "the ")
            for verb in ("", " is", " was")
        ]
        self._leads = _by_first([*openers, *_IT_IS, *leads, *named])
        self._closings = _by_last(_THANKS if bare else (*_THANKS, *_CLOSERS))

    def inside(self, text: str) -> Tokens | None:
        """The tokens of the answer alone; None for no words at all, or what cannot be words."""
        tokens = tokens_of(text)
        return (self.stripped(tokens) or None) if tokens else None

    def stripped(self, tokens: Tokens) -> Tokens:
        """These tokens without lead-ins, closings and the pauses around them."""
        first, last = 0, len(tokens)
        while first < last and (skip := _lead(self._leads, tokens, first, last)):
            first += skip
        while first < last and (skip := _closing(self._closings, tokens, first, last)):
            last -= skip
        return tokens[first:last]


def tokens_of(text: str) -> Tokens | None:
    """Words, figures, and what stands between them; None where there is anything else.

    Lower case; `1,234` is one figure, and a hyphen between words is a space. A minus is refused.
    """
    text = text.strip()
    if len(text) > _LONGEST:
        return None
    text = text.replace("’", "'").replace("\u2013", "-").replace("…", ".")
    if not text.replace("£", "").isascii():  # before `lower`, which makes ASCII of a Kelvin sign
        return None
    text = text.lower()
    found: list[str] = []
    end = 0
    while end < len(text):
        match = _TOKEN.match(text, end)
        if match is None:
            return None
        end = match.end()
        if match.lastgroup == "pause":
            found.append(PAUSE)
        elif match.lastgroup == "grouped":
            found.append(match.group().replace(",", ""))
        elif match.lastgroup not in ("space", "hyphen"):
            found.append(match.group())
    return tuple(found) if len(found) <= _MOST_TOKENS else None


def without_pauses(tokens: Tokens) -> Tokens:
    """The tokens, for a kind to which a break means nothing."""
    return tuple(token for token in tokens if token != PAUSE)


_Phrases = dict[str, list[Tokens]]


def _by_first(phrases: Iterable[str]) -> _Phrases:
    found: _Phrases = {PAUSE: [(PAUSE,)]}
    for words in sorted({tuple(phrase.split()) for phrase in phrases}, key=len, reverse=True):
        found.setdefault(words[0], []).append(words)
    return found


def _by_last(phrases: Iterable[str]) -> _Phrases:
    found: _Phrases = {PAUSE: [(PAUSE,)]}
    for words in sorted({tuple(phrase.split()) for phrase in phrases}, key=len, reverse=True):
        found.setdefault(words[-1], []).append(words)
    return found


def _lead(phrases: _Phrases, tokens: Tokens, first: int, last: int) -> int:
    """How many tokens the longest lead-in at this place has."""
    for phrase in phrases.get(tokens[first], ()):
        if first + len(phrase) <= last and tokens[first : first + len(phrase)] == phrase:
            return len(phrase)
    return 0


def _closing(phrases: _Phrases, tokens: Tokens, first: int, last: int) -> int:
    """How many tokens the longest closing that ends at this place has."""
    for phrase in phrases.get(tokens[last - 1], ()):
        if last - len(phrase) >= first and tokens[last - len(phrase) : last] == phrase:
            return len(phrase)
    return 0
