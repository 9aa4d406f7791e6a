"""A play: you are the telephone. What would be heard is shown; you type what happens to it.

At the end the path is printed as a transcript: piped in again it plays the same, and kept under
`tests/transcripts/` it is a test.
"""

import sys
from collections.abc import Iterator, Sequence

from rich.console import Console

from bot.conversation import Conversation
from bot.errors import ConfigError
from bot.play import ALICE, PLAYED, WITHHELD, CreateApp
from bot.play.hints import as_it_stands, hints, in_spoken_words, in_words
from bot.play.officers import ASKED_FOR, OFFICERS_LINE
from bot.play.people import OFFICER, WITHHELD_NUMBER, Person, number_of
from bot.play.player import Player, Stage
from bot.play.stage import set_up
from bot.play.telephone import NothingCame
from bot.play.typed import (
    AS_IT_STANDS,
    DESK,
    HELP,
    KEYS,
    RINGING,
    VERDICTS,
    read_text,
    read_typed,
)
from bot.runtime import Flows
from bot.settings import Settings
from bot.simulator import NotConnected

NOT_NOW = "Not now, or not understood. `help` lists what can be typed."


def play_flow(
    settings: Settings,
    flows: Flows,
    create_app: CreateApp,
    name: str,
    caller: str,
    screen: Console,
) -> None:
    """Play the flow of this name as that caller, with what is typed or piped in."""
    opened_by = next((opening for opening, flow in flows.opens.items() if flow.name == name), None)
    if opened_by is None or opened_by not in PLAYED:
        raise ConfigError("flows", name, "it does not begin with you, so it cannot be played alone")
    caller = caller or (OFFICER if opened_by[1] == "officers" else ALICE)
    number = WITHHELD_NUMBER if caller == WITHHELD else number_of(caller)
    with set_up(settings, flows, create_app, number) as (stage, people):
        caller_ = next(one for one in people if one.phone == number)
        Play(stage, people, caller_, screen).run(opened_by)


class Play:
    """One play. `run` returns when the call is over, or when nothing more is typed."""

    def __init__(
        self, stage: Stage, people: Sequence[Person], caller: Person, screen: Console
    ) -> None:
        self._stage, self._people, self._caller, self._screen = stage, people, caller, screen
        self._player = Player(stage, caller.name)
        self._line = self._player.line
        self._path: list[str] = []
        self._texting = False  # a text is what opens this flow
        self._over = False

    def run(self, opening: tuple[str, str]) -> None:
        """Open the flow, take what is typed, and show the path at the end."""
        self._open(opening)
        for typed in self._typed():
            self._act(typed)
        if self._line.up:
            self._do("hangs up")
        self._screen.rule("the path")
        for line in self._path:
            self._screen.print(line, soft_wrap=True)

    def _open(self, opening: tuple[str, str]) -> None:
        event, line = opening
        if event == "text_received":
            self._texting = True
            self._tell("Send a text: type what it says.")
        elif event == "call_received":
            where = f" {OFFICERS_LINE}" if line == "officers" else ""
            self._do(f"{self._caller.name} rings{where}")
        elif not self._caller.answers:
            self._tell("Nobody we know has this number, and nobody is rung blindly.")
            self._over = True
        else:
            self._do(f"Omar has {self._caller.name} rung")
            self._over = not self._line.up
            asked = "It rings. `answer`, `busy`, `no answer` or `failed`?"
            self._tell(asked if self._line.up else "The dial rules refused: nothing rings.")

    # what is typed

    def _typed(self) -> Iterator[str]:
        """What is typed or piped in, until the play is over."""
        read = read_text if self._texting else read_typed
        while not self._over:
            if sys.stdin.isatty():
                self._screen.print("> ", end="", style="bold")
            line = sys.stdin.readline()
            typed = read(line)
            if not line or typed == "quit":
                return
            if typed is not None:
                yield typed

    def _act(self, typed: str) -> None:
        if typed == "help":
            self._tell(HELP)
            return
        step = self._step(typed)
        if step is None:
            self._tell(NOT_NOW)
            return
        try:
            self._do(step)
        except (NotConnected, NothingCame) as error:
            self._tell(f"Not now: {error}.")
            return
        self._settle()

    def _step(self, typed: str) -> str | None:
        """What was typed, as a step of a transcript; None if it cannot happen now."""
        if typed.startswith("text "):
            return f'text from {self._caller.name}: "{typed.removeprefix("text ")}"'
        if not self._line.up:
            return None
        if typed == "hangup":
            return "hangs up"
        if self._rings:
            return RINGING.get(typed)
        if self._line.desk_rings:
            return DESK.get(typed)
        if typed in VERDICTS:
            return f"machine heard: {VERDICTS[typed]}"
        return self._keys(typed) if self._line.reply.listens else None

    def _keys(self, typed: str) -> str | None:
        talk = self._talk
        asked = talk.asked if talk else None
        answering = self._player.answering.name
        if KEYS.fullmatch(typed):
            return in_words(typed, asked, self._people, self._handle, answering)
        names = {*self._stage.people, "nobody"}
        if AS_IT_STANDS.fullmatch(typed) or typed == "silence":
            return typed if as_it_stands(typed, asked, names) else None
        if not self._line.reply.hears_speech:
            return None
        return in_spoken_words(typed, asked, self._people, self._handle, answering)

    # what comes of it

    def _do(self, step: str) -> None:
        """One step: what came of it, and what is heard now."""
        before = self._line.exchange if self._line.up else None
        rows = self._player.step(step)
        self._path += [f"> {step}", *rows]
        if not sys.stdin.isatty():
            self._screen.print(f"> {step}", style="bold", soft_wrap=True)
        for told in rows:
            self._screen.print(told, style="cyan", soft_wrap=True)
        if self._line.up and self._line.exchange is not before:
            self._say()

    def _settle(self) -> None:
        """What follows by itself: the worker's part, and the end after last words."""
        if self._line.up and self._player.owes("redirect", "end_call"):
            self._do("the worker carries out what is owed")
            self._do("the call is redirected" if self._line.up else "hangs up")
        if self._line.up and self._line.exchange and not self._line.reply.goes_on:
            self._do("hangs up")
        self._over = not self._line.up

    def _say(self) -> None:
        reply = self._line.reply
        for words in reply.words:
            self._tell(f"“{words}”", "green")
        talk = self._talk
        if reply.listens and talk and talk.asked:
            sheet = ASKED_FOR.get(talk.asked.prompt)
            told = hints(talk.asked, self._people, self._handle)
            mine = f"type: keys the {sheet} of {OFFICER} · " if sheet else ""
            self._tell(f"({mine}{told})", "dim")
        elif reply.dials:
            self._tell("The desk is rung. `answer`, `busy` or `no answer`?")

    # how things stand

    @property
    def _rings(self) -> bool:
        """A call of ours that nobody has answered yet."""
        call = self._line.call
        return call.direction == "outbound-api" and call.answered_at is None

    @property
    def _talk(self) -> Conversation | None:
        """The conversation as it is kept."""
        key = f"call:{self._player.conversation}"
        data = self._stage.runtime.store.read(self._stage.desk, (key,))[key].data
        return Conversation.from_json(data) if data else None

    @property
    def _handle(self) -> str:
        """The case that the call is about, as far as we know."""
        talk = self._talk
        case = talk.tokens.get("case") if talk else None
        return case or (self._caller.reference if self._caller.answers else "")

    def _tell(self, text: str, style: str = "") -> None:
        self._screen.print(text, style=style, soft_wrap=not self._screen.is_terminal)
