"""Tell `uv` where this machine's `pip` gets its packages from.

`uv` does not read pip's configuration; a machine behind a mirror often has only that.
"""

from __future__ import annotations

import ast
import os
import subprocess

PIP_TO_UV = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
    "timeout": "UV_HTTP_TIMEOUT",
    "default-timeout": "UV_HTTP_TIMEOUT",
}
UV_SOURCES = ("UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL")
UV_FILES = ("~/.config/uv/uv.toml", "/etc/uv/uv.toml")


def with_pip_sources(environ: dict[str, str], python: str) -> dict[str, str]:
    """Return the environment for `uv`, with pip's sources added where `uv` has none of its own."""
    if any(environ.get(name) for name in (*UV_SOURCES, "UV_CONFIG_FILE")):
        return dict(environ)
    if any(os.path.exists(os.path.expanduser(path)) for path in UV_FILES):
        return dict(environ)
    added = translate(_pip_config(python, environ))
    return {**added, **environ}


def translate(pip_config: dict[str, str]) -> dict[str, str]:
    """Return the `uv` variables that say what these pip options say."""
    variables = {}
    for option, value in pip_config.items():
        name = PIP_TO_UV.get(option)
        if name is None:
            continue
        parts = [part for part in value.split() if not _is_missing_folder(part)]
        if parts:
            variables[name] = ("," if name == "UV_FIND_LINKS" else " ").join(parts)
    if "UV_INDEX" in variables:
        # pip takes the best version from all indexes; the locks' hashes make that safe.
        variables["UV_INDEX_STRATEGY"] = "unsafe-best-match"
    return variables


def _is_missing_folder(source: str) -> bool:
    # pip shrugs at a folder that is gone, uv stops.
    path = source[len("file://") :] if source.startswith("file://") else source
    return path.startswith("/") and not os.path.exists(path)


def _pip_config(python: str, environ: dict[str, str]) -> dict[str, str]:
    answer = subprocess.run(
        [python, "-m", "pip", "config", "list"],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    options = {}
    for line in answer.stdout.splitlines():
        key, separator, value = line.partition("=")
        if separator:
            options[key.rsplit(".", 1)[-1].replace("_", "-")] = str(ast.literal_eval(value))
    return options
