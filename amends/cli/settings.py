"""`amends settings`: every setting with its default and meaning, as the reference page."""

import argparse
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from amends.wiring.settings import PROJECT_DIR, Settings, env_name

PAGE = PROJECT_DIR / "docs" / "how-to" / "settings.md"
HEAD = """\
# Settings

Amends reads its settings once, when a process starts.
Sources, strongest first: environment variables, a file `.env`, a file `amends.toml` (both in the
project's folder; `AMENDS_CONFIG` names another TOML file), the defaults below.
In `amends.toml` a key is written without the prefix and in lower case: `gateway_port = 8080`.
Relative paths count from the project's folder.
A misspelt key or an unreadable value stops the start with one sentence that names it.

A second system beside a running one needs its own `AMENDS_VAR_DIR` and its own four ports.

This page is written by `amends settings --write`.

| setting | default | meaning |
|---|---|---|
"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--write", action="store_true", help=f"write the page to {PAGE.relative_to(PROJECT_DIR)}"
    )


def run(arguments: argparse.Namespace) -> int:
    if arguments.write:
        write_page(PAGE)
    else:
        print(page(), end="")
    return 0


def write_page(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page(), encoding="utf-8")


def page() -> str:
    """Return the reference page in Markdown, one row per setting."""
    fields = Settings.model_fields.items()
    return HEAD + "".join(
        f"| `{env_name(name)}` | {_default(field)} | {field.description} |\n"
        for name, field in fields
    )


def _default(field: FieldInfo) -> str:
    extra: Any = field.json_schema_extra
    if isinstance(extra, dict) and "shown" in extra:
        return str(extra["shown"])
    value = field.default
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if isinstance(value, tuple):
        value = ",".join(value)
    if isinstance(value, bool):
        value = str(value).lower()
    return f"`{value}`" if value != "" else "(empty)"
