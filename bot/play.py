"""`ringback play`: one flow in the terminal, through the real engine, with you as the telephone.

What would be heard is shown, what you type is what the carrier would report. At the end the path
is printed as a transcript; its `>` lines, piped in again, play the same path.
"""

import re
import sys
from collections.abc import Callable, Iterator

from rich.console import Console

from bot.actions import Ask
from bot.conversation import Conversation
from bot.engine import Answer
from bot.errors import ConfigError
from bot.events import (
    AnsweredBy,
    CallAnswered,
    CallEnded,
    CallOutcome,
    CallReceived,
    CarrierEvent,
    DigitsPressed,
    LegEnded,
    LegOutcome,
    MachineHeard,
    Silence,
    TextReceived,
)
from bot.flow_log import FlowLogLine, LineKind
from bot.log_view import said
from bot.phone import PhoneNumber
from bot.ring_case import ring_case
from bot.runtime import Flows
from bot.secret import Secret
from bot.settings import Settings
from bot.spoken import Item, Join, Listen, Words
from bot.stage import CALL, Stage, set_up
from bot.worker import Worker

ALICE = "+447700900123"
WITHHELD = "withheld"

HELP = """\
  1, 0, *, 01021980#   press keys           silence   say and press nothing
  hangup               end the call         help      this page
  machine, human, fax, unknown              the verdict of machine detection
  answer, busy, no answer, failed           while it rings, or while the desk is rung
  text Sorry I missed you                   send a text
  quit                 stop here"""

VERDICTS = {
    "machine": AnsweredBy.MACHINE,
    "human": AnsweredBy.PERSON,
    "fax": AnsweredBy.FAX,
    "unknown": AnsweredBy.UNKNOWN,
}
RINGING = {
    "answer": LegOutcome.ANSWERED,
    "answered": LegOutcome.ANSWERED,
    "busy": LegOutcome.BUSY,
    "no answer": LegOutcome.NO_ANSWER,
    "no_answer": LegOutcome.NO_ANSWER,
    "failed": LegOutcome.FAILED,
}
KEYS = re.compile(r"[0-9*#]+")


def play_flow(settings: Settings, flows: Flows, name: str, caller: str, screen: Console) -> None:
    """Play the flow of this name as that caller, with what is typed or piped in."""
    number = None if caller == WITHHELD else PhoneNumber.parse(caller)
    opened_by = next((opening for opening, flow in flows.opens.items() if flow.name == name), None)
    if opened_by is None:
        raise ConfigError("flows", name, "nothing opens it, so it cannot be played alone")
    with set_up(settings, flows) as stage:
        Play(stage, number, screen).run(*opened_by)


