"""What came of a step: collected while it happens, in order, as the lines of a transcript."""

from bot.flow_log import FlowLogLine, LineKind
from bot.play.path import Path, folded, row
from bot.play.reply import Prompts
from bot.play.telephone import SPEAKING, OnTheLine, read_reply
from bot.runtime import Runtime
from bot.simulator import Exchange, Heard
from bot.store import DUE, OUTBOX

MOST_LINES = 100_000  # of the log, in one step
TOLD = ("task", "disclosure")  # kinds of line that the flow log tells of already


class Teller:
    """Looks at the flow log, the queues and the call after each webhook of a step."""

    def __init__(self, runtime: Runtime, desk: str, line: OnTheLine) -> None:
        self._runtime, self._desk, self._line = runtime, desk, line
        self.prompts = Prompts(runtime.house.wording)
        self.attempt = ""  # the id of the call that we placed last
        self._path = Path()
        self._seen = "0"
        self._owed: set[str] = set()
        self._rows: list[str] = []
        self._pending: Exchange | None = None  # answered, and not told yet
        self._acknowledged = False  # a webhook was answered, and perhaps nobody heard anything

    def begin(self) -> None:
        """A step begins."""
        self._rows, self._acknowledged = [], False

    def end(self) -> list[str]:
        """It is over: what came of it."""
        self.look()
        self._tell_reply()
        if self._acknowledged and not any(told.startswith("  reply") for told in self._rows):
            self._rows.append(self._path.reply((), ""))
        return folded(self._rows)

    def add(self, told: str) -> None:
        """Something else that came of it."""
        self._rows.append(told)

    def answered(self, exchange: Exchange) -> None:
        """A webhook was delivered, or could not be."""
        status = exchange.response.status if exchange.response else 0
        if status != 200:
            self._rows.append(row("answer", str(status or "none")))
        elif exchange.kind in SPEAKING:
            self._tell_reply()
            self._pending = exchange
        self._acknowledged = True
        self.look()

    def look(self) -> None:
        """What the flow log and the queues have that they had not."""
        store = self._runtime.store
        for id, fields in store.log_after(self._desk, self._seen, MOST_LINES):
            self._seen = id
            line = FlowLogLine.from_fields(fields)
            if line.kind is LineKind.CALLBACK and line.event == "placed":
                self.attempt = line.conversation
            self._rows += self._path.logged(line)
        lines = [line for name in (DUE, OUTBOX) for line in store.waiting(self._desk, name)]
        fresh = [line for line in lines if line.id not in self._owed and line.kind not in TOLD]
        self._owed |= {line.id for line in lines}
        self._rows += [self._path.owed(line, self._runtime.clock.now()) for line in fresh]

    def check_heard(self, last: tuple[str, ...]) -> None:
        """The call is over: were these, its last words, heard? If others were, say which."""
        heard = self._line.heard
        if [one.words for one in heard] != list(last):
            self._rows.append(row("heard", *(self._named(one) for one in heard)))

    def _tell_reply(self) -> None:
        """What was heard of the last answer; of last words, what is being said."""
        exchange, self._pending = self._pending, None
        if exchange is None:
            return
        reply = read_reply(exchange)
        prompts = [self.prompts.id(words) for words in reply.words]
        if reply.goes_on and self._line.up and exchange is self._line.exchange:
            prompts = [self._named(one) for one in self._line.heard]
        self._rows.append(self._path.reply(prompts, reply.then))

    def _named(self, heard: Heard) -> str:
        ours = heard.who == "bot"
        return self.prompts.id(heard.words) if ours else "(the carrier's own words)"
