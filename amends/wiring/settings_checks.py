"""What the values of settings must be, and what they become, one check beside the other."""

import os
import re
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr, field_validator
from pydantic_settings import BaseSettings

from amends.wiring.standard_webhooks import key_of

PROJECT_DIR = Path(__file__).resolve().parents[2]


def reachable(host: str) -> str:
    """Return an address to call for an address to listen on."""
    return {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)


class CheckedSettings(BaseSettings):
    """The checks of `Settings`, which has the fields; each error is read after the field's name."""

    @field_validator("allowed_origins", mode="before", check_fields=False)
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
        check_fields=False,
    )
    @classmethod
    def _make_absolute(cls, value: Path, info: Any) -> Path:
        # Not resolve(): a virtual environment's python must stay the link that it is.
        return Path(os.path.normpath(info.data.get("project_dir", PROJECT_DIR) / value))

    @field_validator(
        "database_url",
        "tracker_url",
        "public_url",
        "actions_url",
        "engine_url",
        mode="after",
        check_fields=False,
    )
    @classmethod
    def _fill_in(cls, value: str, info: Any) -> str:
        known = {**info.data, "gateway_host": reachable(info.data.get("gateway_host", ""))}
        return re.sub(
            r"\{(var_dir|gateway_host|gateway_port|actions_port|engine_port)\}",
            lambda match: str(known.get(match[1], match[0])),
            value,
        )

    @field_validator("engine_url", mode="after", check_fields=False)
    @classmethod
    def _names_engines(cls, value: str) -> str:
        urls = [part.strip().rstrip("/") for part in value.split(",") if part.strip()]
        if not urls or not all(re.fullmatch(r"https?://[^\s/]+\S*", url) for url in urls):
            raise ValueError("each address must begin with http:// or https://")
        if len(set(urls)) < len(urls):
            raise ValueError("each engine must be named once")
        return ",".join(urls)

    @field_validator("site_secret", mode="after", check_fields=False)
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        if 0 < len(value.get_secret_value()) < 32:
            raise ValueError("it must have at least 32 characters")
        return value

    @field_validator(
        "actions_url", "payments_url", "chatwoot_url", "otlp_url", mode="after", check_fields=False
    )
    @classmethod
    def _is_http(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[^\s/]+\S*", value):
            raise ValueError("it must begin with https:// or http://")
        return value

    @field_validator("redis_url", mode="after", check_fields=False)
    @classmethod
    def _is_redis(cls, value: str) -> str:
        if value and not re.fullmatch(r"(rediss?|unix)://\S+", value):
            raise ValueError("it must begin with redis://, rediss:// or unix://")
        return value

    @field_validator("payments_secret", mode="after", check_fields=False)
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
        check_fields=False,
    )
    @classmethod
    def _reaches_chatwoot[T: (SecretStr, int)](cls, value: T, info: Any) -> T:
        given = value.get_secret_value() if isinstance(value, SecretStr) else value
        if info.data.get("chatwoot_url") and not given:
            raise ValueError("it must be set where AMENDS_CHATWOOT_URL is")
        return value

    @field_validator("smtp_url", mode="after", check_fields=False)
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

    @field_validator("mail_from", mode="after", check_fields=False)
    @classmethod
    def _names_a_sender(cls, value: str, info: Any) -> str:
        server = info.data.get("smtp_url")
        if server and server.get_secret_value() and "@" not in parseaddr(value)[1]:
            raise ValueError("it must hold an address where AMENDS_SMTP_URL is set")
        if any(ord(character) < ord(" ") for character in value):
            raise ValueError("it must be one line")
        return value
