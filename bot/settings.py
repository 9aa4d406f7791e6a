"""Settings: addresses and secrets, read once from the environment into one frozen value.

Every problem is found before any is reported, so that an operator mends them in one go.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from bot.addresses import is_base_url, networks
from bot.config_files import nearest
from bot.errors import ConfigError
from bot.keys import Keyring
from bot.metrics_address import GOOD_TOKEN, MetricsAddress
from bot.settings_known import KNOWN, PREFIX, SETTINGS, Setting
from bot.settings_refused import Problem, SettingsRefused
from bot.signing import Signer


class Profile(StrEnum):
    """Whether people are really rung."""

    DEMO = "demo"
    PRODUCTION = "production"


DEMO_ACCOUNT_SID = "AC" + "0" * 32
CONSOLE_URL = "http://127.0.0.1:8472"
_ACCOUNT_SID = re.compile(r"AC[0-9a-fA-F]{32}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the environment says. In the demo, None for a secret means: make one up and keep it."""

    profile: Profile
    public_url: str
    console_url: str = CONSOLE_URL
    console_proxies: tuple[str, ...] = ()
    twilio_account_sid: str
    twilio_auth_token: str | None = field(repr=False)
    twilio_auth_token_secondary: str | None = field(default=None, repr=False)
    twilio_api_url: str | None = None
    redis_url: str | None = field(default=None, repr=False)
    database_url: str = field(repr=False)
    data_dir: Path
    config_dir: Path | None = None
    keys: str | None = field(default=None, repr=False)
    records_key: str | None = field(default=None, repr=False)
    carrier_keeps_speech_accepted: str | None = None
    alert_webhook_key: str | None = field(default=None, repr=False)
    smtp_url: str | None = field(default=None, repr=False)
    runbook_url: str | None = None
    metrics_address: MetricsAddress | None = None
    metrics_token: str | None = field(default=None, repr=False)
    metrics_dir: Path | None = None
    oidc_issuer: str | None = None
    oidc_client_id: str = ""
    oidc_client_secret: str = field(default="", repr=False)
    oidc_claim: str = "staff_number"
    oidc_acr: str = ""
    oidc_amr: str = ""
    demo_once: bool = False

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> "Settings":
        """Read `RINGBACK_*`. Raises `SettingsRefused` with every problem there is."""
        reader = _Reader(env)
        settings = reader.read()
        if reader.problems:
            raise SettingsRefused(reader.problems)
        return settings

    @property
    def production(self) -> bool:
        """Whether people are really rung."""
        return self.profile is Profile.PRODUCTION


def profile_given(env: Mapping[str, str] = os.environ) -> str:
    """The word of the environment, whatever else it says."""
    return env.get("RINGBACK_PROFILE", "").strip()


def config_dir_given(env: Mapping[str, str] = os.environ) -> Path | None:
    """Where the operator's rules and words are, for what needs nothing else of the environment.

    Raises `SettingsRefused` if it is no directory, and for a name that no setting has.
    """
    alone = {n: v for n, v in env.items() if n == "RINGBACK_CONFIG_DIR" or n not in KNOWN}
    return Settings.from_env(alone).config_dir


def keys_given(env: Mapping[str, str] = os.environ) -> Keyring | None:
    """The keys of the environment, whatever else it says. Raises `SettingsRefused`."""
    keys = ("RINGBACK_KEYS", "RINGBACK_KEYS_FILE")
    text = Settings.from_env({n: v for n, v in env.items() if n in keys}).keys
    return None if text is None else Keyring.parse(text)


