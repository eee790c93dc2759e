"""The guided form for a new category or intent."""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from amends.cases.categories import CategoriesUnreadable, read_categories
from amends.cases.model import Category
from amends.conversations.transactions import Transactions
from amends.desk import new_intent_views as views
from amends.desk import words
from amends.desk.change_words import refusal
from amends.desk.forms import read_form
from amends.desk.pages.frame import needs, page
from amends.desk.review_reading import UnitOfWork
from amends.desk.speech import tr
from amends.desk.training_tabs import tabs_at
from amends.handoff.model import StaffMember
from amends.handoff.rights import Right
from amends.training.changes import TrainingFilesError
from amends.training.new_intent.check import flaws
from amends.training.new_intent.domain_text import DomainUnreadable, names_of
from amends.training.new_intent.files import CATEGORIES, DOMAIN, new_texts
from amends.training.new_intent.model import FEWEST_EXAMPLES, Draft, Found, Known
from amends.values import LANGUAGES
from amends.wiring.app import App
from amends.wiring.dialogue_files import files_of_intents, is_read_from, names_in_use
from amends.wiring.training_files import Author, TrainingFiles, training_files

log = structlog.get_logger()

PATH = "/training/new"
MOST_BYTES = 400_000
"""Many examples in two languages, each character of which takes up to nine bytes in a form."""
_NONE = "categories: []\n"
Trainer = Annotated[StaffMember, needs(Right.TRAIN)]


def create_new_category_pages(app: App, transactions: Transactions[UnitOfWork]) -> APIRouter:
    pages = APIRouter(prefix=PATH, include_in_schema=False)
    desk = _NewIntent(app)

    @pages.get("")
    async def show(request: Request, by: Trainer, done: str = "") -> Response:
        return desk.show(request, views.EMPTY, done=done)

    @pages.post("")
    async def post(request: Request, by: Trainer) -> Response:
        form = await read_form(request, MOST_BYTES)
        draft = views.draft_of(form)
        return await desk.take(request, by, draft, save=form.get("act") == "save")

    return pages


class _NewIntent:
    """Checks what was typed, shows what would change, and writes it as one change."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._project = app.settings.project_dir
        self._files: TrainingFiles = training_files(app)

    async def take(
        self, request: Request, by: StaffMember, draft: Draft, *, save: bool
    ) -> Response:
        try:
            found, before, after = await asyncio.to_thread(self._look, draft)
            if found or not save:
                return self.show(request, draft, found=found, before=before, after=after)
            await asyncio.to_thread(self._write, draft, by, before, after)
        except (DomainUnreadable, CategoriesUnreadable) as error:
            return self.show(request, draft, error=str(error))
        except TrainingFilesError as error:
            log.info("desk.intent.refused", by=by.id, reason=type(error).__name__)
            return self.show(request, draft, error=refusal(error))
        log.info("desk.intent.added", by=by.id, intent=draft.intent)
        return RedirectResponse(f"{PATH}?done={draft.intent}", status_code=303)

    def _look(self, draft: Draft) -> tuple[list[Found], dict[str, str | None], dict[str, str]]:
        """Return what is wrong, and the texts before and after; none while something is wrong."""
        files = files_of_intents(self._project)
        found = flaws(draft, self._known(files), self._files.examples())
        if found:
            return found, {}, {}
        after = new_texts(draft, files)
        return [], {path: files.get(path) for path in after}, after

    def _known(self, files: Mapping[str, str]) -> Known:
        names, added = names_of(files[DOMAIN]), read_categories(files.get(CATEGORIES, _NONE))
        return Known(
            intents=frozenset(names.intents),
            responses=frozenset(names.responses),
            categories=[one.value for one in Category if one.like is one],
            files=names_in_use(self._project),
            words={one: frozenset(a.title[one] for a in added) for one in LANGUAGES},
        )

    def _write(
        self,
        draft: Draft,
        by: StaffMember,
        before: dict[str, str | None],
        after: dict[str, str],
    ) -> None:
        what = "category" if draft.is_complaint else "intent"
        why = f"Add the {what} {draft.key}"
        self._files.change(after, Author(by.name), why, read=before)

    def show(
        self,
        request: Request,
        draft: Draft,
        *,
        error: str = "",
        done: str = "",
        found: list[Found] | None = None,
        before: Mapping[str, str | None] | None = None,
        after: Mapping[str, str] | None = None,
    ) -> Response:
        wrong = views.wrongs(found or [])
        return page(
            request,
            "training_new.html",
            title=tr("New category or intent"),
            status_code=400 if wrong or error else 200,
            tabs=tabs_at("/training/dialogues"),
            draft=draft,
            error=error,
            done=done,
            wrong={one.field: one for one in wrong},
            files=views.changes(before, after) if before and after else [],
            **self._offered(),
        )

    def _offered(self) -> dict[str, Any]:
        return {
            "likes": views.likes(),
            "word_fields": views.word_fields(),
            "fewest": FEWEST_EXAMPLES,
            "draft_languages": words.languages(),
            "is_elsewhere": not is_read_from(self._project),
        }
