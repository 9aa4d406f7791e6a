"""Playing TwiML: fetch a document, play its verbs in order, go where they lead, end."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from bot.simulator.calls.leg import Leg
from bot.simulator.calls.process import Ask, Steps
from bot.simulator.records import CallStatus
from bot.simulator.twiml.grammar import NOT_PLAYED, VOICE
from bot.simulator.twiml.reading import Document, TwimlFault, Verb, read_answer, read_twiml
from bot.simulator.webhooks.addresses import join
from bot.simulator.webhooks.fetching import Answer
from bot.simulator.webhooks.parameters import of_call, with_changes

# Twilio names no limit for a loop of Redirects; a simulator must have one (twilio.md section 8).
MOST_DOCUMENTS_IN_A_ROW = 50
MOMENT = 0.001  # less than any word or wait takes: it does not break such a loop
SORRY = "We are sorry. An application error has occurred. Goodbye."


@dataclass(frozen=True)
class GoTo:
    """Where a call goes on: a URL, or a document at hand."""

    url: str
    method: str = "POST"
    changes: dict[str, str] = field(default_factory=dict)
    kind: str = "voice"
    twiml: str | None = None


@dataclass(frozen=True)
class End:
    """The call ends, with that status: by a verb, or because a document was at its end."""

    status: CallStatus = "completed"
    at_the_end: bool = False


Next = GoTo | End | None
PlayVerb = Callable[[Leg, Document, Verb], Steps[Next]]


def run_call(leg: Leg, start: GoTo) -> Steps[CallStatus]:
    """Play from there to the end of the call."""
    return (yield from run_documents(leg, start)).status


def run_documents(leg: Leg, start: GoTo) -> Steps[End]:
    """Play from there until nothing follows."""
    going: GoTo | End = start
    while isinstance(going, GoTo):
        leg.documents_in_a_row += 1
        document = yield from load(leg, going)
        going = (yield from play(leg, document)) if document else (yield from apologise(leg))
    return going


def load(leg: Leg, going: GoTo) -> Steps[Document | None]:
    """The document there; else the one at the fallback URL; else None."""
    document, code = yield from load_here(leg, going)
    url, method = leg.fallback
    if document is None and url:
        changes = {"ErrorCode": str(code), "ErrorUrl": going.url}
        document, _ = yield from load_here(leg, GoTo(url, method, changes, "fallback"))
    return document


def load_here(leg: Leg, going: GoTo) -> Steps[tuple[Document | None, int]]:
    """The document there and nowhere else, or the error number."""

    def warn(code: int, words: str) -> None:
        leg.carrier.warn(code, words, leg.call.sid, going.url)

    if leg.documents_in_a_row > MOST_DOCUMENTS_IN_A_ROW:
        warn(0, f"more than {MOST_DOCUMENTS_IN_A_ROW} documents in a row without a word or a wait")
        return None, 0
    try:
        if going.twiml is not None:
            return read_twiml(going.url, going.twiml, VOICE, warn), 0
        answer = yield from _ask(leg, going)
        if answer.error or answer.response is None:
            raise TwimlFault(answer.error, answer.words)
        return read_answer(answer.url, answer.response, VOICE, warn), 0
    except TwimlFault as fault:
        warn(fault.code, str(fault))
        return None, fault.code


def _ask(leg: Leg, going: GoTo) -> Steps[Answer]:
    pairs = with_changes(of_call(leg.carrier.account_sid, leg.call), going.changes)
    errand = leg.carrier.errand(going.url, going.method, pairs, going.kind, leg.call.sid)
    answer: Answer = yield Ask(errand)
    return answer


def play(leg: Leg, document: Document) -> Steps[GoTo | End]:
    """The verbs from top to bottom; the end of the document is a hang-up."""
    for verb in document.verbs:
        _pick_up(leg, verb)
        following = yield from play_verb(leg, document, verb)
        if following is not None:
            return following
    leg.answer()
    return End(at_the_end=True)


def _pick_up(leg: Leg, verb: Verb) -> None:
    """Any verb but Reject answers a call; Pause and a Dial with answerOnBridge put it off."""
    bridging = verb.name == "Dial" and verb.get("answerOnBridge") == "true"
    if verb.name not in ("Reject", "Pause") and not bridging:
        leg.answer()


def play_verb(leg: Leg, document: Document, verb: Verb) -> Steps[Next]:
    """Play one verb."""
    for part in (verb, *verb.children):
        if part.name in NOT_PLAYED:
            return (yield from _refuse(leg, document, part.name))
    started = leg.carrier.clock.now()
    following = yield from leg.carrier.verbs[verb.name](leg, document, verb)
    if (leg.carrier.clock.now() - started).total_seconds() > MOMENT:
        leg.documents_in_a_row = 0
    if not isinstance(following, GoTo):
        return following
    return replace(following, url=join(document.url, following.url))


def _refuse(leg: Leg, document: Document, name: str) -> Steps[End]:
    """Twilio would play this; to pass it over could hide a mistake, so the call ends here."""
    words = f"the simulator does not play {name}; the call ends here"
    leg.carrier.warn(0, words, leg.call.sid, document.url)
    return (yield from apologise(leg))


def apologise(leg: Leg) -> Steps[End]:
    """What a caller hears when there is nothing to play (twilio.md section 5)."""
    leg.answer()
    leg.listening = False
    yield from leg.utter(SORRY, len(SORRY) / leg.carrier.settings.characters_per_second, "carrier")
    return End()
