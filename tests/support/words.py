"""Whether a reply is what a response of `domain.yml` says, however it is worded today."""

import re
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

DOMAIN = Path(__file__).resolve().parents[2] / "domain.yml"


def says(response: str, text: str, **values: str) -> bool:
    """Tell whether the text holds one of the response's variants, with these values in it."""
    return any(re.search(_pattern(variant, values), text) for variant in _variants(response))


def _pattern(variant: str, values: dict[str, str]) -> str:
    parts = re.split(r"\{(\w+)\}", variant)
    plain = [re.escape(part) for part in parts[::2]]
    filled = [re.escape(values[name]) if name in values else ".+?" for name in parts[1::2]]
    return "".join(a + b for a, b in zip(plain, [*filled, ""], strict=True))


def _variants(response: str) -> list[str]:
    return [variant["text"] for variant in _responses()[response]]


@cache
def _responses() -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = YAML(typ="safe").load(DOMAIN)["responses"]
    return found
