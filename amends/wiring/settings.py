"""One frozen `Settings`, read once per process from the environment and two optional files.

Sources, strongest first: `AMENDS_*` environment variables, `.env`, `amends.toml`, defaults.
A key nobody knows and a value nobody can read stop the start with one sentence that names the key.

    SettingsError
"""

import difflib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import SecretStr, ValidationError
from pydantic_settings import SettingsConfigDict

from amends.wiring.secrets import load_or_create_secret
from amends.wiring.settings_checks import PROJECT_DIR, reachable
from amends.wiring.settings_model import ENV_PREFIX, Settings

__all__ = [
    "PROJECT_DIR",
    "Settings",
    "SettingsError",
    "env_name",
    "environment_of",
    "load_settings",
    "reachable",
    "without_ours",
]

NOT_SETTINGS = {"AMENDS_CONFIG", "AMENDS_REQUIRE_SERVICES"}
"""Variables with our prefix that other readers own: this loader and the test run."""


class SettingsError(ValueError):
    """A setting is unknown or unreadable; the text is one sentence for the operator."""


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
