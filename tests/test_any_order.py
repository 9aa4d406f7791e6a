"""Whatever happens in whatever order: a random walk over two calls and the texts between them.

Alice rings in and is rung, while Mallory, Dave and the carrier do what they like. After every
single webhook the invariants are asked again, and no detail of a case is in any answer unless
the log has told of it for that very call.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from bot.conversation import Conversation
from bot.invariants import every_prompt_fits_its_listener, no_detail_without_a_proof
from bot.proof import Listener, may_hear
from bot.wording import BUILT_IN_APOLOGY
from tests.house_in_memory import DESK, Heard, HouseInMemory, LiveCall
from tests.people import ALICE, CUSTOMERS, DAVE, STRANGE

KEYS = ["0", "1", "2", "3", "4", "9", "*", "#", "12", ALICE.reference, "9" * 40]
STATUSES = ["ringing", "in-progress", "completed", "busy", "no-answer", "canceled"]
VERDICTS = ["human", "machine_end_beep", "machine_end_other", "fax", "unknown"]
LEGS = ["completed", "no-answer", "busy", "failed"]

which = st.sampled_from(["inbound", "outbound"])
steps = st.lists(
    st.one_of(
        st.tuples(st.just("right"), which),
        st.tuples(st.just("right"), which),
        st.tuples(st.just("right"), which),
        st.tuples(st.just("wrong"), which),
        st.tuples(st.just("press"), which, st.sampled_from(KEYS)),
        st.tuples(st.just("press"), which, st.sampled_from(["1", "5", ALICE.reference])),
        st.tuples(st.just("silence"), which),
        st.tuples(st.just("answered"), st.just("outbound")),
        st.tuples(st.just("verdict"), st.just("outbound"), st.sampled_from(VERDICTS)),
        st.tuples(st.just("status"), which, st.sampled_from(STATUSES)),
        st.tuples(st.just("leg"), which, st.sampled_from(LEGS)),
        st.tuples(st.just("again"), which),
        st.tuples(st.just("turn"), which, st.integers(-1, 12), st.sampled_from(KEYS)),
        st.tuples(st.just("twice"), which),
        st.tuples(st.just("text"), st.sampled_from([ALICE, DAVE])),
        st.tuples(st.just("work"), which),
        st.tuples(st.just("later"), which),
    ),
    max_size=25,
)
openings = st.sampled_from(["nothing", "verified", "hearing the case"])


class Walk:
    """One house, two calls, and whatever happens to them."""

    def __init__(self, house: HouseInMemory, opening: str) -> None:
        self.house = house
        house.text(ALICE, "Sorry I missed you")
        self.calls = {"outbound": house.place(), "inbound": house.rings(ALICE)}
        self.calls["outbound"].answered()
        self._again: Callable[[], TestResponse] | None = None
        if opening != "nothing":
            self.calls["inbound"].verify(ALICE)
            self.calls["outbound"].press("5")
            self.calls["outbound"].press("1")
            self.calls["outbound"].answer_all(ALICE)
        if opening == "hearing the case":
            for call in self.calls.values():
                call.press("1")

    def step(self, kind: str, on: object, *how: object) -> TestResponse | None:
        """Have one thing happen; what was answered, where anything was."""
        if kind == "text":
            answer = self.house.text(on, "Hello?")  # type: ignore[arg-type]
            assert b"<Response/>" in answer.data, "no text is answered by text"
            return answer
        call = self.calls[str(on)]
        if kind == "work":
            self.house.work()
            return None
        if kind == "later":
            self.house.later(30.0)
            return None
        if kind == "twice":
            return self._twice()
        self._again = self._delivery(kind, call, *how)
        return self._again()

    def _delivery(self, kind: str, call: LiveCall, *how: object) -> Callable[[], TestResponse]:
        """What will be delivered: an event of one call, on the turn that it heard last."""
        word, keys = str(how[0]) if how else "", str(how[-1]) if how else ""
        current = f"/call/digits-pressed/{call.place}/{call.talk['turn']}"
        here = call.heard().action if call.heard().asked else current
        question = call.question
        deliveries: dict[str, Callable[[], TestResponse]] = {
            "right": lambda: call.post(here, Digits=ALICE.answers.get(question, ALICE.reference)),
            "wrong": lambda: call.post(here, Digits=STRANGE.get(question, "66")),
            "press": lambda: call.post(here, Digits=keys),
            "silence": lambda: call.post(here),
            "turn": lambda: call.post(f"/call/digits-pressed/{call.place}/{word}", Digits=keys),
            "leg": partial(call.post, current.replace("digits-pressed", "leg-ended")),
            "verdict": lambda: call.verdict(word),
            "status": lambda: call.status(word),
            "answered": call.answered,
            "again": call.again,
        }
        if kind == "leg":
            return partial(deliveries["leg"], DialCallStatus=word)
        return deliveries[kind]

    def _twice(self) -> TestResponse | None:
        """The last webhook once more: nothing moves."""
        if self._again is None:
            return None
        kept = self.house.everything()
        answer = self._again()
        assert self.house.everything() == kept, "the same event twice is the same as once"
        return answer

    def check(self, answer: TestResponse | None) -> None:
        """Everything that is true at all times and can be seen from here."""
        for call in self.calls.values():
            self._check_talk(Conversation.from_json(call.talk))
        log = str(self.house.log())
        assert "'kind': 'fault'" not in log
        for secret in (ALICE.phone, ALICE.full_name, *ALICE.details, *ALICE.answers.values()):
            assert len(secret) < 5 or f"'{secret}'" not in log and f" {secret} " not in log
        if answer is not None:
            self._check_answer(answer)

    def _check_talk(self, talk: Conversation) -> None:
        """The engine's own invariants, of what is stored."""
        if talk.ended:
            assert "ledger" not in talk.tokens, "a ledger dies with its call"
            return
        wording, runtime = self.house.wording, self.house.runtime
        every_prompt_fits_its_listener(talk.listener, talk.replies, wording)
        proof = runtime.engine._stepper.proof(talk)
        case = talk.tokens.get("case")
        no_detail_without_a_proof(talk.replies, wording, proof, call=talk.id, case=case)
        assert (talk.listener is Listener.VERIFIED) <= (proof is not None)

    def _check_answer(self, answer: TestResponse) -> None:
        """What was heard: known words, for those ears, and no detail that the log does not tell."""
        assert answer.status_code == 200
        document = answer.get_data(as_text=True)
        told = {line["conversation"] for line in self.house.log() if line["kind"] == "disclosure"}
        if any(person.tells(document) for person in CUSTOMERS.values()):
            assert {call.id for call in self.calls.values() if call.last is answer} & told
        heard = Heard.of(document, self.house.wording)
        assert "(words of nobody)" not in heard.prompts
        owners = [call for call in self.calls.values() if call.last is answer]
        for call in owners:
            assert heard.action or heard.hangs_up, "a live person is never met by silence"
            listener = Listener(call.talk["listener"])
            for prompt in set(heard.prompts) - {"(apology)"}:
                assert may_hear(listener, self.house.wording.prompt(prompt).audience)
        assert BUILT_IN_APOLOGY not in document


