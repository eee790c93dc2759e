"""One frozen `Settings`, read once per process from the environment and two optional files.

Sources, strongest first: `AMENDS_*` environment variables, `.env`, `amends.toml`, defaults.
A key nobody knows and a value nobody can read stop the start with one sentence that names the key.

    SettingsError
"""

import difflib
import os
import re
from collections.abc import Mapping
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from amends.wiring.secrets import load_or_create_secret
from amends.wiring.standard_webhooks import key_of

ENV_PREFIX = "AMENDS_"
PROJECT_DIR = Path(__file__).resolve().parents[2]
NOT_SETTINGS = {"AMENDS_CONFIG", "AMENDS_REQUIRE_SERVICES"}
"""Variables with our prefix that other readers own: this loader and the test run."""

Port = Annotated[int, Field(ge=1, le=65535)]
Seconds = Annotated[float, Field(gt=0)]
Count = Annotated[int, Field(ge=1)]


class SettingsError(ValueError):
    """A setting is unknown or unreadable; the text is one sentence for the operator."""


class Settings(BaseSettings):
    """Everything an operator may choose. Relative paths count from `project_dir`."""

    model_config = SettingsConfigDict(
        env_prefix=ENV_PREFIX, frozen=True, extra="forbid", validate_default=True
    )

    project_dir: Path = Field(
        default=PROJECT_DIR,
        description="Folder that holds `domain.yml`, `data/` and `policies/`.",
        json_schema_extra={"shown": "the folder this program runs from"},
    )
    var_dir: Path = Field(
        default=Path("var"),
        description="Folder for everything written at run time: databases, logs, secrets.",
    )
    models_dir: Path = Field(default=Path("models"), description="Folder for trained models.")
    engine_python: Path = Field(
        default=Path(".venv-engine/bin/python"),
        description="Python of the engine's environment (Python 3.10 with Rasa).",
    )

    database_url: str = Field(
        default="sqlite:///{var_dir}/amends.db",
        description="Database of the application. PostgreSQL: `postgresql+psycopg://...`.",
    )
    tracker_url: str = Field(
        default="sqlite:///{var_dir}/tracker.db",
        description="Database of the engine's dialogue state. PostgreSQL: `postgresql://...`.",
    )
    redis_url: str = Field(
        default="",
        description="Redis for locks and wake-ups between several gateways; empty: one machine.",
    )

    gateway_host: str = Field(
        default="127.0.0.1",
        description="Address the gateway listens on; `0.0.0.0` opens it to the network.",
    )
    gateway_port: Port = Field(default=8000, description="Port of the gateway.")
    public_url: str = Field(
        default="http://{gateway_host}:{gateway_port}",
        description="Address of the gateway as customers' browsers see it.",
    )
    desk_host: str = Field(default="127.0.0.1", description="Address the desk listens on.")
    desk_port: Port = Field(default=8001, description="Port of the desk.")
    actions_port: Port = Field(
        default=5055, description="Port of the custom actions, on loopback only."
    )
    engine_port: Port = Field(default=5005, description="Port of the engine, on loopback only.")
    engine_url: str = Field(
        default="http://127.0.0.1:{engine_port}",
        description="Address under which the gateway reaches the engine.",
    )

    policy_path: Path = Field(
        default=Path("policies/retail.yml"), description="Compensation policy in force."
    )
    handoff_path: Path = Field(
        default=Path("policies/handoff.yml"),
        description="Table of the thresholds at which a person takes over.",
    )
    promotion_path: Path = Field(
        default=Path("policies/promotion.yml"),
        description="What is asked of a trained model before it may answer customers.",
    )
    hours_path: Path = Field(
        default=Path("policies/hours.yml"),
        description="Business hours and holidays; deadlines and promises count these hours only.",
    )
    first_help_path: Path = Field(
        default=Path("policies/first_help.yml"),
        description="Whom a customer in danger is told to call, by country.",
    )
    retention_path: Path = Field(
        default=Path("policies/retention.yml"),
        description="How long what is kept before it is erased.",
    )
    evaluation_rows: str = Field(
        default="",
        description="Folder of labelled messages that `amends evaluate` measures with; empty: it "
        "only cross-validates.",
    )
    currency: str = Field(
        default="EUR",
        pattern="^[A-Z]{3}$",
        description="ISO 4217 code used where an order states no currency of its own.",
    )
    language: str = Field(
        default="en", pattern="^[a-z]{2}$", description="Language a conversation starts in."
    )
    company_name: str = Field(
        default="Fernhill", description="Name of the company, as customers read it."
    )

    site_secret: SecretStr = Field(
        default=SecretStr(""),
        description="Signs customers' identities (JWT, HS256) and staff sessions; at least 32 "
        "characters. Empty: one is made and kept in `{var_dir}/secret`.",
    )
    site_secret_before: SecretStr = Field(
        default=SecretStr(""),
        description="The site secret of before, after it was changed: secrets in the database are "
        "opened with it, and sealed with the present one at the next start. Empty: no change was "
        "made.",
    )
    admin_name: str = Field(default="admin", description="Sign-in name of the first administrator.")
    admin_password: SecretStr = Field(
        default=SecretStr(""),
        description="Password of the first administrator. Empty: one is made and shown once.",
    )
    desk_second_factor: Literal["optional", "required"] = Field(
        default="optional",
        description="Whether everybody at the desk must sign in with a one-time code besides the "
        "password; `required`: whoever has none yet is led to set it up first.",
    )

    payments_url: str = Field(
        default="",
        description="Address of the company's refund system, which carries remedies out; empty: "
        "they are simulated.",
    )
    payments_secret: SecretStr = Field(
        default=SecretStr(""),
        description="Signs what the refund system is sent and what it sends (Standard Webhooks): "
        "`whsec_` and 24 to 64 bytes in base64. Empty: no request is made, no callback taken.",
    )
    payments_timeout_seconds: Seconds = Field(
        default=10.0, description="Longest wait for an answer of the refund system."
    )
    take_back_seconds: Annotated[int, Field(ge=0)] = Field(
        default=60,
        description="How long a customer may take an acceptance back; until then nothing goes out.",
    )
    payments_person_after_hours: Annotated[float, Field(gt=0)] = Field(
        default=2.0,
        description="Hours for which a remedy may fail to be carried out before a person is asked.",
    )

    webhooks_allow_private: bool = Field(
        default=False,
        description="Let webhooks go to this machine and to private networks, and without TLS; "
        "whoever may add an endpoint can then reach what is inside.",
    )
    outbox_retention_days: Count = Field(
        default=30,
        description="Days for which events are kept that arrived at every endpoint.",
    )

    chatwoot_url: str = Field(
        default="",
        description="Address of the Chatwoot in which your people answer; empty: they answer at "
        "the desk of Amends.",
    )
    chatwoot_token: SecretStr = Field(
        default=SecretStr(""),
        description="Access token of a Chatwoot administrator. Empty: no call is made there.",
    )
    chatwoot_account_id: Annotated[int, Field(ge=0)] = Field(
        default=0, description="Number of the Chatwoot account."
    )
    chatwoot_inbox_id: Annotated[int, Field(ge=0)] = Field(
        default=0, description="Number of the Chatwoot inbox, which must be of the kind API."
    )
    chatwoot_webhook_secret: SecretStr = Field(
        default=SecretStr(""),
        description="Secret with which Chatwoot signs what it sends, or one that you made and put "
        "into the address it sends to. Empty: nothing from there is taken.",
    )

    smtp_url: SecretStr = Field(
        default=SecretStr(""),
        description="Mail server for mail to customers: `smtps://user:password@host:465`, or "
        "`smtp://user:password@host:587`, which changes to TLS. Empty: a file is made of each "
        "mail, in `{var_dir}/mail`, and nobody gets it.",
    )
    mail_from: str = Field(
        default="",
        description="Sender of mail to customers: `Fernhill <help@example.com>`.",
    )
    smtp_timeout_seconds: Seconds = Field(
        default=20.0, description="Longest wait for an answer of the mail server."
    )

    check_in_days: Annotated[int, Field(ge=0)] = Field(
        default=3,
        description="Days after closing at which customers are asked by mail whether the problem "
        "is really solved; 0: nobody is.",
    )
    servqual_share: Annotated[float, Field(ge=0, le=1)] = Field(
        default=0.2,
        description="Which part of all cases is asked for the five SERVQUAL dimensions too, 0 to "
        "1; drawn by the case's id.",
    )

    engine_timeout_seconds: Seconds = Field(
        default=4.0, description="Longest wait for the engine before the customer is told."
    )
    engine_retry_seconds: Seconds = Field(
        default=30.0,
        description="How long a message waits for a silent engine before a person is asked.",
    )
    sandboxes_at_once: Count = Field(
        default=2,
        description="Most sandboxes that the playground and `amends chat` run at a time; "
        "each needs the memory of a gateway and an engine.",
    )
    sandbox_idle_minutes: Annotated[float, Field(gt=0)] = Field(
        default=15.0,
        description="Minutes without a message after which a sandbox of the playground is stopped.",
    )
    start_timeout_seconds: Seconds = Field(
        default=120.0, description="Longest wait for a process to become ready."
    )
    restart_pause_seconds: Seconds = Field(
        default=30.0,
        description="Longest pause before a process that ended is started again; the pauses grow "
        "from half a second while it keeps ending.",
    )
    stop_timeout_seconds: Seconds = Field(
        default=5.0, description="Time a process gets to stop before it is ended by force."
    )

    max_text_characters: Count = Field(
        default=2000, description="Longest message a customer may send."
    )
    max_body_bytes: Count = Field(default=65536, description="Longest request body accepted.")
    messages_per_minute: Count = Field(
        default=30, description="Messages one conversation may post in a minute."
    )
    conversations_per_minute: Count = Field(
        default=60, description="Conversations one network address may open in a minute."
    )
    trust_forwarded_for: bool = Field(
        default=False,
        description="Take the customer's address from `X-Forwarded-For`; only behind a proxy.",
    )
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        default=("*",),
        description="Sites whose pages may carry the widget, separated by commas.",
    )

    otlp_url: str = Field(
        default="",
        description="Address of an OpenTelemetry receiver (OTLP over HTTP) that takes traces, such "
        "as `http://collector:4318`; empty: none are made.",
    )
    demo: bool = Field(
        default=True, description="Show the demo shop, and fill an empty database with its orders."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least important log line that is kept."
    )

    @field_validator("allowed_origins", mode="before")
    @classmethod
    def _split_commas(cls, value: Any) -> Any:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator(
        "var_dir",
        "models_dir",
        "engine_python",
        "policy_path",
        "handoff_path",
        "promotion_path",
        "hours_path",
        "first_help_path",
        "retention_path",
        mode="after",
    )
    @classmethod
    def _make_absolute(cls, value: Path, info: Any) -> Path:
        # Not resolve(): a virtual environment's python must stay the link that it is.
        return Path(os.path.normpath(info.data.get("project_dir", PROJECT_DIR) / value))

    @field_validator("database_url", "tracker_url", "public_url", "engine_url", mode="after")
    @classmethod
    def _fill_in(cls, value: str, info: Any) -> str:
        known = {**info.data, "gateway_host": reachable(info.data.get("gateway_host", ""))}
        return re.sub(
            r"\{(var_dir|gateway_host|gateway_port|engine_port)\}",
            lambda match: str(known.get(match[1], match[0])),
            value,
        )

    @field_validator("site_secret", mode="after")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        if 0 < len(value.get_secret_value()) < 32:
            raise ValueError("it must have at least 32 characters")
        return value

    @field_validator("payments_url", "chatwoot_url", "otlp_url", mode="after")
    @classmethod
    def _is_http(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[^\s/]+\S*", value):
            raise ValueError("it must begin with https:// or http://")
        return value

    @field_validator("payments_secret", mode="after")
    @classmethod
    def _signs_payments(cls, value: SecretStr, info: Any) -> SecretStr:
        if value.get_secret_value():
            key_of(value.get_secret_value())
        elif info.data.get("payments_url"):
            raise ValueError("it must be set where AMENDS_PAYMENTS_URL is")
        return value

    @field_validator(
        "chatwoot_token",
        "chatwoot_account_id",
        "chatwoot_inbox_id",
        "chatwoot_webhook_secret",
        mode="after",
    )
    @classmethod
    def _reaches_chatwoot[T: (SecretStr, int)](cls, value: T, info: Any) -> T:
        given = value.get_secret_value() if isinstance(value, SecretStr) else value
        if info.data.get("chatwoot_url") and not given:
            raise ValueError("it must be set where AMENDS_CHATWOOT_URL is")
        return value

    @field_validator("smtp_url", mode="after")
    @classmethod
    def _is_mail_server(cls, value: SecretStr) -> SecretStr:
        given = value.get_secret_value()
        try:
            url = urlsplit(given)
            usable = url.scheme in ("smtp", "smtps") and url.hostname and url.port != 0
        except ValueError:  # a port that is no number
            usable = False
        if given and not usable:
            raise ValueError("it must look like smtps://user:password@host:465")
        return value

    @field_validator("mail_from", mode="after")
    @classmethod
    def _names_a_sender(cls, value: str, info: Any) -> str:
        server = info.data.get("smtp_url")
        if server and server.get_secret_value() and "@" not in parseaddr(value)[1]:
            raise ValueError("it must hold an address where AMENDS_SMTP_URL is set")
        if any(ord(character) < ord(" ") for character in value):
            raise ValueError("it must be one line")
        return value

    @property
    def log_dir(self) -> Path:
        return self.var_dir / "log"

    @property
    def run_dir(self) -> Path:
        return self.var_dir / "run"

    @property
    def desk_url(self) -> str:
        return f"http://{reachable(self.desk_host)}:{self.desk_port}"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Add `amends.toml` as the weakest source when `load_settings` found one."""
        sources = (init_settings, env_settings, dotenv_settings)
        toml_file = settings_cls.model_config.get("toml_file")
        if toml_file is None:
            return sources
        return (*sources, TomlConfigSettingsSource(settings_cls, toml_file))


def load_settings(environ: dict[str, str] | None = None, **chosen: Any) -> Settings:
    """Return the settings of this process, its secret included.

    Args:
        environ: Environment to check for misspelt keys; the process's own by default.
        **chosen: Values that win over every other source.

    Raises:
        SettingsError: A key is unknown or a value unreadable; names the key.
    """
    _refuse_unknown(os.environ if environ is None else environ)
    config = Path(os.environ.get("AMENDS_CONFIG", PROJECT_DIR / "amends.toml"))
    if "AMENDS_CONFIG" in os.environ and not config.is_file():
        raise SettingsError(f"AMENDS_CONFIG names {config}, which is not a file.")
    try:
        settings = _reader(config)(_env_file=PROJECT_DIR / ".env", **chosen)
    except ValidationError as error:
        raise SettingsError(_sentence(error)) from None
    except ValueError as error:  # the TOML file does not parse
        raise SettingsError(f"{config.name} cannot be read: {error}.") from None
    if settings.site_secret.get_secret_value():
        return settings
    secret = SecretStr(load_or_create_secret(settings.var_dir / "secret"))
    return settings.model_copy(update={"site_secret": secret})


def reachable(host: str) -> str:
    """Return an address to call for an address to listen on."""
    return {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)


def env_name(field: str) -> str:
    return ENV_PREFIX + field.upper().removeprefix(ENV_PREFIX)


def environment_of(settings: Settings) -> dict[str, str]:
    """Return the variables that give another process these very settings, whatever files say."""
    names = type(settings).model_fields
    return {env_name(name): _as_variable(getattr(settings, name)) for name in names}


def without_ours(environ: Mapping[str, str]) -> dict[str, str]:
    """Return an environment without any setting of ours."""
    return {key: value for key, value in environ.items() if not key.startswith(ENV_PREFIX)}


def _as_variable(value: Any) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return ",".join(value) if isinstance(value, tuple) else str(value)


def _reader(config: Path) -> type[Settings]:
    class SettingsFromFiles(Settings):
        model_config = SettingsConfigDict(toml_file=config if config.is_file() else None)

    return SettingsFromFiles


def _refuse_unknown(environ: Any) -> None:
    known = {env_name(field) for field in Settings.model_fields} | NOT_SETTINGS
    for key in sorted(environ):
        name = key.upper()
        if name.startswith(ENV_PREFIX) and name not in known and "_TEST_" not in name:
            raise SettingsError(_unknown(key, known))


def _unknown(key: str, known: set[str]) -> str:
    near = difflib.get_close_matches(key.upper(), known, n=1)
    hint = f"did you mean {near[0]}?" if near else "`amends settings` lists them all."
    return f"{key} is not a setting of Amends; {hint}"


def _sentence(error: ValidationError) -> str:
    first = error.errors()[0]
    field = str(first["loc"][0])
    if first["type"] == "extra_forbidden":
        return _unknown(env_name(field), {env_name(name) for name in Settings.model_fields})
    reason = str(first["msg"]).removeprefix("Value error, ")
    reason = reason[:1].lower() + reason[1:]
    declared = Settings.model_fields[field]
    given = "" if declared.annotation is SecretStr else f" is {str(first['input'])!r}, which"
    return f"{env_name(field)}{given} cannot be used: {reason}."
