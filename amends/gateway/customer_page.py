"""What pages for customers have in common: language, look, and that nobody keeps them.

They need no script.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from amends.gateway.case_texts import LANGUAGES
from amends.gateway.pages import html_page
from amends.gateway.service import Service

TEMPLATES = Path(__file__).parent / "templates"
MOST_FIELDS = 20

Texts = Mapping[str, Mapping[str, Any]]
"""Every sentence of a page, by language and key."""


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """A page on its way out, in one language; `here` is the address that shows it again."""

    service: Service
    texts: Texts
    language: str
    here: str

    @property
    def words(self) -> Mapping[str, Any]:
        return self.texts[self.language]

    def show(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        settings = self.service.parts.settings
        html = (
            _environment()
            .get_template(template)
            .render(
                t=self.words,
                language=self.language,
                languages=LANGUAGES,
                here=self.here,
                company=settings.company_name,
                demo=settings.demo,
                **values,
            )
        )
        response = html_page(html)
        response.status_code = status
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    def go(self, path: str) -> RedirectResponse:
        there = f"{path}{'&' if '?' in path else '?'}lang={self.language}"
        return RedirectResponse(there, status_code=303, headers={"Cache-Control": "no-store"})


def chosen_language(request: Request, form: Mapping[str, str] | None = None) -> str | None:
    """Return the language that was chosen on the page; None when none was."""
    chosen = (form or {}).get("lang") or request.query_params.get("lang", "")
    return chosen if chosen in LANGUAGES else None


def browser_language(request: Request) -> str:
    """Return the first of the browser's languages that we speak."""
    wanted = request.headers.get("Accept-Language", "").split(",")
    spoken = [part.split(";")[0].strip()[:2].lower() for part in wanted]
    return next((one for one in spoken if one in LANGUAGES), "en")


async def read_form(request: Request) -> dict[str, str]:
    """Return the fields of a form, each once; none when there are more than our forms have."""
    try:
        body = (await request.body()).decode("utf-8", "replace")
        fields = parse_qs(body, max_num_fields=MOST_FIELDS)
    except ValueError:
        return {}
    return {name: values[0] for name, values in fields.items()}


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