@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(opening=openings, happenings=steps)
def test_no_order_of_events_breaks_an_invariant(
    sample_records: Path, opening: str, happenings: list[tuple[object, ...]]
) -> None:
    with TemporaryDirectory() as directory:
        house = HouseInMemory(sample_records, Path(directory))
        try:
            walk = Walk(house, opening)
            for kind, *how in happenings:
                walk.check(walk.step(str(kind), *how))  # type: ignore[arg-type]
            _after_the_end(walk)
        finally:
            house.close()


def _after_the_end(walk: Walk) -> None:
    """Both calls end; nothing is told any more, and no callback is lost or doubled."""
    for call in walk.calls.values():
        call.hang_up()
        call.again()
        assert not call.heard().text
    walk.house.work()
    owed = [line for line in walk.house.owed() if line.startswith("SM")]
    assert len(owed) <= 1, "one open callback for one number"
    records = walk.house.store._partitions[DESK].records  # type: ignore[attr-defined]
    placed = [key for key in records if key.startswith("callback:")]
    states = [walk.house.record(key)["state"] for key in placed]
    assert set(states) <= {"due", "ended"}, "no attempt is left open when its call is over"


@pytest.mark.parametrize("person", CUSTOMERS.values(), ids=lambda person: person.name)
def test_the_pieces_looked_for_are_really_told(house: HouseInMemory, person) -> None:
    call = house.rings(person)
    call.verify(person)
    call.press("1")

    assert person.tells(call.heard().text)
    assert person.name == "Grace" or not set(person.tells(call.heard().text)) - set(person.details)