class _Reader:
    """Reads one environment, and collects what is wrong with it."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self.problems: list[Problem] = []
        self._refuse_unknown(env)
        self._values = {setting.name: self._value(env, setting) for setting in SETTINGS}

    def read(self) -> Settings:
        profile = self._profile()
        if profile is Profile.PRODUCTION:
            self._production_rules()
        data_dir = Path(self._get("DATA_DIR") or ".data")
        return Settings(
            profile=profile,
            public_url=self._url("PUBLIC_URL") or "http://127.0.0.1:8470",
            console_url=self._url("CONSOLE_URL") or CONSOLE_URL,
            console_proxies=self._console_proxies(),
            twilio_account_sid=self._account_sid(),
            twilio_auth_token=self._get("TWILIO_AUTH_TOKEN"),
            twilio_auth_token_secondary=self._get("TWILIO_AUTH_TOKEN_SECONDARY"),
            twilio_api_url=self._url("TWILIO_API_URL"),
            redis_url=self._get("REDIS_URL"),
            database_url=self._get("DATABASE_URL") or f"sqlite:///{data_dir / 'records.sqlite'}",
            data_dir=data_dir,
            config_dir=self._config_dir(),
            keys=self._keys(),
            records_key=self._records_key(),
            carrier_keeps_speech_accepted=self._get("CARRIER_KEEPS_SPEECH_ACCEPTED"),
            alert_webhook_key=self._get("ALERT_WEBHOOK_KEY"),
            smtp_url=self._get("SMTP_URL"),
            runbook_url=self._url("RUNBOOK_URL"),
            metrics_address=self._metrics_address(profile),
            metrics_token=self._metrics_token(),
            metrics_dir=Path(text) if (text := self._get("METRICS_DIR")) else None,
            oidc_issuer=self._oidc(),
            oidc_client_id=self._get("OIDC_CLIENT_ID") or "",
            oidc_client_secret=self._get("OIDC_CLIENT_SECRET") or "",
            oidc_claim=self._get("OIDC_CLAIM") or "staff_number",
            oidc_acr=self._get("OIDC_ACR") or "",
            oidc_amr=self._get("OIDC_AMR") or "",
            demo_once=self._get("DEMO_ONCE") == "1",
        )

    def _problem(self, name: str, reason: str, next_step: str) -> None:
        self.problems.append(Problem(name, reason, next_step))

    def _get(self, short: str) -> str | None:
        return self._values[PREFIX + short]

    def _refuse_unknown(self, env: Mapping[str, str]) -> None:
        for name in sorted(env):
            if name.startswith(PREFIX) and name not in KNOWN:
                hint = nearest(name, KNOWN).removeprefix("; ") or "see README for those there are"
                self._problem(name, "no setting has this name", hint[0].upper() + hint[1:])

    def _value(self, env: Mapping[str, str], setting: Setting) -> str | None:
        value, file = env.get(setting.name, ""), env.get(f"{setting.name}_FILE", "")
        if not setting.secret or not file:
            return value.strip() or None
        if value:
            self._problem(setting.name, f"{setting.name}_FILE is set as well", "Set only one")
            return None
        return self._from_file(f"{setting.name}_FILE", Path(file))

    def _from_file(self, name: str, path: Path) -> str | None:
        try:
            text = path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as failure:
            reason = getattr(failure, "strerror", None) or "not UTF-8"
            self._problem(name, f"{path} cannot be read: {reason}", "Name a file we may read")
            return None
        if not text:
            self._problem(name, f"{path} is empty", "Put the secret into it")
        return text or None

    def _profile(self) -> Profile:
        word = self._get("PROFILE") or Profile.DEMO.value
        try:
            return Profile(word)
        except ValueError:
            self._problem("RINGBACK_PROFILE", f"{word!r} is no profile", "Use demo or production")
            return Profile.DEMO

    def _production_rules(self) -> None:
        blamed = {problem.name.removesuffix("_FILE") for problem in self.problems}
        for setting in SETTINGS:
            missing = setting.needed_in_production and self._values[setting.name] is None
            if missing and setting.name not in blamed:
                also = f" or {setting.name}_FILE" if setting.secret else ""
                self._problem(setting.name, "production needs it", f"Set {setting.name}{also}")
        if (self._get("PUBLIC_URL") or "https:").lower().startswith("http:"):
            name, reason = "RINGBACK_PUBLIC_URL", "production needs https"
            self._problem(name, reason, "Give the https address that the carrier reaches")
        if self._get("TWILIO_API_URL"):
            name, reason = "RINGBACK_TWILIO_API_URL", "production speaks to Twilio itself"
            self._problem(name, reason, "Unset it, or use the demo profile")

    def _url(self, short: str) -> str | None:
        text = self._get(short)
        if text is None or is_base_url(text):
            return text and text.rstrip("/")
        reason = "not an address of the form https://host[:port][/path]"
        self._problem(PREFIX + short, reason, "Leave out user names, queries and spaces")
        return None

    def _console_proxies(self) -> tuple[str, ...]:
        try:
            return networks(self._get("CONSOLE_PROXIES") or "")
        except ValueError as failure:
            reason, step = str(failure), "Write addresses or networks: 10.0.0.5, 10.1.0.0/24"
            self._problem("RINGBACK_CONSOLE_PROXIES", reason, step)
            return ()

    def _account_sid(self) -> str:
        sid = self._get("TWILIO_ACCOUNT_SID") or DEMO_ACCOUNT_SID
        if not _ACCOUNT_SID.fullmatch(sid):
            name, reason = "RINGBACK_TWILIO_ACCOUNT_SID", "not AC and 32 hexadecimal digits"
            self._problem(name, reason, "Copy it from the carrier's console")
        return sid

    def _config_dir(self) -> Path | None:
        text = self._get("CONFIG_DIR")
        if text is not None and not Path(text).is_dir():
            self._problem(
                "RINGBACK_CONFIG_DIR", f"{text} is no directory", "Make it, or unset this"
            )
        return Path(text) if text else None

    def _metrics_address(self, profile: Profile) -> MetricsAddress | None:
        text, name = self._get("METRICS_ADDRESS"), "RINGBACK_METRICS_ADDRESS"
        if text is None:
            return None
        try:
            address = MetricsAddress.parse(text)
        except ValueError as failure:
            self._problem(name, str(failure), "Write it as 127.0.0.1:9470 or [::1]:9470")
            return None
        lacks = profile is Profile.PRODUCTION and self._get("METRICS_TOKEN") is None
        if lacks and not address.private and not self._blames("RINGBACK_METRICS_TOKEN"):
            reason = f"{text} is not a private address, and there is no token"
            self._problem(name, reason, "Set RINGBACK_METRICS_TOKEN, or a private address")
        return address

    def _metrics_token(self) -> str | None:
        token = self._get("METRICS_TOKEN")
        if token is not None and not GOOD_TOKEN.fullmatch(token):
            reason = "not 16 or more letters, digits and -._~+/="
            self._problem("RINGBACK_METRICS_TOKEN", reason, "Make one: openssl rand -hex 32")
        return token

    def _blames(self, name: str) -> bool:
        return any(problem.name.removesuffix("_FILE") == name for problem in self.problems)

    def _oidc(self) -> str | None:
        """The issuer; half a configuration is none."""
        needed = ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")
        missing = [name for name in needed if not self._get(name)]
        if 0 < len(missing) < len(needed):
            for name in missing:
                reason = "the identity provider is only half configured"
                self._problem(PREFIX + name, reason, "Set it, or unset the other RINGBACK_OIDC_…")
        issuer = self._url("OIDC_ISSUER")
        production = self._get("PROFILE") == Profile.PRODUCTION.value
        if issuer and production and not issuer.startswith("https:"):
            name, reason = "RINGBACK_OIDC_ISSUER", "production needs https"
            self._problem(name, reason, "Give the https address of the issuer")
        return issuer

    def _keys(self) -> str | None:
        text = self._get("KEYS")
        try:
            if text is not None:
                Keyring.parse(text)
        except ConfigError as failure:
            self._problem("RINGBACK_KEYS", failure.reason, "`ringback keys new ID` makes one")
        return text

    def _records_key(self) -> str | None:
        text = self._get("RECORDS_KEY")
        try:
            if text is not None:
                Signer.parse(text)
        except ConfigError as failure:
            self._problem(failure.key, failure.reason, "`ringback records new-key` makes one")
        return text
