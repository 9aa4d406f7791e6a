"""Getting an answer to one webhook: retries, redirects, limits, and else an error number."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from bot.simulator.error_numbers import BAD_URL, HTTP_BROKEN, RETRIEVAL_FAILED
from bot.simulator.webhooks.addresses import BadAddress, join, requested
from bot.simulator.webhooks.cookies import BadCookie, CookieJar
from bot.simulator.webhooks.overrides import Overrides, split_overrides
from bot.simulator.webhooks.request import (
    Deliver,
    DeliveryError,
    Params,
    WebhookRequest,
    WebhookResponse,
    signed_request,
)

MOST_REDIRECTS = 10  # d:voice/twiml; one more is error 11215
FOLLOWED = frozenset({301, 302, 303, 307})  # d:api/errors/11216: only these
SHORTEST_TRY_SECONDS = 0.05  # in less nothing can be tried
TOO_MANY_REDIRECTS, BAD_REDIRECT, BAD_RETRY_POLICY = 11215, 11216, 11243


@dataclass(frozen=True)
class Errand:
    """One webhook to be sent: where, with what, what for (`kind`) and about which call or text."""

    url: str
    method: str
    params: Params
    kind: str
    sid: str
    token: str = ""

    @cached_property
    def values(self) -> Mapping[str, str]:
        """The parameters by name."""
        return dict(self.params)

    @property
    def voice(self) -> bool:
        """Is it about a call, and not about a text?"""
        return "MessageSid" not in self.values

    @property
    def conversation(self) -> str:
        """Whose cookies it carries: a call's, or those of the texts between two numbers."""
        if self.voice:
            return self.sid
        values = self.values
        return " ".join(sorted((values.get("From", ""), values.get("To", ""))))


@dataclass(frozen=True)
class Answer:
    """What came back in the end: a 2xx response, or an error number with its reason."""

    url: str
    response: WebhookResponse | None = None
    error: int = 0
    words: str = ""
    seconds: float = 0.0


OnExchange = Callable[[Errand, WebhookRequest, WebhookResponse | None, str], None]


class Wire(Protocol):
    """What lies between the carrier and the delivery: as a rule, nothing."""

    def __call__(
        self, errand: Errand, request: WebhookRequest, deliver: Deliver
    ) -> WebhookResponse:
        """Deliver it. Raises `DeliveryError`."""
        ...


def sound_wire(errand: Errand, request: WebhookRequest, deliver: Deliver) -> WebhookResponse:
    """Nothing happens on the way."""
    return deliver(request)


def still() -> float:
    """A stopwatch that stands still."""
    return 0.0


@dataclass
class Budget:
    """The time that one errand may take altogether, retries and redirects included."""

    total_seconds: float
    stopwatch: Callable[[], float]
    told_seconds: float = 0.0
    started: float = field(init=False)

    def __post_init__(self) -> None:
        self.started = self.stopwatch()

    @property
    def left(self) -> float:
        """How much there is still, of real time and of what the deliveries said that they took;
        none, or less, when it is used up."""
        return self.total_seconds - (self.stopwatch() - self.started) - self.told_seconds


@dataclass(frozen=True)
class Try:
    """How one try ended: the answer, and by which policy it would be tried again."""

    answer: Answer
    policy: str = ""


