"""All settings: each with its default and what it is for; `amends.wiring.settings` reads them.

Where an operator looks them up is made from these descriptions (docs/how-to/settings.md).
"""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from amends.wiring.settings_checks import PROJECT_DIR, CheckedSettings, reachable

ENV_PREFIX = "AMENDS_"
Port = Annotated[int, Field(ge=1, le=65535)]
Seconds = Annotated[float, Field(gt=0)]
Count = Annotated[int, Field(ge=1)]


class Settings(CheckedSettings):
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
        description="Redis for what several gateways and engines share: locks, wake-ups and rate "
        "limits; `redis://host:6379/0`. Empty: there is one gateway.",
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
    actions_host: str = Field(
        default="127.0.0.1",
        description="Address the custom actions listen on, beside the gateway; they trust every "
        "caller, so only engines may reach it.",
    )
    actions_port: Port = Field(default=5055, description="Port of the custom actions.")
    actions_url: str = Field(
        default="http://127.0.0.1:{actions_port}",
        description="Address under which the engine reaches the custom actions of a gateway.",
    )
    engine_host: str = Field(
        default="127.0.0.1",
        description="Address the engine listens on; it trusts every caller, so only gateways may "
        "reach it.",
    )
    engine_port: Port = Field(default=5005, description="Port of the engine.")
    engine_url: str = Field(
        default="http://127.0.0.1:{engine_port}",
        description="Address under which the gateway reaches the engine; of several engines all "
        "their addresses, separated by commas.",
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

    @property
    def engine_urls(self) -> tuple[str, ...]:
        """The address of each engine; every gateway must be given the same ones."""
        return tuple(self.engine_url.split(","))

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
