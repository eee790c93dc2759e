"""Templates with every value escaped: what customers write must stay text at the desk."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from amends.desk.speech import spoken, tr, trn

TEMPLATES = Path(__file__).parent / "templates"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(_=tr, trn=trn, spoken=spoken)
    return environment


def render(template: str, **values: Any) -> str:
    return _environment().get_template(template).render(**values)
