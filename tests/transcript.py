"""Plays a conversation written down in a text file, and writes beside each line what came of it.

A line that begins with `>` is something that happens; the indented lines below it are what the
house did: the flow's move, lines of the log and of the queues, and what was heard. Everything goes
through a phone network in this process, and so through the signed webhooks and the REST interface;
time passes until the call waits for somebody again. Answers to questions are never printed, nor are
details of a case: what was heard is printed as the ids of prompts.

What can happen (NAME is somebody in `tests/people.py`); all but the last is `bot/play/player.py`,
and so is what `ringback play` prints:

    > text from NAME: "words"             > NAME rings
    > NAME rings from NAME's phone        > NAME (or somebody) rings the officers' line
    > keys the staff number of NAME       > keys the PIN (duress PIN, next code, last code) of NAME
    > the worker rings                    > Omar has NAME rung
    > answered                            > busy, no answer, failed, ringing
    > machine heard: machine              (or person, fax, unknown)
    > the call is redirected              > the worker carries out what is owed
    > presses KEYS                        > keys the reference of NAME
    > answers rightly                     > answers wrongly     (as NAME, with: as NAME)
    > answers beside the point            > silence
    > hangs up                            (after last words: the bot does, when they were said)
    > the desk answers                    (and rings off later), does not answer, is busy
    > later 3 h                           > again               (the last webhook, once more)
    > stray: WHAT                         a webhook that the network would not send then

    > answered, but the webhook is lost

WHAT is `machine heard: machine`, `the call is redirected` or `the desk does not answer`: webhooks
that come too early or too late. Nobody hears their answers.
"""

from typing import ClassVar

from bot.play.officers import Sheet, give_sheet
from bot.play.player import VERDICTS, Player, Stage
from bot.records import SAMPLE_STAFF, import_staff
from bot.simulator import WebhookResponse
from tests.house_in_memory import BASE, CHEAP, DESK, HouseInMemory
from tests.people import NOBODYS_NUMBER, OFFICERS, OFFICERS_LINE, PEOPLE, SERVICE, WITHHELD
from tests.worker.world import World

LINES = {"the officers' line": OFFICERS_LINE, "a number that is nobody's": NOBODYS_NUMBER}


def play(text: str, world: World) -> str:
    """The transcript again, with what really came of each line below it."""
    player = player_of(world)
    written: list[str] = []
    for line in text.splitlines():
        if line.startswith("  "):
            continue  # what was expected: written anew
        written.append(line)
        if line.startswith("> "):
            written += player.step(line.removeprefix("> ").strip())
    return "\n".join(written) + "\n"


def player_of(world: World) -> "WithStrays":
    """Somebody who plays transcripts in this world."""
    for number in LINES.values():
        world.network.own(
            number, f"{BASE}/call/received", f"{BASE}/text/received", f"{BASE}/call/status"
        )
    stage = Stage(
        runtime=world.house.runtime,
        carrier=world.carrier,
        network=world.network,
        door=world.door,
        people=PEOPLE | {WITHHELD.name: WITHHELD},
        service=SERVICE,
        lines=LINES,
        sheets=sheets_of(world.house),
    )
    return WithStrays(stage, world)


def sheets_of(house: HouseInMemory) -> dict[str, Sheet]:
    """The department's staff, and what its officers have on paper."""
    records, runtime = house.records, house.runtime
    now = house.clock.now()
    import_staff(records, runtime.keyring, SAMPLE_STAFF, desks={DESK}, now=now)
    return {name: give_sheet(runtime, number, CHEAP) for name, number in OFFICERS.items()}


class WithStrays(Player):
    """A player that can also deliver what no carrier would at that moment."""

    WORDS: ClassVar[dict[str, str]] = {
        **Player.WORDS,
        r"stray: (machine heard: \w+|the call is redirected|the desk does not answer)": "stray",
        r"answered, but the webhook is lost": "answered_in_vain",
    }

    def __init__(self, stage: Stage, world: World) -> None:
        super().__init__(stage, "Alice")
        self._world = world

    def answered_in_vain(self) -> None:
        """Our call is picked up, and the carrier cannot tell us."""
        self.line.ring()
        self._world.door_shut = True
        self.line.answer()
        self._world.door_shut = False

    def stray(self, what: str) -> None:
        """A webhook made by hand, about the call that goes on or went on last."""
        call, at = self.line.call, f"{DESK}/{self.conversation}"
        if what == "the call is redirected":
            kind, path, form = "voice", f"/call/again/{at}", {}
        elif what == "the desk does not answer":
            path = self.line.reply.action.removeprefix(BASE).partition("#")[0]
            kind, form = "action", {"DialCallStatus": "no-answer"}
        else:
            verdict = VERDICTS[what.removeprefix("machine heard: ")]
            kind, path, form = "amd", f"/call/machine-heard/{at}", {"AnsweredBy": verdict}
        answer = self._world.house.post(path, CallSid=call.sid, From=call.from_, To=call.to, **form)
        self.strayed(kind, WebhookResponse(answer.status_code, {}, answer.data))
