"""Getting an answer to one webhook: retries, redirects, limits, and else an error number."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urljoin

from bot.simulator.overrides import Overrides, split_overrides
from bot.simulator.webhooks import (
    Deliver,
    DeliveryError,
    Params,
    WebhookRequest,
    WebhookResponse,
    signed_request,
)

MOST_REDIRECTS = 10  # d:voice/twiml; one more is error 11215
MOMENT = 0.05  # too little time to try anything in
RETRIEVAL_FAILED, CONNECTION_FAILED, TOO_MANY_REDIRECTS = 11200, 11205, 11215


@dataclass(frozen=True)
class Errand:
    """One webhook to be sent: where, with what, what for (`kind`) and about which call or text."""

    url: str
    method: str
    params: Params
    kind: str
    sid: str
    token: str = ""


@dataclass(frozen=True)
class Answer:
    """What came back in the end: a 2xx response, or an error number with its reason."""

    url: str
    response: WebhookResponse | None = None
    error: int = 0
    words: str = ""
    seconds: float = 0.0


Told = Callable[[Errand, WebhookRequest, WebhookResponse | None, str], None]


@dataclass
class Budget:
    """The time that one errand may take altogether, retries and redirects included."""

    total_seconds: float
    started: float = field(default_factory=time.monotonic)
    told_seconds: float = 0.0

    @property
    def spent(self) -> float:
        """Real time plus what the deliveries said that they took."""
        return time.monotonic() - self.started + self.told_seconds

    @property
    def left(self) -> float:
        """How much there is still; none, or less, when it is used up."""
        return self.total_seconds - self.spent


@dataclass(frozen=True)
class Fetcher:
    """Runs errands. Holds no lock and no state: many threads may use it at once."""

    token: str
    deliver: Deliver
    told: Told

    def fetch(self, errand: Errand) -> Answer:
        """Try, and try again as the URL's overrides ask for."""
        url, overrides = split_overrides(errand.url)
        budget = Budget(overrides.total_seconds)
        for _ in range(overrides.retries + 1):
            answer, policy = self._follow(errand, url, overrides, budget)
            if policy not in overrides.retry_on or budget.left <= MOMENT:
                break
        return answer

    def _follow(
        self, errand: Errand, url: str, overrides: Overrides, budget: Budget
    ) -> tuple[Answer, str]:
        """One try, through HTTP redirects. A redirect is followed by a bare GET, which is how an
        action URL loses its Digits (d:voice/twiml/gather)."""
        method, params, shown = errand.method, errand.params, errand.url
        for _ in range(MOST_REDIRECTS + 1):
            headers = _headers(errand.token)
            limits = overrides.limits(budget.left)
            request = signed_request(self.token, method, url, params, headers, limits)
            response, failure, policy = self._deliver(request, budget)
            self.told(errand, request, response, failure)
            if response is None:
                code = RETRIEVAL_FAILED if policy == "broken" else CONNECTION_FAILED
                policy = "rt" if policy == "broken" else policy
                return Answer(shown, None, code, failure, budget.told_seconds), policy
            if not 300 <= response.status < 400:
                return _judged(shown, response, budget)
            url, method, params = urljoin(url, response.header("Location")), "GET", ()
            shown = url
        return Answer(shown, None, TOO_MANY_REDIRECTS, "too many redirects"), ""

    def _deliver(
        self, request: WebhookRequest, budget: Budget
    ) -> tuple[WebhookResponse | None, str, str]:
        """One HTTP exchange: the response, or why there is none."""
        most = request.limits.read_seconds
        try:
            response = self.deliver(request)
        except DeliveryError as error:
            budget.told_seconds += error.seconds
            return None, str(error), error.kind
        if response.seconds > most:
            budget.told_seconds += most
            return None, f"no answer within {most:g} s", "rt"
        budget.told_seconds += response.seconds
        return response, "", ""


def _judged(url: str, response: WebhookResponse, budget: Budget) -> tuple[Answer, str]:
    """Any 2xx is an answer; 4xx and 5xx are failures that a policy may retry."""
    if 200 <= response.status < 300:
        return Answer(url, response, seconds=budget.told_seconds), ""
    words = f"HTTP {response.status}"
    policy = f"{response.status // 100}xx"
    return Answer(url, response, RETRIEVAL_FAILED, words, budget.told_seconds), policy


def _headers(token: str) -> dict[str, str]:
    """What every webhook carries; a retry has the same token (d:webhooks-connection-overrides)."""
    return {
        "User-Agent": "TwilioProxy/1.1",
        "Accept": "*/*",
        "I-Twilio-Idempotency-Token": token,
    }
