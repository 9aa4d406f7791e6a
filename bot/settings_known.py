"""Every variable of the environment that there is, as the documentation lists them."""

from dataclasses import dataclass

PREFIX = "RINGBACK_"


@dataclass(frozen=True, slots=True)
class Setting:
    """One variable of the environment, as the documentation lists it."""

    name: str
    meaning: str
    secret: bool = False
    default: str = ""
    needed_in_production: bool = False


SETTINGS: tuple[Setting, ...] = (
    Setting("RINGBACK_PROFILE", "`demo` or `production`", default="demo"),
    Setting(
        "RINGBACK_PUBLIC_URL",
        "the address under which Twilio reaches us; https in production",
        default="http://127.0.0.1:8470",
        needed_in_production=True,
    ),
    Setting(
        "RINGBACK_CONSOLE_URL",
        "the address under which staff reach the console (docs/console.md); https in production",
        default="http://127.0.0.1:8472",
    ),
    Setting(
        "RINGBACK_CONSOLE_PROXIES",
        "IP addresses or networks of the proxies before the console, whose `X-Forwarded-For` is "
        "believed (docs/staff.md)",
    ),
    Setting(
        "RINGBACK_TWILIO_ACCOUNT_SID",
        "the carrier account: AC and 32 hexadecimal digits",
        default="AC and 32 zeros",
        needed_in_production=True,
    ),
    Setting(
        "RINGBACK_TWILIO_AUTH_TOKEN",
        "signs webhooks and requests; the demo makes one up",
        secret=True,
        needed_in_production=True,
    ),
    Setting(
        "RINGBACK_TWILIO_AUTH_TOKEN_SECONDARY",
        "also accepted in signatures while tokens are rotated",
        secret=True,
    ),
    Setting(
        "RINGBACK_TWILIO_API_URL",
        "where the carrier's REST API is, for the simulator; demo only",
    ),
    Setting(
        "RINGBACK_REDIS_URL",
        "what moves: one server, or `redis+sentinel://`, `redis+cluster://` (docs/store.md); "
        "empty in the demo: an embedded server in the data directory",
        secret=True,
        needed_in_production=True,
    ),
    Setting(
        "RINGBACK_DATABASE_URL",
        "what stays (SQLAlchemy URL)",
        secret=True,
        default="an SQLite file in the data directory",
        needed_in_production=True,
    ),
    Setting(
        "RINGBACK_DATA_DIR",
        "files of the demo; the orders of erasure, where policy.toml names no file",
        default=".data",
    ),
    Setting(
        "RINGBACK_CONFIG_DIR",
        "your own policy.toml, roles.toml, powers.toml, verification.toml, "
        "wording.en.toml, speech.en.toml, "
        "texts.toml",
    ),
    Setting(
        "RINGBACK_KEYS",
        "`id:base64` of 32 bytes each, the first seals (docs/keys.md); the demo makes one up",
        secret=True,
        needed_in_production=True,
    ),
    Setting(
        "RINGBACK_RECORDS_KEY",
        "signs the archive (docs/records.md): base64 of 32 bytes; in production the workers need "
        "it, and nobody else; the demo makes one up",
        secret=True,
    ),
    Setting(
        "RINGBACK_CARRIER_KEEPS_SPEECH_ACCEPTED",
        "reference of the department's recorded acceptance that the carrier keeps request logs",
        needed_in_production=True,
    ),
    Setting(
        "RINGBACK_ALERT_WEBHOOK_KEY",
        "signs the webhooks that tell of tasks: `whsec_` and base64 (docs/tasks.md)",
        secret=True,
    ),
    Setting(
        "RINGBACK_SMTP_URL", "sends e-mail about tasks: `smtp://user:password@host`", secret=True
    ),
    Setting(
        "RINGBACK_RUNBOOK_URL",
        "where docs/runbook is served (the console's `/help`): alerts about tasks link their page",
    ),
    Setting(
        "RINGBACK_METRICS_ADDRESS",
        "where `ringback metrics` answers Prometheus, such as `127.0.0.1:9470` (docs/signals.md)",
    ),
    Setting(
        "RINGBACK_METRICS_TOKEN",
        "the bearer token that Prometheus shows; production needs it where the address is public",
        secret=True,
    ),
    Setting(
        "RINGBACK_METRICS_DIR",
        "where the processes of this machine count webhooks and warnings; empty: they do not",
    ),
    Setting(
        "RINGBACK_OIDC_ISSUER",
        "the department's identity provider (OpenID Connect), if staff sign in by it "
        "(docs/staff.md); https in production",
    ),
    Setting("RINGBACK_OIDC_CLIENT_ID", "what the console is called there"),
    Setting("RINGBACK_OIDC_CLIENT_SECRET", "the secret of that client", secret=True),
    Setting("RINGBACK_OIDC_CLAIM", "where it tells the staff number", default="staff_number"),
    Setting("RINGBACK_OIDC_ACR", "the `acr` that it must tell; empty: any"),
    Setting("RINGBACK_OIDC_AMR", "the `amr` that must be among those it tells; empty: any"),
    Setting("RINGBACK_DEMO_ONCE", "`1`: `make demo` plays the story once and exits"),
)
KNOWN = [
    *(setting.name for setting in SETTINGS),
    *(f"{setting.name}_FILE" for setting in SETTINGS if setting.secret),
]
