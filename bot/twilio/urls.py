"""Our own addresses, as Twilio is given them."""

# How Twilio is to fetch them: three retries on any failure, two seconds to connect, four for the
# answer (design section 2, *Deadline*). The fragment is neither sent nor signed. It may stand on
# URLs given by REST and on those in TwiML alike (`twilio.md` section 5), so all of ours carry it.
OVERRIDES = "#rc=3&rp=all&ct=2000&rt=4000"


class Urls:
    """Absolute URLs of the routes in `webhooks.py`, under the public address of the service.

    Desks and ids are plain words, checked where they enter (`bot.policy`, `bot.twilio.inbound`).
    """

    def __init__(self, public_url: str) -> None:
        self._base = public_url.rstrip("/")

    def text_received(self) -> str:
        """Where the number's incoming texts go."""
        return self._url("text/received")

    def text_delivery(self) -> str:
        """Where news of a text that we sent goes."""
        return self._url("text/delivery")

    def call_received(self) -> str:
        """Where the number's incoming calls go."""
        return self._url("call/received")

    def call_answered(self, desk: str, conversation: str) -> str:
        """Where a call that we placed gets its first words."""
        return self._url(f"call/answered/{desk}/{conversation}")

    def digits_pressed(self, desk: str, conversation: str, turn: int) -> str:
        """Where the keys go that answer the words of this turn."""
        return self._url(f"call/digits-pressed/{desk}/{conversation}/{turn}")

    def machine_heard(self, desk: str, conversation: str) -> str:
        """Where the verdict of answering-machine detection goes."""
        return self._url(f"call/machine-heard/{desk}/{conversation}")

    def leg_ended(self, desk: str, conversation: str, turn: int) -> str:
        """Where a call goes on when the leg that this turn added is over."""
        return self._url(f"call/leg-ended/{desk}/{conversation}/{turn}")

    def call_status(self, desk: str | None = None, conversation: str | None = None) -> str:
        """Where notices go: of a call that we placed, or (without ids) of one that came in."""
        if desk is None or conversation is None:
            return self._url("call/status")
        return self._url(f"call/status/{desk}/{conversation}")

    def call_again(self, desk: str, conversation: str) -> str:
        """Where a redirected call reads its conversation's current replies."""
        return self._url(f"call/again/{desk}/{conversation}")

    def _url(self, path: str) -> str:
        return f"{self._base}/{path}{OVERRIDES}"
