"""Who may come in: the account's token or an API key, and only so many at once."""

import hmac
import threading

from flask import Flask, Response, g, request
from werkzeug.exceptions import MethodNotAllowed

from bot.simulator.carrier import Carrier
from bot.simulator.rest import errors
from bot.simulator.rest.errors import Refused, not_found, refusal


class Gate:
    """Stands before every page that names an account (d:usage/requests-to-twilio)."""

    def __init__(self, carrier: Carrier) -> None:
        """Let nobody in yet."""
        self._carrier = carrier
        self._inside = 0
        self._lock = threading.Lock()

    def guard(self, app: Flask) -> None:
        """Stand there, and say what is wrong as Twilio does."""
        app.url_value_preprocessor(self._enter)
        app.after_request(self._count)
        app.teardown_request(self._leave)
        app.register_error_handler(Refused, refusal)
        app.register_error_handler(404, lambda _: self._refused(not_found()))
        app.register_error_handler(
            MethodNotAllowed, lambda _: self._refused(Refused(errors.BAD_METHOD))
        )

    def _enter(self, endpoint: str | None, values: dict[str, str] | None) -> None:
        """Another account, a subaccount too, is not to be found with this one's credentials."""
        account = (values or {}).pop("account", None)
        if account is None:
            return
        if not self._known():
            raise Refused(errors.UNAUTHORISED)
        most = self._carrier.settings.most_requests_at_once
        with self._lock:
            self._inside += 1
            g.inside = self._inside
        if most is not None and g.inside > most:
            raise Refused(errors.TOO_MANY)
        if account != self._carrier.account_sid:
            raise not_found()

    def _refused(self, refused: Refused) -> Response:
        """Who is not let in learns of the API only that [mem]."""
        if request.path.startswith("/2010-04-01/") and not self._known():
            refused = Refused(errors.UNAUTHORISED)
        return refusal(refused)

    def _known(self) -> bool:
        """Basic authentication: the account with its token, or an API key with its secret."""
        given = request.authorization
        if given is None or given.type != "basic":
            return False
        secrets = self._carrier.keys | {self._carrier.account_sid: self._carrier.auth_token}
        right = secrets.get(given.username or "")
        password = given.password or ""
        return right is not None and hmac.compare_digest(password.encode(), right.encode())

    def _count(self, response: Response) -> Response:
        """How many were inside (d:api/errors/20429)."""
        if "inside" in g:
            response.headers["Twilio-Concurrent-Requests"] = str(g.inside)
        return response

    def _leave(self, error: BaseException | None) -> None:
        if g.pop("inside", None) is not None:
            with self._lock:
                self._inside -= 1