@dataclass(frozen=True)
class Fetcher:
    """Runs errands. Holds no lock and no state but cookies: many threads may use it at once.

    Beside a virtual clock the `stopwatch` stands still, so that a busy machine changes nothing.
    """

    token: str
    deliver: Deliver
    told: OnExchange
    cookies: CookieJar
    wire: Wire = sound_wire
    stopwatch: Callable[[], float] = time.monotonic

    def fetch(self, errand: Errand) -> Answer:
        """Try, and try again as the URL's overrides ask for."""
        url, overrides = split_overrides(errand.url)
        if overrides.wrong:
            words = f"there is no retry policy {overrides.wrong}"
            return Answer(errand.url, None, BAD_RETRY_POLICY, words)
        budget = Budget(overrides.total_seconds, self.stopwatch)
        for _ in range(overrides.retries + 1):
            tried = self._follow(errand, url, overrides, budget)
            if tried.policy not in overrides.retry_on or budget.left <= SHORTEST_TRY_SECONDS:
                break
        return tried.answer

    def _follow(self, errand: Errand, url: str, overrides: Overrides, budget: Budget) -> Try:
        """One try, through HTTP redirects. A redirect is followed by a bare GET, which is how an
        action URL loses its Digits (d:voice/twiml/gather)."""
        method, params, shown = errand.method, errand.params, errand.url
        for _ in range(MOST_REDIRECTS + 1):
            try:
                response = self._get(errand, (method, url, params), overrides, budget)
            except BadAddress as wrong:
                code = BAD_REDIRECT if url != split_overrides(errand.url)[0] else BAD_URL
                return Try(Answer(shown, None, code, str(wrong)))
            except BadCookie as wrong:
                return Try(Answer(shown, None, HTTP_BROKEN, str(wrong), budget.told_seconds))
            except DeliveryError as error:
                policy = "rt" if error.kind == "broken" else error.kind  # [mem]
                seconds = budget.told_seconds
                return Try(Answer(shown, None, error.code, str(error), seconds), policy)
            if not 300 <= response.status < 400:
                return _judged(shown, response, budget)
            place = response.header("Location")
            if response.status not in FOLLOWED or not place:
                words = f"HTTP {response.status} with Location {place!r} is no redirect"
                return Try(Answer(shown, None, BAD_REDIRECT, words, budget.told_seconds))
            url, method, params = join(url, place).partition("#")[0], "GET", ()
            shown = url
        return Try(Answer(shown, None, TOO_MANY_REDIRECTS, "too many redirects"))

    def _get(
        self,
        errand: Errand,
        what: tuple[str, str, Params],
        overrides: Overrides,
        budget: Budget,
    ) -> WebhookResponse:
        """One request; name and password are sent when they are asked for (d:usage/security)."""
        method, url, params = what
        bare, credentials = requested(url)
        headers = _headers(errand.token)
        response = self._exchange(errand, (method, bare, params), headers, overrides, budget)
        if response.status == 401 and credentials and response.header("WWW-Authenticate"):
            headers["Authorization"] = credentials
            response = self._exchange(errand, (method, bare, params), headers, overrides, budget)
        return response

    def _exchange(
        self,
        errand: Errand,
        what: tuple[str, str, Params],
        headers: Mapping[str, str],
        overrides: Overrides,
        budget: Budget,
    ) -> WebhookResponse:
        """One HTTP exchange, written down. Raises `DeliveryError` when no answer came in time."""
        method, url, params = what
        kept = self.cookies.header(errand.conversation, url)
        headers = {**headers, "Cookie": kept} if kept else headers
        limits = overrides.limits(budget.left)
        request = signed_request(self.token, method, url, params, headers, limits, errand.voice)
        try:
            response = self._in_time(errand, request, budget)
        except DeliveryError as error:
            self.told(errand, request, None, str(error))
            raise
        self.told(errand, request, response, "")
        self.cookies.keep(errand.conversation, url, response.cookies)
        return response

    def _in_time(self, errand: Errand, request: WebhookRequest, budget: Budget) -> WebhookResponse:
        most = request.limits.read_seconds
        try:
            response = self.wire(errand, request, self.deliver)
        except DeliveryError as error:
            budget.told_seconds += min(error.seconds, most)
            raise
        budget.told_seconds += min(response.seconds, most)
        if response.seconds > most:
            raise DeliveryError("rt", f"no answer within {most:g} s")
        return response


def _judged(url: str, response: WebhookResponse, budget: Budget) -> Try:
    """Any 2xx is an answer; 4xx and 5xx are failures that a policy may retry."""
    if 200 <= response.status < 300:
        return Try(Answer(url, response, seconds=budget.told_seconds))
    # d:api/errors/11200. There is 11217 too; logs of voice and messaging show 11200 [log].
    words = f"Got HTTP {response.status} response"
    answer = Answer(url, response, RETRIEVAL_FAILED, words, budget.told_seconds)
    return Try(answer, f"{response.status // 100}xx")


def _headers(token: str) -> dict[str, str]:
    """What every webhook carries; a retry has the same token (d:webhooks-connection-overrides)."""
    return {
        "User-Agent": "TwilioProxy/1.1",
        "Accept": "*/*",
        "I-Twilio-Idempotency-Token": token,
    }