class Play:
    """One play. `run` returns when the call is over, or when nothing more is typed."""

    def __init__(self, stage: Stage, caller: PhoneNumber | None, screen: Console) -> None:
        self._stage = stage
        self._runtime = stage.runtime
        self._worker = Worker(stage.runtime, stage.carrier)
        self._caller = caller
        self._screen = screen
        self._desk = stage.runtime.house.policy.default_desk
        self._seen = "0"
        self._path: list[str] = []
        self._conversation = ""
        self._talk: Conversation | None = None
        self._rings = False  # a call of ours that nobody has answered yet
        self._joined = False  # the desk is being rung for the caller
        self._texts = 0
        self._over = False

    def run(self, opening: str, line: str) -> None:
        """Open the flow, take what is typed, and show the path at the end."""
        {
            "text_received": self._await_text,
            "call_received": lambda: self._ring_in(line),
            "call_answered": self._ring_out,
        }[opening]()
        for typed in self._typed():
            self._act(typed)
            if self._over:
                break
        if not self._over and self._conversation:
            self._end(CallOutcome.COMPLETED, "hangs up")
        self._screen.rule("the path")
        for step in self._path:
            self._screen.print(step, soft_wrap=True)

    # how it opens

    def _await_text(self) -> None:
        self._tell("Send a text: `text Sorry I missed you`.")

    def _ring_in(self, line: str) -> None:
        self._conversation = CALL
        self._step("rings in")
        self._voice(
            CallReceived(
                desk=self._desk, conversation=CALL, line=line, call=CALL, caller=self._caller
            )
        )

    def _ring_out(self) -> None:
        """A call that an officer asked for, placed by the real dialler under the real rules."""
        cases = self._runtime.directory.by_number(self._number_hash())
        if not cases:
            self._tell("Nobody we know has this number, and nobody is rung blindly.")
            self._over = True
            return
        self._desk = cases[0].desk
        self._step(f"{cases[0].officer} has case {cases[0].handle} rung")
        ring_case(self._runtime, cases[0].handle, cases[0].officer)
        self._worker.drain(self._desk)
        self._show_log()
        order = self._stage.carrier.placed
        if order is None:
            self._tell("The dial rules refused: nothing rings.")
            self._over = True
            return
        self._conversation, self._rings = order.attempt, True
        self._tell("It rings. `answer`, `busy`, `no answer` or `failed`?")

    # what is typed

    def _typed(self) -> Iterator[str]:
        """What is typed or piped in, without the `> ` and `presses` of a transcript."""
        interactive = sys.stdin.isatty()
        while not self._over:
            if interactive:
                self._screen.print("> ", end="", style="bold")
            line = sys.stdin.readline()
            if not line:
                return
            typed = line.strip().removeprefix("> ").removeprefix("presses ").strip()
            if typed == "quit":
                return
            if typed and not line.startswith("  "):
                yield typed

    def _act(self, typed: str) -> None:
        word = typed.lower()
        turn = self._talk.turn if self._talk else None
        at = {"desk": self._desk, "conversation": self._conversation}
        if word in ("help", "?"):
            self._tell(HELP)
        elif word.startswith("text"):
            self._text(typed[4:].strip(' :"'))
        elif word in RINGING and (self._rings or self._joined):
            self._ringing_ends(word, RINGING[word])
        elif not self._conversation or self._rings:
            self._tell("Not now. `help` lists what can be typed.")
        elif word in ("hangup", "hangs up", "hang up"):
            self._end(CallOutcome.COMPLETED, "hangs up")
        elif word in VERDICTS:
            self._step(word)
            self._notice(MachineHeard(**at, call=CALL, by=VERDICTS[word]))
        elif word == "silence":
            self._step("silence")
            self._voice(Silence(**at, turn=turn))
        elif KEYS.fullmatch(word):
            self._step(f"presses {word}")
            self._voice(DigitsPressed(**at, turn=turn, digits=Secret(word)))
        else:
            self._tell("Not understood. `help` lists what can be typed.")

    def _text(self, body: str) -> None:
        self._texts += 1
        message = f"SM{self._texts:032d}"
        self._step(f"text {body}")
        self._runtime.engine.receive(
            TextReceived(
                desk=self._desk,
                conversation=message,
                line="customers",
                sender=self._caller,
                body=Secret(body),
            )
        )
        self._settle()
        self._tell("(no text goes back)")
        self._note("  reply   none: texts are answered with a call")
        self._over = not self._conversation

    def _ringing_ends(self, word: str, outcome: LegOutcome) -> None:
        at = {"desk": self._desk, "conversation": self._conversation}
        if self._joined:
            self._joined = False
            self._step(word)
            turn = self._talk.turn if self._talk else None
            self._voice(LegEnded(**at, turn=turn, outcome=outcome))
            return
        self._rings = False
        if outcome is LegOutcome.ANSWERED:
            self._step(word)
            self._voice(CallAnswered(**at, call=CALL))
        else:
            self._end(CallOutcome(outcome.value), word)

    # what comes of it

    def _voice(self, event: CarrierEvent) -> None:
        self._hear(event, self._runtime.engine.receive)

    def _hear(self, event: CarrierEvent, ask: Callable[[CarrierEvent], Answer]) -> None:
        """What the caller hears, as the door answers it."""
        answer = ask(event)
        try:
            spoken = self._runtime.speaker.speak(answer)
        except Exception as error:
            answer = self._runtime.engine.give_up(event, error)
            spoken = self._runtime.speaker.speak(answer)
        self._talk = answer.conversation
        self._show_log()
        for item in spoken.items:
            self._show(item)
        self._settle()
        last = spoken.items[-1] if spoken.items else None
        if not isinstance(last, Listen | Join) and not self._over:
            self._end(CallOutcome.COMPLETED, None)

    def _notice(self, event: MachineHeard | CallEnded) -> None:
        self._runtime.engine.receive(event)
        self._settle()

    def _end(self, outcome: CallOutcome, typed: str | None) -> None:
        self._over = True
        self._step(typed or "the call ends")
        self._notice(
            CallEnded(desk=self._desk, conversation=self._conversation, call=CALL, outcome=outcome)
        )

    def _settle(self) -> None:
        """Let the worker carry out what is owed; a live call follows its redirects."""
        self._worker.drain(self._desk)
        self._show_log()
        carrier = self._stage.carrier
        if carrier.take("redirect") and not self._over:
            self._note("  effect  the call is redirected")
            again = CallAnswered(desk=self._desk, conversation=self._conversation, call=CALL)
            self._hear(again, self._runtime.engine.again)
        if carrier.take("end") and not self._over:
            self._note("  effect  the call is ended")
            self._end(CallOutcome.COMPLETED, None)

    # what is shown

    def _show(self, item: Item) -> None:
        if isinstance(item, Words):
            self._tell(f"“{item.text}”", "green")
        elif isinstance(item, Listen):
            self._tell(f"“{item.words.text}”", "green")
            self._hint(self._talk.asked if self._talk else None)
        elif isinstance(item, Join):
            self._joined = True
            self._tell("The desk is rung. `answer`, `busy`, `no answer` or `failed`?")

    def _hint(self, ask: Ask | None) -> None:
        """What could be pressed; and what the invented person would key."""
        if ask is None:
            return
        keys = [f"{key} {choice}" for key, choice in ask.keys.items()]
        handle = self._handle()
        right = handle if ask.reference else None
        if ask.prompt.startswith("question.") and handle:
            right = self._stage.would_key(handle, ask.prompt.removeprefix("question."))
        if right:
            keys.insert(0, f"{right} is right")
        self._tell(f"({' · '.join([*keys, '0 a person', '* again'])})", "dim")

    def _handle(self) -> str | None:
        known = self._talk.tokens.get("case") if self._talk else None
        cases = self._runtime.directory.by_number(self._number_hash())
        return known or (cases[0].handle if cases else None)

    def _number_hash(self) -> str:
        return self._runtime.keyring.number_hash(self._caller.e164) if self._caller else ""

    def _show_log(self) -> None:
        for id, fields in self._runtime.store.log_after(self._desk, self._seen, limit=1000):
            self._seen = id
            line = FlowLogLine.from_fields(fields)
            for told in _as_steps(line):
                self._note(told)
                self._screen.print(told, style="cyan", soft_wrap=True)

    def _step(self, typed: str) -> None:
        self._stage.clock.tick()
        self._note(f"> {typed}")
        if not sys.stdin.isatty():
            self._screen.print(f"> {typed}", style="bold", soft_wrap=True)

    def _note(self, line: str) -> None:
        self._path.append(line)

    def _tell(self, text: str, style: str = "") -> None:
        self._screen.print(text, style=style)


def _as_steps(line: FlowLogLine) -> Iterator[str]:
    """A line of the flow log as lines of a transcript."""
    if line.kind is LineKind.CALLBACK:
        ended = f" ({line.disposition})" if line.disposition else ""
        yield f"  effect  callback {line.event}: {line.after}{ended}"
    elif line.kind is LineKind.TASK:
        yield f"  effect  task {line.reason} {line.detail}".rstrip()
    elif line.kind is LineKind.DISCLOSURE:
        yield f"  told    {line.detail}"
    else:
        why = f", {line.reason}" if line.reason else ""
        yield f"  flow    {line.before} -> {line.after} ({line.event}{why}), {line.listener}"
        if line.said:
            yield f"  says    {said(line)}"
        if line.disposition:
            yield f"  ending  {line.disposition}"
