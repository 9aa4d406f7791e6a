"""`ringback demo`: set everything up, start it, play the story, stay until Ctrl-C."""

import json
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from bot.demo import people
from bot.demo.demo_time import set_the_clock
from bot.demo.processes import Child, DidNotStart, Processes, free_port, ringback
from bot.demo.staff import HOW, enrol_everybody
from bot.demo.story import StepFailed, Story
from bot.errors import ConfigError
from bot.records import (
    connect as connect_records,
)
from bot.records import (
    upgrade,
)
from bot.runtime import Runtime
from bot.samples import import_samples
from bot.settings import Settings
from bot.simulator import Control, Happening
from bot.simulator.transcript import line_of
from bot.start import demo_secrets, prepared

# the web server's, the phone network's and the console's, if nobody listens there
PORTS = (8470, 8471, 8472)
ANY_PORTS = (0, 0, 0)
CHARACTERS_PER_SECOND = 120  # of speech: faster than anybody talks, slow enough to read along
AS_PEOPLE_TALK = 15  # once somebody plays on the phone page
SCENE_FILE = "people.json"

Connect = Callable[[Settings], Runtime]


class Demo:
    """The whole service on this machine. A context: entering starts it, leaving ends it."""

    def __init__(
        self,
        connect: Connect,
        settings: Settings,
        console: Console,
        *,
        characters_per_second: int = CHARACTERS_PER_SECOND,
        ports: tuple[int, int, int] = PORTS,
    ) -> None:
        if settings.production:
            raise ConfigError("environment", "RINGBACK_PROFILE", "the demo is not for production")
        self._connect = connect
        self.console = console
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        web, network, pages = (free_port(port) for port in ports)
        self.settings = replace(
            settings,
            public_url=f"http://127.0.0.1:{web}",
            console_url=f"http://127.0.0.1:{pages}",
            twilio_api_url=f"http://127.0.0.1:{network}",
        )
        self._characters_per_second = characters_per_second
        self._offset = set_the_clock(settings.data_dir, time.time())
        self._ports = (web, network, pages)

    def __enter__(self) -> "Demo":
        data_dir = self.settings.data_dir
        self.console.print(f"Starting. Data and logs are kept in [bold]{data_dir}[/bold].")
        self.processes = Processes(data_dir, self._warn)
        try:
            self._start()
        except BaseException:
            self.processes.end()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.console.print("Ending everything …")
        self.processes.end()
        self.console.print("Ended.")

    def play(self) -> None:
        """Play the story, and print what happens while it happens. Raises `StepFailed`."""
        story = Story(
            network=self.network,
            runtime=self.runtime,
            environment=self.environment,
            say=lambda heading: self.console.rule(f"[bold]{escape(heading)}", align="left"),
            check=lambda shown: self.console.print(f"          [green]✓ {escape(shown)}"),
        )
        with self._transcript():
            story.play()

    def hand_over(self) -> None:
        """Put everybody's telephone into the hands of whoever sits before the phone page."""
        # a network that dies is started again as it is from now on
        self.processes.find("phone network").command = self._network(AS_PEOPLE_TALK)
        self.network.speak_at(AS_PEOPLE_TALK)
        for handset in people.in_hand():
            self.network.add(handset)

    def addresses(self) -> list[str]:
        """Where everything is, for whoever wants to look."""
        return [
            f"the telephones: [bold]open this[/bold]       {self.settings.twilio_api_url}/",
            f"the console, for staff          {self.settings.console_url}/",
            f"  {HOW}",
            f"the door (Twilio's webhooks)    {self.settings.public_url}",
            "the flow log, live              ringback log",
            "what is owed                    ringback callbacks, ringback tasks",
        ]

    def _start(self) -> None:
        self._import_samples()
        self._write_scene()
        web, network, pages = self._ports
        logs = self.settings.data_dir
        self.environment = self._environment()
        self.processes.start(
            [
                Child(
                    "phone network",
                    self._network(self._characters_per_second),
                    logs / "network.log",
                    f"http://127.0.0.1:{network}/simulator/clock",
                ),
                Child(
                    "web server",
                    ringback("serve", "--host", "127.0.0.1", "--port", str(web)),
                    logs / "web.log",
                    f"http://127.0.0.1:{web}/healthz",
                ),
                Child("worker", ringback("work"), logs / "worker.log"),
                Child(
                    "console",
                    ringback("console", "--port", str(pages)),
                    logs / "console.log",
                    f"http://127.0.0.1:{pages}/healthz",
                ),
            ],
            self.environment,
        )
        self.network = Control(f"http://127.0.0.1:{network}")
        self.runtime = self._connect(self.settings)

    def _network(self, characters_per_second: int) -> list[str]:
        return ringback(
            "simulate",
            *("--port", str(self._ports[1])),
            *("--scenario", str(self._scene)),
            *("--clock-offset-seconds", str(self._offset)),
            *("--characters-per-second", str(characters_per_second)),
        )

    @property
    def _scene(self) -> Path:
        return self.settings.data_dir.absolute() / SCENE_FILE

    def _write_scene(self) -> None:
        """What a phone network knows when it starts, for the first time or again."""
        own = people.the_service(self.settings.public_url)
        scene = {"numbers": [own], "handsets": people.in_hand()}
        self._scene.write_text(json.dumps(scene, indent=2), encoding="utf-8")

    def _environment(self) -> dict[str, str]:
        """What the children are told: the same directory, addresses and made-up secrets."""
        made_up = demo_secrets(self.settings.data_dir)
        settings = self.settings
        return {
            "RINGBACK_PROFILE": settings.profile.value,
            "RINGBACK_DATA_DIR": str(settings.data_dir.absolute()),
            "RINGBACK_DATABASE_URL": settings.database_url,
            "RINGBACK_REDIS_URL": self.processes.server.url,
            "RINGBACK_PUBLIC_URL": settings.public_url,
            "RINGBACK_CONSOLE_URL": settings.console_url,
            "RINGBACK_TWILIO_API_URL": settings.twilio_api_url or "",
            "RINGBACK_TWILIO_ACCOUNT_SID": settings.twilio_account_sid,
            "RINGBACK_TWILIO_AUTH_TOKEN": settings.twilio_auth_token
            or made_up["twilio_auth_token"],
        }

    def _import_samples(self) -> None:
        """The invented people; importing them again replaces them."""
        settings = prepared(self.settings)
        runtime = self._connect(settings)
        records = connect_records(settings.database_url)
        upgrade(records)
        cases = import_samples(records, runtime)
        enrol_everybody(runtime)
        day = runtime.clock.moment().strftime("%A %d %B %Y, %H:%M UTC")
        self.console.print(f"{cases} invented cases. In here it is {day}.")

    def _warn(self, text: str) -> None:
        self.console.print(f"[yellow]! {escape(text)}")

    @contextmanager
    def _transcript(self) -> Iterator[None]:
        """Print the phone network's happenings while the story plays."""
        over = threading.Event()
        thread = threading.Thread(target=self._print_happenings, args=(over,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _print_happenings(self, over: threading.Event) -> None:
        after = 0
        lines = KeysTogether()
        while not over.is_set():
            try:
                found = self.network.happenings(after, 0.3)
            except OSError:  # the network is being started again
                over.wait(0.3)
                continue
            for happening in found:
                after = happening.number
                for line in lines.lines_of(happening):
                    self.console.print(f"[dim]{escape(line)}")


class KeysTogether:
    """Puts keys that somebody presses one after the other into one line."""

    def __init__(self) -> None:
        self._first: Happening | None = None
        self._keys = ""

    def lines_of(self, happening: Happening) -> list[str]:
        """The lines that can be printed now."""
        if happening.kind == "pressed" and (not self._first or self._first.who == happening.who):
            self._first = self._first or happening
            self._keys += happening.words
            return []
        lines = [line_of(replace(self._first, words=self._keys))] if self._first else []
        self._first, self._keys = None, ""
        if happening.kind == "pressed":
            self._first, self._keys = happening, happening.words
            return lines
        return [line for line in (*lines, line_of(happening)) if line]


def main(
    connect: Connect, settings: Settings, console: Console | None = None, *, story: bool = True
) -> int:
    """Play the demo; the exit code: 0, or 1 when a step went wrong, naming it."""
    console = console or Console(highlight=False, soft_wrap=True)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: _stop(stop))
    try:
        with Demo(connect, settings, console) as demo:
            if story:
                demo.play()
                console.rule("[bold green]The story is over, and all of it was true", align="left")
            if not settings.demo_once:
                _stay(demo, stop)
    except (StepFailed, DidNotStart) as failure:
        console.print(f"[bold red]{escape(str(failure))}")
        console.print(f"The logs are in {settings.data_dir}.")
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


def _stop(stop: threading.Event) -> None:
    """The first Ctrl-C ends the demo in order, wherever it is."""
    if not stop.is_set():
        stop.set()
        raise KeyboardInterrupt


def _stay(demo: Demo, stop: threading.Event) -> None:
    demo.hand_over()
    demo.console.print("Now the telephones are yours: text, ring, answer, press keys.")
    for line in demo.addresses():
        demo.console.print(line)
    demo.console.print("Press Ctrl-C to end.")
    while not stop.wait(1.0):
        pass
