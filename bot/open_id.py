"""OpenID Connect: the department's identity provider says who somebody is; the staff list, what.

Authorization code flow with PKCE, `state` and `nonce`; the ID token's signature, issuer, audience,
times and nonce are checked (Authlib, joserfc). The provider may be required to have used more than
a password (`acr`, `amr`). Roles never come from it.
"""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import requests
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from bot.errors import RingbackError

SCOPE = "openid profile"
TIMEOUT_SECONDS = 10
ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
DISCOVERY = "/.well-known/openid-configuration"
_LEEWAY_SECONDS = 60


class NotIdentified(RingbackError):
    """The provider has not said who it is, or not as it must; the text names no person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """Which provider, what we are to it, and what it must tell.

    `claim` holds the staff number; `acr` and `amr`, where given, must be among what it says.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    claim: str
    acr: str = ""
    amr: str = ""


@dataclass(frozen=True, slots=True)
class Journey:
    """One sign-in under way: what must come back unchanged. Kept in a cookie, sealed."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


class OpenId:
    """Sends people to the provider, and reads what it says when they come back."""

    def __init__(self, provider: Provider, redirect_uri: str, now: Callable[[], float]) -> None:
        self._provider = provider
        self._redirect_uri = redirect_uri
        self._now = now  # real time: the provider's tokens go by it

    def begin(self) -> tuple[str, Journey]:
        """Where to send somebody, and what to remember meanwhile. Raises `NotIdentified`."""
        verifier, nonce = generate_token(64), generate_token(32)
        extra = {"acr_values": self._provider.acr} if self._provider.acr else {}
        with self._client() as client:
            url, state = client.create_authorization_url(
                self._metadata()["authorization_endpoint"],
                nonce=nonce,
                code_verifier=verifier,
                **extra,
            )
        return url, Journey(state, nonce, verifier)

    def finish(self, journey: Journey, code: str, state: str) -> str:
        """The staff number that the provider gives. Raises `NotIdentified`."""
        if not code or not hmac.compare_digest(state.encode(), journey.state.encode()):
            raise NotIdentified("not the sign-in that was begun in this browser")
        metadata = self._metadata()
        claims = self._claims(self._token(metadata, journey, code), metadata)
        if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), journey.nonce.encode()):
            raise NotIdentified("an ID token of another sign-in")
        self._require_strength(claims)
        number = claims.get(self._provider.claim)
        if not isinstance(number, str) or not number:
            raise NotIdentified(f"the provider told no {self._provider.claim}")
        return number

    def _client(self) -> Any:
        return OAuth2Session(
            self._provider.client_id,
            self._provider.client_secret,
            scope=SCOPE,
            redirect_uri=self._redirect_uri,
            code_challenge_method="S256",
        )

    def _metadata(self) -> Mapping[str, Any]:
        found = _fetched(self._provider.issuer + DISCOVERY)
        if found.get("issuer") != self._provider.issuer:
            raise NotIdentified("the provider's configuration names another issuer")
        return found

    def _token(self, metadata: Mapping[str, Any], journey: Journey, code: str) -> str:
        try:
            with self._client() as client:
                answer = client.fetch_token(
                    metadata["token_endpoint"],
                    code=code,
                    code_verifier=journey.verifier,
                    timeout=TIMEOUT_SECONDS,
                )
        except Exception as failure:  # the library's own, and those of its transport
            raise NotIdentified(f"no token: {type(failure).__name__}") from None
        return str(answer.get("id_token", ""))

    def _claims(self, token: str, metadata: Mapping[str, Any]) -> Mapping[str, Any]:
        keys = KeySet.import_key_set(_fetched(metadata["jwks_uri"]))  # type: ignore[arg-type]
        rules = jwt.JWTClaimsRegistry(
            now=lambda: int(self._now()),
            leeway=_LEEWAY_SECONDS,
            iss={"essential": True, "value": self._provider.issuer},
            aud={"essential": True, "value": self._provider.client_id},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
        )
        try:
            claims = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
            rules.validate(claims)
        except (JoseError, ValueError) as failure:
            raise NotIdentified(f"the ID token: {type(failure).__name__}") from None
        return claims

    def _require_strength(self, claims: Mapping[str, Any]) -> None:
        provider = self._provider
        if provider.acr and claims.get("acr") != provider.acr:
            raise NotIdentified("the provider did not sign them in as strongly as is required")
        if provider.amr and provider.amr not in (claims.get("amr") or ()):
            raise NotIdentified(f"the provider did not use {provider.amr}")


def _fetched(url: str) -> dict[str, Any]:
    try:
        answer = requests.get(url, timeout=TIMEOUT_SECONDS, allow_redirects=False)
        answer.raise_for_status()
        found = answer.json()
    except (requests.RequestException, ValueError) as failure:
        raise NotIdentified(f"the provider: {type(failure).__name__}") from None
    if not isinstance(found, dict):
        raise NotIdentified("the provider: not what was asked for")
    return found
