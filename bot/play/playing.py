"""A play: you are the telephone. What would be heard is shown; you type what the carrier reports.

At the end the path is printed as a transcript; piped in again, it plays the same path.
"""

import sys
from collections.abc import Callable, Iterator

from rich.console import Console

from bot.actions import Ask
from bot.conversation import Conversation
from bot.dialler import Dialler
from bot.engine import Answer
from bot.errors import ConfigError
from bot.events import (
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
from bot.flow_log import FlowLogLine
from bot.log_view import said
from bot.outbox import Outbox
from bot.phone import PhoneNumber
from bot.play.path import Path
from bot.play.stage import CALL, Stage, set_up
from bot.play.typed import HELP, KEYS, RINGING, VERDICTS, read_typed
from bot.ring_case import ring_case
from bot.runtime import Flows
from bot.secret import Secret
from bot.settings import Settings
from bot.spoken import Item, Join, Listen, Words

ALICE = "+447700900123"
WITHHELD = "withheld"


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
        self._outbox = Outbox(stage.runtime, stage.carrier)
        self._caller = caller
        self._name = stage.name_of(caller)
        self._screen = screen
        self._desk = stage.runtime.house.policy.default_desk
        self._seen = "0"
        self._path = Path()
        self._said = ""  # the prompts of the latest words
        self._conversation = ""
        self._talk: Conversation | None = None
        self._rings = False  # a call of ours that nobody has answered yet
        self._joined = False  # the desk is being rung for the caller
        self._texts = 0
        self._over = False

    def run(self, opening: str, line: str) -> None:
        """Open the flow, take what is typed, and show the path at the end."""
        opened: dict[str, Callable[[], None]] = {
            "text_received": lambda: self._tell("Send a text: `text Sorry I missed you`."),
            "call_received": lambda: self._ring_in(line),
            "call_answered": self._ring_out,
        }
        opened[opening]()
        for typed in self._typed():
            self._act(typed)
        if not self._over and self._conversation:
            self._end(CallOutcome.COMPLETED, "hangs up")
        self._screen.rule("the path")
        for step in self._path.lines:
            self._screen.print(step, soft_wrap=True)

    # how it opens

    def _ring_in(self, line: str) -> None:
        self._conversation = CALL
        self._happened(f"{self._name} rings")
        self._hear(
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
        case = cases[0]
        self._desk = case.desk
        self._happened(f"{case.officer.capitalize()} has {self._name} rung")
        ring_case(self._runtime, case.handle, case.officer)
        Dialler(self._runtime, self._stage.carrier).take_one(self._desk)
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
        """What is typed or piped in, until the play is over."""
        while not self._over:
            if sys.stdin.isatty():
                self._screen.print("> ", end="", style="bold")
            line = sys.stdin.readline()
            typed = read_typed(line)
            if not line or typed == "quit":
                return
            if typed is not None:
                yield typed

    def _act(self, typed: str) -> None:
        if typed == "help":
            self._tell(HELP)
        elif typed.startswith("text"):
            self._text(typed.removeprefix("text "))
        elif typed in RINGING and (self._rings or self._joined):
            self._ringing_ends(typed, RINGING[typed])
        elif self._conversation and not (self._rings and KEYS.fullmatch(typed)):
            self._on_the_line(typed)
        else:
            self._tell("Not now. `help` lists what can be typed.")

    def _on_the_line(self, typed: str) -> None:
        turn = self._talk.turn if self._talk else None
        at: dict[str, str] = {"desk": self._desk, "conversation": self._conversation}
        if typed == "hangup":
            self._end(CallOutcome.COMPLETED, "hangs up")
        elif typed in VERDICTS:
            self._happened(f"machine heard: {VERDICTS[typed].value}")
            self._notice(MachineHeard(**at, call=CALL, by=VERDICTS[typed]))
        elif typed == "silence":
            self._happened("silence")
            self._hear(Silence(**at, turn=turn))
        elif KEYS.fullmatch(typed):
            self._happened(f"presses {typed}")
            self._hear(DigitsPressed(**at, turn=turn, digits=Secret(typed)))
        else:
            self._tell("Not understood, or not now. `help` lists what can be typed.")

    def _text(self, body: str) -> None:
        self._texts += 1
        self._happened(f'text from {self._name}: "{body}"')
        self._runtime.engine.receive(
            TextReceived(
                desk=self._desk,
                conversation=f"SM{self._texts:032d}",
                line="customers",
                sender=self._caller,
                body=Secret(body),
            )
        )
        self._settle()
        self._print(self._path.reply("", ()))
        self._over = not self._conversation

    def _ringing_ends(self, typed: str, outcome: LegOutcome) -> None:
        answered = outcome is LegOutcome.ANSWERED
        at: dict[str, str] = {"desk": self._desk, "conversation": self._conversation}
        if self._joined:
            self._joined = False
            self._happened("the desk answers" if answered else "the desk does not answer")
            turn = self._talk.turn if self._talk else None
            self._hear(LegEnded(**at, turn=turn, outcome=outcome))
            return
        self._rings = False
        if answered:
            self._happened("answered")
            self._hear(CallAnswered(**at, call=CALL))
        else:
            self._end(CallOutcome(outcome.value), typed)

    # what comes of it

    def _hear(
        self, event: CarrierEvent, ask: Callable[[CarrierEvent], Answer] | None = None
    ) -> None:
        """What the caller hears, as the door answers it."""
        answer = (ask or self._runtime.engine.receive)(event)
        try:
            spoken = self._runtime.speaker.speak(answer)
        except Exception as error:
            answer = self._runtime.engine.give_up(event, error)
            spoken = self._runtime.speaker.speak(answer)
        self._talk = answer.conversation
        self._show_log()
        self._print(self._path.reply(self._said, spoken.items))
        for item in spoken.items:
            self._show(item)
        self._settle()
        last = spoken.items[-1] if spoken.items else None
        if not isinstance(last, Listen | Join) and not self._over:
            self._end(CallOutcome.COMPLETED, "hangs up")

    def _notice(self, event: MachineHeard | CallEnded) -> None:
        self._runtime.engine.receive(event)
        self._settle()

    def _end(self, outcome: CallOutcome, what: str) -> None:
        self._over = True
        self._happened(what)
        self._notice(
            CallEnded(desk=self._desk, conversation=self._conversation, call=CALL, outcome=outcome)
        )

    def _settle(self) -> None:
        """Let the outbox be carried out; a live call follows its redirects."""
        while self._outbox.take_one(self._desk):
            pass
        self._show_log()
        carrier = self._stage.carrier
        if carrier.take("redirect") and not self._over:
            self._happened("the call is redirected")
            again = CallAnswered(desk=self._desk, conversation=self._conversation, call=CALL)
            self._hear(again, self._runtime.engine.again)
        if carrier.take("end") and not self._over:
            self._end(CallOutcome.COMPLETED, "hangs up")

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
        keys = [f"{key} {choice.replace('_', ' ')}" for key, choice in ask.keys.items()]
        handle = self._handle()
        right = handle if ask.reference else None
        if ask.prompt.startswith("question.") and handle:
            right = self._stage.would_key(handle, ask.prompt.removeprefix("question."))
        if right:
            keys.insert(0, f"{right} is right")
        keys += ["any key"] if ask.any_key else ["0 a person", "* again"]
        self._tell(f"({' · '.join(keys)})", "dim")

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
            self._said = " ".join(said(line).split(", ")) or self._said
            for told in self._path.came_of_it(line):
                self._print(told)

    def _happened(self, what: str) -> None:
        self._stage.clock.tick()
        line = self._path.happened(what)
        if not sys.stdin.isatty():
            self._screen.print(line, style="bold", soft_wrap=True)

    def _print(self, line: str) -> None:
        self._screen.print(line, style="cyan", soft_wrap=True)

    def _tell(self, text: str, style: str = "") -> None:
        self._screen.print(text, style=style, soft_wrap=not self._screen.is_terminal)
