"""The story of the demo, played through the real webhooks; each step says what must be true after.

Nothing here reaches into the service: the story texts, rings and answers on the phone network, and
looks at what came of it as operations staff would.
"""

import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.callbacks import Callback
from bot.demo import people
from bot.demo.processes import ringback
from bot.runtime import Runtime
from bot.simulator import Control
from bot.tasks import Task

STEP_WITHIN_SECONDS = 90.0
LOOK_EVERY_SECONDS = 0.1
NEUTRAL_ENDING = "We cannot go on by telephone today"

Json = dict[str, Any]
Found = TypeVar("Found")


class StepFailed(Exception):
    """A step of the story that did not come out as it must: which, and what was missing."""


@dataclass
class Story:
    """Plays the story once. `say` prints a heading, `check` something that has been shown."""

    network: Control
    runtime: Runtime
    environment: dict[str, str]
    say: Callable[[str], None]
    check: Callable[[str], None]
    step: str = ""

    def play(self) -> None:
        """All six steps. Raises `StepFailed` naming the one that went wrong."""
        self._set_the_scene()
        callback = self.alice_texts()
        self.voicemail_answers(callback)
        asked = self.alice_rings_back(callback)
        self.mallory_rings(asked)
        self.omar_has_bob_rung()
        self.dave_texts()

    # the steps

    def alice_texts(self) -> str:
        """A customer who was missed texts back: nobody replies by text, a callback is due."""
        self._begin(1, "Alice was rung and missed. She texts back.")
        sent = self.network.text(people.ALICE, people.SERVICE, "Sorry I missed you")
        self._must(sent["status"] == 200 and not sent["replies"], "an empty answer to the text")
        self.check("the answer to the text is empty: nobody replies by text")
        callback = self._until("a callback to Alice", lambda: self._callback(sent["message_sid"]))
        self.check("a callback to Alice is due")
        return callback.id

    def voicemail_answers(self, callback_id: str) -> None:
        """The worker rings; a machine hears the answering-machine wording, and nothing else."""
        self._begin(2, "The service rings Alice. Her voicemail answers.")

        def left() -> Callback | None:
            callback = self._callback(callback_id)
            endings = [attempt.disposition for attempt in callback.attempts] if callback else []
            return callback if "left_message" in endings else None

        self._until("the disposition left_message", left)
        kept = self.network.voicemails(people.ALICE)[-1]["words"]
        self._must("This is a message for Alice Margaret Example" in kept, "the wording, kept")
        self._must(kept.count("This is a message for") == 1, "the wording, left once")
        self.check("the answering-machine wording was left, once: left_message")

    def alice_rings_back(self, callback_id: str) -> int:
        """Alice rings back, passes with one mistake, hears her case, asks for an officer."""
        self._begin(3, "Alice rings back, makes one mistake, and passes.")
        self.network.change(people.ALICE, people.alice())
        call = self._ring_in(people.ALICE)
        words = " ".join(_heard(call))
        self._must("1,234 pounds and 56 pence" in words, "Alice's balance, spoken")
        self.check("she heard her case after the checks")
        self._until("a task for Omar", lambda: self._task(call["sid"], "wants_person", "s1001"))
        self.check("she asked for an officer: a task for Omar")
        settled = self._callback(callback_id)
        self._must(
            settled is not None and settled.disposition == "settled_by_customer",
            "the callback settled by her own call",
        )
        self.check("the callback that we owed her is settled by her own call")
        return _questions(call)

    def mallory_rings(self, asked_of_alice: int) -> None:
        """Mallory fails the same number of questions, and learns nothing."""
        self._begin(4, "Mallory rings from Alice's phone.")
        self.network.change(people.ALICE, people.mallory())
        call = self._ring_in(people.ALICE)
        words = " ".join(_heard(call))
        self._must(_questions(call) == asked_of_alice, "as many questions as Alice was asked")
        self._must(NEUTRAL_ENDING in words, "the neutral ending")
        for secret in ("pounds", "You owe", "Alice", "how your case stands"):
            self._must(secret not in words, f"nothing said of {secret!r}")
        self.check(f"{asked_of_alice} questions, the neutral ending, nothing about a case")

    def omar_has_bob_rung(self) -> None:
        """An officer has a customer rung; he is asked for by name, verified, and hears his case."""
        self._begin(5, "Omar, an officer, has Bob rung.")
        self._run("ring", people.BOB_CASE, "--officer", "s1001")
        before = {call["sid"] for call in self.network.calls()}

        def read() -> Json | None:
            for call in self._ended_calls(people.BOB):
                if call["sid"] not in before or "310 pounds" in " ".join(_heard(call)):
                    return call
            return None

        words = " ".join(_heard(self._until("Bob's call", read)))
        self._must("This is a call for Bob Sample" in words, "Bob asked for by name")
        self._must("310 pounds" in words, "Bob's balance, spoken")
        self.check("Bob was asked for by name, verified, and heard his case")
        self._until("the callback closed", lambda: not self._open_callbacks_to(people.BOB_CASE))
        self.check("nothing is owed to Bob any more")

    def dave_texts(self) -> None:
        """Somebody unknown texts: a person decides, and nobody is rung blindly."""
        self._begin(6, "Dave, of whom we know nothing, texts.")
        sent = self.network.text(people.DAVE, people.SERVICE, "Who is this?")
        self._must(sent["status"] == 200 and not sent["replies"], "an empty answer to the text")
        self._until("a task", lambda: self._task(sent["message_sid"], "unknown_sender", "main"))
        self._must(not self._calls(people.DAVE), "no call to Dave")
        self.check("an empty answer, a task for the desk, and no call")

    # what the steps need

    def _set_the_scene(self) -> None:
        self.network.own(**people.the_service(self.runtime.settings.public_url))
        for handset in (people.alices_voicemail(), people.bob(), people.dave(), people.the_desk()):
            self.network.add(handset)

    def _begin(self, number: int, heading: str) -> None:
        self.step = f"step {number}: {heading}"
        self.say(f"({number}) {heading}")

    def _must(self, holds: bool, what: str) -> None:
        if not holds:
            raise StepFailed(f"{self.step} Missing: {what}")

    def _until(self, what: str, look: Callable[[], Found | None]) -> Found:
        """What `look` finds, as soon as it finds it. Raises `StepFailed`."""
        deadline = time.monotonic() + STEP_WITHIN_SECONDS
        while time.monotonic() < deadline:
            if found := look():
                return found
            time.sleep(LOOK_EVERY_SECONDS)
        raise StepFailed(f"{self.step} Missing after {STEP_WITHIN_SECONDS:.0f} seconds: {what}")

    def _ring_in(self, caller: str) -> Json:
        sid = self.network.dial(caller, people.SERVICE)
        return self._until("the end of the call", lambda: _ended(self.network.call(sid)))

    def _run(self, *command: str) -> None:
        done = subprocess.run(  # noqa: S603 - our own command
            ringback(*command), env=self.environment, capture_output=True, text=True, check=False
        )
        self._must(done.returncode == 0, f"ringback {' '.join(command)}: {done.stderr.strip()}")

    def _callback(self, callback_id: str) -> Callback | None:
        key = f"callback:{callback_id}"
        data = self.runtime.store.read("main", (key,))[key].data
        return Callback.from_json(data) if data else None

    def _open_callbacks_to(self, case: str) -> list[Callback]:
        members = self.runtime.store.members("main", "callbacks")
        found = [self._callback(member) for member, _ in members]
        return [callback for callback in found if callback and callback.case == case]

    def _task(self, conversation: str, reason: str, owner: str) -> Task | None:
        return next(
            (
                task
                for task in self.runtime.tasks.open(owner=owner)
                if (task.conversation, task.reason) == (conversation, reason)
            ),
            None,
        )

    def _calls(self, number: str) -> list[Json]:
        return [call for call in self.network.calls() if number in (call["to"], call["from"])]

    def _ended_calls(self, number: str) -> list[Json]:
        return [call for call in self._calls(number) if _ended(call)]


def _ended(call: Json) -> Json | None:
    return call if call["status"] in ("completed", "busy", "no-answer", "failed") else None


def _heard(call: Json) -> list[str]:
    return [words for _, _, words in call["heard"]]


def _questions(call: Json) -> int:
    return sum(any(phrase in words for phrase in people.QUESTIONS) for words in _heard(call))
